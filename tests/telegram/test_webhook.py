"""The webhook over HTTP: who may bring updates, and when they are called received."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web

from bot.channels.telegram import TelegramChannel
from bot.clock import Clock, StillClock
from bot.conversation import Choice
from tests.fakes.telegram import SECRET_HEADER, FakeTelegram
from tests.telegram.helpers import Files, Taken, jpeg, make, running, to, until

SECRET = "bi-mat_2026"
_CLOCK = Clock()


class House:
    """Our web server with the channel's route in it."""

    def __init__(self, tg: FakeTelegram) -> None:
        self.tg = tg
        self.app = web.Application()
        self.channel: TelegramChannel
        self.url = ""

    async def open(self) -> web.AppRunner:
        async def late(request: web.Request) -> web.StreamResponse:
            return await routes["/telegram/nhan"](request)

        self.app.router.add_post("/telegram/nhan", late)
        runner = web.AppRunner(self.app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram/nhan"
        self.channel = make(self.tg, mode="webhook", webhook_url=self.url, webhook_secret=SECRET)
        routes = {route.path: route.handler for route in self.channel.routes()}
        return runner


@pytest.fixture
async def house(tg: FakeTelegram) -> AsyncIterator[House]:
    made = House(tg)
    runner = await made.open()
    yield made
    await made.channel.close()
    await runner.cleanup()


@pytest.fixture
async def receiving(house: House, taken: Taken) -> AsyncIterator[House]:
    async with running(house.channel, taken):
        await house.tg.called("getWebhookInfo")
        yield house


async def post(url: str, body: bytes | str, headers: dict[str, str] | None = None) -> int:
    async with (
        aiohttp.ClientSession() as http,
        http.post(url, data=body, headers=headers) as answer,
    ):
        return answer.status


async def raw_post(url: str, secret: bytes) -> int:
    """A header of any bytes: no client library sends such a one."""
    host, port = url.split("/")[2].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /telegram/nhan HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n{SECRET_HEADER}: "
    writer.write(head.encode() + secret + b"\r\n\r\n{}")
    status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    return status


async def test_what_people_say_comes_in(receiving: House, taken: Taken) -> None:
    person = receiving.tg.person()
    await person.says("một")
    await person.sends_album([jpeg(), jpeg(red=5)])
    events = await taken.until(3)
    assert [event.kind for event in events] == ["text", "photo", "photo"]
    await until(lambda: not receiving.tg.updates.pending())


async def test_presses_are_answered(receiving: House, taken: Taken) -> None:
    person = receiving.tg.person()
    choices = (Choice("1", "Gửi"),)
    await receiving.channel.send(to(person, "Gửi?", choices=choices, menu=4))
    await (await person.taps(await person.hears(), "Gửi")).answered()
    [event] = await taken.until(1)
    assert (event.kind, event.menu, event.key) == ("choice", 4, "1")


async def test_p1_p34_what_is_not_committed_is_brought_again(
    receiving: House, taken: Taken
) -> None:
    taken.failing = True
    await receiving.tg.person().says("một")
    await until(lambda: taken.refused >= 2)
    assert {attempt.status for attempt in receiving.tg.webhook.attempts} == {500}
    assert len(receiving.tg.updates.pending()) == 1
    taken.failing = False
    await taken.until(1)
    await until(lambda: not receiving.tg.updates.pending())


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({SECRET_HEADER: ""}, 403),
        ({SECRET_HEADER: "sai"}, 403),
        ({SECRET_HEADER: SECRET + "x"}, 403),
        ({SECRET_HEADER: SECRET.upper()}, 403),
        ({SECRET_HEADER: "bí-mật"}, 403),
        ({"X-Forwarded-For": "149.154.167.220"}, 401),
    ],
)
async def test_p9_p10_only_the_secret_opens(
    receiving: House, taken: Taken, headers: dict[str, str], status: int
) -> None:
    update = await receiving.tg.person(started=False).says("giả")
    await taken.until(1)
    update["message"]["message_id"] += 1
    assert await post(receiving.url, json.dumps(update), headers) == status
    assert len(taken.events) == 1


