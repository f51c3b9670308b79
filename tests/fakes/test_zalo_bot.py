"""The fake Bot Platform speaks the facts: a plain HTTP client meets what the real one is known for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.fakes.zalo_bot import SECRET_HEADER, FakeZaloBot, Silence

SECRET = "bi-mat-cua-webhook"


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloBot]:
    async with FakeZaloBot() as server:
        yield server


async def call(zalo: FakeZaloBot, method: str, token: str = "", **body: Any) -> dict[str, Any]:
    """The answer's body, with its HTTP status as `status`."""
    url = f"{zalo.url}/bot{token or zalo.token}/{method}"
    async with aiohttp.ClientSession() as http, http.post(url, json=body) as answer:
        told: dict[str, Any] = await answer.json()
        return told | {"status": answer.status}


async def code(zalo: FakeZaloBot, method: str, **body: Any) -> int:
    answer = await call(zalo, method, **body)
    assert answer["ok"] is False
    assert isinstance(answer["description"], str)
    return int(answer["error_code"])


async def test_who_the_bot_is(zalo: FakeZaloBot) -> None:
    answer = await call(zalo, "getMe")
    assert set(answer["result"]) == {"id", "account_name", "account_type", "can_join_groups"}
    assert (await call(zalo, "getMe", token="1:wrong-token"))["error_code"] == 401
    assert await code(zalo, "editMessage") == 404


async def test_updates_are_handed_out_one_by_one_and_once(zalo: FakeZaloBot) -> None:
    person = zalo.person()
    said = [await person.says("một"), await person.sends_photo(b"jpg", "ảnh")]
    got = [(await call(zalo, "getUpdates", timeout="1"))["result"] for _ in range(2)]
    assert got == said
    assert got[0]["message"]["chat"] == {"id": person.id, "chat_type": "PRIVATE"}
    assert got[0]["message"]["date"] > 10**12
    assert not person.id.isdigit()
    for status in (200, 408):
        zalo.idle_status = status
        answer = await call(zalo, "getUpdates", timeout="0")
        assert (answer["error_code"], answer["status"]) == (408, status)


async def test_an_open_question_is_answered_when_something_is_said(zalo: FakeZaloBot) -> None:
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(call(zalo, "getUpdates", timeout="5"))
        await zalo.bell.until(lambda: zalo.polling or None, 5)
        await zalo.person().says("một")
    assert asked.result()["result"]["message"]["text"] == "một"


async def test_what_is_withheld(zalo: FakeZaloBot) -> None:
    person, protected = zalo.person(), zalo.person()
    protected.protected = True
    for update in (await person.sends_file(), await protected.says("bí mật")):
        assert update["event_name"] == "message.unsupported.received"
        assert not {"text", "photo", "photo_url"} & set(update["message"])


async def test_sending(zalo: FakeZaloBot) -> None:
    person = zalo.person()
    answer = await call(zalo, "sendMessage", chat_id=person.id, text="đ" * 2000)
    assert set(answer["result"]) == {"message_id", "date"}
    assert (await person.hears()).text == "đ" * 2000
    for body in (
        {"text": ""}, {"text": "đ" * 2001}, {"text": "😀" * 1001}, {"text": None},
        {"text": "x", "chat_id": "nobody"}, {"text": "x", "chat_id": 7},
    ):  # fmt: skip
        assert await code(zalo, "sendMessage", **({"chat_id": person.id} | body)) == 400
    person.refuses(403, "Internal")
    assert await code(zalo, "sendMessage", chat_id=person.id, text="x") == 403
    with pytest.raises(Silence):
        await person.hears(0.01)


async def test_photos_are_fetched_from_public_addresses(zalo: FakeZaloBot) -> None:
    person = zalo.person()
    url = zalo.hold(b"jpeg bytes")
    await call(zalo, "sendPhoto", chat_id=person.id, photo=url, caption="Ảnh 1")
    heard = await person.hears()
    assert (heard.photo, heard.text) == (b"jpeg bytes", "Ảnh 1")
    page = zalo.hold(b"<html>", mime="text/html")
    zalo.expire_media()
    for wrong in (url, page, "http://zdn.vn/a.jpg", "attach://a", None):
        assert await code(zalo, "sendPhoto", chat_id=person.id, photo=wrong) == 400


async def test_the_month_has_an_end(zalo: FakeZaloBot) -> None:
    person = zalo.person()
    zalo.limit = 2
    await person.says("một")
    assert (await call(zalo, "sendMessage", chat_id=person.id, text="hai"))["ok"] is True
    assert await code(zalo, "sendMessage", chat_id=person.id, text="ba") == 429
    assert zalo.exchanged == 2


async def test_faults(zalo: FakeZaloBot) -> None:
    person = zalo.person()
    zalo.refuse("sendMessage", 429)
    answer = await call(zalo, "sendMessage", chat_id=person.id, text="x")
    assert (answer["status"], answer["ok"], answer["error_code"]) == (200, False, 429)
    zalo.lose_request("sendMessage")
    zalo.lose_answer("sendMessage")
    for _ in range(2):
        with pytest.raises(aiohttp.ClientError):
            await call(zalo, "sendMessage", chat_id=person.id, text="x")
    assert len(zalo.sent) == 1
    zalo.page("sendMessage", 502)
    with pytest.raises(aiohttp.ContentTypeError):
        await call(zalo, "sendMessage", chat_id=person.id, text="x")


async def test_the_webhook(zalo: FakeZaloBot) -> None:
    got: list[tuple[str, str]] = []
    statuses = [500]

    async def receive(request: web.Request) -> web.Response:
        got.append((request.headers.get(SECRET_HEADER, ""), await request.text()))
        return web.Response(status=statuses.pop() if statuses and got[-1][1] else 200)

    app = web.Application()
    app.router.add_post("/nhan", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/nhan"
    assert await code(zalo, "deleteWebhook") == 400
    assert await code(zalo, "setWebhook", url=url, secret_token="ngan") == 400
    assert await code(zalo, "setWebhook", url="http://vidu.vn", secret_token=SECRET) == 400
    assert await code(zalo, "setWebhook", url=f"{url}x", secret_token=SECRET) == 400
    assert (await call(zalo, "getWebhookInfo"))["result"]["url"] == f"{url}x"  # stored all the same
    assert (await call(zalo, "setWebhook", url=url, secret_token=SECRET))["ok"] is True
    assert got == [("", "")]  # the probe
    assert await code(zalo, "getUpdates", timeout="0") == 400
    zalo.envelope = "wrapped"
    await zalo.person().says("một")
    await zalo.bell.until(lambda: len(zalo.deliveries) == 2 or None, 30)
    assert [delivery.status for delivery in zalo.deliveries] == [500, 200]
    assert got[1] == got[2]
    assert got[1][0] == SECRET
    assert got[1][1].startswith('{"ok": true, "result"')
    await runner.cleanup()


async def test_in_a_group_the_bot_hears_only_its_name(zalo: FakeZaloBot) -> None:
    member = zalo.person().joins(zalo.group())
    await member.says("chào cả nhà")
    await member.says("@Bot Giao việc bao cao")
    [update] = zalo.waiting
    assert update["message"]["chat"]["chat_type"] == "GROUP"
