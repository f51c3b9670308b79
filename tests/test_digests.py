"""Digests on both databases: planned once, true when they are sent, settled in the ledger."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from bot.conversation.reply import plain, units
from models.account import Account
from models.calendar import DayOff
from models.database import Database
from models.nudge import Digest
from models.report import Obstacle
from scheduler.digest import compose
from scheduler.planner import Rules
from scheduler.ticks import catch_up
from tests.digest_world import World, at, d

MORNING = "25/11 7:30"


@pytest.fixture
async def world(database: Database) -> World:
    return await World(database).build()


async def test_the_morning_digest_says_what_is_due_and_how_to_answer(world: World) -> None:
    await world.task("NV-07", "ct-a", "30/11")
    await world.task(
        "NV-03", "ct-a", "31/12", title="Xây dựng 2 tổ sản xuất VietGAP", measure="number",
        measure_unit="tổ", target=Decimal(2), cadence="weekly", cadence_day=3,
    )  # fmt: skip
    await world.report("NV-07", "ct-a", at("12/11 9:00"), 39)
    await world.report("NV-03", "ct-a", at("12/11 9:00"), 1)
    assert await world.live(at(MORNING)) == {
        "ct-a": "Chào đồng chí Nguyễn Văn A. Hôm nay, Thứ Tư 25/11/2026, có 2 việc cần chú ý:\n"
        "• NV-07 Thu gom rác thải nông thôn: còn 5 ngày (hạn Thứ Hai 30/11/2026), đang 39%.\n"
        "• NV-03 Xây dựng 2 tổ sản xuất VietGAP: đến kỳ báo cáo tuần, đang 1/2 tổ.\n"
        'Gõ "bc nv07" để báo cáo.'
    }


async def test_what_must_fall_is_told_with_what_it_must_fall_to(world: World) -> None:
    facts = {"direction": "down", "target": Decimal(112), "baseline": Decimal(150)}
    await world.task("NV-05", "ct-a", "30/11", measure="number", measure_unit="hộ", **facts)
    await world.report("NV-05", "ct-a", at("12/11 9:00"), 131)
    heard = (await world.live(at(MORNING)))["ct-a"]
    assert "(hạn Thứ Hai 30/11/2026), đang 131 hộ, cần còn 112." in heard


async def test_the_leader_s_evening(world: World) -> None:
    await world.task("NV-01", "ct-a", "20/11")
    await world.task("NV-02", "pct-a", "28/11")
    await world.task("NV-03", "pct-a", "31/12", cadence="weekly", cadence_day=5)
    await world.task("NV-99", "ct-b", "20/11")  # another commune
    await world.report("NV-02", "pct-a", at("25/11 9:00"), 95)
    await world.report("NV-03", "pct-a", at("12/11 9:00"), 20)
    async with world.database.begin() as session:
        for waits_for, day in (("unit", "18/11 8:00"), ("above", "24/11 8:00")):
            session.add(
                Obstacle(
                    task_id=world.tasks["NV-01"], text="", waits_for=waits_for,
                    raised_at=at(day),
                )
            )  # fmt: skip
        await session.execute(
            update(Account).where(Account.chat_id == "ct-a").values(state="blocked")
        )
    await world.live(at(MORNING))
    assert (await world.live(at("25/11 16:45")))["bt-a"] == (
        "Chào đồng chí Trần Văn L. Cuối ngày Thứ Tư 25/11/2026, tình hình Xã Phù Lưu:\n"
        "• Báo cáo nhận từ chiều 23/11/2026: 1, 1 chưa kiểm tra\n"
        "• Đến hạn trong 7 ngày tới: 1 (NV-02)\n"
        "• Vướng mắc chờ tháo gỡ: 2 (chờ lãnh đạo đơn vị 1, chờ cấp trên 1); 1 đã quá 3 ngày làm việc\n"
        "Im lặng:\n"
        "• Quá hạn: 1 (NV-01 5 ngày)\n"
        "• Chậm so mốc: 1 (NV-03)\n"
        "• Chưa báo cáo: 1, quá kỳ lâu nhất 5 ngày\n"
        "• Báo cáo chờ kiểm tra: 2, lâu nhất 13 ngày\n"
        "Chưa liên lạc được: Nguyễn Văn A (đã chặn).\n"
        "Gõ /tongket để xem đầy đủ."
    )


async def test_a_leader_s_own_tasks_bring_the_picture_forward_and_there_is_no_second_digest(
    world: World,
) -> None:
    await world.task("NV-01", "bt-a", "20/11")
    await world.task("NV-02", "ct-a", "26/11")
    morning = (await world.live(at(MORNING)))["bt-a"]
    assert "có 1 việc cần chú ý" in morning
    assert "Tình hình Xã Phù Lưu:\n• Báo cáo nhận từ chiều 23/11/2026: 0" in morning
    assert "bt-a" not in await world.live(at("25/11 16:45"))
    assert "bt-a" in await world.live(at("26/11 16:45"))


async def test_the_second_silence_is_told_to_the_supervisor(world: World) -> None:
    await world.task("NV-01", "ct-a", "20/11")
    for day in ("20/11", "26/11", "27/11"):
        await world.live(at(f"{day} 7:30"))
        heard = await world.live(at(f"{day} 16:45"))
        assert ("đã nhắc 2 lần" in heard.get("gs-tinh", "")) is (day == "27/11")
        assert "đã nhắc" not in heard.get("bt-tinh", "")
    assert (
        "• NV-01 Thu gom rác thải nông thôn: đồng chí Nguyễn Văn A, quá hạn 7 ngày "
        "(hạn 20/11/2026), đã nhắc 2 lần, chưa có báo cáo nào." in heard["gs-tinh"]
    )
    assert "đã nhắc" not in (await world.live(at("30/11 16:45")))["gs-tinh"]


async def test_a_leader_s_own_silence_goes_to_the_leader_above_and_the_picture_to_nobody_alone(
    world: World,
) -> None:
    await world.task("NV-01", "bt-b", "20/11")
    heard: dict[str, str] = {}
    for day in ("20/11", "26/11", "27/11"):
        assert "Tình hình" not in (await world.live(at(f"{day} 7:30"))).get("bt-b", "")
        heard = await world.live(at(f"{day} 16:45"))
        assert "bt-b" not in heard
    assert "đồng chí Hoàng Văn M, quá hạn 7 ngày" in heard["bt-tinh"]


async def _close(world: World) -> None:
    async with world.change("NV-01") as task:
        task.state = "done"


async def _move(world: World) -> None:
    async with world.change("NV-01") as task:
        task.due, task.due_version = d("20/12"), 2


async def _report(world: World) -> None:
    await world.report("NV-01", "ct-a", at("25/11 7:31"), 50)


async def _hand_over(world: World) -> None:
    await world.hand_over("ct-a", "pct-a", d("25/11"))


async def _leave(world: World) -> None:
    await world.leave("ct-a", d("25/11"), d("30/11"))


async def _holiday(world: World) -> None:
    async with world.database.begin() as session:
        session.add(DayOff(day=d("25/11"), off=True, name="Nghỉ bão"))


@pytest.mark.parametrize("change", [_close, _move, _report, _hand_over, _leave, _holiday])
async def test_p25_what_changed_before_its_turn_is_not_sent(
    world: World, change: Callable[[World], Awaitable[None]]
) -> None:
    await world.task("NV-01", "ct-a", "30/11")
    await world.tick(at(MORNING))
    await change(world)
    assert await world.send(at("25/11 7:32")) == {}
    assert await world.ledger() == [("NV-01", "before:7", "dropped")]
    assert [row[2] for row in await world.digests()] == ["dropped"]


@pytest.mark.parametrize("late", ["25/11 17:30", "25/11 23:00", "26/11 3:00", "26/11 8:00"])
async def test_p25_what_waited_too_long_is_not_sent_at_night_nor_on_another_day(
    world: World, late: str
) -> None:
    await world.task("NV-01", "ct-a", "30/11")
    await world.tick(at(MORNING))
    assert await world.send(at(late)) == {}
    # It is still true: the next tick says it, once, under its old key.
    assert list(await world.live(at("26/11 8:01"))) == ["ct-a"]
    assert await world.ledger() == [("NV-01", "before:7", "sent")]
    assert await world.live(at("26/11 8:02")) == {}


async def test_p25_only_what_is_no_longer_true_is_left_out(world: World) -> None:
    await world.task("NV-01", "ct-a", "30/11")
    await world.task("NV-02", "ct-a", "30/11")
    await world.tick(at(MORNING))
    await _close(world)
    text = (await world.send())["ct-a"]
    assert "có 1 việc" in text
    assert "NV-01" not in text
    assert await world.ledger() == [
        ("NV-01", "before:7", "dropped"), ("NV-02", "before:7", "sent"),
    ]  # fmt: skip


async def test_p25_a_new_date_has_a_ladder_of_its_own(world: World) -> None:
    await world.task("NV-01", "ct-a", "30/11")
    assert "còn 5 ngày" in (await world.live(at(MORNING)))["ct-a"]
    async with world.change("NV-01") as task:
        task.due, task.due_version = d("3/12"), 2
    assert "còn 7 ngày" in (await world.live(at("26/11 7:30")))["ct-a"]
    assert await world.ledger() == [("NV-01", "before:7", "sent")] * 2


async def test_p19_a_digest_of_yesterday_is_dropped_and_planned_again_once(world: World) -> None:
    await world.task("NV-01", "ct-a", "30/11")
    await world.tick(at(MORNING))
    result = await world.tick(at("26/11 7:30"))  # the network was away all day
    assert (result.digests, result.dropped) == (1, 1)
    assert list(await world.send()) == ["ct-a"]
    assert [row[2] for row in await world.digests()] == ["dropped", "sent"]


async def test_a_long_digest_is_counted_and_never_cut(world: World) -> None:
    for number in range(60):
        await world.task(f"NV-{number:02d}", "ct-a", "30/11", title="Đường liên thôn 🚜 " * 12)
    await world.tick(at(MORNING))
    async with world.database.begin() as session:
        digest = await session.scalar(select(Digest.id))
        reply = await compose(session, digest or 0, at(MORNING))
    assert reply is not None
    text = plain(reply.text)
    assert units(text) <= Rules().text_limit
    assert "có 60 việc cần chú ý" in text
    shown = text.count("\n• ")
    assert f"… và {60 - shown} việc nữa, gõ /nhiemvu để xem." in text
    assert text.endswith('Gõ "bc nv00" để báo cáo.')


async def test_d03_a_finished_report_that_waits_is_the_checker_s_turn(world: World) -> None:
    await world.task("NV-01", "ct-a", "30/11")
    await world.report("NV-01", "ct-a", at("20/11 9:00"), 100)
    for day in ("25/11", "30/11", "3/12"):
        assert "ct-a" not in await world.live(at(f"{day} 7:30"))
        assert "Báo cáo chờ kiểm tra: 1" in (await world.live(at(f"{day} 16:45")))["bt-a"]


async def test_the_demo_s_clock_jumps_and_the_days_between_are_lived(world: World) -> None:
    await world.task("NV-01", "ct-a", "27/11")
    assert list(await world.live(at("20/11 8:00"))) == ["ct-a"]
    heard: list[tuple[str, str]] = []

    async def move(instant: datetime) -> None:
        world.clock.move_to(instant)

    async def after(instant: datetime) -> None:
        day = instant.astimezone(at(MORNING).tzinfo).strftime("%d/%m %H:%M")
        heard.extend((day, who) for who in await world.send() if who.startswith("ct"))

    result = await catch_up(
        world.database,
        at("20/11 8:00"),
        at("2/12 9:00"),
        world.rules,
        ["web"],
        at=move,
        after=after,
    )
    assert heard == [
        ("23/11 07:30", "ct-a"),  # 3 days are left on 24/11, a holiday
        ("26/11 07:30", "ct-a"), ("27/11 07:30", "ct-a"), ("02/12 07:30", "ct-a"),
    ]  # fmt: skip
    assert 1 + result.digests == len(await world.digests())
    assert world.clock.now() == at("2/12 9:00")
