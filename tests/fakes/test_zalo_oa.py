"""The fake Official Account, driven by plain HTTP calls that share nothing with our channel."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.fakes.zalo_oa import SIGNATURE_FORMS, SIGNATURE_HEADER, FakeZaloOA

Json = dict[str, Any]


class Client:
    """Somebody who knows the account's secrets."""

    def __init__(self, oa: FakeZaloOA, http: aiohttp.ClientSession) -> None:
        self.oa = oa
        self.http = http
        self.token = oa.tokens.newest

    async def renews(self, refresh: str, **more: str) -> Json:
        form = {"refresh_token": refresh, "app_id": self.oa.app_id, "grant_type": "refresh_token"}
        headers = {"secret_key": self.oa.app_secret}
        url = f"{self.oa.url}/v4/oa/access_token"
        async with self.http.post(url, data=form | more, headers=headers) as answer:
            assert answer.status == 200
            return dict(await answer.json())

    async def posts(self, path: str, body: Json) -> Json:
        headers = {"access_token": self.token}
        async with self.http.post(f"{self.oa.url}{path}", json=body, headers=headers) as answer:
            assert answer.status == 200
            return dict(await answer.json())

    async def sends(self, user_id: str, message: Json) -> Json:
        body = {"recipient": {"user_id": user_id}, "message": message}
        return await self.posts("/v3.0/oa/message/cs", body)

    async def uploads(self, kind: str, data: bytes, name: str) -> Json:
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(data), filename=name)
        url = f"{self.oa.url}/v2.0/oa/upload/{kind}"
        async with self.http.post(url, data=form, headers={"access_token": self.token}) as answer:
            return dict(await answer.json())


@pytest.fixture
async def oa() -> AsyncIterator[FakeZaloOA]:
    async with FakeZaloOA() as server:
        yield server


@pytest.fixture
async def client(oa: FakeZaloOA) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as http:
        yield Client(oa, http)


