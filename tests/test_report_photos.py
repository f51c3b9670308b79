"""Photos on their way into a report: which count, what stands beside them, and how many."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.media import Media
from models.report import Evidence
from tests.village import Chair, Town, picture, town


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path / "media") as made:
        yield made


BROKEN = picture("blue", (640, 480))[:700]


def shade(at: int) -> bytes:
    return picture(f"#{at * 12:02x}8040")


async def at_photos(here: Town) -> Chair:
    chair = here.sits("pct-phu-luu")
    for said in ("bc", "1", "2", "1"):
        await chair.says(said)
    return chair


async def test_only_what_may_still_be_used_counts(here: Town) -> None:
    chair = await at_photos(here)
    assert "Ảnh thứ nhất đồng chí vừa gửi chưa dùng được" in await chair.sends_photo(BROKEN)
    await chair.sends_photo(BROKEN[:-1])
    await chair.sends_photo(shade(1))
    heard = await chair.sends_photo(shade(2))
    assert heard.startswith("Đã nhận 2 ảnh; 2 ảnh chưa dùng được, đồng chí gửi lại giúp.")
    assert "· 2 ảnh; 2 ảnh chưa dùng được." in await chair.says("xong")
    await chair.says("gửi")
    async with here.database.begin() as session:
        assert await session.scalar(select(func.count()).select_from(Evidence)) == 2


async def test_enough_may_stand_under_the_last_photo(here: Town) -> None:
    chair = await at_photos(here)
    await chair.sends_photo(shade(1))
    heard = await chair.sends_photo(shade(2), "xong")
    assert "· 2 ảnh." in heard
    assert "Ghi chú" not in heard


async def test_enough_under_an_album_ends_it_when_all_are_there(here: Town) -> None:
    """The mission's own dialogue: two photos and "xong" in one sending."""
    chair = await at_photos(here)
    for at, caption in ((1, "xong"), (2, ""), (3, "")):
        assert await chair.sends_photo(shade(at), caption, "album") == ""
    here.clock.move_to(here.now.replace(second=5))
    await here.app.drain()
    heard = chair.hears()
    assert heard.count("Xem lại") == 1
    assert "· 3 ảnh." in heard
    assert "Ghi chú" not in heard


