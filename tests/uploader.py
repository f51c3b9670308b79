"""A cadre on Zalo and the upload page: what the phone says and hears, and what the page is sent."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, FormData

from bot.channels.terminal import TerminalChannel
from bot.conversation import Address, Event
from bot.conversation.event import FILE_KEY
from bot.serving import unfit
from handlers import takes_photos
from models.account import Account
from tests.visitor import Visitor, settled, visitor
from tests.webhouse import House, open_house

PUBLIC_URL = "https://giaoviec.example.vn"
WITHHELD = "Tệp này tôi chưa nhận được."


class ZaloOnPaper(TerminalChannel):
    """A network that keeps what it is given, under Zalo's name."""

    name = "zalo_bot"

    def __init__(self) -> None:
        super().__init__("zalo_bot")


@dataclass
class Phone:
    """A person's Zalo."""

    house: House
    zalo: ZaloOnPaper
    chat_id: str
    heard: list[str] = field(default_factory=list)
    said: int = 0

    async def says(self, text: str) -> str:
        return await self._event("text", text=text)

    async def sends_file(self, **more: Any) -> str:
        return await self._event("unsupported", text=WITHHELD, key=FILE_KEY, **more)

    async def sends_sticker(self) -> str:
        return await self._event("unsupported", text="Nhãn dán thì tôi chưa hiểu.")

    async def _event(self, kind: Any, **more: Any) -> str:
        self.said += 1
        address = Address("zalo_bot", self.chat_id)
        event = Event(address, f"{self.chat_id}-{self.said}", kind, self.house.clock.now(), **more)
        await self.house.app.inbox.accept([event])
        await settled(self.house)
        new = self.zalo.take(self.chat_id)
        self.heard += new
        return "\n".join(new)

    async def hears(self, text: str) -> str:
        """What was said to them next; waits until `text` is in it."""
        async with asyncio.timeout(20):
            while True:
                new = self.zalo.take(self.chat_id)
                self.heard += new
                if new and text in "\n".join(new):
                    return "\n".join(new)
                await asyncio.sleep(0.03)

    async def gets_link(self) -> str:
        """The path of the page, from the message about the file."""
        return path_in(await self.sends_file())

    async def at_the_photos(self) -> None:
        """As far as "Gửi ảnh minh chứng"."""
        for said in ("bc nv03", "2", "1"):
            await self.says(said)
        assert "Gửi ảnh minh chứng" in self.heard[-1]


def path_in(text: str) -> str:
    found = re.search(re.escape(PUBLIC_URL) + r"(/gui-anh/[0-9a-f]{32})(?!\S)", text)
    assert found, text
    return found[1]


@asynccontextmanager
async def phone_house(database_url: str, folder: Path, **settings: Any) -> AsyncIterator[House]:
    """The village on the web, with two of its people on Zalo, too."""
    zalo = ZaloOnPaper()
    async with open_house(
        database_url,
        folder,
        also=[zalo],
        settings={"public_url": PUBLIC_URL, **settings},
        unfit=unfit,
        takes_photos=takes_photos,
    ) as house:
        async with house.app.database.begin() as session:
            for code in ("pct-phu-luu", "pct-bach-xa"):
                now, person = house.clock.now(), house.village.people[code]
                session.add(
                    Account(
                        channel="zalo_bot", chat_id=f"zalo-{code}", person_id=person,
                        connected_at=now, changed_at=now,
                    )
                )  # fmt: skip
        yield house


def phone_of(house: House, code: str = "pct-phu-luu") -> Phone:
    zalo = house.app.channels["zalo_bot"]
    assert isinstance(zalo, ZaloOnPaper)
    return Phone(house, zalo, f"zalo-{code}")


@dataclass
class Browser:
    """Whoever has the link, in a browser without an account."""

    visitor: Visitor
    path: str

    async def opens(self) -> tuple[int, str]:
        answer = await self.visitor.client.get(self.path)
        return answer.status, await self._page(answer)

    async def sends(self, *photos: bytes | tuple[str, bytes]) -> tuple[int, str]:
        form = FormData(quote_fields=False)  # names go as browsers send them
        form.add_field("csrf", self.visitor.csrf)
        for at, one in enumerate(photos, 1):
            name, body = one if isinstance(one, tuple) else (f"anh{at}.jpg", one)
            form.add_field("anh", io.BytesIO(body), filename=name, content_type="image/jpeg")
        answer = await self.visitor.client.post(self.path, data=form)
        return answer.status, await self._page(answer)

    async def locates(self, north: float, east: float) -> tuple[int, str]:
        answer = await self.visitor.client.post(
            f"{self.path}/vi-tri",
            json={"id": "0123456789abcdef", "place": [north, east]},
            headers={"X-CSRF": self.visitor.csrf},
        )
        return answer.status, await self._page(answer)

    async def finishes(self) -> tuple[int, str]:
        form = {"csrf": self.visitor.csrf}
        answer = await self.visitor.client.post(f"{self.path}/xong", data=form)
        return answer.status, await self._page(answer)

    async def _page(self, answer: ClientResponse) -> str:
        text = await answer.text()
        found = re.search(r'name="csrf" value="(\w+)"', text)
        self.visitor.csrf = found[1] if found else self.visitor.csrf
        return text


@asynccontextmanager
async def browsing(house: House, path: str) -> AsyncIterator[Browser]:
    async with visitor(house) as opened:
        made = Browser(opened, path)
        await made.opens()
        yield made


def thumbs(page: str) -> list[str]:
    return re.findall(r'<img src="(/gui-anh/[^"]+)"', page)
