"""Codes in chats that are connected already, wrong codes counted, and a chat that changes hands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.conversation import Address, Reply
from models.account import Account, LinkCode, WebSession
from models.audit import Audit
from models.database import Database
from models.nudge import Digest
from models.organisation import Person
from models.queue import Chat, Outbox
from services import linking, signin
from tests.village import START, Town, build_village, town

SECRET = b"a secret of at least thirty-two letters"


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


async def code_for(here: Town, who: str) -> str:
    async with here.database.begin() as session:
        return await linking.make_code(
            session, None, here.village.people[who], now=here.now,
            secret=here.app.settings.secret, days=3,
        )  # fmt: skip


async def wrong_codes(here: Town, who: str) -> int:
    async with here.database.begin() as session:
        return (await session.get_one(Chat, ("terminal", who))).wrong_codes


async def test_ones_own_code_in_ones_own_chat_is_not_needed(here: Town) -> None:
    code = await code_for(here, "pct-phu-luu")
    chair = here.sits("pct-phu-luu")
    assert "đã kết nối với đồng chí rồi" in await chair.says(linking.grouped(code))
    assert await wrong_codes(here, "pct-phu-luu") == 0
    async with here.database.begin() as session:
        # It stays good for another network, where it was meant to be typed.
        assert (await session.scalars(select(LinkCode.used_at))).all() == [None]


async def test_p44_anothers_code_is_answered_like_a_wrong_one(here: Town) -> None:
    code = await code_for(here, "van-phong")
    chair = here.sits("pct-phu-luu")
    theirs = await chair.says(code)
    assert theirs == await chair.says("0000000000") == linking.WRONG
    assert await wrong_codes(here, "pct-phu-luu") == 2
    for _ in range(3):
        last = await chair.says(code)
    assert last == linking.LOCKED
    assert "NV-03" in await chair.says("nhiệm vụ")  # all else goes on


async def test_p18_a_code_takes_no_chat_from_somebody_else(here: Town) -> None:
    code = await code_for(here, "van-phong")
    async with here.database.begin() as session:
        taken = await linking.use_code(
            session, code, "terminal", "pct-phu-luu",
            now=here.now, secret=here.app.settings.secret,
        )  # fmt: skip
    assert taken is None
    async with here.database.begin() as session:
        holder = await session.scalar(
            select(Account.person_id).where(Account.chat_id == "pct-phu-luu")
        )
        assert holder == here.village.people["pct-phu-luu"]
        assert (await session.scalars(select(LinkCode.used_at))).all() == [None]


async def test_wrong_codes_at_once_are_all_counted(database: Database) -> None:
    """Twenty at once from one web address: four times five, and nobody meets an error."""

    async def wrong(at: int) -> None:
        async with database.begin() as session:
            found = await linking.whose_code(
                session, f"{at:010d}", signin.TRIES, "1.2.3.4", now=START, secret=SECRET
            )
            assert found is None
            await asyncio.sleep(0.05)

    async def counted() -> tuple[int, bool]:
        async with database.begin() as session:
            chat = await session.get_one(Chat, (signin.TRIES, "1.2.3.4"))
            return chat.wrong_codes, chat.locked_until is not None

    async with asyncio.TaskGroup() as group:
        for at in range(4):
            group.create_task(wrong(at))
    assert await counted() == (4, False)
    async with asyncio.TaskGroup() as group:
        for at in range(16):
            group.create_task(wrong(at))
    # Those that came while it was being locked are counted, or turned away.
    assert (await counted())[1]


async def test_wrong_codes_of_long_ago_are_forgotten(database: Database) -> None:
    async def wrong(minutes: int) -> Chat:
        async with database.begin() as session:
            now = START + timedelta(minutes=minutes)
            await linking.note_wrong(session, "terminal", "7", now)
            return await session.get_one(Chat, ("terminal", "7"))

    for minutes in range(4):
        assert (await wrong(minutes)).wrong_codes == minutes + 1
    assert (await wrong(19)).wrong_codes == 1
    for minutes in range(20, 24):
        chat = await wrong(minutes)
    assert (chat.wrong_codes, chat.locked_until) == (0, START + timedelta(minutes=38))


async def test_a_phone_changes_hands(here: Town) -> None:
    """Who left is let go by the office; the next person's code then works in the same chat."""
    chair = here.sits("pct-phu-luu")
    assert "Kết quả đến hôm nay" in await chair.says("bc nv03")
    async with here.database.begin() as session:
        left = await session.get_one(Person, here.village.people["pct-phu-luu"])
        await signin.sign_in(session, left, here.now)
        assert await linking.disconnect(session, None, left, "telegram", here.now) == []
        assert await linking.disconnect(session, None, left, None, here.now) == ["terminal"]
        line = (await session.scalars(select(Audit).order_by(Audit.id.desc()).limit(1))).one()
        assert (line.action, line.who) == ("disconnect", "system")
        assert line.before == {"person": left.pseudonym, "channel": "terminal"}
        assert (await session.scalars(select(WebSession))).all() == []
    heard = await chair.says("2 tổ")
    assert "mã kết nối" in heard
    code = await code_for(here, "pct-bach-xa")
    assert "Đồng chí là Lê Văn D" in await chair.says(code)
    assert "Đã kết nối" in await chair.says("1")
    heard = await chair.says("nhiệm vụ")
    assert "NV-21" in heard
    assert "VietGAP" not in heard + await chair.says("tiếp")


@pytest.mark.parametrize("by", ["the office", "another phone"])
async def test_nothing_more_is_sent_to_a_chat_that_is_let_go(here: Town, by: str) -> None:
    """Neither an answer nor a reminder that waits: the chat may be somebody else's next."""
    chair = here.sits("pct-phu-luu")
    person_id = here.village.people["pct-phu-luu"]
    async with here.database.begin() as session:
        person = await session.get_one(Person, person_id)
        answer = [Reply("NV-03 bị trả lại")]
        await here.app.outbox.put(session, Address("terminal", "pct-phu-luu"), answer)
        digest = Digest(
            person_id=person_id, day=here.now.date(), kind="morning", planned_at=here.now
        )
        session.add(digest)
        await session.flush()
        session.add(
            Outbox(
                channel="terminal", chat_id="pct-phu-luu", message={}, digest_id=digest.id,
                created_at=here.now, not_before=here.now,
            )
        )  # fmt: skip
        await session.flush()
        if by == "the office":
            await linking.disconnect(session, None, person, None, here.now)
        else:
            await linking.connect(session, person, "terminal", "new phone", here.now)
    await here.app.drain()
    assert chair.hears() == ""
    async with here.database.begin() as session:
        rows = await session.scalars(select(Outbox))
        assert [(row.state, row.error) for row in rows] == [("failed", "disconnected")] * 2
        kept = (await session.scalars(select(Digest))).one()
        assert (kept.state, kept.reason) == ("failed", "disconnected")


async def test_disconnecting_leaves_the_other_networks(database: Database) -> None:
    async with database.begin() as session:
        made = await build_village(session)
        person = await session.get_one(Person, made.people["pct-phu-luu"])
        await linking.connect(session, person, "telegram", "77", START)
        person.remind_channel = "terminal"
        assert await linking.disconnect(session, None, person, "terminal", START) == ["terminal"]
        assert not person.remind_channel
        left = await linking.accounts_of(session, person.id)
        assert [one.channel for one in left] == ["telegram"]
