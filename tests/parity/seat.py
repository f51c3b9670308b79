"""Somebody on a network, as the scripts see them: they say, pick, send, and hear.

What a script does here it does the same way everywhere; how each network carries it is below,
in the adapters.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from tests.parity.house import Heard, House, Turn


class Seat(ABC):
    """One person in their own chat. Every act returns what was heard then, joined by blank lines."""

    network: ClassVar[str]
    takes_places: ClassVar[bool] = True
    """Whether a pin comes through at all."""

    def __init__(self, house: House, code: str) -> None:
        self.house = house
        self.code = code
        self.last: Sequence[Heard] = ()

    @property
    @abstractmethod
    def chat_id(self) -> str:
        """The chat as the program knows it."""

    async def arrives(self) -> None:
        """They have been connected before."""
        await self.house.connect(self.code, self.network, self.chat_id)

    # What a person does

    async def says(self, text: str) -> str:
        return await self._turn(text, await self._say(text))

    async def picks(self, label: str) -> str:
        """Pick something offered by the beginning of its label, in the network's easiest way."""
        return await self._turn(f"[{label}]", await self._pick(label))

    async def sends_photo(self, picture: bytes, caption: str = "") -> str:
        return await self._turn(f"(photo) {caption}", await self._send_photos([picture], caption))

    async def sends_photos(self, *pictures: bytes) -> str:
        """Several at once. How often that is acknowledged is the network's own; the last word not."""
        count = await self._send_photos(pictures, "")
        return await self._turn("(photos)", count, only_last=True)

    async def sends_file(self, data: bytes, name: str) -> str:
        return await self._turn("(file)", await self._send_file(data, name))

    async def sends_place(self, lat: float, lon: float) -> str:
        count = await self._send_place(lat, lon)
        return await self._turn("(place)", count, loose=not self.takes_places)

    async def gives_code(self, code: str) -> str:
        """Type a one-time code; whoever is asked who they are says that they are."""
        heard = await self._turn("(code)", await self._say(code), loose=True)
        if "1. Đúng" not in heard:
            return heard
        return await self._turn("(code)", await self._say("1"), loose=True)

    async def hears(self) -> str:
        """What came without being asked for."""
        return await self._turn("", 0)

    # How it goes on its way

    @abstractmethod
    async def _say(self, text: str) -> int:
        """Returns how many events that is."""

    async def _pick(self, label: str) -> int:
        """Where there is nothing to press: type its number."""
        return await self._say(self._number_of(label))

    @abstractmethod
    async def _send_photos(self, pictures: Sequence[bytes], caption: str) -> int: ...

    @abstractmethod
    async def _send_file(self, data: bytes, name: str) -> int: ...

    @abstractmethod
    async def _send_place(self, lat: float, lon: float) -> int: ...

    @abstractmethod
    async def _hear(self) -> Sequence[Heard]:
        """All that came since this was last asked."""

    async def _turn(
        self, did: str, events: int, *, only_last: bool = False, loose: bool = False
    ) -> str:
        self.house.events += events
        await self.house.until_quiet()
        heard = tuple(await self._hear())
        self.last = heard or self.last
        self.house.turns.append(Turn(self.code, did, heard[-1:] if only_last else heard, loose))
        return "\n\n".join(one.text for one in heard)

    def _number_of(self, label: str) -> str:
        for heard in reversed(self.last):
            if found := re.search(rf"(?:^|\s)(\d+)\.? {re.escape(label)}", heard.text):
                return found[1]
        return label.lower()  # a choice whose words are typed: "xong", "bỏ qua"


def check_numbers(text: str, labels: Sequence[str]) -> None:
    """Whatever can be pressed can be typed as well: its number, or its words, stand in the text."""
    for place, label in enumerate(labels):
        words = label.removesuffix("…").strip()
        numbered = re.search(rf"(?:^|\s)\d+\.? {re.escape(words)}", text)
        named = f'"{words.lower()}"' in text
        assert numbered or named, (place, label, text)