class Hook:
    """A program that takes events; `statuses` are what it answers, in turn, then 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.bodies: list[bytes] = []
        self.macs: list[str] = []

    async def take(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.macs.append(request.headers[SIGNATURE_HEADER])
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def hook(oa: FakeZaloOA) -> AsyncIterator[Hook]:
    made, app = Hook(), web.Application()
    app.router.add_post("/hook", made.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    oa.webhook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


# -- tokens ------------------------------------------------------------------------------------


async def test_a_refresh_token_is_good_once(oa: FakeZaloOA, client: Client) -> None:
    old = oa.tokens.refresh
    answer = await client.renews(old)
    assert answer["expires_in"] == "90000"
    assert answer["refresh_token"] != old
    assert (await client.renews(old))["error"] == -14014
    assert oa.tokens.reused == 1
    assert "access_token" in await client.renews(answer["refresh_token"])
    assert (await client.renews(oa.tokens.refresh, app_id="9"))["error"] == -14002


async def test_tokens_grow_old(oa: FakeZaloOA, client: Client) -> None:
    person = oa.person()
    person.says("chào")
    assert (await client.sends(person.id, {"text": "a"}))["error"] == 0
    oa.advance(hours=25)
    assert (await client.sends(person.id, {"text": "a"}))["error"] == -220
    client.token = "x"
    assert (await client.sends(person.id, {"text": "a"}))["error"] == -216
    oa.advance(days=90)
    assert (await client.renews(oa.tokens.refresh))["error"] == -14014


async def test_only_two_at_once_get_one_pair(oa: FakeZaloOA, client: Client) -> None:
    answers = await asyncio.gather(*(client.renews(oa.tokens.refresh) for _ in range(2)))
    assert sorted("access_token" in answer for answer in answers) == [False, True]


# -- messages ----------------------------------------------------------------------------------


async def test_windows(oa: FakeZaloOA, client: Client) -> None:
    person = oa.person()
    assert (await client.sends(person.id, {"text": "a"}))["error"] == -230
    person.says("chào")
    oa.advance(days=6.99)
    oa.tokens.access[client.token] = oa.clock.now() + 10**7
    assert (await client.sends(person.id, {"text": "a"}))["error"] == 0
    oa.advance(days=0.02)
    assert (await client.sends(person.id, {"text": "a"}))["error"] == -230
    person.unfollows()
    assert (await client.sends(person.id, {"text": "a"}))["error"] == -213
    assert (await client.sends("nobody", {"text": "a"}))["error"] == -201
    assert [heard.text for heard in person.said] == ["a"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({}, -201),
        ({"text": ""}, -201),
        ({"text": "x" * 2001}, -210),
        ({"text": "😀" * 1001}, -210),
        ({"attachment": {"type": "file", "payload": {"token": "x"}}}, -201),
        ({"attachment": {"type": "sticker"}}, -201),
        ({"text": "a", "attachment": {"type": "template", "payload": {"buttons": []}}}, -201),
    ],
)
async def test_messages_of_a_wrong_shape(
    oa: FakeZaloOA, client: Client, message: Json, code: int
) -> None:
    person = oa.person()
    person.says("chào")
    assert (await client.sends(person.id, message))["error"] == code
    assert person.said == []


async def test_buttons_and_presses(oa: FakeZaloOA, client: Client, hook: Hook) -> None:
    person = oa.person()
    person.says("chào")
    button = {"title": "Gửi", "type": "oa.query.hide", "payload": "#m1:send"}

    def message(buttons: list[Json]) -> Json:
        return {
            "text": "Gửi?",
            "attachment": {"type": "template", "payload": {"buttons": buttons}},
        }

    for wrong in ([button] * 6, [button | {"type": "oa.open.url"}], [button | {"title": ""}]):
        assert (await client.sends(person.id, message(wrong)))["error"] == -201
    await client.sends(person.id, message([button]))
    assert (await person.hears()).titles == ["Gửi"]
    event = person.presses("Gửi")
    assert event["message"]["text"] == "#m1:send"
    with pytest.raises(LookupError):
        person.presses("Sửa")


async def test_uploads(oa: FakeZaloOA, client: Client) -> None:
    person = oa.person()
    person.says("chào")
    jpeg, large = b"\xff\xd8\xff....", b"\xff\xd8\xff" + b"0" * 1024 * 1024
    for data in (large, b"GIF89a"):
        assert (await client.uploads("image", data, "a.jpg"))["error"] == -201
    for name, size in (("a.xlsx", 10), ("a.pdf", 5 * 1024 * 1024 + 1)):
        assert (await client.uploads("file", b"x" * size, name))["error"] == -201
    image = (await client.uploads("image", jpeg, "a.jpg"))["data"]["attachment_id"]
    file = (await client.uploads("file", b"%PDF", "a.pdf"))["data"]["token"]
    element = {"media_type": "image", "attachment_id": image}
    photo = {
        "attachment": {
            "type": "template",
            "payload": {"template_type": "media", "elements": [element]},
        }
    }
    for message in (photo, {"attachment": {"type": "file", "payload": {"token": file}}}):
        assert (await client.sends(person.id, message))["error"] == 0
    assert (person.said[0].photo, person.said[1].file) == (jpeg, ("a.pdf", b"%PDF"))
    oa.advance(days=7)
    oa.tokens.access[client.token] = oa.clock.now() + 10
    person.says("chào")
    assert (await client.sends(person.id, photo))["error"] == -201


async def test_templates(oa: FakeZaloOA, client: Client) -> None:
    person = oa.person()
    oa.templates["T"] = ("noi_dung",)
    oa.phones["84900000001"] = person.id
    by_id = {"user_id": person.id, "template_id": "T", "template_data": {"noi_dung": "x"}}
    path = "/v3.0/oa/message/template"
    assert (await client.posts(path, by_id))["error"] == 0
    assert (await client.posts(path, by_id | {"template_id": "X"}))["error"] == -201
    assert (await client.posts(path, by_id | {"template_data": {"ten": "x"}}))["error"] == -201
    by_phone = by_id | {"phone": "84900000001", "tracking_id": "1"}
    assert (await client.posts("/message/template", by_phone))["error"] == 0
    assert (await client.posts("/message/template", by_phone | {"phone": "1"}))["error"] == -201
    assert [heard.template for heard in person.said] == [("T", {"noi_dung": "x"})] * 2


# -- events ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", SIGNATURE_FORMS)
async def test_events_are_signed(oa: FakeZaloOA, hook: Hook, form: str) -> None:
    oa.webhook.form = form
    event = oa.person().says("chào")
    await oa.delivered()
    body, time = hook.bodies[0].decode(), event["timestamp"]
    first = oa.app_id if form.startswith("app") else oa.oa_id
    middle = body + time if form.endswith("time") else time + body
    said = first + middle + oa.oa_secret
    assert hook.macs == [f"mac={hashlib.sha256(said.encode()).hexdigest()}"]
    assert json.loads(body) == event


async def test_events_are_brought_again_then_the_webhook_is_off(oa: FakeZaloOA, hook: Hook) -> None:
    oa.retry_scale = 0.00001
    hook.statuses = [500, 401]
    person = oa.person()
    event = person.says("chào")
    await oa.delivered()
    assert [attempt.status for attempt in oa.webhook.attempts] == [500, 401, 200]
    oa.redeliver(event)
    await oa.delivered()
    assert len(hook.bodies) == 4
    hook.statuses = [500] * 6
    person.says("hai")
    await oa.delivered()
    assert oa.webhook.disabled
    person.says("ba")
    assert len(oa.webhook.attempts) == 10


async def test_photos_expire(oa: FakeZaloOA, client: Client, hook: Hook) -> None:
    event = oa.person().sends_photos(b"one", b"two")
    urls = [piece["payload"]["url"] for piece in event["message"]["attachments"]]
    async with client.http.get(urls[1]) as answer:
        assert await answer.read() == b"two"
    oa.advance(hours=1)
    async with client.http.get(urls[1]) as answer:
        assert answer.status == 403


# -- faults ------------------------------------------------------------------------------------


async def test_faults(oa: FakeZaloOA, client: Client) -> None:
    person = oa.person()
    person.says("chào")
    oa.fail_next("message/cs", -32)
    assert (await client.sends(person.id, {"text": "a"}))["error"] == -32
    for lose, arrived in ((oa.lose_request, 0), (oa.lose_answer, 1)):
        lose("message/cs")
        with pytest.raises(aiohttp.ClientError):
            await client.sends(person.id, {"text": "a"})
        assert len(person.said) == arrived
    page = oa.page("message/cs", 502, times=None)
    with pytest.raises(AssertionError):
        await client.sends(person.id, {"text": "a"})
    page.stop()
    assert (await client.sends(person.id, {"text": "b"}))["error"] == 0
