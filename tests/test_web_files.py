"""Photos and documents over HTTP: their limits, and who may see them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from aiohttp import FormData

from bot.conversation import Address, Attachment, Reply
from bot.media import Links
from tests.papers import DOCX_MIME, office, pdf
from tests.village import SECRET, picture
from tests.visitor import events, sentence, settled, signed_in, visitor
from tests.webhouse import House, open_house
from web.uploads import TOO_BIG, TOO_MANY


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def test_an_album_is_as_many_events_as_photos(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        answer = await browser.uploads(
            picture("red"), picture("blue"), text="bc nv03 2 tổ", id="album-00000001"
        )
        assert len((await answer.json())["tin"]) == 2
        await settled(house)
        rows = [row.event for row in await events(house)]
        assert [row["kind"] for row in rows] == ["photo", "photo"]
        assert [row.get("text", "") for row in rows] == ["bc nv03 2 tổ", ""]
        assert len({row["album"] for row in rows}) == 1
        page = await browser.opens("/chat")
        assert len(re.findall(r'<img src="/anh/[0-9a-f]{64}/thumb"', page)) == 2


async def test_upload_limits(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        many = await browser.uploads(*[picture()] * 11)
        assert (many.status, await sentence(many)) == (413, TOO_MANY)
        big = await browser.uploads(picture(), b"\xff\xd8\xff" + bytes(20 * 1024 * 1024))
        assert (big.status, await sentence(big)) == (413, TOO_BIG)
        assert await events(house) == []


async def test_a_strangers_photos_are_not_even_read(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        form = FormData()
        form.add_field("anh", picture(), filename="a.jpg", content_type="image/jpeg")
        form.add_field("csrf", browser.csrf)
        assert (await browser.client.post("/chat/gui", data=form)).status == 403
        broken = {"Content-Type": "multipart/form-data", "X-CSRF": browser.csrf}
        answer = await browser.client.post("/chat/gui", data=b"--x", headers=broken)
        assert answer.status == 400


async def test_p46_a_photo_is_seen_by_those_who_may_read_its_task(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as author:
        await author.uploads(picture("red"), text="bc nv03 2 tổ")
        await settled(house)
        page = await author.opens("/chat")
        path = re.findall(r"/anh/[0-9a-f]{64}/thumb", page)[0]
        shot = await author.client.get(path)
        assert shot.status == 200
        assert shot.content_type == "image/jpeg"
        assert "sandbox" in shot.headers["Content-Security-Policy"]
        await author.says("1")
        await settled(house)
        page = await author.opens("/chat")
        if "Gửi ảnh" in page and "Đã ghi BC-" not in page:
            await author.says("xong")
            await author.says("1")
            await settled(house)
        assert "Đã ghi BC-" in await author.opens("/chat")
        for person, status in (
            ("bi-thu-phu-luu", 200),
            ("bi-thu-tinh", 200),
            ("giam-sat", 404),
            ("pct-bach-xa", 404),
            ("bi-thu-bach-xa", 404),
        ):
            async with signed_in(house, person) as browser:
                assert (await browser.client.get(path)).status == status, person
        async with visitor(house) as stranger:
            assert (await stranger.client.get(path)).status == 404


async def test_p43_a_signed_link_opens_one_photo_for_a_while(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as author:
        await author.uploads(picture("red"))
        await settled(house)
        sha = re.findall(r"/anh/([0-9a-f]{64})/thumb", await author.opens("/chat"))[0]
    links = Links(SECRET.encode(), "http://127.0.0.1")
    path = links.path(sha, "full", house.clock.now() + timedelta(minutes=10))
    async with visitor(house) as network:
        assert (await network.client.get(path)).status == 200
        for forged in (path.replace("/full", "/thumb"), path[:-1], path.replace("het=", "het=9")):
            assert (await network.client.get(forged)).status == 404
        house.clock.move_to(house.clock.now() + timedelta(minutes=11))
        assert (await network.client.get(path)).status == 404


async def test_p46_a_document_is_for_the_chat_it_was_sent_to(house: House) -> None:
    source = await house.app.store.keep_document(b"PK\x03\x04 <script>", "bảng & số.xlsx")
    sent = Attachment(source, "document", 'bảng "<số>.xlsx')
    async with house.app.database.begin() as session:
        address = Address("web", "pct-phu-luu")
        await house.app.outbox.put(session, address, [Reply("Bảng đây", attachment=sent)])
    await settled(house)
    async with signed_in(house, "pct-phu-luu") as mine, signed_in(house, "pct-bach-xa") as other:
        path = re.findall(r'href="(/tep/\d+)"', await mine.opens("/chat"))[0]
        answer = await mine.client.get(path)
        assert await answer.read() == b"PK\x03\x04 <script>"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.content_type == "application/octet-stream"
        assert (await other.client.get(path)).status == 404
        assert (await mine.client.get("/tep/999999999999999999")).status == 404


async def test_p46_a_file_is_saved_by_those_who_may_read_its_task(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as author:
        answer = await author.uploads(office(), name="Biên bản <1>.pdf", text="bc nv03 2 tổ")
        assert answer.status == 200
        await settled(house)
        page = await author.opens("/chat")
        path = re.findall(r'href="(/tep/[0-9a-f]{64})"', page)[0]
        await author.says("1")
        await settled(house)
        assert "Đã ghi BC-0001" in await author.opens("/chat")
    for person, status in (
        ("pct-phu-luu", 200),
        ("bi-thu-phu-luu", 200),
        ("bi-thu-tinh", 200),
        ("giam-sat", 404),
        ("pct-bach-xa", 404),
    ):
        async with signed_in(house, person) as browser:
            assert (await browser.client.get(path)).status == status, person
            sha = path.rpartition("/")[2]
            assert (await browser.client.get(f"/anh/{sha}/full")).status == 404
    async with visitor(house) as stranger:
        answer = await stranger.client.get(path, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "/dang-nhap")
    async with signed_in(house, "bi-thu-phu-luu") as leader:
        await leader.says("kiểm tra bc1")
        await settled(house)
        handed = re.findall(r'href="(/tep/\d+)"', await leader.opens("/chat"))[0]
        for place in (path, handed):
            answer = await leader.client.get(place)
            assert await answer.read() == office()
            assert answer.content_type == DOCX_MIME
            disposition = answer.headers["Content-Disposition"]
            assert disposition.startswith("attachment; filename=")
            # By its content it is a DOCX, and so is its name.
            assert unquote(disposition).endswith("''Biên bản _1_.pdf.docx")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_a_marked_name_is_refused_before_it_is_kept(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as author:
        answer = await author.uploads(pdf(), name="Phương án tác chiến (Tối mật).pdf")
        assert answer.status == 422
        assert 'dấu "Tối mật" không được gửi qua đây' in await sentence(answer)
        assert await events(house) == []


async def test_a_photos_bytes_are_no_file(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as author:
        await author.uploads(picture("red"))
        await settled(house)
        sha = re.findall(r"/anh/([0-9a-f]{64})/thumb", await author.opens("/chat"))[0]
        assert (await author.client.get(f"/tep/{sha}")).status == 404
