"""The result in a report: what cannot be, what hardly is, and the figure before it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.task import Task
from tests.village import Town, add_task, town


@pytest.fixture
async def here(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Town]:
    shutil.copy(sqlite_template, tmp_path / "test.db")
    async with town(f"sqlite:///{tmp_path / 'test.db'}", tmp_path / "media") as made:
        yield made


SITUATION = "Tình hình? 1. Đúng tiến độ  2. Chậm  3. Vướng mắc"


@pytest.mark.parametrize(
    ("facts", "said", "sentence"),
    [
        (
            {"measure": "milestones", "target": 4},
            "5",
            "NV-13 có 4 mốc. Đồng chí gõ một số từ 0 đến 4.",
        ),
        ({"measure": "checklist", "target": 5}, "6", "NV-13 có 5 tiêu chí."),
        ({"measure": "percent", "target": 40}, "101", "Tỷ lệ này nhiều nhất là 100%."),
    ],
)
async def test_what_cannot_be_is_refused(
    here: Town, facts: dict[str, object], said: str, sentence: str
) -> None:
    await add_task(here, "NV-13", "pct-phu-luu", **facts)
    chair = here.sits("pct-phu-luu")
    await chair.says("bc nv13")
    heard = await chair.says(said)
    assert heard.startswith(sentence)
    assert heard.count(sentence) == 1
    await chair.says("huỷ")
    quick = await chair.says(f"bc nv13 {said}")
    assert sentence in quick
    assert "Xem lại" not in quick


async def test_more_than_the_plan_is_no_mistake(here: Town) -> None:
    await add_task(here, "NV-14", "pct-phu-luu", measure="percent", target=100, value=90)
    await here.sits("pct-phu-luu").says("bc nv14")
    assert await here.sits("pct-phu-luu").says("112") == SITUATION


@pytest.mark.parametrize(
    ("facts", "said", "question"),
    [
        ({"value": "6.9"}, "hai muoi", "20 km trong khi chỉ tiêu là 7,5 km, đúng không?"),
        ({"value": "6.9"}, "0", "0 km trong khi lần trước là 6,9 km, đúng không?"),
        ({"direction": "down", "baseline": 168, "target": 112, "value": 131, "measure_unit": "hộ"},
         "300", "300 hộ trong khi lần trước là 131 hộ, đúng không?"),
    ],
)  # fmt: skip
async def test_what_hardly_is_is_asked_once(
    here: Town, facts: dict[str, object], said: str, question: str
) -> None:
    await add_task(here, "NV-10", "pct-phu-luu", **facts)
    chair = here.sits("pct-phu-luu")
    await chair.says("bc nv10")
    assert await chair.says(said) == f"{question} 1. Đúng  2. Không phải, gõ lại"
    assert (await chair.says("2")).startswith("Kết quả đến hôm nay")
    await chair.says(said)
    assert await chair.says("1") == SITUATION


@pytest.mark.parametrize("said", ["một nửa", "hai phần ba", "2/3"])
async def test_a_share_of_the_plan_is_no_count(here: Town, said: str) -> None:
    facts = {"measure": "number", "target": 400, "measure_unit": "hộ"}
    await add_task(here, "NV-10", "pct-phu-luu", **facts)
    chair = here.sits("pct-phu-luu")
    await chair.says("bc nv10")
    assert (await chair.says(said)).startswith(
        "Chỉ tiêu của việc này là 400 hộ. Đồng chí gõ con số"
    )
    await chair.says("huỷ")
    why, question = (await chair.says(f"bc nv10 {said}")).split("\n\n")
    assert why.startswith("Chỉ tiêu của việc này là 400 hộ.")
    assert question == "Kết quả đến hôm nay, tính bằng hộ?"


@pytest.mark.parametrize(
    ("said", "read"), [("ba phần tư", "75%"), ("30/34", "88,24%"), ("39/98,3", "39%")]
)
async def test_a_share_is_the_value_of_a_task_in_percent(here: Town, said: str, read: str) -> None:
    """Out of the target itself it is the percentage reached (39/40 is 39%), else the share."""
    await add_task(here, "NV-10", "pct-phu-luu", measure="percent", target=Decimal("98.3"))
    chair = here.sits("pct-phu-luu")
    await chair.says("bc nv10")
    assert await chair.says(said) == SITUATION
    await chair.says("1")
    assert f" {read}" in await chair.says("bỏ qua")


async def test_the_quick_form_says_what_is_odd_below_the_review(here: Town) -> None:
    heard = await here.sits("pct-phu-luu").says("bc nv03 70 tổ")
    assert heard.endswith("3. Huỷ\n70 tổ trong khi chỉ tiêu là 2 tổ, đồng chí xem lại giúp.")


async def test_a_menu_with_one_reading_can_be_denied(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc nv03")
    assert (
        await chair.says("còn 1")
        == "Nghĩa là đến nay được 1 tổ, đúng không? 1. Đúng  2. Không phải, gõ lại"
    )
    assert (await chair.says("2")).startswith("Kết quả đến hôm nay, tính bằng tổ?")


@pytest.mark.parametrize(
    "said", ["mất 1 tổ", "dự kiến tuần sau xong 1 tổ", "huy 1 to", "không làm được 1 tổ"]
)
async def test_a_loss_or_a_plan_is_no_result_until_it_is_confirmed(here: Town, said: str) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc nv03")
    heard = await chair.says(said)
    assert heard == "Nghĩa là đến nay được 1 tổ, đúng không? 1. Đúng  2. Không phải, gõ lại"
    assert (await chair.says("2")).startswith("Kết quả đến hôm nay, tính bằng tổ?")
    assert await chair.says("2 tổ, dự kiến tuần sau nghiệm thu 3 hộ") == SITUATION


async def test_an_accepted_report_is_refused_at_once(here: Town) -> None:
    chair, leader = here.sits("pct-phu-luu"), here.sits("bi-thu-phu-luu")
    for said in ("bc nv03 1 tổ", "gửi", "sửa bc1"):
        await chair.says(said)
    for said in ("kiem tra", "1", "duyệt"):
        await leader.says(said)
    chair.hears()
    refusal = 'BC-0001 đã được duyệt nên không sửa nữa. Đồng chí gõ "bc nv03" để gửi báo cáo mới.'
    assert await chair.says("gửi") == refusal
    assert await chair.says("sửa BC-0001") == refusal
    assert "Hiện không có việc gì đang dở" in await chair.says("huỷ")


async def test_an_overdue_task_is_asked_how_it_goes(here: Town) -> None:
    await add_task(here, "NV-10", "pct-phu-luu", due=date(2026, 11, 20), value="6.9")
    chair = here.sits("pct-phu-luu")
    assert await chair.says("bc nv10 7,5 km") == SITUATION
    assert "7,5/7,5 km (100%) · chậm · không có ảnh" in await chair.says("chậm")
    await chair.says("huỷ")
    assert "· chậm ·" in await chair.says("bc nv10 7 km, chậm")
    await chair.says("huỷ")
    assert "· đúng tiến độ ·" in await chair.says("bc nv03 2 tổ")


async def test_the_situation_is_asked_again_when_it_is_corrected(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc nv03 2 tổ", "sửa", "tình hình"):
        heard = await chair.says(said)
    assert heard == SITUATION
    assert "· chậm · không có ảnh" in await chair.says("2")


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("tỉnh", "above"),
        ("lanh dao xa", "unit"),
        ("chủ tịch tỉnh", "above"),
        ("chưa biết", "unknown"),
    ],
)
async def test_who_can_help_in_words(here: Town, said: str, key: str) -> None:
    chair = here.sits("pct-phu-luu")
    for line in ("bc", "2", "39", "3", "xe hỏng"):
        await chair.says(line)
    assert (await chair.says(said)).startswith("Gửi ảnh minh chứng")
    await chair.says("bỏ qua")
    await chair.says("gửi")
    waits = {"above": "chờ cấp trên", "unit": "chờ lãnh đạo đơn vị", "unknown": "chưa rõ chờ ai"}
    assert f"Vướng mắc, {waits[key]}: xe hỏng" in await chair.says("nv07")


async def test_a_downward_measure_reads_plainly(here: Town) -> None:
    async with here.database.begin() as session:
        task = await session.get_one(Task, here.village.tasks["NV-03"])
        task.direction, task.baseline, task.target = "down", Decimal(100), Decimal(40)
        task.measure_unit = "hộ"
    heard = await here.sits("pct-phu-luu").says("bc nv03 70 hộ, đúng tiến độ")
    assert "70 hộ, cần còn 40 (50% kế hoạch)" in heard


async def test_what_was_loaded_is_offered_as_the_last_value(here: Town) -> None:
    await add_task(here, "NV-30", "pct-phu-luu", value="1")
    heard = await here.sits("pct-phu-luu").says("bc nv30")
    assert heard == "Kết quả đến hôm nay, tính bằng km? (lần trước: 1)"
