"""Files as evidence, said and heard: what counts, what is refused, and what the checker is handed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.conversation import Attachment
from models.media import Media
from models.queue import Outbox
from models.report import Evidence
from services import access, evidence
from tests.papers import DOCX_MIME, office, pdf
from tests.village import Chair, Town, picture, town

UNMARKED = "Tài liệu có dấu Mật, Tối mật, Tuyệt mật thì không gửi qua đây, đồng chí lưu ý giúp."


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


@pytest.fixture
def leader(here: Town) -> Chair:
    return here.sits("bi-thu-phu-luu")


async def at_photos(here: Town) -> Chair:
    chair = here.sits("pct-phu-luu")
    for said in ("bc", "1", "2", "1"):
        await chair.says(said)
    return chair


async def kept(here: Town) -> list[Media]:
    async with here.database.begin() as session:
        return list(await session.scalars(select(Media).order_by(Media.id)))


async def test_files_are_counted_beside_photos_and_handed_to_the_checker(
    here: Town, leader: Chair
) -> None:
    chair = await at_photos(here)
    await chair.sends_photo()
    assert await chair.sends_file(pdf(), "Biên bản nghiệm thu.PDF") == (
        f'{UNMARKED}\n\nĐã nhận 1 ảnh, 1 tệp. Gửi tiếp, hoặc gõ "xong" khi đủ.'
    )
    assert await chair.sends_file(office(), "../so lieu.doc") == (
        'Đã nhận 1 ảnh, 2 tệp. Gửi tiếp, hoặc gõ "xong" khi đủ.'
    )
    heard = await chair.says("xong")
    assert heard.startswith("Xem lại: NV-03 · 2/2 tổ (100%) · đúng tiến độ · 1 ảnh, 2 tệp.")
    await chair.says("gửi")
    assert "— 2/2 tổ (100%), 1 ảnh, 2 tệp" in await leader.says("kiểm tra")
    heard = await leader.says("1")
    shown = (
        "[ảnh]\nẢnh 1\n\n[tệp Biên bản nghiệm thu.pdf]\nTệp 1\n\n[tệp so lieu.doc.docx]\nTệp 2\n\n"
    )
    assert heard.startswith(shown)
    assert "Duyệt" in heard.removeprefix(shown)
    rows = await kept(here)
    assert [(row.kind, row.mime) for row in rows[1:]] == [
        ("file", "application/pdf"),
        ("file", DOCX_MIME),
    ]
    async with here.database.begin() as session:
        sent = [row["attachment"] for row in await session.scalars(select(Outbox.message)) if "attachment" in row]  # fmt: skip
    document = next(Attachment(**one) for one in sent if one.get("name", "").endswith(".docx"))
    assert document.kind == "document"
    assert await here.app.read(document) == office()


async def test_new_photos_are_photos_only(here: Town, leader: Chair) -> None:
    chair = await at_photos(here)
    await chair.sends_file(pdf(), "a.pdf")
    await chair.says("xong")
    await chair.says("gửi")
    assert await leader.says("ảnh mới") == "Ảnh mới: chưa có ảnh nào."


async def test_a_file_alone_and_the_quick_way(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    heard = await chair.sends_file(pdf(), "a.pdf", "bc nv03 2 tổ, xong tổ chanh")
    assert "Xem lại: NV-03 · 2/2 tổ (100%) · đúng tiến độ · 1 tệp." in heard
    assert "Sửa phần nào? 1. Việc  2. Kết quả  3. Tình hình  4. Ảnh, tệp  5. Ghi chú" in (
        await chair.says("sửa")
    )
    assert (await chair.says("ảnh")).startswith("Đang có 1 tệp. Gửi thêm,")
    assert "Gửi ảnh minh chứng (tối đa 10)." in await chair.says("bỏ hết")


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"MZ\x90" + bytes(99), "ke-hoach.pdf", "Loại tệp này chưa nhận được. Đồng chí gửi ảnh ("),
        (office("word/vbaProject.bin"), "a.docx", "Tệp có macro nên chưa nhận được."),
        (pdf("x" * 21 * 1024 * 1024), "lon.pdf", "Tệp nặng quá 20 MB."),
        (pdf()[:30], "cut.pdf", "Tệp bị hỏng hoặc chưa tải lên hết."),
    ],
)
async def test_a_file_that_cannot_be_used_is_named_by_its_number_among_files(
    here: Town, data: bytes, name: str, why: str
) -> None:
    chair = await at_photos(here)
    await chair.sends_photo()
    heard = await chair.sends_file(data, name)
    assert f"Tệp thứ nhất đồng chí vừa gửi chưa dùng được. {why}" in heard
    heard = await chair.sends_file(pdf(), "tot.pdf")
    assert heard.startswith(
        "Đã nhận 1 ảnh, 1 tệp; 1 tệp chưa dùng được, đồng chí gửi lại giúp. Gửi tiếp"
    )
    assert "· 1 ảnh, 1 tệp; 1 tệp chưa dùng được." in await chair.says("xong")
    await chair.says("gửi")
    async with here.database.begin() as session:
        assert await session.scalar(select(func.count()).select_from(Evidence)) == 2


async def test_only_broken_files_are_told_as_files(here: Town) -> None:
    chair = await at_photos(here)
    await chair.sends_file(b"MZ", "a.exe")
    await chair.says("huh 1")  # a note; then the question once more
    assert (await chair.says("?")).endswith(
        "Chưa nhận được tệp nào; 1 tệp chưa dùng được, đồng chí gửi lại giúp. "
        'Gõ "bỏ qua" nếu không có tệp khác.'
    )
    assert "· chưa có tệp; 1 tệp chưa dùng được." in await chair.says("không có tệp nào")


async def test_five_files_and_no_more_and_photos_keep_their_room(here: Town) -> None:
    chair = await at_photos(here)
    for number in range(6):
        heard = await chair.sends_file(pdf(str(number)), f"{number}.pdf")
    full = "Đã nhận 5 tệp; một báo cáo có tối đa 5 tệp nên 1 tệp không nhận."
    assert heard == f'{full} Gõ "xong" để đi tiếp.'
    assert "Đã nhận 1 ảnh, 5 tệp;" in await chair.sends_photo()
    assert "· 1 ảnh, 5 tệp; 1 tệp quá số, không nhận." in await chair.says("xong")
    await chair.says("gửi")
    # Late ones find no room either, and a photo does.
    assert "Tệp này dùng vào đâu?" in await chair.sends_file(pdf("late"), "muon.pdf")
    assert await chair.says("1") == (
        "Chưa gắn được tệp nào vào BC-0001. 1 tệp không gắn được vì một báo cáo có tối đa 5 tệp."
    )
    await chair.sends_photo(picture("blue"))
    assert await chair.says("1") == "✅ Đã gắn ảnh vào BC-0001, nay có 2 ảnh, 5 tệp."


async def test_what_it_was_called_is_no_matter(here: Town) -> None:
    """A photo sent as a file, and a paper sent as a photo, are what they are."""
    chair = await at_photos(here)
    await chair.sends_file(picture("green"), "anh.dat")
    await chair.sends_photo(pdf())
    assert "· 1 ảnh, 1 tệp." in await chair.says("xong")
    assert [row.name for row in await kept(here)] == ["anh.dat", "anh.jpg.pdf"]


@pytest.mark.parametrize("name", ["Kế hoạch phòng thủ (Mật).pdf", "TUYET-MAT.pdf"])
async def test_a_marked_name_is_refused_and_nothing_is_kept(here: Town, name: str) -> None:
    chair = await at_photos(here)
    heard = await chair.sends_file(pdf(), name)
    assert "không được gửi qua đây. Đồng chí gửi theo đường văn thư mật" in heard
    assert heard.endswith('"bỏ qua" nếu không có.')
    assert await kept(here) == []


async def test_the_same_file_is_kept_once_and_flagged(here: Town, leader: Chair) -> None:
    chair = here.sits("pct-phu-luu")
    for report in ("bc nv03 1 tổ", "bc nv07 38%"):
        await chair.sends_file(pdf("one"), "mot.pdf", report)
        await chair.says("1")
        await chair.says("gửi")
    assert len({row.sha256 for row in await kept(here)}) == 1
    assert len(list(Path(here.app.settings.media_url).glob("file/*/*"))) == 1
    heard = await leader.says("kiểm tra bc2")
    assert "Tệp 1 giống tệp đã gửi trong BC-0001, đồng chí xem giúp." in heard


async def test_a_corrected_report_keeps_its_files(here: Town, leader: Chair) -> None:
    chair = await at_photos(here)
    await chair.sends_file(pdf(), "a.pdf")
    await chair.says("xong")
    await chair.says("gửi")
    assert "· 1 tệp." in await chair.says("sửa bc1")
    await chair.says("sửa")
    await chair.says("kết quả")
    await chair.says("1")
    assert "(lần 2)" in await chair.says("gửi")
    assert "[tệp a.pdf]" in await leader.says("kiểm tra bc1")


async def test_p46_another_commune_cannot_have_it(here: Town) -> None:
    chair = await at_photos(here)
    await chair.sends_file(pdf(), "a.pdf")
    await chair.says("xong")
    await chair.says("gửi")
    [row] = await kept(here)
    assert row.sha256
    async with here.database.begin() as session:
        for code, name in (
            ("pct-phu-luu", "a.pdf"),
            ("bi-thu-phu-luu", "a.pdf"),
            ("bi-thu-tinh", "a.pdf"),
            ("bi-thu-bach-xa", ""),
            ("giam-sat", ""),
        ):
            actor = await access.actor_at(session, "terminal", code, here.now)
            assert actor
            assert await evidence.file_for(session, actor, row.sha256) == name
            # Nor is it a photo, whose bytes go out otherwise.
            assert not await evidence.may_see_photo(session, actor, row.sha256)
