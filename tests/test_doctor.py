"""`python -m bot doctor` about Zalo and about reminders that did not go out, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock, StillClock
from models.account import Account
from models.database import Database
from models.nudge import Digest
from models.zalo_oa import ZaloOaContact
from services.access import actor_at
from services.reminders import reach as reminders_reach
from services.zalo import quota as zalo_quota
from services.zalo import seen as zalo_seen
from services.zalo.oa import ZaloOaStore
from tests.fakes.zalo_bot import CANARY_TOKEN, FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOA
from tests.fakes.zalo_oa.state import CANARY
from tests.telegram.helpers import Taken
from tests.village import START, build_village
from tests.zalo_bot.helpers import House, running
from tests.zalo_desk import Desk, bot_env, oa_env
from tests.zalo_oa.helpers import until
from vietnamese.zone import local_day


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Desk:
    return Desk(database_url, tmp_path)


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloBot]:
    async with FakeZaloBot() as server:
        yield server


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
async def oa() -> AsyncIterator[FakeZaloOA]:
    async with FakeZaloOA() as server:
        yield server


async def test_a_bot_with_little_left(desk: Desk, database: Database, zalo: FakeZaloBot) -> None:
    now = Clock().now()
    async with database.begin() as session:
        await build_village(session, "zalo_bot")
        await zalo_quota.add(session, "zalo_bot", now, sent=2000, received=500)
        await zalo_seen.note(session, "zalo_bot", ["flat", "photo_url"], local_day(now))
        await zalo_seen.note(session, "zalo_bot_2", ["wrapped"], local_day(now))
    desk.env |= bot_env(zalo) | {"ZALO_BOT_PEOPLE": "8"}
    told = await desk.run("doctor")
    assert 'Zalo zalo_bot: bot "Bot Giao việc", loại BASIC, vào được tối đa 3 nhóm.' in told
    assert "! Tin tháng" in told
    assert "2.500/3.000 (83%), còn 500" in told
    assert "! Người trên bot: 8/8" in told
    assert "Nhận tin: hỏi liên tục" in told
    [met] = [line for line in told.splitlines() if "Đã gặp" in line]
    assert "tin đến không có vỏ bọc (" in met
    assert "ảnh ở trường photo_url" in met
    assert "như tài liệu" not in met
    [missing] = [line for line in told.splitlines() if "Chưa gặp" in line]
    assert "tin từ nhóm" in missing
    assert "Zalo OA: chưa cấu hình." in told
    assert CANARY_TOKEN not in told


async def test_a_bot_whose_token_is_dead_and_one_whose_webhook_is_elsewhere(
    desk: Desk, zalo: FakeZaloBot
) -> None:
    zalo.hook_url = "http://127.0.0.1:9/elsewhere"
    desk.env |= bot_env(zalo) | {
        "ZALO_BOT_TOKENS": f"{zalo.token},1234567:dead-token-of-nobody",
        "ZALO_BOT_MODE": "webhook",
        "ZALO_BOT_WEBHOOK_SECRET": "bi-mat-cua-webhook",
        "PUBLIC_URL": "https://giaoviec.example.vn",
    }
    told = await desk.run("doctor")
    assert "! Webhook đang ở http://127.0.0.1:9/elsewhere" in told
    assert "cần https://giaoviec.example.vn/zalo_bot" in told
    assert "! Zalo zalo_bot_2: Zalo không nhận token." in told
    assert "dead-token" not in told


async def test_an_account_with_its_tokens_windows_and_facts(
    desk: Desk, database: Database, oa: FakeZaloOA
) -> None:
    store, now = ZaloOaStore(database, oa.app_id), Clock().now()
    await store.put(oa.tokens.newest, oa.tokens.refresh, now + timedelta(hours=20), now)
    for chat, hours in (("a", 1), ("b", 50), ("c", 60), ("d", 200)):
        await store.heard(chat, now - timedelta(hours=hours))
    await store.note("signature", "app+body+time", now)
    desk.env |= oa_env(oa)
    told = await desk.run("doctor")
    assert 'Zalo OA "UBND xã Phù Lưu", cơ quan nhà nước (loại 4)' in told
    assert "Token truy cập đến" in told
    assert "\n  Refresh token đến" in told
    assert "1 người miễn phí (48 giờ), 2 người có phí (7 ngày), 1 người đã đóng" in told
    assert "Tin mẫu: chưa cấu hình" in told
    assert "dạng chữ ký = app+body+time" in told
    assert CANARY not in told


async def test_an_account_whose_refresh_token_was_refused(
    desk: Desk, database: Database, oa: FakeZaloOA
) -> None:
    store, now = ZaloOaStore(database, oa.app_id), Clock().now()
    await store.put("", f"{CANARY}-spent", now, now - timedelta(days=80))
    desk.env |= oa_env(oa) | {"ZALO_OA_TEMPLATE_ID": "T-1"}
    told = await desk.run("doctor")
    assert "! Zalo OA: chưa hỏi được Zalo" in told
    assert "! Refresh token đến" in told
    assert "! Zalo không nhận refresh token" in told
    assert "python -m bot zalo setup" in told
    assert "Tin mẫu: T-1" in told
    assert CANARY not in told


async def test_todays_reminders_that_did_not_go_out_are_told_by_reason(
    desk: Desk, database: Database
) -> None:
    now = Clock().now()
    async with database.begin() as session:
        village = await build_village(session, "zalo_bot")
        for code, reason in (
            ("pct-phu-luu", "quota: this month's messages are used up"),
            ("pct-bach-xa", "quota: 429 Quota exceeded"), ("bi-thu-tinh", "window"),
            ("van-phong", "never"), ("giam-sat", "400 chat not found"),
        ):  # fmt: skip
            session.add(
                Digest(
                    person_id=village.people[code], day=local_day(now), kind="morning",
                    state="failed", planned_at=now, reason=reason,
                )
            )  # fmt: skip
    told = await desk.run("doctor")
    assert (
        "! Không gửi được hôm nay, hết lượt tin tháng này: 2 người (Lê Văn D, Nguyễn Văn A)" in told
    )
    assert "đã quá 7 ngày chưa nhắn cho OA: 1 người (Trần Văn T)" in told
    assert "chưa kết nối: 1 người (Lê Thị V)" in told
    assert "tin không tới: 1 người (Hoàng Văn G)" in told


async def test_nothing_configured_and_nothing_wrong(desk: Desk, database: Database) -> None:
    told = await desk.run("doctor")
    assert "Zalo Bot: chưa cấu hình." in told
    assert "Nhắc việc hôm nay: không có tin nào không gửi được." in told
    assert "!" not in told


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("quota: 429", "quota"), ("window", "window"), ("timeout", "failed"), ("blocked", "blocked")],
)
async def test_the_leader_hears_why_somebody_cannot_be_reached(
    database: Database, reason: str, expected: str
) -> None:
    async with database.begin() as session:
        village = await build_village(session, "zalo_oa")
        person = village.people["pct-phu-luu"]
        session.add(
            Digest(
                person_id=person, day=local_day(START), kind="morning", state="failed",
                planned_at=START, reason=reason,
            )
        )  # fmt: skip
    async with database.begin() as session:
        actor = await actor_at(session, "zalo_oa", "bi-thu-phu-luu", START)
        assert actor is not None
        found = await reminders_reach.unreachable(session, actor, START)
        assert [(one.name, one.reason) for one in found] == [("Nguyễn Văn A", expected)]
        assert reminders_reach.IN_WORDS[found[0].reason]


async def test_a_reason_that_is_over_is_not_told_any_more(database: Database) -> None:
    """A new month has a new quota; who has written to the account since may be written to."""
    last_month = START.replace(day=30)
    async with database.begin() as session:
        village = await build_village(session, "zalo_oa")
        for code, reason in (("pct-phu-luu", "quota: 429"), ("pct-bach-xa", "window")):
            session.add(
                Digest(
                    person_id=village.people[code], day=local_day(last_month), kind="morning",
                    state="failed", planned_at=last_month, reason=reason,
                )
            )  # fmt: skip
        session.add(ZaloOaContact(chat_id="pct-bach-xa", heard_at=last_month + timedelta(hours=3)))
    async with database.begin() as session:
        for now, expected in (
            (last_month + timedelta(hours=5), ["Nguyễn Văn A"]),
            (last_month + timedelta(days=2), []),
        ):
            actor = await actor_at(session, "zalo_oa", "bi-thu-tinh", now)
            assert actor is not None
            found = await reminders_reach.unreachable(session, actor, now)
            assert [one.name for one in found] == expected


async def test_what_a_bot_meets_is_remembered_beyond_the_program(
    database: Database, zalo: FakeZaloBot, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.zalo_bot.channel.NOTE_SECONDS", 0.05)
    clock, failing = StillClock(START), [True]
    noted: set[str] = set()

    async def note(facts: object) -> None:
        if failing:
            failing.clear()
            raise OSError("the database is away")
        assert isinstance(facts, frozenset)
        async with database.begin() as session:
            await zalo_seen.note(session, "zalo_bot", facts, local_day(clock.now()))
        noted.update(facts)

    person = zalo.person()
    async with (
        House(zalo).open(clock=clock, note_seen=note) as house,
        running(house.channel, taken),
    ):
        await zalo.called("setWebhook")
        await person.says("xin chào")
        await until(lambda: "flat" in noted)
        zalo.envelope = "wrapped"
        await person.sends_photo(b"jpeg", caption="bc nv03")
        await until(lambda: {"wrapped", "caption", "photo_url"} <= noted)
    async with database.begin() as session:
        facts = await zalo_seen.seen(session, "zalo_bot")
        assert await zalo_seen.seen(session, "zalo_bot_2") == {}
    assert set(facts) == {"flat", "wrapped", "caption", "photo_url", "probe"}
    assert set(facts.values()) == {local_day(START)}


async def test_an_account_of_the_bot_that_left_is_no_person_on_it(database: Database) -> None:
    async with database.begin() as session:
        village = await build_village(session, "zalo_bot")
        account = await session.get_one(Account, village.people["pct-phu-luu"])
        account.state = "blocked"
    async with database.begin() as session:
        assert await zalo_quota.people_on(session, ["zalo_bot"]) == {"zalo_bot": 7}
