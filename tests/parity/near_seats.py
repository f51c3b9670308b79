"""The two networks that are ours: the web chat in a browser without a screen, and the terminal."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import aiohttp
from aiohttp import FormData

from bot.commands.talk import Terminal
from tests.parity.house import Heard, House
from tests.parity.seat import Seat
from tests.parity.seats import JPEG, ZIP

_LINE = re.compile(r'<li class="line (in|out)" data-key="(\w+)"(.*?)</li>', re.DOTALL)
_TEXT = re.compile(r'<p class="text( after)?" dir="auto">(.*?)</p>', re.DOTALL)
_MENU = re.compile(r'<input type="hidden" name="menu" value="(\d+)">')
_OPTION = re.compile(
    r'<button name="key" value="([^"]*)"(?: disabled)?>(?:<b>(\d+)\.</b> )?(.*?)</button>',
    re.DOTALL,
)
_SHOT = re.compile(r'<a class="shot" href="([^"]+)"')
_FILE = re.compile(r'<p class="file">.*?<a href="([^"]+)"', re.DOTALL)
_FAULT = re.compile(r'<p class="fault"[^>]*>(.*?)</p>', re.DOTALL)


class WebSeat(Seat):
    """A browser: signs in, posts, and reads the page again."""

    network: ClassVar[str] = "web"

    def __init__(self, house: House, code: str) -> None:
        super().__init__(house, code)
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._csrf = ""
        self._seen: set[str] = set()
        self._keys: dict[str, str] = {}
        self._menu = 0
        self._fault = ""
        self._inside = False

    @property
    def chat_id(self) -> str:
        return self.code

    async def close(self) -> None:
        await self._http.close()

    async def arrives(self) -> None:
        await self._enter(await self.house.code_for(self.code))
        assert self._inside

    async def says(self, text: str) -> str:
        """Who is not signed in has nowhere to write: the page asks for the code."""
        if self._inside:
            return await super().says(text)
        await self._open("/dang-nhap")
        return await self._turn(text, 0, loose=True)

    async def gives_code(self, code: str) -> str:
        """The web's door is its sign-in page."""
        await self._enter(code)
        return await self._turn("(code)", 0, loose=True)

    async def _enter(self, code: str) -> None:
        await self._open("/dang-nhap")
        form = {"csrf": self._csrf, "code": code}
        async with self._http.post(f"{self.house.public_url}/dang-nhap", data=form) as answer:
            page = self._take_csrf(await answer.text())
            self._inside = answer.url.path == "/chat"
        fault = _FAULT.search(page)
        self._fault = html.unescape(fault[1]) if fault else ""

    async def _open(self, path: str) -> str:
        async with self._http.get(f"{self.house.public_url}{path}") as answer:
            return self._take_csrf(await answer.text())

    def _take_csrf(self, page: str) -> str:
        if found := re.search(r'name="csrf" value="(\w+)"', page):
            self._csrf = found[1]
        return page

    async def _post(self, **data: object) -> int:
        headers = {"Accept": "application/json", "X-CSRF": self._csrf}
        url = f"{self.house.public_url}/chat/gui"
        async with self._http.post(url, headers=headers, **data) as answer:  # type: ignore[arg-type] # json or data
            assert answer.status == 200, await answer.text()
        return 1

    async def _say(self, text: str) -> int:
        return await self._post(json={"text": text})

    async def _pick(self, label: str) -> int:
        key = next(key for shown, key in self._keys.items() if shown.startswith(label))
        return await self._post(json={"key": key, "menu": self._menu})

    async def _send_photos(self, pictures: Sequence[bytes], caption: str) -> int:
        form = FormData()
        form.add_field("text", caption)
        for place, picture in enumerate(pictures):
            body = io.BytesIO(picture)
            form.add_field("anh", body, filename=f"anh{place}.jpg", content_type="image/jpeg")
        await self._post(data=form)
        return len(pictures)

    async def _send_file(self, data: bytes, name: str) -> int:
        form = FormData()
        form.add_field("anh", io.BytesIO(data), filename=name)
        return await self._post(data=form)

    async def _send_place(self, lat: float, lon: float) -> int:
        return await self._post(json={"place": [lat, lon]})

    async def _hear(self) -> list[Heard]:
        fault, self._fault = self._fault, ""
        if not self._inside:
            return [Heard(fault)] if fault else []
        page = await self._open("/chat")
        found = []
        for side, key, body in _LINE.findall(page):
            if side == "out" and key not in self._seen:
                self._seen.add(key)
                found.append(await self._read(body))
        return found

    async def _read(self, body: str) -> Heard:
        before = [_plain(text) for after, text in _TEXT.findall(body) if not after]
        behind = [_plain(text) for after, text in _TEXT.findall(body) if after]
        options = _OPTION.findall(body)
        if menu := _MENU.search(body):
            self._menu = int(menu[1])
            self._keys = {_plain(label): key for key, _, label in options}
        numbered = [f"{number}. {_plain(label)}" for _, number, label in options if number]
        text = "\n".join([*before, *numbered, *behind])
        for pattern, begins, what in ((_SHOT, JPEG, "photo"), (_FILE, ZIP, "document")):
            if link := pattern.search(body):
                async with self._http.get(f"{self.house.public_url}{link[1]}") as answer:
                    assert (await answer.read()).startswith(begins), answer.status
                return Heard(text, what)
        return Heard(text)


def _plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup)).strip()


class TerminalSeat(Seat):
    """`python -m bot talk`: lines in, lines out."""

    network: ClassVar[str] = "terminal"

    def __init__(self, house: House, code: str, sitting: Terminal, folder: Path) -> None:
        """`sitting`: one terminal for all, at which they take turns."""
        super().__init__(house, code)
        self._folder = folder
        self._sitting = sitting
        self._heard: list[str] = []

    @property
    def chat_id(self) -> str:
        return self.code

    async def _line(self, line: str) -> int:
        self._sitting.chat = self.code
        self._heard += await self._sitting.line(line)
        return 1

    async def _say(self, text: str) -> int:
        return await self._line(text)

    async def _send_photos(self, pictures: Sequence[bytes], caption: str) -> int:
        for place, picture in enumerate(pictures):
            path = self._folder / f"anh {place}.jpg"
            path.write_bytes(picture)
            await self._line(f':photo "{path}" {caption}')
        return len(pictures)

    async def _send_file(self, data: bytes, name: str) -> int:
        path = self._folder / name
        path.write_bytes(data)
        return await self._line(f':photo "{path}"')

    async def _send_place(self, lat: float, lon: float) -> int:
        return await self._line(f":pin {lat},{lon}")

    async def _hear(self) -> list[Heard]:
        lines = [*self._heard, *self._sitting.terminal.take(self.code)]
        self._heard = []
        return [self._read(line) for line in lines]

    @staticmethod
    def _read(text: str) -> Heard:
        for mark, what in ((r"\[ảnh\]", "photo"), (r"\[tệp [^\]]+\]", "document")):
            if found := re.match(mark, text):
                return Heard(text[found.end() :].removeprefix("\n"), what)
        return Heard(text)
