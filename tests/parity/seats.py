"""How each network carries what people do: Telegram, the Zalo bot, the Official Account."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

import aiohttp

from tests.fakes.telegram import BotMessage, FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOA
from tests.parity.house import Heard, House
from tests.parity.seat import Seat, check_numbers

_LINK = re.compile(r"\n?Tải (?:tệp )?\S+\.xlsx tại: (\S+)$")
JPEG, ZIP = b"\xff\xd8", b"PK\x03\x04"


class TelegramSeat(Seat):
    """Presses wherever something can be pressed."""

    network: ClassVar[str] = "telegram"

    def __init__(self, house: House, code: str, fake: FakeTelegram) -> None:
        super().__init__(house, code)
        self._person = fake.person(code)
        self._menu: BotMessage | None = None

    @property
    def chat_id(self) -> str:
        return str(self._person.id)

    async def _say(self, text: str) -> int:
        await self._person.says(text)
        return 1

    async def _pick(self, label: str) -> int:
        assert self._menu is not None, "nothing was offered"
        found = [text for text in self._menu.labels if _same(text, label)]
        await self._person.taps(self._menu, _closest(found, label))
        return 1

    async def _send_photos(self, pictures: Sequence[bytes], caption: str) -> int:
        if len(pictures) == 1:
            await self._person.sends_photo(pictures[0], caption or None)
        else:
            await self._person.sends_album(pictures, caption or None)
        return len(pictures)

    async def _send_file(self, data: bytes, name: str) -> int:
        await self._person.sends_document(data, name)
        return 1

    async def _send_place(self, lat: float, lon: float) -> int:
        await self._person.sends_location(lat, lon)
        return 1

    async def _hear(self) -> list[Heard]:
        return [self._read(message) for message in self._person.unheard()]

    def _read(self, message: BotMessage) -> Heard:
        if message.labels:
            self._menu = message
            check_numbers(message.text, message.labels)
        if message.document:
            assert message.document.data.startswith(ZIP)
            return Heard(message.text, "document")
        if message.photo is not None:
            assert message.photo.startswith(JPEG)
            return Heard(message.text, "photo")
        return Heard(message.text)


class ZaloBotSeat(Seat):
    """Types numbers; there is nothing to press. A pin never comes through."""

    network: ClassVar[str] = "zalo_bot"
    takes_places: ClassVar[bool] = False

    def __init__(self, house: House, code: str, fake: FakeZaloBot) -> None:
        super().__init__(house, code)
        self._person = fake.person(code)

    @property
    def chat_id(self) -> str:
        return self._person.id

    async def _say(self, text: str) -> int:
        await self._person.says(text)
        return 1

    async def _send_photos(self, pictures: Sequence[bytes], caption: str) -> int:
        for picture in pictures:
            await self._person.sends_photo(picture, caption)
        return len(pictures)

    async def _send_file(self, data: bytes, name: str) -> int:
        """By the page for what Zalo does not bring: how its link is given is tested elsewhere."""
        token = await self.house.upload_link(self.network, self.chat_id)
        page = f"{self.house.public_url}/gui-anh/{token}"
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as browser:
            async with browser.get(page) as answer:
                csrf = re.search(r'name="csrf" value="(\w+)"', await answer.text())
            form = aiohttp.FormData()
            form.add_field("csrf", csrf[1] if csrf else "")
            form.add_field("anh", data, filename=name)
            async with browser.post(page, data=form) as answer:
                assert answer.status == 200
        return 1

    async def _send_place(self, lat: float, lon: float) -> int:
        await self._person.sends_file()  # cards, files and places look alike, and say nothing
        return 1

    async def _hear(self) -> list[Heard]:
        return [await self._read(one.text, one.photo) for one in self._person.unheard()]

    async def _read(self, text: str, photo: bytes | None) -> Heard:
        if photo is not None:
            assert photo.startswith(JPEG)
            return Heard(text, "photo")
        return await without_link(text)


class ZaloOaSeat(Seat):
    """Presses what is among the first five, and types the number of the rest."""

    network: ClassVar[str] = "zalo_oa"

    def __init__(self, house: House, code: str, fake: FakeZaloOA) -> None:
        super().__init__(house, code)
        self._person = fake.person(f"user-{code}")
        self._titles: list[str] = []

    @property
    def chat_id(self) -> str:
        return self._person.id

    async def _say(self, text: str) -> int:
        self._person.says(text)
        return 1

    async def _pick(self, label: str) -> int:
        if found := [title for title in self._titles if _same(title, label)]:
            self._person.presses(_closest(found, label))
            return 1
        return await super()._pick(label)

    async def _send_photos(self, pictures: Sequence[bytes], caption: str) -> int:
        self._person.sends_photos(*pictures, caption=caption)
        return 1

    async def _send_file(self, data: bytes, name: str) -> int:
        self._person.sends_file(data, name)
        return 1

    async def _send_place(self, lat: float, lon: float) -> int:
        self._person.sends_location(lat, lon)
        return 1

    async def _hear(self) -> list[Heard]:
        found = []
        for one in self._person.unheard():
            if one.titles:
                self._titles = one.titles
                check_numbers(one.text, one.titles)
            if one.photo:
                assert one.photo.startswith(JPEG)
                found.append(Heard(one.text, "photo"))
            else:
                found.append(await without_link(one.text))
        return found


async def without_link(text: str) -> Heard:
    """A message whose table came as a link: the link is followed, as a person would."""
    link = _LINK.search(text)
    if link is None:
        return Heard(text)
    async with aiohttp.ClientSession() as browser, browser.get(link[1]) as answer:
        assert answer.status == 200
        assert (await answer.read()).startswith(ZIP)
    return Heard(text[: link.start()], "document")


def _same(shown: str, label: str) -> bool:
    """Whether this is the label meant; a network may show only its beginning."""
    begin = shown.removesuffix("…").strip()
    return begin.startswith(label) or label.startswith(begin)


def _closest(titles: Sequence[str], label: str) -> str:
    """Of "Duyệt" and "Duyệt và kết thúc việc" the one that was named."""
    return min(titles, key=lambda title: abs(len(title) - len(label)))
