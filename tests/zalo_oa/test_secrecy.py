"""Pitfall 42: no token and no key is in any log line or error."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Iterator

import pytest

from bot.channels.base import FetchFailed, SendFailed
from bot.channels.zalo_oa import CallFailed, Hosts, NoToken, Template, ZaloOaChannel
from bot.clock import StillClock
from bot.conversation import Attachment
from services.zalo.oa import ZaloOaStore
from tests.fakes.zalo_oa import CANARY, FakeZaloOA
from tests.zalo_oa.helpers import Files, Taken, jpeg, make, running, serving, to, until


@pytest.fixture(autouse=True)
def silence(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Every logger at its most talkative (aiohttp's and asyncio's too).

    But for the database's driver, which then tells every value of every table; the program never
    turns that on.
    """
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, logger="aiosqlite")
    yield
    printed = capsys.readouterr()
    for words in (printed.out, printed.err, caplog.text):
        assert CANARY not in words


async def told(call: Awaitable[object]) -> None:
    """The error of a call, its causes and what they hide included."""
    with pytest.raises((SendFailed, FetchFailed, CallFailed, NoToken)) as caught:
        await call
    error: BaseException | None = caught.value
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    while error is not None:
        assert CANARY not in f"{error} {error!r} {error.args}"
        error = error.__cause__ or error.__context__


async def test_p42_every_failure_of_every_call(
    oa: FakeZaloOA, store: ZaloOaStore, clock: StillClock
) -> None:
    files = Files()
    files.held["photo:1"] = jpeg()
    channel = make(oa, store, clock, read=files, template=Template("T-1"), answer_seconds=0.3)
    await channel.account()
    person = oa.person()
    person.says("chào")
    pair = await store.read()
    assert pair is not None
    for code in (-32, -201, -213, -216, -220, -224, -234, -999):
        words = f"bad {pair.access} {pair.refresh}"
        oa.fail_next("message/cs", code, message=words, times=2)
        await told(channel.send(to(person, "một")))
        oa.fail_next("getoa", code, message=words, times=2)
        await told(channel.account())
        oa.faults.clear()
        pair = await store.read()
        assert pair is not None
    photo = to(person, "một", attachment=Attachment("photo:1"))
    for break_it in (oa.lose_answer, oa.lose_request, oa.page):
        for path, sending in (("message/cs", to(person, "một")), ("upload/image", photo)):
            break_it(path)
            await told(channel.send(sending))
    oa.slow("message/cs", 0.6)
    await told(channel.send(to(person, "một")))
    silent = oa.person()
    oa.fail_next("message/template", -216, message=pair.access, times=2)
    await told(channel.send(to(silent, "một")))
    await channel.close()


async def test_p42_renewing(
    oa: FakeZaloOA, store: ZaloOaStore, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.zalo_oa.channel.LOOK_SECONDS", 0.005)
    channel = make(oa, store, clock)
    words = f"{oa.app_secret} {oa.tokens.refresh} are wrong"
    for break_it in (oa.lose_request, oa.page):
        break_it("access_token")
        await told(channel.account())
    oa.fail_next("access_token", -14004, message=words)
    await told(channel.account())
    standing = await store.standing(clock.now())
    assert standing.refused == "-14004: <…> <…> are wrong"
    assert CANARY not in repr(standing)
    oa.page("access_token", times=None)
    async with running(channel, Taken()):
        await until(lambda: len(oa.calls_of("access_token")) >= 3)
    assert CANARY not in repr(channel)
    await channel.close()


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://[::", "no address", "http://a b/"])
async def test_p42_an_address_that_leads_nowhere(
    oa: FakeZaloOA, store: ZaloOaStore, clock: StillClock, url: str
) -> None:
    channel = make(oa, store, clock, hosts=Hosts(url, url))
    await told(channel.send(to(oa.person(), "một")))
    await told(channel.fetch(f"{url}/a.jpg"))
    await channel.close()
    channel = make(oa, store, clock, hosts=Hosts(oa.url, url))
    clock.move_to(clock.now().replace(hour=12))
    await told(channel.send(to(oa.person(), "một")))
    await channel.close()


async def test_p42_receiving(
    oa: FakeZaloOA, channel: ZaloOaChannel, taken: Taken, capsys: pytest.CaptureFixture[str]
) -> None:
    taken.failing = True
    async with serving(oa, channel), running(channel, taken):
        oa.person().says("lời riêng của người gửi")
        await oa.until(lambda: taken.refused == 2)
    printed = capsys.readouterr()
    assert "lời riêng" not in printed.out + printed.err
    assert CANARY not in printed.out + printed.err
