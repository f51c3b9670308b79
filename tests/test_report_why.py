"""What is said beside an answer in a report is kept, asked about, or said not to be recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.village import Town, town

FIGURE = "Kết quả đến hôm nay, tính bằng tổ? (lần trước 12/11: 1)"
SITUATION = "Tình hình? 1. Đúng tiến độ  2. Chậm  3. Vướng mắc"
ONE = "Nghĩa là đến nay được 1 tổ, đúng không? 1. Đúng  2. Không phải, gõ lại"
APART = 'Phần "nv07 40%" chưa ghi, đồng chí gửi riêng giúp sau báo cáo này.'


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path / "media") as made:
        yield made


async def say(here: Town, *said: str, who: str = "pct-phu-luu") -> str:
    """All that is said, and what is heard at last."""
    chair, heard = here.sits(who), ""
    for one in said:
        heard = await chair.says(one)
    return heard


@pytest.mark.parametrize(
    ("said", "obstacle"),
    [
        ("vướng mặt bằng, dân chưa đồng ý", "mặt bằng, dân chưa đồng ý"),
        (
            "vướng: thiếu 1 km đường, tỉnh chưa cấp 5 tỷ",
            "thiếu 1 km đường, tỉnh chưa cấp 5 tỷ",
        ),
        ("đang vướng mặt bằng, chưa có đất", "mặt bằng, chưa có đất"),
        ("vướng mắc; thiếu 1,5 ha đất", "thiếu 1,5 ha đất"),
        ("dân chưa đồng ý nên vướng, đã được 2 tổ", "dân chưa đồng ý"),
    ],
)
async def test_all_that_is_said_to_be_stuck_is_the_obstacle(
    here: Town, said: str, obstacle: str
) -> None:
    assert (await say(here, "bc nv03", "2", said)).startswith("Ai tháo gỡ được?")
    heard = await say(here, "1", "xong")
    assert f"\nVướng mắc (chờ lãnh đạo đơn vị): {obstacle}\n1. Gửi" in heard
    assert "2/2 tổ" in heard


async def test_another_figure_beside_the_obstacle_is_asked_about(here: Town) -> None:
    said = "vướng mặt bằng, dân chưa đồng ý, mới được 1 tổ"
    assert await say(here, "bc nv03", "2", said) == ONE
    assert (await say(here, "1")).startswith("Ai tháo gỡ được?")
    heard = await say(here, "1", "xong")
    assert "NV-03 · 1/2 tổ (50%) · vướng mắc" in heard
    assert "Vướng mắc (chờ lãnh đạo đơn vị): mặt bằng, dân chưa đồng ý\n1. Gửi" in heard


async def test_another_figure_that_was_not_meant_is_typed_again(here: Town) -> None:
    assert await say(here, "bc nv03", "2", "chậm, mới được 1 tổ thôi") == ONE
    assert await say(here, "2") == FIGURE
    heard = await say(here, "2", "xong")
    assert "NV-03 · 2/2 tổ (100%) · chậm" in heard
    assert "Ghi chú" not in heard


async def test_the_same_figure_again_is_not_asked_about(here: Town) -> None:
    heard = await say(here, "bc nv03", "1", "chậm do mưa lũ, mới được 1 tổ", "xong")
    assert "NV-03 · 1/2 tổ (50%) · chậm" in heard
    assert "\nGhi chú: chậm do mưa lũ\n" in heard


@pytest.mark.parametrize(
    "said", ["không vướng gì nhưng mưa nhiều", "đúng tiến độ nhưng vướng 1 hộ"]
)
async def test_words_that_leave_the_situation_open_are_kept(here: Town, said: str) -> None:
    heard = await say(here, "bc nv03", "2", said)
    assert heard == f'Đã ghi chú: "{said}".\n\n{SITUATION}'
    assert await say(here, said) == f"Đồng chí trả lời bằng số từ 1 đến 3.\n\n{SITUATION}"
    assert f"\nGhi chú: {said}\n1. Gửi" in await say(here, "1", "xong")


async def test_no_figure_of_this_job_is_asked_about(here: Town) -> None:
    """ "chưa có đất" is no "0 tổ", and what is missing or was once is no result."""
    told = ("chưa có đất", "thiếu 1 tổ", "năm ngoái được 1 tổ", "vẫn như cũ", "mới được 50%")
    for said in (f"chậm, {one}" for one in told):
        assert "Gửi ảnh minh chứng" in await say(here, "bc nv03", "2", said)
        heard = await say(here, "xong")
        assert f"\nGhi chú: {said.removeprefix('chậm, ')}\n" in heard
        await say(here, "huỷ")


async def test_a_report_on_another_task_waits_and_the_draft_stays(here: Town) -> None:
    assert await say(here, "bc nv03", "nv07 40%") == f"{APART}\n\n{FIGURE}"
    assert await say(here, "2", "nv07 40%") == f"{APART}\n\n{SITUATION}"
    assert (await say(here, "1", "nv07 40%")).startswith(f"{APART}\n\nGửi ảnh minh chứng")
    heard = await say(here, "xong", "nv07 40%")
    assert heard.startswith(f"{APART}\n\nXem lại: NV-03 · 2/2 tổ (100%) · đúng tiến độ")
    assert "Ghi chú" not in heard
    assert "Xem lại: NV-07 · 40%" in await say(here, "gửi", "nv07 40%")


async def test_a_report_on_another_task_behind_the_answer_is_named(here: Town) -> None:
    assert await say(here, "bc nv03", "2 tổ; nv07 40%") == f"{APART}\n\n{SITUATION}"
    heard = await say(here, "chậm do mưa; nv07 40%")
    assert heard.startswith(f"{APART}\n\nGửi ảnh minh chứng")
    assert "\nGhi chú: chậm do mưa\n" in await say(here, "xong")


async def test_another_task_may_be_the_reason(here: Town) -> None:
    heard = await say(here, "bc nv03", "2", "chậm, nv07 chưa xong", "xong")
    assert "\nGhi chú: nv07 chưa xong\n" in heard
