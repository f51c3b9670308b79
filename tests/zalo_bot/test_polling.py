"""Polling: one update a question, forgotten as soon as it is handed out."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.zalo_bot import sentences
from bot.conversation.event import FILE_KEY
from tests.fakes.zalo_bot import FakeZaloBot
from tests.telegram.helpers import Taken, jpeg, until
from tests.zalo_bot.helpers import WEBHOOK_SECRET, Account, make, running


@pytest.mark.parametrize("idle_status", [200, 408])
async def test_what_people_say_comes_in_one_by_one(
    zalo: FakeZaloBot, taken: Taken, idle_status: int
) -> None:
    zalo.idle_status = idle_status
    channel = make(zalo, poll_seconds=0)
    person = zalo.person()
    await person.says("một")
    await person.says("hai")
    async with running(channel, taken):
        await taken.until(2)
        await until(lambda: len(zalo.calls_of("getUpdates")) >= 5)
        await person.sends_photo(jpeg(), "bc nv03")
        events = await taken.until(3)
    assert [event.text for event in events] == ["một", "hai", "bc nv03"]
    assert await channel.fetch(events[2].media[0].ref) == jpeg()
    assert channel.seen.envelopes == {}
    await channel.close()


async def test_a_webhook_is_taken_away_first(zalo: FakeZaloBot, taken: Taken) -> None:
    zalo.hook_url, zalo.hook_secret = "https://x.invalid/zalo", WEBHOOK_SECRET
    channel = make(zalo)
    async with running(channel, taken):
        await until(lambda: zalo.polling)
        await zalo.person().says("một")
        await taken.until(1)
    assert zalo.hook_url == ""
    await channel.close()


async def test_p1_p34_what_was_fetched_is_held_until_it_is_committed(
    zalo: FakeZaloBot, taken: Taken
) -> None:
    taken.failing = True
    channel = make(zalo)
    person = zalo.person()
    await person.says("một")
    await person.says("hai")
    async with running(channel, taken):
        await until(lambda: taken.refused >= 3)
        assert len(zalo.waiting) == 1  # nothing more is fetched while one is held
        taken.failing = False
        await taken.until(2)
    assert taken.texts == ["một", "hai"]
    await channel.close()


async def test_p6_p8_no_trouble_ends_it(zalo: FakeZaloBot, taken: Taken) -> None:
    zalo.refuse("deleteWebhook", 403)
    zalo.refuse("getMe", 403)
    for code in (400, 401, 403, 404, 429):
        zalo.refuse("getUpdates", code)
        zalo.refuse("getUpdates", code, status=code)
    zalo.page("getUpdates", 502)
    zalo.page("getUpdates", 200, "")
    zalo.lose_request("getUpdates")
    channel = make(zalo, pause=0.0001)
    async with running(channel, taken):
        await zalo.person().says("một")
        await taken.until(1)
    await channel.close()


async def test_only_the_replica_whose_turn_it_is_polls(zalo: FakeZaloBot, taken: Taken) -> None:
    mine = False

    async def may_poll() -> bool:
        return mine

    channel = make(zalo, may_poll=may_poll)
    await zalo.person().says("một")
    async with running(channel, taken):
        await asyncio.sleep(0.1)
        assert zalo.calls_of("getUpdates") == []
        mine = True
        await taken.until(1)
    await channel.close()


async def test_what_zalo_withholds_is_marked_for_the_upload_page(
    zalo: FakeZaloBot, taken: Taken
) -> None:
    channel = make(zalo)
    person, protected = zalo.person(), zalo.person()
    protected.protected = True
    async with running(channel, taken):
        await person.sends_file()
        await protected.says("bao cao")
        events = await taken.until(2)
    assert [(event.kind, event.key) for event in events] == [("unsupported", FILE_KEY)] * 2
    assert {event.text for event in events} == {sentences.WITHHELD}
    await channel.close()


async def test_typing_is_shown_once_and_its_failure_is_harmless(
    zalo: FakeZaloBot, taken: Taken
) -> None:
    account = Account()
    channel = make(zalo, meter=account)
    zalo.refuse("sendChatAction", 403)
    unlucky, person = zalo.person(), zalo.person()
    async with running(channel, taken):
        await unlucky.says("một")
        await person.says("một")
        await person.says("hai")
        await person.sends_photo(jpeg())
        await taken.until(4)
        await until(lambda: person.chat.actions)
    assert (unlucky.chat.actions, person.chat.actions) == ([], ["typing"])
    assert (account.received, account.sent) == (4, 0)
    await channel.close()


async def test_in_a_group_only_what_is_meant_for_the_bot(zalo: FakeZaloBot, taken: Taken) -> None:
    channel = make(zalo)
    member = zalo.person().joins(zalo.group())
    async with running(channel, taken):
        await zalo.called("getMe")
        await until(lambda: channel._translator.names)
        await member.says("chào cả nhà")
        await member.says("@Bot Giao việc tổng kết")
        [event] = await taken.until(1)
    assert (event.text, event.group, event.address.chat_id) == ("tổng kết", True, member.id)
    assert member.chat.actions == []
    await channel.close()