async def test_enough_under_a_photo_is_no_obstacle(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc nv03", "2", "3"):
        await chair.says(said)
    assert "Đang vướng ở đâu?" in await chair.sends_photo(shade(1), "xong")


async def test_no_photo_at_all_is_told_so(here: Town) -> None:
    chair = await at_photos(here)
    await chair.sends_photo(BROKEN)
    await chair.says("huh 1")  # a note; then the question once more
    assert (await chair.says("?")).endswith(
        "Chưa nhận được ảnh nào; 1 ảnh chưa dùng được, đồng chí gửi lại giúp. "
        'Gõ "bỏ qua" nếu không có ảnh khác.'
    )
    assert "· chưa có ảnh; 1 ảnh chưa dùng được." in await chair.says("xong")


async def test_broken_ones_give_their_places_back(here: Town) -> None:
    chair = await at_photos(here)
    for at in range(10):
        await chair.sends_photo(BROKEN[: -1 - at])
    assert (await chair.sends_photo(shade(1))).startswith("Đã nhận 1 ảnh; 10 ảnh chưa dùng được")


async def test_a_caption_at_the_photo_step_is_a_note(here: Town) -> None:
    chair = await at_photos(here)
    await chair.sends_photo(shade(1), "xong to chanh 35 ha")
    heard = await chair.says("xong")
    assert "2/2 tổ (100%)" in heard
    assert "Ghi chú: xong to chanh 35 ha" in heard


async def test_a_caption_that_reports_another_task_begins_its_report(here: Town) -> None:
    chair = await at_photos(here)
    await chair.sends_photo(shade(1))
    heard = await chair.sends_photo(shade(2), "bc nv07 40%")
    assert "vẫn được giữ" in heard
    assert "Xem lại: NV-07 · 40% (100% kế hoạch) · đúng tiến độ · 1 ảnh." in heard
    heard = await chair.says("gửi")
    assert "BC-0001" in heard
    assert "Mời đồng chí làm tiếp việc đang dở." in heard
    assert "NV-03 · 2/2 tổ (100%) · đúng tiến độ · 1 ảnh." in await chair.says("xong")


async def test_a_code_that_is_no_open_task_leaves_the_result_alone(here: Town) -> None:
    chair = await at_photos(here)
    await chair.sends_photo(shade(1), "bc nv99 1 tổ")
    assert "NV-03 · 2/2 tổ" in await chair.says("xong")


@pytest.mark.parametrize("said", ["khong", "khong co", "không có ảnh nào", "chưa có", "bỏ qua"])
async def test_nothing_to_send(here: Town, said: str) -> None:
    chair = await at_photos(here)
    heard = await chair.says(said)
    assert heard.startswith("Xem lại")
    assert "Ghi chú" not in heard


@pytest.mark.parametrize("said", ["1", "0", "nv07", "bc nv07", "nghi tu 1/12 den 5/12"])
async def test_a_number_or_a_command_is_no_note(here: Town, said: str) -> None:
    chair = await at_photos(here)
    await chair.sends_photo(shade(1))
    await chair.says(said)
    if said not in ("0", "1"):
        assert "Mời đồng chí làm tiếp" in await chair.says("huỷ")
    heard = await chair.says("xong")
    assert heard.endswith("NV-03 · 2/2 tổ (100%) · đúng tiến độ · 1 ảnh. 1. Gửi  2. Sửa  3. Huỷ")


async def test_a_note_is_read_back(here: Town) -> None:
    chair = await at_photos(here)
    heard = await chair.says("ra mắt ở nhà văn hoá")
    assert heard == 'Đã ghi chú: "ra mắt ở nhà văn hoá". Gõ "xong" nếu không gửi ảnh.'
    assert heard not in await chair.says("?")


async def test_late_photos_beyond_ten_are_told(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc nv03 2 tổ", "gửi"):
        await chair.says(said)
    events = []
    for at in range(13):
        ref = await here.app.store.take_upload(shade(at), "anh.jpg")
        events.append(chair.photo_event(ref, "TUYỆT MẬT" if at == 12 else "", "late"))
    heard = await chair.does(*events)
    assert "văn thư mật" in heard
    heard = await chair.says("1")
    assert heard == (
        "✅ Đã gắn ảnh vào BC-0001, nay có 10 ảnh. "
        "2 ảnh không gắn được vì một báo cáo có tối đa 10 ảnh."
    )
    async with here.database.begin() as session:
        assert await session.scalar(select(func.count()).select_from(Media)) == 12


async def test_a_broken_late_photo_is_not_confirmed(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc nv03 2 tổ", "gửi"):
        await chair.says(said)
    await chair.sends_photo(BROKEN)
    heard = await chair.says("1")
    assert heard.startswith("Chưa gắn được ảnh nào vào BC-0001. 1 ảnh chưa dùng được")
    async with here.database.begin() as session:
        assert await session.scalar(select(func.count()).select_from(Evidence)) == 0


@pytest.mark.parametrize("step", [1, 4])
async def test_an_album_of_fifteen_costs_one_answer(here: Town, step: int) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc", "1", "2", "1")[:step]:
        await chair.says(said)
    events = []
    for at in range(15):
        ref = await here.app.store.take_upload(shade(at), "anh.jpg")
        events.append(chair.photo_event(ref, "", "album"))
    assert await chair.does(*events) == ""
    here.clock.move_to(here.now.replace(second=5))
    await here.app.drain()
    assert len(here.terminal.take(chair.code)) == 1
    for said in ("1", "2", "1", "xong")[step - 1 if step == 1 else 3 :]:
        heard = await chair.says(said)
    assert "· 10 ảnh; 5 ảnh quá số, không nhận." in heard


@pytest.mark.parametrize(
    "lines", [(), ("bc",), ("bc", "1"), ("bc", "1", "2", "1"), ("nghi",), ("sua",)]
)
async def test_a_secrecy_mark_is_refused_at_any_step(here: Town, lines: tuple[str, ...]) -> None:
    chair = here.sits("pct-phu-luu")
    for said in lines:
        await chair.says(said)
    assert 'dấu "Tối mật" không được gửi qua đây' in await chair.says("TỐI MẬT")
    assert "văn thư mật" in await chair.sends_photo(shade(1), "Công văn TUYỆT MẬT")
    async with here.database.begin() as session:
        assert (await session.scalars(select(Media))).all() == []