@pytest.mark.parametrize("secret", [b"\xff\xfe", "bí mật".encode(), b"\x80" * 300])
async def test_p9_a_header_of_any_bytes_is_refused_quietly(receiving: House, secret: bytes) -> None:
    assert await raw_post(receiving.url, secret) == 403


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'"x"', b"null"])
async def test_a_body_that_is_no_update_is_refused(receiving: House, body: bytes) -> None:
    assert await post(receiving.url, body, {SECRET_HEADER: SECRET}) == 400


@pytest.mark.parametrize("body", ["{}", '{"update_id": 1}', '{"update_id": "x", "message": 5}'])
async def test_an_update_that_says_nothing_is_taken(receiving: House, body: str) -> None:
    assert await post(receiving.url, body, {SECRET_HEADER: SECRET}) == 200


async def test_before_it_is_ready_telegram_is_asked_to_wait(house: House) -> None:
    assert await post(house.url, "{}", {SECRET_HEADER: SECRET}) == 503


@pytest.mark.parametrize("secret", ["", "có dấu", "hai từ", "x" * 257])
def test_p9_a_secret_of_no_use_stops_the_start(secret: str) -> None:
    with pytest.raises(ValueError, match="secret") as caught:
        TelegramChannel(
            "123:abc",
            clock=_CLOCK,
            read=Files(),
            mode="webhook",
            webhook_url="https://vi.du/nhan",
            webhook_secret=secret,
        )
    assert not secret or repr(secret) not in repr(caught.value)


@pytest.mark.parametrize("url", ["", "https://host", "ftp://host/x", "/x"])
def test_an_address_of_no_use_stops_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        TelegramChannel(
            "123:abc",
            clock=_CLOCK,
            read=Files(),
            mode="webhook",
            webhook_url=url,
            webhook_secret=SECRET,
        )


async def test_the_webhook_is_set_with_its_secret_in_spite_of_trouble(
    house: House, taken: Taken
) -> None:
    house.tg.html_502("setWebhook")
    house.tg.fail_next("getMe", status=500)
    async with running(house.channel, taken):
        await house.tg.called("getWebhookInfo")
        await house.tg.person().says("một")
        await taken.until(1)
    assert house.tg.webhook.url == house.url
    assert house.tg.webhook.secret == SECRET
    assert not any(call.params.get("drop_pending_updates") == "true" for call in house.tg.calls)


async def test_what_waits_is_fetched_when_polling_follows(house: House, taken: Taken) -> None:
    async with running(house.channel, taken):
        await house.tg.called("getWebhookInfo")
    poller = make(house.tg)
    house.tg.webhook.scale = 100
    await house.tg.person().says("một")
    async with running(poller, taken):
        await taken.until(1)
    await poller.close()
    assert taken.texts == ["một"]


async def test_p7_while_nothing_gets_through_nothing_is_noted_as_fetched(
    tg: FakeTelegram, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.webhook.LOOK_SECONDS", 0.01)
    clock = StillClock(datetime(2026, 11, 23, tzinfo=UTC))
    noted: list[datetime] = []

    async def on_fetch(now: datetime) -> None:
        noted.append(now)

    channel = make(
        tg,
        clock=clock,
        on_fetch=on_fetch,
        mode="webhook",
        webhook_url=f"{tg.url}/nowhere",
        webhook_secret=SECRET,
    )
    errors, info = itertools.count(1_800_000_000), tg.webhook.info
    async with running(channel, taken):
        await until(lambda: noted)
        monkeypatch.setattr(tg.webhook, "info", lambda: info() | {"last_error_date": next(errors)})
        await tg.called("getWebhookInfo", len(tg.calls_of("getWebhookInfo")) + 1)
        clock.move_to(clock.now() + timedelta(hours=1))
        await tg.called("getWebhookInfo", len(tg.calls_of("getWebhookInfo")) + 3)
        assert len(noted) == 1
        monkeypatch.setattr(tg.webhook, "info", info)
        await until(lambda: len(noted) == 2)
    await channel.close()


async def test_a_webhook_taken_away_is_set_again(
    house: House, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.webhook.LOOK_SECONDS", 0.02)
    async with running(house.channel, taken):
        await house.tg.called("getWebhookInfo")
        house.tg.webhook.set("", "", 40)
        await house.tg.called("setWebhook", 2)
        await house.tg.person().says("một")
        await taken.until(1)
