"""Pitfall 42: the token and the webhook's secret are in no log line and in no error."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Iterator

import pytest

from bot.channels.base import FetchFailed, SendFailed
from bot.channels.telegram import TelegramChannel
from bot.conversation import Attachment
from tests.fakes.telegram import CANARY_TOKEN, FakeTelegram
from tests.telegram.helpers import Files, Taken, jpeg, make, running, to, until

SECRET = CANARY_TOKEN.partition(":")[2]
WEBHOOK_SECRET = "canary-of-the-webhook"


@pytest.fixture(autouse=True)
def silence(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Every logger at its most talkative (aiogram's, aiohttp's and asyncio's too)."""
    caplog.set_level(logging.DEBUG)
    yield
    printed = capsys.readouterr()
    for words in (printed.out, printed.err, caplog.text):
        assert SECRET not in words
        assert WEBHOOK_SECRET not in words


async def told(call: Awaitable[object]) -> None:
    """The error of a call, its causes and what they hide included."""
    with pytest.raises((SendFailed, FetchFailed)) as caught:
        await call
    error: BaseException | None = caught.value
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    while error is not None:
        assert SECRET not in f"{error} {error!r} {error.args}"
        error = error.__cause__ or error.__context__


async def test_p42_sending_and_fetching(tg: FakeTelegram) -> None:
    files = Files()
    files.held["a"] = jpeg()
    channel = make(tg, files)
    person = tg.person()
    ref = (await person.sends_photo(jpeg()))["message"]["photo"][-1]["file_id"]
    attachment = Attachment("a")
    page = f"<html>Not found: /bot{CANARY_TOKEN}/sendMessage</html>".encode()
    for status in (400, 401, 403, 404, 413, 429, 500, 504):
        words = f"cannot serve /bot{CANARY_TOKEN}/x"
        for method, call in (
            ("sendMessage", channel.send(to(person, "một"))),
            ("sendPhoto", channel.send(to(person, "một", attachment=attachment))),
            ("getFile", channel.fetch(ref)),
        ):
            tg.fail_next(method, status=status, description=words)
            await told(call)
        fault = tg.html_502("sendMessage")
        fault.status, fault.body = status, page
        await told(channel.send(to(person, "một")))
        tg.fail_next("download", status=status)
        await told(channel.fetch(ref))
    for break_it in (tg.lose_request, tg.lose_answer):
        for method in ("sendMessage", "getFile", "download"):
            break_it(method, times=2 if method == "download" else 1)
            sends = method == "sendMessage"
            await told(channel.send(to(person, "một")) if sends else channel.fetch(ref))
    channel._session.timeout = 0.1
    tg.time_out("sendMessage")
    await told(channel.send(to(person, "một")))
    await channel.close()


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1", "http://[::", "no address", "http://a b/", "http://x.invalid:99999"],
)
async def test_p42_an_address_that_leads_nowhere(tg: FakeTelegram, url: str) -> None:
    channel = make(tg, api_url=url)
    person = tg.person()
    await told(channel.send(to(person, "một")))
    await told(channel.fetch("x"))
    await channel.close()


async def test_p42_receiving(tg: FakeTelegram, taken: Taken) -> None:
    polls, pushed = make(tg, pause=0.0005), _webhook(tg)
    taken.failing = True
    await tg.person().says("một")
    for method in ("getMe", "deleteWebhook", "setWebhook", "setMyCommands"):
        tg.html_502(method)
        tg.fail_next(method, status=401)
        tg.lose_answer(method)
    for status in (400, 401, 404, 409, 500, 502):
        tg.fail_next("getUpdates", status=status, description=f"/bot{CANARY_TOKEN}")
    tg.lose_answer("getUpdates")
    async with running(polls, taken):
        await until(lambda: taken.refused >= 2, 10)
    async with running(pushed, taken):
        await tg.called("getWebhookInfo")
    for channel in (polls, pushed):
        assert SECRET not in repr(channel) + repr(vars(channel))
        await channel.close()


def _webhook(tg: FakeTelegram) -> TelegramChannel:
    return make(
        tg,
        pause=0.0005,
        mode="webhook",
        webhook_url=f"{tg.url}/nowhere",
        webhook_secret=WEBHOOK_SECRET,
        menu=(("batdau", "Bắt đầu"),),
    )
