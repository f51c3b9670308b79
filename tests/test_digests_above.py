"""What leaders and supervisors hear: silences that go up, and people whom nothing reaches."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from models.account import Account
from models.database import Database
from models.organisation import Holding, Oversight
from services import checks
from services.access import actor_at
from tests.digest_world import World, at, d

MORNING = "25/11 7:30"


@pytest.fixture
async def world(database: Database) -> World:
    return await World(database).build()


async def _days(world: World, *days: str) -> dict[str, dict[str, str]]:
    """day → who heard what that day."""
    found = {}
    for day in days:
        morning = await world.live(at(f"{day} 7:30"))
        found[day] = {**morning, **await world.live(at(f"{day} 16:45"))}
    return found


async def test_a_date_and_a_report_in_one_message_are_one_reminder(world: World) -> None:
    await world.task("NV-01", "ct-a", "25/11", cadence="weekly", cadence_day=3)
    heard = await _days(world, "25/11", "26/11", "27/11", "30/11", "1/12", "3/12")
    assert "nhắc lần" not in heard["25/11"]["ct-a"]
    assert "nhắc lần 2" in heard["30/11"]["ct-a"]
    assert "nhắc lần 3" in heard["3/12"]["ct-a"]
    told = [day for day, said in heard.items() if "đã nhắc" in said["gs-tinh"]]
    assert told == ["1/12"]
    assert "đã nhắc 2 lần" in heard["1/12"]["gs-tinh"]


async def test_a_returned_report_is_no_silence_and_is_named_as_returned(world: World) -> None:
    await world.task("NV-01", "ct-a", "16/11")
    await _days(world, "23/11", "25/11")
    await world.report("NV-01", "ct-a", at("26/11 8:00"), 40)
    async with world.database.begin() as session:
        actor = await actor_at(session, "web", "bt-a", at("26/11 9:00"))
        assert actor is not None
        await checks.give_back(session, actor, 1, at("26/11 9:00"), comment="thiếu ảnh")
    heard = await _days(world, "26/11", "27/11", "30/11", "1/12", "4/12", "7/12")
    above = {day: said["gs-tinh"] for day, said in heard.items() if "đã nhắc" in said["gs-tinh"]}
    assert "ct-a" not in heard["27/11"]
    assert (
        "quá hạn 15 ngày (hạn 16/11/2026), báo cáo trả lại ngày 26/11/2026, chờ bổ sung"
        in (heard["1/12"]["ct-a"])
    )
    assert "nhắc lần" not in heard["1/12"]["ct-a"]
    assert list(above) == ["7/12"]
    assert "đã nhắc 2 lần, báo cáo trả lại ngày 26/11/2026, chờ bổ sung." in above["7/12"]


async def test_an_unreachable_supervisor_is_passed_over_and_named(world: World) -> None:
    await world.task("NV-01", "ct-a", "20/11")
    async with world.database.begin() as session:
        await session.execute(delete(Account).where(Account.chat_id == "gs-tinh"))
    heard = await _days(world, "23/11", "25/11", "26/11", "27/11", "30/11")
    told = {
        (day, who) for day, said in heard.items() for who, text in said.items()
        if "đã nhắc 2 lần" in text
    }  # fmt: skip
    assert {who for _, who in told} == {"bt-a"}
    assert "Chưa liên lạc được: Phạm Thị S (chưa kết nối)." in heard["26/11"]["bt-a"]


async def test_a_post_that_nobody_holds_is_named_to_the_leader(world: World) -> None:
    await world.task("NV-01", "ct-a", "20/11")
    async with world.database.begin() as session:
        await session.execute(
            update(Holding)
            .where(Holding.person_id == world.people["ct-a"])
            .values(to_day=d("19/11"))
        )
    heard = await _days(world, "25/11")
    for who in ("bt-a", "bt-tinh", "gs-tinh"):
        assert "Chưa có người giữ chức vụ: ct-a Xã Phù Lưu (1 việc: NV-01)." in heard["25/11"][who]


async def test_who_oversees_a_field_everywhere_hears_of_it(world: World) -> None:
    await world.task("NV-01", "ct-a", "20/11", tags=["nông nghiệp"])
    await world.task("NV-02", "ct-b", "20/11", tags=["du lịch"])
    async with world.database.begin() as session:
        await session.execute(delete(Oversight))
        session.add(Oversight(post_id=world.posts["gs-tinh"], tag="nông nghiệp"))
        session.add(Oversight(post_id=world.posts["pct-a"], tag="giáo dục"))
    heard = await _days(world, "25/11", "26/11", "27/11", "30/11", "1/12")
    assert "Quá hạn: 1 (NV-01 5 ngày)" in heard["25/11"]["gs-tinh"]
    assert not any("pct-a" in said for said in heard.values())  # no task of that field
    escalated = [day for day, said in heard.items() if "đã nhắc 2 lần" in said["gs-tinh"]]
    assert escalated == ["1/12"]
    assert all("NV-02" not in said["gs-tinh"] for said in heard.values())


async def test_a_network_that_is_no_longer_configured_takes_no_reminders(world: World) -> None:
    await world.task("NV-01", "ct-a", "30/11")
    await world.task("NV-02", "pct-a", "30/11")
    async with world.database.begin() as session:
        session.add(
            Account(
                channel="telegram", chat_id="7", person_id=world.people["ct-a"],
                connected_at=at("1/2 8:00"), changed_at=at("1/2 8:00"),
            )
        )  # fmt: skip
        await session.execute(
            update(Account).where(Account.chat_id == "pct-a").values(channel="telegram")
        )
    assert list(await world.live(at(MORNING))) == ["ct-a"]
    assert ("pct-a", "morning", "failed", "network") in await world.digests()
    evening = await world.live(at("25/11 16:45"))
    assert "Chưa liên lạc được: Nguyễn Thị B (mạng đang hỏng)." in evening["bt-a"]


async def test_the_longest_silence_is_counted_from_the_first_report_that_is_missing(
    world: World,
) -> None:
    await world.task("NV-01", "ct-a", "31/12", cadence="monthly", cadence_day=5)
    await world.report("NV-01", "ct-a", at("4/8 9:00"), 80)
    heard = await _days(world, "25/11")
    assert "Chưa báo cáo: 1, quá kỳ lâu nhất 81 ngày" in heard["25/11"]["bt-a"]  # since 5/9


async def test_a_report_after_the_evening_digest_stands_in_the_next_one(world: World) -> None:
    await world.task("NV-01", "ct-a", "31/12")
    await world.task("NV-02", "pct-a", "20/11")
    await world.live(at("27/11 16:45"))  # a Friday
    await world.report("NV-01", "ct-a", at("27/11 18:00"), 10)
    await world.report("NV-01", "ct-a", at("30/11 9:00"), 20)
    heard = (await world.live(at("30/11 16:45")))["bt-a"]
    assert "• Báo cáo nhận từ chiều 27/11/2026: 2" in heard
    heard = (await world.live(at("1/12 16:45")))["bt-a"]
    assert "• Báo cáo nhận từ chiều 30/11/2026: 0" in heard


async def test_after_a_morning_digest_the_evening_one_counts_from_that_morning(
    world: World,
) -> None:
    await world.task("NV-01", "ct-a", "31/12")
    await world.task("NV-02", "bt-a", "25/11")
    assert "bt-a" in await world.live(at("25/11 7:30"))
    await world.report("NV-01", "ct-a", at("25/11 9:00"), 10)
    heard = (await world.live(at("26/11 16:45")))["bt-a"]
    assert "• Báo cáo nhận từ sáng 25/11/2026: 1" in heard


async def test_codes_of_several_units_are_told_with_the_unit(world: World) -> None:
    await world.task("NV-05", "ct-a", "27/11")
    await world.task("NV-04", "ct-b", "20/11")
    heard = await world.live(at("25/11 16:45"))
    assert "• Đến hạn trong 7 ngày tới: 1 (NV-05 Phù Lưu)" in heard["bt-tinh"]
    assert "• Quá hạn: 1 (NV-04 Hùng Đức 5 ngày)" in heard["bt-tinh"]
    assert "• Đến hạn trong 7 ngày tới: 1 (NV-05)" in heard["bt-a"]


async def test_a_report_that_is_asked_for_again_is_said_to_be_missing(world: World) -> None:
    await world.task("NV-03", "ct-a", "31/12", cadence="weekly", cadence_day=3)
    await world.report("NV-03", "ct-a", at("12/11 9:00"), 39)
    assert "đến kỳ báo cáo tuần, đang" in (await world.live(at("25/11 7:30")))["ct-a"]
    heard = (await world.live(at("30/11 7:30")))["ct-a"]
    assert "chưa có báo cáo tuần (lần trước 12/11/2026), đang 39%, nhắc lần 2" in heard
