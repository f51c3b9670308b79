"""A report left half-done is never lost without a word: it is kept, taken up, or thrown away aloud."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversation import Event
from tests.village import Chair, Town, picture, town


@pytest.fixture
async def here(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Town]:
    shutil.copy(sqlite_template, tmp_path / "test.db")
    async with town(f"sqlite:///{tmp_path / 'test.db'}", tmp_path / "media") as made:
        yield made


KEPT = 'Việc đang dở vẫn được giữ. Gõ "tiếp" để làm tiếp.'
WHOLE = (
    "Xem lại: NV-03 · 2/2 tổ (100%) · đúng tiến độ · 1 ảnh.\n"
    "Ghi chú: ra mắt tổ cam\n1. Gửi  2. Sửa  3. Huỷ"
)


async def half_done(here: Town) -> Chair:
    chair = here.sits("pct-phu-luu")
    for said in ("bc", "1", "2", "1"):
        await chair.says(said)
    await chair.sends_photo(picture())
    await chair.says("ra mắt tổ cam")
    return chair


async def pin(chair: Chair) -> str:
    here = chair.town
    return await chair.does(
        Event(chair.address, here.next_id(), "location", here.now, place=(22.0, 105.0))
    )


async def test_a_report_begun_in_the_midst_of_another_keeps_it(here: Town) -> None:
    chair = await half_done(here)
    assert KEPT in await chair.says("bc")
    assert "Đã nhận 1 ảnh. Gửi tiếp" in await chair.says("tiếp")
    assert await chair.says("xong") == WHOLE


async def test_choosing_the_same_task_again_goes_on_where_it_was(here: Town) -> None:
    chair = await half_done(here)
    await chair.says("bc")
    assert (await chair.says("1")).startswith("Đồng chí làm tiếp báo cáo NV-03 còn dở.")
    assert await chair.says("xong") == WHOLE
    assert "BC-0001" in await chair.says("gửi")
    assert "Hiện không có việc gì đang dở" in await chair.says("huỷ")


async def test_a_second_report_is_sent_and_the_first_comes_back(here: Town) -> None:
    chair = await half_done(here)
    assert KEPT in await chair.says("bc nv07 40%")
    heard = await chair.says("gửi")
    assert "BC-0001" in heard
    assert "Mời đồng chí làm tiếp việc đang dở." in heard
    assert await chair.says("xong") == WHOLE


async def test_the_quick_form_anew_replaces_its_own_draft(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for tons in ("2", "1", "2", "1"):
        heard = await chair.says(f"bc nv03 {tons} tổ")
    assert "1/2 tổ (50%)" in heard
    await chair.says("gửi")
    assert "Hiện không có việc gì đang dở" in await chair.says("huỷ")


async def test_several_are_kept_and_come_back_in_turn(here: Town) -> None:
    chair = await half_done(here)
    await chair.says("bc nv07 40%")
    await chair.says("nghỉ đến 30/11")
    assert "NV-07 · 40%" in await chair.says("đúng")
    assert "Đã nhận 1 ảnh" in await chair.says("huỷ")
    assert await chair.says("xong") == WHOLE


async def test_a_restart_keeps_what_was_put_aside(here: Town) -> None:
    chair = await half_done(here)
    await chair.says("bc")
    await here.restarts()
    await chair.says("tiếp")
    assert await chair.says("xong") == WHOLE


async def test_a_photo_that_waits_goes_with_the_next_report(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc nv03 2 tổ", "gửi"):
        await chair.says(said)
    assert "Ảnh này dùng vào đâu?" in await chair.sends_photo(picture())
    heard = await chair.says("bc nv07 40%")
    assert heard.startswith("Xem lại: NV-07 · 40% (100% kế hoạch) · đúng tiến độ · 1 ảnh.")


async def test_a_pin_that_waits_goes_with_the_next_report(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    assert "Báo cáo việc nào?" in await pin(chair)
    assert "· có vị trí." in await chair.says("bc nv03 2 tổ")


async def test_a_photo_that_waits_is_not_for_a_correction(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc nv03 2 tổ", "gửi"):
        await chair.says(said)
    await chair.sends_photo(picture())
    assert "không có ảnh" in await chair.says("sửa bc1")
    assert "Ảnh này dùng vào đâu?" in await chair.says("huỷ")  # it waits on


async def test_an_empty_draft_gives_way_to_the_next(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc", "nhiệm vụ", "nghỉ từ 23/11 đến 30/11"):
        await chair.says(said)
    assert "làm tiếp việc đang dở" not in await chair.says("1")


async def test_a_waiting_photo_is_kept_while_something_is_looked_at(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc nv03 2 tổ", "gửi"):
        await chair.says(said)
    await chair.sends_photo(picture())
    await chair.says("nhiệm vụ")
    await chair.says("tiếp")
    assert "nay có 1 ảnh" in await chair.says("1")


async def test_a_correction_left_and_opened_again_goes_on(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc nv03 2 tổ", "gửi", "sửa bc1", "sửa", "ghi chú", "đã ra mắt"):
        await chair.says(said)
    assert KEPT in await chair.says("bc nv07 40%")
    heard = await chair.says("sửa bc1")
    assert "Đồng chí làm tiếp lần sửa BC-0001 còn dở." in heard
    assert "Ghi chú: đã ra mắt" in heard
    heard = await chair.says("gửi")
    assert "Đã sửa BC-0001 (lần 2)" in heard
    assert "Xem lại: NV-07 · 40%" in heard


async def test_a_pin_at_the_photo_step_is_acknowledged(here: Town) -> None:
    chair = await half_done(here)
    assert "Đã nhận vị trí." in await pin(chair)
