"""The upload page behind a one-time link: who may, how long, what is refused, what the chat hears."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import FormData
from sqlalchemy import select, update
from yarl import URL

from bot.conversation import Attachment
from bot.media import Links
from models.account import Account
from models.audit import Audit
from models.media import Media
from models.queue import Inbox
from models.report import Evidence, Report
from models.upload_link import UploadLink
from services import upload_links
from tests.papers import office, pdf
from tests.uploader import WITHHELD, browsing, path_in, phone_house, phone_of, thumbs
from tests.village import SECRET, picture
from tests.visitor import settled, visitor
from tests.webhouse import House

CLOSED = "Trang này đã đóng"
COLOURS = (
    "red", "green", "blue", "white", "black", "yellow", "purple", "orange", "pink", "brown",
    "gray", "cyan",
)  # fmt: skip


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with phone_house(database_url, tmp_path) as opened:
        yield opened


async def test_from_a_file_on_zalo_to_a_report_with_photos(house: House) -> None:
    phone = phone_of(house)
    await phone.at_the_photos()
    answer = await phone.sends_file()
    assert answer.startswith(WITHHELD)
    assert "(riêng của đồng chí, dùng đến 10:0" in answer
    assert answer.rstrip().endswith('"bỏ qua" nếu không có.')
    async with browsing(house, path_in(answer)) as browser:
        status, page = await browser.opens()
        assert (status, "Nguyễn Văn A" in page, "Xong" in page) == (200, True, False)
        status, page = await browser.sends(picture("green"), picture("blue"))
        assert status == 200
        assert "Đã nhận 2 ảnh" in page
        assert "còn 8" in page
        assert len(thumbs(page)) == 2
        shown = await browser.visitor.client.get(thumbs(page)[0])
        assert shown.status == 200
        assert (await shown.read()).startswith(b"\xff\xd8")
        # In the chat the two are answered once.
        assert (await phone.hears("ảnh")).startswith("Đã nhận 2 ảnh. Gửi tiếp")
        status, page = await browser.finishes()
        assert status == 200
        assert "Đã nhận 2 ảnh" in page
        assert "Đồng chí quay lại Zalo, gõ <b>xong</b>." in page
        assert "<form" not in page
        assert "2 ảnh" in await phone.says("xong")
        assert "Đã ghi BC-0001" in await phone.says("1")
        status, page = await browser.opens()
        assert status == 410
        assert CLOSED in page
        assert "Báo cáo BC-0001 đã gửi" in page
    await settled(house)
    async with house.app.database.begin() as session:
        assert len((await session.scalars(select(Evidence.media_id))).all()) == 2
        asked = [row.person_id for row in await session.scalars(select(Media))]
        assert asked == [house.village.people["pct-phu-luu"]] * 2
        actions = (await session.scalars(select(Audit.action).order_by(Audit.id))).all()
    assert [one for one in actions if "upload" in one] == ["make_upload_link", "close_upload_link"]


async def test_photos_out_of_the_blue_begin_a_report(house: House) -> None:
    phone = phone_of(house)
    async with browsing(house, await phone.gets_link()) as browser:
        await browser.sends(picture())
        assert "Báo cáo việc nào?" in await phone.hears("Báo cáo")
        _, page = await browser.finishes()
        assert "Đồng chí quay lại Zalo để đi tiếp." in page


async def test_a_preview_uses_nothing_up(house: House) -> None:
    path = await phone_of(house).gets_link()
    async with visitor(house) as fetcher:
        for _ in range(3):
            answer = await fetcher.client.get(path, headers={"User-Agent": "ZaloLinkPreview"})
            assert answer.status == 200
            assert (await fetcher.client.head(path)).status == 200
    async with house.app.database.begin() as session:
        link = (await session.scalars(select(UploadLink))).one()
        assert (link.posts, link.closed_at) == (0, None)
        token = path.rpartition("/")[2]
        assert token not in link.hash


async def test_whoever_is_not_connected_or_not_alone_gets_no_link(house: House) -> None:
    stranger = phone_of(house, "nguoi-la")
    for _ in range(2):
        assert "gui-anh" not in await stranger.sends_file()
    phone = phone_of(house)
    assert "http" not in await phone.sends_file(group=True)
    assert "http" not in await phone.sends_sticker()
    async with house.app.database.begin() as session:
        assert (await session.scalars(select(UploadLink))).all() == []


async def test_where_no_phone_can_open_our_address_there_is_no_link(
    database_url: str, tmp_path: Path
) -> None:
    async with phone_house(database_url, tmp_path, public_url="http://127.0.0.1:8080") as house:
        assert (await phone_of(house).sends_file()).startswith(WITHHELD)
        assert "http" not in "".join(phone_of(house).heard)
        async with house.app.database.begin() as session:
            assert (await session.scalars(select(UploadLink))).all() == []


async def test_after_two_hours_it_is_over_and_what_came_is_kept(house: House) -> None:
    phone = phone_of(house)
    await phone.at_the_photos()
    async with browsing(house, await phone.gets_link()) as browser:
        _, page = await browser.sends(picture())
        [shown] = thumbs(page)
        house.clock.move_to(house.clock.now() + upload_links.LIFE)
        for status, page in (
            await browser.opens(),
            await browser.sends(picture("red")),
            await browser.finishes(),
        ):
            assert status == 410
            assert CLOSED in page
            assert "1 ảnh đã gửi vẫn được giữ" in page
            assert "quay lại Zalo" in page
        assert (await browser.visitor.client.get(shown)).status == 404
        house.clock.move_to(house.clock.now() + upload_links.KNOWN)
        await house.app.sweep()
        assert (await browser.opens())[0] == 404
    async with house.app.database.begin() as session:
        assert len((await session.scalars(select(Media.id))).all()) == 1


async def test_done_is_done(house: House) -> None:
    phone = phone_of(house)
    await phone.at_the_photos()
    async with browsing(house, await phone.gets_link()) as browser:
        await browser.sends(picture())
        await browser.finishes()
        status, page = await browser.finishes()
        assert (status, "Đã nhận 1 ảnh" in page) == (200, True)
        status, page = await browser.sends(picture("red"))
        assert "Đã nhận 1 ảnh" in page
        assert len(thumbs(page)) == 1
    async with house.app.database.begin() as session:
        assert len((await session.scalars(select(Media.id))).all()) == 1


async def test_p46_a_link_shows_and_changes_its_own_chat_only(house: House) -> None:
    mine, other = phone_of(house), phone_of(house, "pct-bach-xa")
    async with (
        browsing(house, await mine.gets_link()) as one,
        browsing(house, await other.gets_link()) as two,
    ):
        _, page = await one.sends(picture("green"))
        [shown] = thumbs(page)
        foreign = f"{two.path}/anh/{shown.rpartition('/')[2]}"
        assert (await two.visitor.client.get(foreign)).status == 404
        assert thumbs((await two.opens())[1]) == []
        # Nor does it sign anybody in.
        answer = await one.visitor.client.get("/chat", allow_redirects=False)
        assert answer.headers["Location"] == "/dang-nhap"
    async with house.app.database.begin() as session:
        rows = (await session.scalars(select(Inbox).where(Inbox.event_id.startswith("upl")))).all()
        assert {row.chat_id for row in rows} == {mine.chat_id}


@pytest.mark.parametrize("change", ["blocked", "another"])
async def test_a_chat_that_is_no_longer_theirs_takes_nothing(house: House, change: str) -> None:
    phone = phone_of(house)
    async with browsing(house, await phone.gets_link()) as browser:
        values = {"state": "blocked"}
        if change == "another":
            values = {"person_id": house.village.people["bi-thu-phu-luu"]}  # type: ignore[dict-item] # an id
        async with house.app.database.begin() as session:
            await session.execute(
                update(Account).where(Account.chat_id == phone.chat_id).values(values)
            )
        status, page = await browser.sends(picture())
        assert status == 410
        assert "không còn kết nối" in page
    async with house.app.database.begin() as session:
        assert (await session.scalars(select(Media.id))).all() == []


async def test_what_is_no_photo_is_refused_by_its_name_and_the_rest_is_taken(house: House) -> None:
    phone = phone_of(house)
    await phone.at_the_photos()
    async with browsing(house, await phone.gets_link()) as browser:
        status, page = await browser.sends(
            ("kế hoạch <b>.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            ("to-khai.pdf", b"MZ\x90\x00"),
            ("lon.jpg", b"\xff\xd8\xff" + bytes(20 * 1024 * 1024)),
            ("vuon.jpg", picture("green")),
        )
        assert status == 400
        assert "<b>kế hoạch _b_.doc</b>: Loại tệp này chưa nhận được. Đồng chí gửi ảnh (JPG" in page
        assert "<b>to-khai.pdf</b>: Loại tệp này chưa nhận được." in page
        assert "<b>lon.jpg</b>: Nặng quá 20 MB" in page
        assert "Đã nhận 1 ảnh" in page
        assert (await phone.hears("ảnh")).startswith("Đã nhận 1 ảnh.")
        # What only decoding finds out is told on the page and in the chat.
        half = picture("red", (600, 400))
        _, page = await browser.sends(("nua.jpg", half[: len(half) // 2]))
        await settled(house)
        status, page = await browser.opens()
        assert "Ảnh 2 chưa dùng được." in page
        assert len(thumbs(page)) == 1
        assert any("Ảnh thứ 2" in said for said in [*phone.heard, await phone.hears("chưa dùng")])


async def test_ten_photos_and_no_more(house: House) -> None:
    phone = phone_of(house)
    await phone.at_the_photos()
    async with browsing(house, await phone.gets_link()) as browser:
        await browser.sends(*(picture(colour) for colour in COLOURS[:8]))
        await phone.hears("Đã nhận 8 ảnh")
        status, page = await browser.sends(*(picture(colour) for colour in COLOURS[8:]))
        assert status == 400
        assert page.count("Một báo cáo có tối đa 10 ảnh") == 2
        assert "<b>anh3.jpg</b>" in page
        assert "Thêm ảnh, tệp (còn 5 tệp)" in page
        await phone.hears("Đã nhận 10 ảnh")
    # A second link knows what the report already has.
    async with browsing(house, await phone.gets_link()) as browser:
        assert "Chọn ảnh, tệp (tối đa 5 tệp)" in (await browser.opens())[1]


async def test_the_same_photo_counts_once_however_often_it_is_sent(house: House) -> None:
    phone = phone_of(house)
    await phone.at_the_photos()
    async with browsing(house, await phone.gets_link()) as browser:
        await browser.sends(picture("green"), picture("green"))
        status, page = await browser.sends(picture("green"))
        assert (status, len(thumbs(page))) == (200, 1)
    await settled(house)
    async with house.app.database.begin() as session:
        assert len((await session.scalars(select(Media.id))).all()) == 1


async def test_csrf_a_post_needs_the_token_of_the_page(house: House) -> None:
    path = await phone_of(house).gets_link()
    async with browsing(house, path) as browser, visitor(house) as elsewhere:
        form = FormData()
        form.add_field("anh", picture(), filename="a.jpg", content_type="image/jpeg")
        form.add_field("csrf", browser.visitor.csrf)
        before = await browser.visitor.client.post(path, data=form)
        assert before.status == 403
        assert "Đồng chí tải lại trang" in await before.text()
        for name, token in (("csrf", browser.visitor.csrf), ("csrf", "x" * 64), ("khac", "1")):
            # Another browser: its cookie is not the one the token was made for.
            form = FormData()
            form.add_field(name, token)
            form.add_field("anh", picture(), filename="a.jpg", content_type="image/jpeg")
            assert (await elsewhere.client.post(path, data=form)).status == 403
            done = await elsewhere.client.post(f"{path}/xong", data={name: token})
            assert done.status == 403
        form = FormData()
        form.add_field("csrf", browser.visitor.csrf)
        headers = {"Origin": "https://ke-xau.example"}
        answer = await browser.visitor.client.post(path, data=form, headers=headers)
        assert answer.status == 403
    async with house.app.database.begin() as session:
        link = (await session.scalars(select(UploadLink))).one()
        assert link.closed_at is None
        assert (await session.scalars(select(Media.id))).all() == []


async def test_bad_bodies_and_tokens_are_answered_in_words(house: House) -> None:
    path = await phone_of(house).gets_link()
    async with browsing(house, path) as browser:
        status, page = await browser.sends(("", b""))
        assert (status, "Đồng chí chưa chọn ảnh, tệp nào" in page) == (400, True)
        client = browser.visitor.client
        for kind, body in (
            ("application/json", b"{}"),
            ("multipart/form-data", b"--x"),
            ("multipart/form-data; boundary=x", b"--x\r\n\r\n"),
            ("text/plain", b"a"),
        ):
            answer = await client.post(path, data=body, headers={"Content-Type": kind})
            assert answer.status in (400, 403)
            assert "Đồng chí tải lại trang" in await answer.text()
        for token in ("0" * 32, "a", "z" * 64):
            answer = await client.get(f"/gui-anh/{token}")
            assert answer.status == 404
            assert CLOSED in await answer.text()
        for number in ("0", "999999999999999999"):
            assert (await client.get(f"{path}/anh/{number}")).status == 404


async def test_too_many_sendings_are_refused(house: House) -> None:
    path = await phone_of(house).gets_link()
    async with browsing(house, path) as browser:
        async with house.app.database.begin() as session:
            await session.execute(update(UploadLink).values(posts=upload_links.MAX_POSTS))
        status, page = await browser.sends(picture())
        assert status == 429
        assert "quá nhiều lượt gửi" in page
        assert "quay lại Zalo" in page


async def test_the_address_leaks_nowhere(house: House, caplog: pytest.LogCaptureFixture) -> None:
    path = await phone_of(house).gets_link()
    async with browsing(house, path) as browser:
        answer = await browser.visitor.client.get(path)
        page = await answer.text()
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "noindex" in page
        # Nothing on it leads to another house, and no script or style stands in it.
        assert re.findall(r'(?:href|src|action)="(?!/)[^"#]*"', page) == []
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=", page)
        await browser.sends(picture(), ("a.pdf", b"%PDF"))
        await browser.finishes()
    assert path.rpartition("/")[2] not in caplog.text


async def test_old_links_are_forgotten_and_live_ones_kept(house: House) -> None:
    phone = phone_of(house)
    async with browsing(house, await phone.gets_link()) as browser:
        await browser.sends(picture("green"))
    house.clock.move_to(house.clock.now() + upload_links.KNOWN + timedelta(hours=3))
    await house.app.sweep()
    live = await phone.gets_link()
    await house.app.sweep()
    async with house.app.database.begin() as session:
        assert len((await session.scalars(select(UploadLink))).all()) == 1
    # The new link may get the old one's number, but not its photos.
    async with browsing(house, live) as browser:
        status, page = await browser.opens()
        assert (status, thumbs(page)) == (200, [])
        assert len(thumbs((await browser.sends(picture("green")))[1])) == 1


async def test_while_the_chat_has_no_use_for_photos_the_page_says_so_first(house: House) -> None:
    phone = phone_of(house)
    await phone.says("nghỉ")
    async with browsing(house, await phone.gets_link()) as browser:
        _, page = await browser.opens()
        assert "đang làm dở việc khác nên lúc này ảnh, tệp chưa dùng được" in page
        assert "<form" not in page
        status, page = await browser.sends(picture("green"))
        assert status == 409
        assert "Đã nhận" not in page
        async with house.app.database.begin() as session:
            assert not (await session.scalars(select(Media.id))).all()
        await phone.says("huỷ")
        _, page = await browser.opens()
        assert "Chọn ảnh, tệp (tối đa 10 ảnh, 5 tệp)" in page
        status, page = await browser.sends(picture("green"))
        assert (status, len(thumbs(page))) == (200, 1)


async def test_the_phones_place_is_taken_as_a_pin_is(house: House) -> None:
    phone = phone_of(house)
    await phone.at_the_photos()
    async with browsing(house, await phone.gets_link()) as browser:
        for _ in range(2):  # on a bad line it is sent again
            status, page = await browser.locates(22.1234, 105.4321)
            assert status == 200
            assert "Đã nhận vị trí." in page
        await settled(house)
        assert "Gửi lại vị trí" in (await browser.opens())[1]
        status, page = await browser.sends(picture("green"))
        assert (status, len(thumbs(page))) == (200, 1)
        await phone.hears("Đã nhận 1 ảnh")
        assert "1 ảnh · có vị trí" in await phone.says("xong")
        await phone.says("1")
        assert (await browser.locates(22.1, 105.4))[0] == 410
    async with house.app.database.begin() as session:
        [place] = await session.scalars(select(Report.place))
        assert place == "22.123400,105.432100"


async def test_what_is_no_place_is_told(house: House) -> None:
    async with browsing(house, await phone_of(house).gets_link()) as browser:
        status, page = await browser.locates(200, 105.4)
        assert (status, "Chưa đọc được vị trí" in page) == (400, True)
        browser.visitor.csrf = "0" * 32
        assert (await browser.locates(22.1, 105.4))[0] == 403


async def test_files_by_the_page_are_told_apart_from_photos(house: House) -> None:
    phone = phone_of(house)
    await phone.at_the_photos()
    async with browsing(house, await phone.gets_link()) as browser:
        status, page = await browser.sends(
            picture("green"), ("Biên bản.pdf", pdf()), ("so-lieu.jpg", office())
        )
        assert status == 200
        assert "Đã nhận 1 ảnh, 2 tệp" in page
        assert "Thêm ảnh, tệp (còn 9 ảnh, 3 tệp)" in page
        assert "<span>Biên bản.pdf</span>" in page
        assert len(thumbs(page)) == 1
        assert "dấu Mật, Tối mật, Tuyệt mật thì không gửi" in page
        await phone.hears("Đã nhận 1 ảnh, 2 tệp. Gửi tiếp")
        # What only the process apart finds out is told on the page and in the chat.
        await browser.sends(("a.docx", office("word/vbaProject.bin")))
        await settled(house)
        assert (
            "Tệp 3 chưa dùng được. Tệp có macro nên chưa nhận được." in (await browser.opens())[1]
        )
        assert "Tệp thứ 3 đồng chí vừa gửi" in await phone.hears("chưa dùng được")
        assert "1 ảnh, 2 tệp; 1 tệp chưa dùng được" in await phone.says("xong")


async def test_the_page_takes_five_files_and_refuses_what_is_heavy_or_marked(house: House) -> None:
    phone = phone_of(house)
    await phone.at_the_photos()
    async with browsing(house, await phone.gets_link()) as browser:
        status, page = await browser.sends(
            ("Kế hoạch (Mật).pdf", pdf("mark")),
            ("lon.pdf", pdf("x" * 21 * 1024 * 1024)),
            *((f"{number}.pdf", pdf(str(number))) for number in range(6)),
            picture("green"),
        )
        assert status == 400
        assert "<b>Kế hoạch (Mật).pdf</b>: Tài liệu có dấu &#34;Mật&#34; không được gửi" in page
        assert "<b>lon.pdf</b>: Nặng quá 20 MB" in page
        assert "<b>5.pdf</b>: Một báo cáo có tối đa 5 tệp nên tệp này chưa nhận." in page
        assert "Đã nhận 1 ảnh, 5 tệp" in page
        assert "Thêm ảnh, tệp (còn 9 ảnh)" in page
    async with house.app.database.begin() as session:
        assert "Kế hoạch (Mật).pdf" not in (await session.scalars(select(Media.name))).all()


async def test_the_checker_on_a_zalo_bot_gets_a_link_to_the_file(house: House) -> None:
    phone = phone_of(house)
    await phone.at_the_photos()
    async with browsing(house, await phone.gets_link()) as browser:
        await browser.sends(("Biên bản.pdf", pdf()))
        await phone.hears("1 tệp")
    await phone.says("xong")
    await phone.says("1")
    async with house.app.database.begin() as session:
        now, person = house.clock.now(), house.village.people["bi-thu-phu-luu"]
        session.add(
            Account(
                channel="zalo_bot", chat_id="zalo-bi-thu-phu-luu", person_id=person,
                connected_at=now, changed_at=now,
            )
        )  # fmt: skip
    assert "Tải tệp Biên bản.pdf tại: " in await phone_of(house, "bi-thu-phu-luu").says(
        "kiểm tra bc1"
    )
    async with house.app.database.begin() as session:
        [sha] = await session.scalars(select(Media.sha256))
    links = Links(SECRET.encode(), "http://127.0.0.1")
    sent = Attachment(f"file:{sha}.pdf", "document", "Biên bản.pdf")
    url = links.document_url(sent, house.clock.now() + timedelta(hours=1))
    path = url.removeprefix("http://127.0.0.1")
    async with visitor(house) as anybody:
        answer = await anybody.client.get(URL(path, encoded=True))
        assert (answer.status, answer.content_type) == (200, "application/pdf")
        assert await answer.read() == pdf()
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        house.clock.move_to(house.clock.now() + timedelta(hours=2))
        assert (await anybody.client.get(URL(path, encoded=True))).status == 404
