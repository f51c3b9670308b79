"""The webhook over HTTP: who may bring updates, and when they are called received."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from prometheus_client import REGISTRY

from bot.channels.parts.secret import fault_of
from bot.channels.zalo_bot import ApiRefused
from tests.fakes.zalo_bot import SECRET_HEADER, FakeZaloBot
from tests.telegram.helpers import Taken, jpeg, until
from tests.zalo_bot.helpers import WEBHOOK_SECRET, House, make, running

FORGED = {
    "event_name": "message.text.received",
    "message": {"chat": {"id": "1", "chat_type": "PRIVATE"}, "text": "lời giả", "message_id": "9"},
}


@pytest.fixture
async def receiving(zalo: FakeZaloBot, taken: Taken) -> AsyncIterator[House]:
    async with House(zalo).open() as house, running(house.channel, taken):
        await zalo.called("setWebhook")
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
    head = f"POST /zalo/nhan HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n{SECRET_HEADER}: "
    writer.write(head.encode() + secret + b"\r\n\r\n{}")
    status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    return status


def refused(reason: str) -> float:
    labels = {"channel": "zalo_bot", "reason": reason}
    return REGISTRY.get_sample_value("zalo_bot_webhook_refused_total", labels) or 0


@pytest.mark.parametrize("envelope", ["flat", "wrapped"])
@pytest.mark.parametrize("field", ["photo", "photo_url"])
async def test_what_people_say_comes_in(
    zalo: FakeZaloBot, receiving: House, taken: Taken, envelope: str, field: str
) -> None:
    zalo.envelope, zalo.photo_field = envelope, field
    person = zalo.person()
    await person.says("bao cao")
    await person.sends_photo(jpeg(), "ảnh 1")
    await person.sends_sticker()
    events = await taken.until(3)
    assert sorted(event.kind for event in events) == ["photo", "text", "unsupported"]
    await until(lambda: [delivery.status for delivery in zalo.deliveries] == [200, 200, 200])
    seen = receiving.channel.seen
    assert (seen.envelopes, seen.photo_fields) == ({envelope: 3}, {field: 1})
    assert "captions 1" in "\n".join(seen.lines())


async def test_p3_redelivery_is_one_event(
    zalo: FakeZaloBot, receiving: House, taken: Taken
) -> None:
    update = await zalo.person().says("một")
    await taken.until(1)
    zalo.envelope = "wrapped"
    zalo.redeliver(update)
    await until(lambda: len(zalo.deliveries) == 2)
    assert (len(taken.events), receiving.channel.seen.repeated) == (1, 1)


async def test_p1_p34_what_is_not_committed_is_not_called_received(
    zalo: FakeZaloBot, receiving: House, taken: Taken
) -> None:
    taken.failing = True
    await zalo.person().says("một")
    await until(lambda: taken.refused >= 2)
    assert {delivery.status for delivery in zalo.deliveries} == {500}
    taken.failing = False
    await taken.until(1)
    await until(lambda: zalo.deliveries[-1].status == 200)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "missing"),
        ({"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}, "missing"),
        ({"X-Forwarded-For": "127.0.0.1"}, "missing"),
        ({SECRET_HEADER: ""}, "wrong"),
        ({SECRET_HEADER: WEBHOOK_SECRET + "x"}, "wrong"),
        ({SECRET_HEADER: WEBHOOK_SECRET.upper()}, "wrong"),
        ({SECRET_HEADER: "bí-mật"}, "wrong"),
    ],
)
async def test_p9_p10_a_forged_post_is_401_and_counted_but_not_written_down(
    receiving: House,
    taken: Taken,
    headers: dict[str, str],
    reason: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = refused(reason)
    assert await post(receiving.url, json.dumps(FORGED), headers) == 401
    assert refused(reason) == before + 1
    assert taken.events == []
    printed = capsys.readouterr()
    assert "lời giả" not in printed.out + printed.err


@pytest.mark.parametrize("secret", [b"\xff\xfe", "bí mật".encode(), b"\x80" * 300])
async def test_p9_a_header_of_any_bytes_is_refused_quietly(receiving: House, secret: bytes) -> None:
    assert await raw_post(receiving.url, secret) == 401


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: WEBHOOK_SECRET}, {SECRET_HEADER: "sai"}])
async def test_an_empty_post_is_a_probe(
    receiving: House, taken: Taken, headers: dict[str, str]
) -> None:
    probes = receiving.channel.seen.probes
    assert await post(receiving.url, b"", headers) == 200
    assert receiving.channel.seen.probes == probes + 1
    assert taken.events == []


@pytest.mark.parametrize(
    ("body", "status"),
    [("{", 400), ("[]", 400), ("7", 400), ("[" * 100_000, 400), (b"\xff", 400), ("{}", 200),
     ('{"event_name":"gì đó mới"}', 200), ('{"ok":true,"result":null}', 200), ("x" * 300_000, 413)],
)  # fmt: skip
async def test_what_zalo_may_bring_is_never_fatal(
    receiving: House, taken: Taken, body: bytes | str, status: int
) -> None:
    assert await post(receiving.url, body, {SECRET_HEADER: WEBHOOK_SECRET}) == status
    assert taken.events == []


async def test_before_it_runs_zalo_is_asked_to_come_again(zalo: FakeZaloBot) -> None:
    async with House(zalo).open() as house:
        headers = {SECRET_HEADER: WEBHOOK_SECRET}
        assert await post(house.url, json.dumps(FORGED), headers) == 503


async def test_the_webhook_is_kept(
    zalo: FakeZaloBot, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.zalo_bot.webhook.LOOK_SECONDS", 0.01)
    zalo.refuse("setWebhook", 403)
    zalo.lose_answer("setWebhook")
    async with House(zalo).open() as house, running(house.channel, taken):
        await until(lambda: zalo.hook_url == house.url)
        zalo.hook_url = "https://nguoi.khac.invalid/x"
        await until(lambda: zalo.hook_url == house.url)
        await zalo.person().says("một")
        await taken.until(1)


async def test_a_webhook_that_zalo_could_not_verify_is_stored_all_the_same(
    zalo: FakeZaloBot,
) -> None:
    channel = make(zalo)
    url = "http://127.0.0.1:1/zalo"
    assert await channel.set_webhook(url, WEBHOOK_SECRET) is False
    assert (await channel.webhook_info())["url"] == url
    assert channel.seen.stored_unverified == 1
    zalo.refuse("setWebhook", 401)
    with pytest.raises(ApiRefused):
        await channel.set_webhook("https://khac.vn/zalo", WEBHOOK_SECRET)
    await channel.close()


async def test_setting_up(zalo: FakeZaloBot) -> None:
    async with House(zalo).open() as house:
        channel = house.channel
        info = await channel.get_me()
        assert (info.account_type, info.can_join_groups) == ("BASIC", True)
        assert await channel.set_webhook(house.url, WEBHOOK_SECRET) is True
        assert (await channel.webhook_info())["url"] == house.url
        assert await channel.delete_webhook() is True
        assert await channel.delete_webhook() is False
        assert (await channel.webhook_info())["url"] == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook_secret": ""},
        {"webhook_secret": "ngan"},
        {"webhook_secret": "bí-mật-dài"},
        {"webhook_secret": "x" * 257},
        {"webhook_url": "http://vidu.vn/zalo"},
        {"webhook_url": "https://vidu.vn"},
        {"webhook_url": ""},
    ],
)
def test_p9_settings_of_no_use_are_refused_at_once(wrong: dict[str, Any]) -> None:
    zalo = FakeZaloBot()
    zalo.url = "http://127.0.0.1:1"
    right: dict[str, Any] = {
        "webhook_url": "https://vidu.vn/zalo",
        "webhook_secret": WEBHOOK_SECRET,
    }
    make(zalo, mode="webhook", **right)
    with pytest.raises(ValueError, match="webhook") as caught:
        make(zalo, mode="webhook", **(right | wrong))
    assert not wrong.get("webhook_secret") or wrong["webhook_secret"] not in str(caught.value)


@pytest.mark.parametrize("name", ["zalo", "zalo_bot_0", "zalo_bot_", "zalo_oa", "zalo_bot_2_3"])
def test_bots_are_numbered(zalo: FakeZaloBot, name: str) -> None:
    assert make(zalo, name="zalo_bot_12").name == "zalo_bot_12"
    with pytest.raises(ValueError, match="zalo_bot_2"):
        make(zalo, name=name)


def test_the_secret_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr("hmac.compare_digest", compare)
    assert fault_of("sai", WEBHOOK_SECRET) == "wrong"
    assert compared == [(b"sai", WEBHOOK_SECRET.encode())]
