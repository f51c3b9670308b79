"""What is typed beside the point in a report: it is asked about or kept, never turned into a result."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.village import Town, add_task, picture, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


async def say(here: Town, who: str, *said: str) -> str:
    """All that is said, and what is heard at last."""
    chair, heard = here.sits(who), ""
    for one in said:
        heard = await chair.says(one)
    return heard


@pytest.mark.parametrize("said", ["50%", "7", "2 việc", "1,3", "3"])
async def test_a_job_is_done_or_not_done_and_nothing_between(here: Town, said: str) -> None:
    facts = {"measure": "yesno", "measure_unit": "", "target": Decimal(1)}
    await add_task(here, "NV-36", "pct-phu-luu", title="Ban hành quy chế", **facts)
    asked = "NV-36 đã xong chưa? 1. Đã xong  2. Chưa xong"
    assert await say(here, "pct-phu-luu", f"bc nv36 {said}") == asked
    assert 'trả lời "đã xong" hoặc "chưa xong"' in await say(here, "pct-phu-luu", said)


@pytest.mark.parametrize(
    ("said", "shown"),
    [("xong", "đã xong"), ("rồi", "đã xong"), ("100%", "đã xong"), ("1", "đã xong"),
     ("chưa", "chưa xong"), ("0%", "chưa xong"), ("2", "chưa xong")],
)  # fmt: skip
async def test_done_and_not_done_in_any_words(here: Town, said: str, shown: str) -> None:
    facts = {"measure": "yesno", "measure_unit": "", "target": Decimal(1)}
    await add_task(here, "NV-36", "pct-phu-luu", title="Ban hành quy chế", **facts)
    heard = await say(here, "pct-phu-luu", "bc nv36", said, "1", "bỏ qua")
    assert f"NV-36 · {shown} · đúng tiến độ" in heard


async def test_photos_stay_when_they_are_looked_at_again(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc nv03 2 tổ")
    await chair.sends_photo(picture("green"))
    await chair.sends_photo(picture("red"))
    there = (
        'Đang có 2 ảnh. Gửi thêm, gõ "bỏ hết" để gửi lại từ đầu, hoặc "xong" để giữ nguyên.'
    )
    assert await say(here, "pct-phu-luu", "sửa", "4") == there
    assert "2 ảnh." in await chair.says("xong")
    assert "Đã ghi BC-0001" in await chair.says("gửi")
    assert await say(here, "pct-phu-luu", "sửa", "1", "2", "3") == there
    assert "Đã nhận 3 ảnh" in await chair.sends_photo(picture("blue"))
    assert "3 ảnh." in await chair.says("xong")
    assert "Gửi ảnh minh chứng" in await say(here, "pct-phu-luu", "sửa", "3", "bỏ hết")
    assert "Đã nhận 1 ảnh" in await chair.sends_photo(picture("white"))
    assert "1 ảnh." in await chair.says("xong")


@pytest.mark.parametrize("said", ["bc nv03 -2", "bc nv07 -5", "bc nv03 -2 tổ"])
async def test_a_result_below_zero_is_none(here: Town, said: str) -> None:
    heard = await say(here, "pct-phu-luu", said)
    assert "Kết quả là một số từ 0 trở lên." in heard
    assert "Kết quả đến hôm nay" in heard


async def test_a_dash_before_a_result_is_no_minus(here: Town) -> None:
    assert "2/2 tổ" in await say(here, "pct-phu-luu", "bc nv03 - 2 tổ")


async def test_what_stands_beside_the_result_is_kept(here: Town) -> None:
    heard = await say(here, "pct-phu-luu", "bc nv03 2 tổ 35 ha")
    assert "2/2 tổ" in heard
    assert "Ghi chú: 35 ha" in heard
    said = ("huỷ", "bc nv03", "1 tổ, đang làm tổ 2", "1", "xong")
    heard = await say(here, "pct-phu-luu", *said)
    assert "1/2 tổ" in heard
    assert "Ghi chú: đang làm tổ 2" in heard


async def test_done_means_the_target(here: Town) -> None:
    assert "NV-07 · 40% (100% kế hoạch)" in await say(here, "pct-phu-luu", "bc nv07 xong")
    said = ("huỷ", "bc nv07", "đạt", "1", "xong")
    assert "NV-07 · 40% (100% kế hoạch)" in await say(here, "pct-phu-luu", *said)
