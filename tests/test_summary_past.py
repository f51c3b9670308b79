"""Tổng kết up to an earlier day: exactly the picture that was to be seen then, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.terminal import TerminalChannel
from bot.clock import StillClock
from bot.commands.demo import demo_app
from demo.calendar import DEMO_START
from handlers.summary_periods import Asked, asked_for
from services import access, summary
from services.summary import Summary
from tests.village import START, Town, town
from vietnamese.dates import When
from vietnamese.zone import end_of_day, local_day


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


async def seen(here: Town, code: str, until: datetime | None = None) -> Summary:
    async with here.database.begin() as session:
        now = here.app.clock.now()
        actor = await access.actor_at(session, "terminal", code, now)
        assert actor
        return await summary.summarise(session, actor, now, until=until)


async def test_what_came_later_changes_nothing_of_an_earlier_day(here: Town) -> None:
    cadre, leader = here.sits("pct-phu-luu"), here.sits("bi-thu-phu-luu")
    for said in ("bc nv03 2 tổ", "1", "bc nv07 38%, vướng chưa có xe", "chưa rõ", "1"):
        await cadre.says(said)
    for said in ("bc nv07 39,5%", "vướng", "chưa có xe", "chưa rõ", "1"):
        await cadre.says(said)
    for said in ("kiểm tra bc3", "trả lại", "Thiếu ảnh"):
        await leader.says(said)
    evening = end_of_day(local_day(START))
    here.clock.move_to(evening)
    before = [await seen(here, code) for code in ("bi-thu-phu-luu", "bi-thu-tinh")]
    assert before[0].unchecked == 2
    assert before[0].obstacles.total() == 1

    here.clock.move_to(evening + timedelta(hours=10))
    for said in ("sửa bc1", "sửa", "kết quả", "1", "gửi", "bc nv07 41%", "đúng", "1"):
        await cadre.says(said)
    for said in ("kiểm tra bc2", "duyệt", "kiểm tra bc4", "Duyệt và kết thúc việc"):
        await leader.says(said)
    after = await seen(here, "bi-thu-phu-luu")
    assert [line.state for line in after.lines] == ["open", "done"]
    assert [str(line.value) for line in after.lines] == ["1", "41"]
    assert after.obstacles.total() == 0

    for was, code in zip(before, ("bi-thu-phu-luu", "bi-thu-tinh"), strict=True):
        found = await seen(here, code, evening)
        assert found.lines == was.lines
        assert (found.unchecked, found.obstacles) == (was.unchecked, was.obstacles)
        assert (found.longest_silence, found.people) == (was.longest_silence, was.people)
        summary.check_sums(found)


async def test_correcting_an_older_report_changed_nothing_of_the_newer_figure_then(
    here: Town,
) -> None:
    cadre = here.sits("pct-phu-luu")
    for said in ("bc nv07 20", "1", "bc nv07 39,5", "1"):
        await cadre.says(said)
    for value in ("21", "22"):
        here.clock.move_to(here.now + timedelta(days=1))
        for said in ("sửa bc1", "sửa", "kết quả", value, "gửi"):
            await cadre.says(said)
        if value == "21":
            evening = end_of_day(local_day(here.now))
            then = await seen(here, "bi-thu-phu-luu")
            assert str(then.lines[1].value) == "39.5"
        # In force that evening: told by the database first, then by the version replaced since.
        told = await seen(here, "bi-thu-phu-luu", evening)
        assert told.lines[1] == then.lines[1]


async def test_a_returned_first_report_falls_back_to_what_was_loaded(here: Town) -> None:
    cadre, leader = here.sits("pct-phu-luu"), here.sits("bi-thu-phu-luu")
    for said in ("bc nv03 2 tổ", "1"):
        await cadre.says(said)
    for said in ("kiểm tra bc1", "trả lại", "Thiếu ảnh"):
        await leader.says(said)
    assert "1/2 tổ (50%)" in await cadre.says("/nhiemvu")


async def test_a_version_returned_then_and_corrected_since_did_not_count(here: Town) -> None:
    cadre, leader = here.sits("pct-phu-luu"), here.sits("bi-thu-phu-luu")
    for said in ("bc nv03 2 tổ", "1"):
        await cadre.says(said)
    for said in ("kiểm tra bc1", "trả lại", "Thiếu ảnh"):
        await leader.says(said)
    evening = end_of_day(local_day(START))
    here.clock.move_to(evening)
    then = await seen(here, "bi-thu-phu-luu")
    here.clock.move_to(evening + timedelta(hours=10))
    for said in ("sửa bc1", "sửa", "ghi chú", "có ảnh", "gửi"):
        await cadre.says(said)
    told = await seen(here, "bi-thu-phu-luu", evening)
    assert told.lines[0] == then.lines[0]
    assert str(told.lines[0].value) == "1"


async def test_up_to_now_the_reports_say_what_the_task_rows_say(tmp_path: Path) -> None:
    app = await demo_app(tmp_path, TerminalChannel(), StillClock(DEMO_START))
    async with app.database.begin() as session:
        actor = await access.actor_at(session, "terminal", "bi-thu-tinh", DEMO_START)
        assert actor
        rows = await summary.summarise(session, actor, DEMO_START)
        told = await summary.summarise(session, actor, DEMO_START, until=DEMO_START)
    await app.close()
    assert rows.figures.tasks > 100
    assert told.lines == rows.lines
    assert told.obstacles == rows.obstacles


async def test_asked_for_by_a_period_and_a_unit(here: Town) -> None:
    leader = here.sits("bi-thu-tinh")
    here.clock.move_to(START + timedelta(days=20))
    assert "đến hết 30/11/2026" in await leader.says("tổng kết tháng 11")
    assert "3 việc" in await leader.says("tong ket den 30/11")
    heard = await leader.says("tong ket thang 11 xa phu luu")
    assert "TỔNG KẾT · Xã Phù Lưu · đến hết 30/11/2026" in heard
    assert "Theo đơn vị · Xã Phù Lưu (1)" in await leader.says("3")
    table = await leader.says("6")
    assert "đến hết 30/11/2026" in table
    assert "tong-ket-2026-11-30.xlsx" in table
    assert "đến 16:30 12/12/2026" in await leader.says("tổng kết tháng này")
    assert "đến hết 31/12/2025 chưa có việc nào" in await leader.says("tổng kết năm ngoái")
    assert "chỉ có 28 ngày" in await leader.says("tổng kết 30/2")
    unclear = await leader.says("tổng kết quý 7")
    assert 'Chưa rõ kỳ "quý 7"' in unclear
    assert "đến 16:30 12/12/2026" in unclear


@pytest.mark.parametrize(
    ("text", "unit", "last"),
    [
        ("", "", None),
        ("xã Phù Lưu", "xã Phù Lưu", None),
        ("thôn 3", "thôn 3", None),
        ("xã Phù Lưu tháng 10", "xã Phù Lưu", "2026-10-31"),
        ("tháng 10 của xã Phù Lưu", "xã Phù Lưu", "2026-10-31"),
        ("của tỉnh", "tỉnh", None),
        ("xã Phù Lưu, tính đến hết 30/10", "xã Phù Lưu", "2026-10-30"),
        ("tổ 5 tháng 9", "tổ 5", "2026-09-30"),
        ("T10", "", "2026-10-31"),
        ("9 tháng", "", "2026-09-30"),
        ("10/2026", "", "2026-10-31"),
        ("2025", "", "2025-12-31"),
        ("quí 3", "", "2026-09-30"),
        ("den 15/10 xa phu luu", "xa phu luu", "2026-10-15"),
        ("quý 3", "", "2026-09-30"),
        ("hôm qua", "", "2026-11-22"),
        ("tuần trước", "", "2026-11-22"),
        ("đến hết tháng 9", "", "2026-09-30"),
    ],
)
def test_the_words_behind_the_command(text: str, unit: str, last: str | None) -> None:
    asked = asked_for(text, datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    assert asked.unit == unit
    period = asked.period.last.isoformat() if isinstance(asked.period, When) else None
    assert (period, asked.trouble) == (last, Asked("").trouble)


async def test_at_every_month_s_end_the_demo_s_obstacles_and_its_reports_agree(
    tmp_path: Path,
) -> None:
    app = await demo_app(tmp_path, TerminalChannel(), StillClock(DEMO_START))
    async with app.database.begin() as session:
        actor = await access.actor_at(session, "terminal", "bi-thu-tinh", DEMO_START)
        assert actor
        for month in range(6, 12):
            end = end_of_day(date(2026, month, 21))
            found = await summary.summarise(session, actor, DEMO_START, until=end)
            stuck = {line.task_id for line in found.lines if line.situation == "stuck"}
            assert found.stuck_tasks == stuck
            assert {one.task_id for one in found.urgent} <= {
                *stuck,
                *(line.task_id for line in found.overdue),
            }
    await app.close()
