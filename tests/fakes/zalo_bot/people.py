"""People: they write, send pictures, files and stickers, and hear the bot.

Files, cards and places come to the bot as "unsupported", without content; so does everything of
people in protected groups. In a group the bot hears only what mentions it, or answers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .state import BotMessage, Chat, Json, Silence

if TYPE_CHECKING:
    from .server import FakeZaloBot


class Seat:
    """One person in one chat. Everything they do returns the update the bot is sent."""

    def __init__(self, zalo: FakeZaloBot, user_id: str, name: str, chat: Chat) -> None:
        self._zalo = zalo
        self.user_id = user_id
        self.name = name
        self.chat = chat
        self.protected = False
        """Zalo withholds whatever they write."""
        self._heard = 0

    @property
    def id(self) -> str:
        """The chat's id; of a person's own chat, also theirs."""
        return self.chat.id

    async def says(self, text: str) -> Json:
        """A text message."""
        return await self._sends("message.text.received", {"text": text, "message_type": "CHAT"})

    async def sends_photo(self, data: bytes, caption: str = "") -> Json:
        content: Json = {self._zalo.photo_field: self._zalo.hold(data)}
        if caption:
            content["caption"] = caption
        return await self._sends(
            "message.image.received", content | {"message_type": "CHAT_PHOTO"}, words=caption
        )

    async def sends_photos(self, *pictures: bytes) -> list[Json]:
        """An album: as many events as pictures, and nothing that joins them."""
        return [await self.sends_photo(data) for data in pictures]

    async def sends_file(self) -> Json:
        """Of a file (a card, a place) nothing comes through."""
        return await self._sends("message.unsupported.received", {})

    async def sends_sticker(self) -> Json:
        content = {"sticker": "bfe458bf64fa8da4d4eb", "url": self._zalo.hold(b"webp")}
        return await self._sends("message.sticker.received", content)

    async def sends_voice(self) -> Json:
        content = {"voice_url": self._zalo.hold(b"aac", "aac", "audio/aac")}
        return await self._sends("message.voice.received", content)

    async def sends(self, event_name: str, **content: object) -> Json:
        """Something new."""
        return await self._sends(event_name, dict(content))

    async def _sends(self, event_name: str, content: Json, words: str = "") -> Json:
        words = words or str(content.get("text", ""))
        if self.protected:
            event_name, content = "message.unsupported.received", {}
        zalo = self._zalo
        sender = {"id": self.user_id, "display_name": self.name, "is_bot": False}
        update: Json = {
            "event_name": event_name,
            "message": {
                "from": sender,
                "chat": {"id": self.chat.id, "chat_type": self.chat.kind},
                **content,
                "message_id": zalo.new_id(),
                "date": int(zalo.clock.now() * 1000),
            },
        }
        if self.chat.kind == "GROUP" and not zalo.mentions_bot(words):
            return update
        zalo.received += 1
        zalo.push(update)
        return update

    async def hears(self, timeout: float = 30) -> BotMessage:
        """The next message of the bot in this chat. Raises Silence."""

        def look() -> BotMessage | None:
            return self.chat.said[self._heard] if len(self.chat.said) > self._heard else None

        try:
            message = await self._zalo.bell.until(look, timeout)
        except TimeoutError:
            calls = [(call.method, call.code) for call in self._zalo.calls[-5:]]
            raise Silence(f"{self.name} heard nothing within {timeout} s; last: {calls}") from None
        self._heard += 1
        return message

    def unheard(self) -> list[BotMessage]:
        """All that was said since they last listened, without waiting."""
        found = self.chat.said[self._heard :]
        self._heard = len(self.chat.said)
        return found


class Person(Seat):
    """Somebody with a private chat with the bot: its id is their own."""

    def joins(self, group: Group) -> Seat:
        """The same person in a group."""
        return Seat(self._zalo, self.user_id, self.name, group.chat)

    def refuses(self, code: int, description: str) -> None:
        """Every send to them is refused so."""
        self.chat.refusal = (code, description)


class Group:
    """A group with the bot in it."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
