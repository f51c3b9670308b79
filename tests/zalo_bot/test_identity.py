"""A channel is one bot's for good: tokens that change places make nobody a stranger."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.base import SendFailed
from bot.networks import RememberedBot
from bot.settings import Settings
from models.database import Database
from services import networks
from tests.fakes.zalo_bot import FakeZaloBot
from tests.telegram.helpers import Taken
from tests.village import settings_for
from tests.zalo_bot.helpers import make, running, to
from tests.zalo_desk import Desk, bot_env


@pytest.fixture
async def other() -> AsyncIterator[FakeZaloBot]:
    async with FakeZaloBot("22222222:bbbb-bbbb", name="Bot Hai") as server:
        server.me["id"] = "2222222222222222222"
        yield server


async def test_another_bot_is_not_listened_to_and_says_nothing(
    zalo: FakeZaloBot,
    other: FakeZaloBot,
    taken: Taken,
    database: Database,
    capsys: pytest.CaptureFixture[str],
) -> None:
    memory = RememberedBot(database, "zalo_bot")
    first = make(zalo, remembers=memory)
    async with running(first, taken):
        await zalo.person("A").says("một")
        await taken.until(1)
    await first.close()
    exchanged = make(other, remembers=memory)
    person = other.person("B")
    async with running(exchanged, taken):
        await person.says("hai")
        async with asyncio.timeout(20):
            while "zalo_bot_is_another" not in capsys.readouterr().out:  # noqa: ASYNC110 - a log rings no bell
                await asyncio.sleep(0.02)
        with pytest.raises(SendFailed, match="another bot") as refused:
            await exchanged.send(to(person, "Báo cáo bị trả lại"))
        assert refused.value.retry_after
    await exchanged.close()
    assert [event.text for event in taken.events] == ["một"]
    assert {call.method for call in other.calls} == {"getMe"}


async def test_a_token_met_before_needs_no_question(
    zalo: FakeZaloBot, taken: Taken, database: Database
) -> None:
    for lives in (1, 2):
        channel = make(zalo, remembers=RememberedBot(database, "zalo_bot"))
        async with running(channel, taken):
            await zalo.called("deleteWebhook", times=lives)
        await channel.close()
        zalo.page("getMe", 502, times=99)
    async with database.begin() as session:
        assert await networks.bot_of(session, "zalo_bot")


async def test_until_it_is_known_whose_the_token_is_nothing_is_sent(
    other: FakeZaloBot, database: Database
) -> None:
    memory = RememberedBot(database, "zalo_bot")
    channel = make(other, remembers=memory)
    person = other.person("B")
    await channel.send(to(person, "Mã đã đúng"))  # no bot was ever met: nobody can be mistaken
    assert await memory.is_same_bot("somebody", "mark")
    with pytest.raises(SendFailed, match="not known yet") as refused:
        await channel.send(to(person, "Nhắc việc của người khác"))
    assert (refused.value.retry_after, refused.value.whole_network) == (2, True)
    assert not refused.value.gone
    await channel.close()
    assert len(other.calls_of("sendMessage")) == 1


async def test_a_token_met_before_sends_at_once(zalo: FakeZaloBot, database: Database) -> None:
    mark = hashlib.sha256(zalo.token.encode()).hexdigest()
    assert await RememberedBot(database, "zalo_bot").is_same_bot("id-1", mark)
    zalo.page("getMe", 502, times=99)
    channel = make(zalo, remembers=RememberedBot(database, "zalo_bot"))
    assert await channel.send(to(zalo.person("A"), "Nhắc việc"))
    await channel.close()


async def test_a_new_token_of_the_same_bot_is_taken(database: Database) -> None:
    memory = RememberedBot(database, "zalo_bot")
    assert await memory.is_same_bot("id-1", "old")
    assert await memory.is_same_bot("id-1", "new")
    assert await memory.is_known_token("new")
    assert not await memory.is_known_token("old")
    assert not await memory.is_same_bot("id-2", "newest")
    assert await memory.is_known_token("new")


def test_a_place_between_the_commas_may_be_left_empty(tmp_path: Path) -> None:
    def settings(**given: str) -> Settings:
        return settings_for("sqlite:///x.db", tmp_path, **given)

    second = settings(zalo_bot_tokens=",22222222:bbbb", zalo_bot_names="Bot Một,Bot Hai")
    assert second.zalo_bots == {"zalo_bot_2": "22222222:bbbb"}
    assert second.zalo_bot_signs == [("zalo_bot_2", "Bot Hai", "")]
    assert settings(zalo_bot_tokens=" , ").zalo_bots == {}


async def test_the_doctor_says_so(zalo: FakeZaloBot, database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    async with database.begin() as session:
        await networks.is_same_bot(session, "zalo_bot", "somebody-else", "mark")
    await database.close()
    desk = Desk(database_url, tmp_path)
    desk.env |= bot_env(zalo)
    told = await desk.run("doctor")
    assert "! Token của zalo_bot là của bot khác" in told
    assert "Xếp lại ZALO_BOT_TOKENS đúng thứ tự cũ" in told
