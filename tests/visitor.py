"""A browser without a screen: keeps cookies, posts forms, reads the stream of news."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse, CookieJar, FormData
from aiohttp.test_utils import TestClient
from sqlalchemy import func, select

from models.media import Media
from models.queue import Inbox, Outbox
from tests.webhouse import House

AS_SCRIPT = {"Accept": "application/json"}


@dataclass
class Visitor:
    """A browser: keeps cookies, knows the token of the page it has open."""

    client: TestClient[Any, Any]
    csrf: str = ""
    last: str = ""

    async def opens(self, path: str, **options: Any) -> str:
        answer = await self.client.get(path, **options)
        text = await answer.text()
        found = re.search(r'name="csrf" value="(\w+)"', text)
        self.csrf = found[1] if found else self.csrf
        mark = re.search(r'data-last="([\d-]+)"', text)
        self.last = mark[1] if mark else self.last
        return text

    async def enters(self, code: str) -> ClientResponse:
        await self.opens("/dang-nhap")
        form = {"csrf": self.csrf, "code": code}
        answer = await self.client.post("/dang-nhap", data=form, allow_redirects=False)
        if answer.status == 303:
            await self.opens("/chat")
        return answer

    async def says(self, text: str, **more: Any) -> ClientResponse:
        return await self.posts({"text": text, **more})

    async def posts(self, body: dict[str, Any]) -> ClientResponse:
        headers = {**AS_SCRIPT, "X-CSRF": self.csrf}
        return await self.client.post("/chat/gui", json=body, headers=headers)

    async def uploads(self, *photos: bytes, name: str = "", **fields: str) -> ClientResponse:
        form = FormData(quote_fields=False)  # names go as browsers send them
        for field, value in fields.items():
            form.add_field(field, value)
        for at, photo in enumerate(photos):
            body, called = io.BytesIO(photo), name or f"anh{at}.jpg"
            form.add_field("anh", body, filename=called, content_type="image/jpeg")
        headers = {**AS_SCRIPT, "X-CSRF": self.csrf}
        return await self.client.post("/chat/gui", data=form, headers=headers)


@asynccontextmanager
async def visitor(house: House) -> AsyncIterator[Visitor]:
    client = TestClient(house.server, cookie_jar=CookieJar(unsafe=True))
    try:
        yield Visitor(client)
    finally:
        await client.session.close()


@asynccontextmanager
async def signed_in(house: House, person: str) -> AsyncIterator[Visitor]:
    async with visitor(house) as browser:
        answer = await browser.enters(await house.code_for(person))
        assert answer.status == 303
        yield browser


async def events(house: House) -> list[Inbox]:
    async with house.app.database.begin() as session:
        return list(await session.scalars(select(Inbox).order_by(Inbox.id)))


async def settled(house: House) -> None:
    """Until everything that was accepted is handled and sent."""
    async with asyncio.timeout(20):
        while True:
            async with house.app.database.begin() as session:
                waiting = await session.scalar(
                    select(func.count()).select_from(Inbox).where(Inbox.state == "new")
                )
                unsent = await session.scalar(
                    select(func.count())
                    .select_from(Outbox)
                    .where(Outbox.state.in_(("ready", "sending")))
                )
                wanted = await session.scalar(
                    select(func.count()).select_from(Media).where(Media.state == "wanted")
                )
            if not (waiting or unsent or wanted):
                return
            await asyncio.sleep(0.05)


async def sentence(answer: ClientResponse) -> str:
    return str((await answer.json())["loi"])


class News:
    """Reads a stream of server-sent events."""

    def __init__(self, answer: ClientResponse) -> None:
        self.answer = answer

    async def next(self) -> tuple[str, dict[str, Any]]:
        mark = ""
        async with asyncio.timeout(30):
            while True:
                line = (await self.answer.content.readline()).decode().rstrip("\n")
                if line.startswith("id: "):
                    mark = line[4:]
                if line.startswith("data: "):
                    return mark, json.loads(line[6:])

    async def until(self, text: str) -> tuple[str, list[str]]:
        keys: list[str] = []
        while True:
            mark, data = await self.next()
            keys += [line["khoa"] for line in data["tin"]]
            if any(text in line["html"] for line in data["tin"]):
                return mark, keys
