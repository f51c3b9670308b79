"""Tổng kết: every figure equals what is recomputed from the raw reports; rights; drill-down."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.terminal import TerminalChannel
from bot.clock import StillClock
from bot.commands.demo import demo_app
from bot.commands.talk import Terminal
from demo.calendar import DEMO_START
from handlers.summary import rate, whole_picture
from models.organisation import Unit
from models.report import Obstacle, Report
from models.task import Task, bucket_of, percent_of_plan
from services import access, summary
from services.summary import Figures, Summary
from tests.village import Town, town
from vietnamese.zone import local_day

TODAY = local_day(DEMO_START)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Terminal]:
    terminal = TerminalChannel()
    app = await demo_app(tmp_path, terminal, StillClock(DEMO_START))
    yield Terminal(app, terminal, demo=True)
    await app.close()


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


async def raw_figures(sitting: Terminal, unit: str) -> tuple[Counter[str], Counter[str], int, int]:
    """Outcomes, buckets, unchecked reports, open obstacles: from reports, not from task rows."""
    async with sitting.app.database.begin() as session:
        path = (await session.scalars(select(Unit.path).where(Unit.code == unit))).one()
        tasks = (
            await session.scalars(
                select(Task)
                .join(Unit, Unit.id == Task.unit_id)
                .where(Unit.path.startswith(path), Task.state != "dropped")
            )
        ).all()
        outcomes: Counter[str] = Counter()
        buckets: Counter[str] = Counter()
        unchecked = 0
        for task in tasks:
            sent = (
                await session.scalars(
                    select(Report)
                    .where(Report.task_id == task.id, Report.current)
                    .order_by(Report.sent_at, Report.id)
                )
            ).all()
            counting = [r for r in sent if r.outcome != "returned" and r.value is not None]
            value = counting[-1].value if counting else None
            share = percent_of_plan(
                value, target=task.target, baseline=task.baseline, direction=task.direction
            )
            buckets[bucket_of(share)] += 1
            outcomes[outcome_of(task, [r for r in sent if r.outcome == "accepted"])] += 1
            unchecked += sum(r.outcome is None for r in sent)
        ids = [task.id for task in tasks]
        stuck = await session.scalars(
            select(Obstacle.id).where(Obstacle.task_id.in_(ids), Obstacle.closed_at.is_(None))
        )
        return outcomes, buckets, unchecked, len(stuck.all())


def outcome_of(task: Task, accepted: list[Report]) -> str:
    if task.state == "done":
        day = local_day(accepted[-1].sent_at)
        return "done_late" if task.due and day > task.due else "done_on_time"
    return "overdue" if task.due and task.due < TODAY else "doing"


@pytest.mark.parametrize(
    ("chair", "unit"), [("bi-thu-phu-luu", "phu-luu"), ("bi-thu-tinh", "tinh-tuyen-quang")]
)
async def test_every_sum_is_what_the_raw_reports_say(demo: Terminal, chair: str, unit: str) -> None:
    await demo.sit_down("pct-phu-luu")
    for line in ("bc nv03 2 tổ", "1", "bc nv07 41", "1"):
        await demo.line(line)
    outcomes, buckets, unchecked, stuck = await raw_figures(demo, unit)
    found = await summary_of(demo, chair)
    assert +found.figures.outcomes == +outcomes
    assert +found.figures.buckets == +buckets
    assert found.unchecked == unchecked
    assert sum(found.obstacles.values()) == stuck
    summary.check_sums(found)
    text = "\n".join(whole_picture(found))
    assert f"(cộng {sum(buckets.values())})" in text


async def summary_of(sitting: Terminal, chair: str) -> Summary:
    await sitting.sit_down(chair)
    async with sitting.app.database.begin() as session:
        now = sitting.app.clock.now()
        actor = await access.actor_at(session, "terminal", sitting.chat, now)
        assert actor
        return await summary.summarise(session, actor, now)


def test_the_rate_of_the_official_table() -> None:
    """21.914 = 16.051 done + 5.863 open, of these 223 overdue: base 16.274, 98,63 % and 1,37 %."""
    figures = Figures(
        tasks=21_914,
        outcomes=Counter(done_on_time=14_068, done_late=1_983, doing=5_640, overdue=223),
    )
    assert sum(figures.outcomes.values()) == figures.tasks
    assert figures.done == 16_051
    assert figures.fallen_due == 16_274
    assert round(100 * figures.done / figures.fallen_due, 2) == 98.63
    assert rate(figures) == (
        "Trên 16.274 việc đã đến hạn hoặc đã xong: hoàn thành 98,63%, còn quá hạn 1,37%"
    )


@pytest.mark.parametrize(
    ("done", "overdue", "said"),
    [
        (2_999, 1, "hoàn thành 99,97%, còn quá hạn 0,03%"),
        (99_999, 1, "hoàn thành 99,99%, còn quá hạn 0,01%"),
        (1, 99_999, "hoàn thành 0,01%, còn quá hạn 99,99%"),
        (2, 1, "hoàn thành 66,67%, còn quá hạn 33,33%"),
        (1, 1, "hoàn thành 50%, còn quá hạn 50%"),
        (7, 0, "hoàn thành 100%, còn quá hạn 0%"),
        (0, 7, "hoàn thành 0%, còn quá hạn 100%"),
    ],
)
def test_the_rate_hides_nothing(done: int, overdue: int, said: str) -> None:
    figures = Figures(tasks=done + overdue, outcomes=Counter(done_on_time=done, overdue=overdue))
    assert rate(figures).endswith(said)


async def test_drill_down_by_number_or_words(demo: Terminal) -> None:
    await demo.sit_down("bi-thu-phu-luu")
    await demo.line("tong ket")
    assert "Quá hạn (4)" in (await demo.line("1"))[0]
    assert "Vướng mắc chờ tháo gỡ (3)" in (await demo.line("vướng mắc"))[0]
    by_unit = (await demo.line("3"))[0]
    assert sum(map(int, re.findall(r": (\d+) việc", by_unit))) == 37
    by_person = (await demo.line("theo nguoi"))[0]
    assert sum(map(int, re.findall(r": (\d+) việc", by_person))) == 37
    assert (await demo.line("5"))[0].startswith("[ảnh]")
    assert "xlsx" in (await demo.line("6"))[0]


async def test_a_cadre_is_told_what_is_for_them_instead(here: Town) -> None:
    heard = await here.sits("pct-phu-luu").says("/tongket")
    assert "nhiệm vụ" in heard
    assert "TỔNG KẾT" not in heard


async def test_p46_each_leader_sees_their_own_area(here: Town) -> None:
    assert "1 việc" in await here.sits("bi-thu-bach-xa").says("tong ket")
    assert "2 việc" in await here.sits("bi-thu-phu-luu").says("tong ket")
    assert "3 việc" in await here.sits("bi-thu-tinh").says("tong ket")
    assert "1 việc" in await here.sits("giam-sat").says("tong ket")
    other = await here.sits("bi-thu-bach-xa").says("tong ket xa phu luu")
    assert "Không thấy đơn vị" in other
    assert "2 việc" in await here.sits("bi-thu-tinh").says("tong ket xa phu luu")
    assert "2 việc" in await here.sits("bi-thu-tinh").says("tổng kết xã Phù Lưu tháng 11")


async def test_a_hand_over_takes_the_rights_along(here: Town) -> None:
    from models.organisation import Holding

    async with here.database.begin() as session:
        held = (
            await session.scalars(
                select(Holding).where(Holding.person_id == here.village.people["bi-thu-bach-xa"])
            )
        ).one()
        held.to_day = date(2026, 11, 21)
    heard = await here.sits("bi-thu-bach-xa").says("tong ket")
    assert "TỔNG KẾT" not in heard


async def test_a_list_is_asked_for_in_a_leader_s_own_words(demo: Terminal) -> None:
    await demo.sit_down("bi-thu-phu-luu")
    for typed, title in (
        ("việc quá hạn", "Quá hạn (4)"),
        ("viec nao qua han", "Quá hạn (4)"),
        ("cho tôi xem các việc đang quá hạn", "Quá hạn (4)"),
        ("nhiệm vụ quá hạn", "Quá hạn (4)"),
        ("ai chưa báo cáo", "Chưa báo cáo (5)"),
        ("im lặng", "Chưa báo cáo (5)"),
        ("vướng mắc", "Vướng mắc chờ tháo gỡ (3)"),
        ("ai chậm", "Theo người (9)"),
    ):
        await demo.line("huỷ")
        assert (await demo.line(typed))[0].startswith(title)
        assert (await demo.line(typed))[0].startswith(title)  # from the menu, too


async def test_what_is_late_or_silent_stands_with_who_answers_for_it(demo: Terminal) -> None:
    await demo.sit_down("bi-thu-phu-luu")
    await demo.line("tong ket")
    late = (await demo.line("1"))[0]
    assert (
        "• NV-12 quá hạn 24 ngày — Xây dựng sản phẩm OCOP 3 sao (Hoàng Văn Đ, Xã Phù Lưu)" in late
    )
    silent = (await demo.line("7"))[0]
    assert silent.startswith("Chưa báo cáo (5)")
    assert "12 ngày" in silent  # "lâu nhất 12 ngày", says the picture


async def test_a_unit_is_named_in_the_middle_of_the_picture(demo: Terminal) -> None:
    await demo.sit_down("bi-thu-tinh")
    await demo.line("tong ket")
    assert "Gõ tên một đơn vị" in (await demo.line("3"))[1]
    assert (await demo.line("phù lưu"))[0].startswith("TỔNG KẾT · Xã Phù Lưu")
    assert (await demo.line("chín"))[0].startswith("Đồng chí trả lời bằng số từ 1 đến 7.")
    table = (await demo.line("6"))[0]
    assert "[tệp xa-phu-luu-tong-ket-2026-11-23.xlsx]" in table
    assert "Bảng theo mẫu của Xã Phù Lưu" in table


async def test_the_year_is_no_village(demo: Terminal) -> None:
    await demo.sit_down("bi-thu-phu-luu")
    for typed in ("tổng kết năm", "tong ket nam", "tong ket ca nam"):
        assert (await demo.line(typed))[0].startswith("TỔNG KẾT · Xã Phù Lưu · đến 08:00")
    assert (await demo.line("tổng kết nậm lương"))[0].startswith("TỔNG KẾT · Thôn Nậm Lương")


async def test_a_task_that_ended_is_named_by_its_words_and_not_by_what_sounds_like_them(
    demo: Terminal,
) -> None:
    await demo.sit_down("bi-thu-phu-luu")
    for typed in ("việc tháng này", "nhiem vu thang nay"):
        assert (await demo.line(typed))[0].startswith("Đồng chí không trực tiếp chủ trì việc nào")
    assert (await demo.line("nhiệm vụ khánh thành nhà văn hoá"))[0].startswith("NV-23")


async def test_nobody_is_left_without_a_next_step(demo: Terminal) -> None:
    await demo.sit_down("bi-thu-phu-luu")
    assert 'gõ "tổng kết"' in (await demo.line("tổng kết 2025"))[0]
    assert 'gõ "tổng kết"' in (await demo.line("nv99"))[0]
    assert '"ảnh mới"' in (await demo.line("?"))[0]
    await demo.sit_down("pct-phu-luu")
    await demo.line("huỷ")  # the morning's reminder is read
    assert 'gõ "nhiệm vụ"' in (await demo.line("nv99"))[0]
    assert (await demo.line("việc quá hạn"))[0].startswith("Đồng chí có 2 việc đang mở:")


async def test_who_has_not_reported_is_listed_with_the_days_of_silence(demo: Terminal) -> None:
    """A task that is late too stands there for its silence."""
    found = await summary_of(demo, "bi-thu-tinh")
    late = [line for line in found.silent if line.late_days]
    assert late
    heard = "\n".join([*await demo.line("tổng kết"), *await demo.line("chưa báo cáo")])
    listed = heard[heard.index("Chưa báo cáo (") :]
    for line in late:
        assert line.silent_since
        days = (TODAY - line.silent_since).days
        assert f"{line.code} quá kỳ báo cáo {days} ngày" in listed
    assert "quá hạn" not in listed.split("Xem thêm")[0]
