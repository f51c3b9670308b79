"""Pitfall 42: the token and the webhook's secret are in no log line and in no error."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Iterator

import pytest

from bot.channels.base import FetchFailed, SendFailed
from bot.channels.zalo_bot import ZaloTrouble
from bot.conversation import Attachment
from tests.fakes.zalo_bot import CANARY_TOKEN, FakeZaloBot
from tests.telegram.helpers import Taken, jpeg, until
from tests.zalo_bot.helpers import WEBHOOK_SECRET, House, Links, make, running, to

SECRET = CANARY_TOKEN.partition(":")[2]
WORDS = f"cannot serve /bot{CANARY_TOKEN}/x nor {SECRET}"


@pytest.fixture(autouse=True)
def silence(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Every logger at its most talkative (aiohttp's and asyncio's too)."""
    caplog.set_level(logging.DEBUG)
    yield
    printed = capsys.readouterr()
    for words in (printed.out, printed.err, caplog.text):
        assert SECRET not in words
        assert WEBHOOK_SECRET not in words


async def told(call: Awaitable[object]) -> None:
    """The error of a call, its causes and what they hide included."""
    with pytest.raises((SendFailed, FetchFailed, ZaloTrouble)) as caught:
        await call
    error: BaseException | None = caught.value
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    while error is not None:
        assert SECRET not in f"{error} {error!r} {error.args} {vars(error)}"
        error = error.__cause__ or error.__context__


async def test_p42_sending_fetching_setting_up(zalo: FakeZaloBot, links: Links) -> None:
    links.held["a"] = zalo.hold(jpeg())
    channel = make(zalo, links)
    person = zalo.person()
    for code in (401, 403, 404, 408, 429):
        for status in (200, code):
            zalo.refuse("*", code, status=status, words=WORDS)
            await told(channel.send(to(person, "một")))
            zalo.refuse("*", code, status=status, words=WORDS)
            await told(channel.send(to(person, "một", attachment=Attachment("a"))))
            zalo.refuse("*", code, status=status, words=WORDS)
            await told(channel.set_webhook("https://vidu.vn/zalo", WEBHOOK_SECRET))
    for status in (200, 302, 404, 500, 502):
        zalo.page("*", status, WORDS)
        await told(channel.send(to(person, "một")))
        zalo.page("*", status, WORDS)
        await told(channel.get_me())
    for break_it in (zalo.lose_request, zalo.lose_answer):
        break_it("*")
        await told(channel.send(to(person, "một")))
        break_it("*")
        await told(channel.webhook_info())
    await told(channel.fetch(f"https://127.0.0.1/{SECRET}"))
    await channel.close()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://a b/", "http://x.invalid:99999", "http://x\r\ny/"]
)
async def test_p42_an_address_that_leads_nowhere(zalo: FakeZaloBot, url: str) -> None:
    try:
        channel = make(zalo, api_url=url)
    except ValueError as error:
        assert SECRET not in "".join(traceback.format_exception(error))  # noqa: PT017 - any of the two will do
        return
    await told(channel.send(to(zalo.person(), "một")))
    await channel.close()


@pytest.mark.parametrize("token", ["", "ngan", f"{CANARY_TOKEN}/x", f"{CANARY_TOKEN} ", "1:\n" * 9])
def test_p42_a_token_of_no_use_is_not_repeated(zalo: FakeZaloBot, token: str) -> None:
    zalo.token = token
    with pytest.raises(ValueError, match="token must be") as caught:
        make(zalo)
    assert SECRET not in str(caught.value)


async def test_p42_receiving(zalo: FakeZaloBot, taken: Taken) -> None:
    taken.failing = True
    await zalo.person().says("một")
    for method in ("getMe", "deleteWebhook", "getUpdates", "setWebhook"):
        zalo.page(method, 502, WORDS)
        zalo.refuse(method, 401, words=WORDS)
        zalo.lose_request(method)
    channel = make(zalo, pause=0.001)
    async with running(channel, taken):
        await until(lambda: taken.refused >= 2, 10)
    assert SECRET not in repr(channel) + repr(vars(channel))
    await channel.close()
    async with House(zalo).open(pause=0.001) as house, running(house.channel, taken):
        await until(lambda: zalo.hook_url)
