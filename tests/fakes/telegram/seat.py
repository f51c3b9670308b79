"""A person in a chat: they write, send pictures, press buttons and hear the bot.

An album arrives as one update a picture, sharing `media_group_id`. In a group the bot hears only
commands, mentions and replies to itself (privacy mode, as bots have by default).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .chats import BotMessage, Chat, Silence
from .entities import TEXT_LIMIT, commands_in, cut_text
from .state import Query, State
from .wire import Json

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Toast:
    """What answerCallbackQuery shows above the chat."""

    text: str
    alert: bool


class Tap:
    """A press of a button; `update` is what the bot is sent."""

    def __init__(self, state: State, query: Query, update: Json) -> None:
        self._state = state
        self._query = query
        self.update = update

    async def answered(self, timeout: float = 30) -> Toast:
        """Wait until the bot has answered the press (before that the phone shows a spinner)."""
        try:
            answer = await self._state.bell.until(
                lambda: self._query.answers[0] if self._query.answers else None, timeout
            )
        except TimeoutError:
            raise Silence(f"the press was not answered within {timeout} s") from None
        return Toast(answer["text"], answer["alert"])


class Seat:
    """One person in one chat. Everything they do returns the update the bot is sent."""

    def __init__(self, state: State, user: Json, chat: Chat) -> None:
        self._state = state
        self.user = user
        self.chat = chat
        self._heard = 0
        self._edits_seen = 0

    @property
    def id(self) -> int:
        """The chat's id; of a person's own chat, also theirs."""
        return self.chat.id

    @property
    def user_id(self) -> int:
        return int(self.user["id"])

    def moves_to(self, chat: Chat) -> None:
        """The chat goes on under another id; what was heard there is not heard again."""
        self.chat, self._heard, self._edits_seen = chat, 0, 0

    # -- speaking --------------------------------------------------------------------------------

    def _before_speaking(self) -> None:
        """For who has more to do than speak."""

    def _message(self, content: Json, reply_to: BotMessage | None = None) -> Json:
        """Put a message into the chat and tell the bot, if it may see it."""
        self._before_speaking()
        if reply_to is not None:
            content["reply_to_message"] = reply_to.raw
        message = self._state.message(self.chat, self.user, content)
        return self._state.updates.push(
            "message", message, f"chat{self.chat.id}", wanted=self._bot_sees(message)
        )

    def _bot_sees(self, message: Json) -> bool:
        if not self.chat.is_group:
            return True
        text = message.get("text") or message.get("caption") or ""
        replied = message.get("reply_to_message", {}).get("from", {}).get("id")
        return (
            text.startswith("/")
            or f"@{self._state.me['username']}" in text
            or replied == self._state.me["id"]
        )

    async def says(self, text: str, *, reply_to: BotMessage | None = None) -> Json:
        """A text message; a longer one than 4096 units is cut into several, as the app does."""
        if not text.strip():
            raise ValueError("Telegram sends no empty message")
        *first, last = cut_text(text, TEXT_LIMIT)
        for part in first:
            self._message({"text": part}, reply_to)
        content: Json = {"text": last}
        if entities := commands_in(last):
            content["entities"] = entities
        return self._message(content, reply_to)

    async def edits(self, update: Json, text: str) -> Json:
        """Change what was said in `update`: text, or caption."""
        message = update["message"]
        field = "text" if "text" in message else "caption"
        changed = {**message, field: text, "edit_date": self._state.date()}
        self.chat.messages[message["message_id"]] = changed
        return self._state.updates.push(
            "edited_message", changed, f"chat{self.chat.id}", wanted=self._bot_sees(changed)
        )

    async def sends_photo(
        self,
        data: bytes,
        caption: str | None = None,
        *,
        as_file: bool = False,
        name: str = "anh.jpg",
        reply_to: BotMessage | None = None,
    ) -> Json:
        """A picture as "Photo" (several sizes, no EXIF), or as "File" (untouched)."""
        return self._message(self._picture(data, caption, as_file, name), reply_to)

    def _picture(self, data: bytes, caption: str | None, as_file: bool, name: str) -> Json:
        content: Json = {} if caption is None else {"caption": caption}
        if as_file:
            mime = "image/png" if name.endswith(".png") else "image/jpeg"
            content |= self._file("document", data, name, mime)
        else:
            content["photo"] = [size.as_size() for size in self._state.files.add_photo(data)]
        return content

    def _file(self, kind: str, data: bytes, name: str, mime: str) -> Json:
        return {kind: self._state.files.add(data, kind, name, mime).as_document()}

    async def sends_album(
        self,
        pictures: Sequence[bytes],
        caption: str | None = None,
        *,
        shuffled: bool = False,
        as_files: bool = False,
    ) -> list[Json]:
        """Two to ten pictures in one go; `shuffled`: their updates come in another order."""
        if not 2 <= len(pictures) <= 10:
            raise ValueError("an album has two to ten pictures")
        self._before_speaking()
        album = self._state.big_number()
        contents = [
            self._picture(data, None if number else caption, as_files, f"anh-{number + 1}.jpg")
            | {"media_group_id": album}
            for number, data in enumerate(pictures)
        ]
        messages = [self._state.message(self.chat, self.user, content) for content in contents]
        if shuffled:
            straight = list(messages)
            while messages == straight:
                self._state.dice.shuffle(messages)
        lane = f"chat{self.chat.id}"
        return [
            self._state.updates.push("message", m, lane, wanted=self._bot_sees(m)) for m in messages
        ]

    async def sends_location(self, lat: float, lon: float) -> Json:
        """A pin; latitude and longitude in degrees."""
        return self._message({"location": {"latitude": lat, "longitude": lon}})

    async def sends_contact(
        self, phone: str, name: str | None = None, *, owner: Seat | None = None
    ) -> Json:
        """A contact card: one's own unless a `name` (nobody on Telegram) or an `owner` is given."""
        contact: Json = {"phone_number": phone, "first_name": name or self.user["first_name"]}
        if name is None:
            user = self.user if owner is None else owner.user
            contact |= {"user_id": user["id"], "first_name": user["first_name"]}
        return self._message({"contact": contact})

    async def sends_document(
        self,
        data: bytes,
        name: str = "bao-cao.pdf",
        caption: str | None = None,
        *,
        mime: str = "application/pdf",
    ) -> Json:
        content = self._file("document", data, name, mime)
        return self._message(content if caption is None else content | {"caption": caption})

    async def sends_sticker(self, emoji: str = "👍") -> Json:
        stored = self._state.files.add(b"RIFF....WEBP", "sticker", "sticker.webp", "image/webp")
        sticker = stored.described() | {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
        return self._message({"sticker": sticker})

    async def sends_voice(self, data: bytes = b"OggS", seconds: int = 3) -> Json:
        stored = self._state.files.add(data, "voice", "voice.oga", "audio/ogg")
        voice = stored.described() | {"duration": seconds, "mime_type": "audio/ogg"}
        return self._message({"voice": voice})

    async def sends_video(self, data: bytes = b"mp4", caption: str | None = None) -> Json:
        content = self._file("video", data, "video.mp4", "video/mp4")
        content["video"] |= {"width": 640, "height": 480, "duration": 5}
        return self._message(content if caption is None else content | {"caption": caption})

    # -- pressing --------------------------------------------------------------------------------

    async def taps(self, message: BotMessage, button: str, *, forged: bool = False) -> Tap:
        """Press a button found by its text or its data; `forged`: send that data regardless.

        Raises LookupError when the message as it stands now has no such button.
        """
        data = button
        if not forged:
            found = [b for b in message.buttons if button in (b.text, b.data)]
            if message.deleted or not found or found[0].data is None:
                raise LookupError(f"no button {button!r} to press in {message!r}")
            data = found[0].data
        query = Query(self._state.big_number(), self.user_id, self._state.clock.now())
        self._state.queries[query.id] = query
        payload: Json = {
            "id": query.id,
            "from": self.user,
            "message": dict(message.raw),
            "chat_instance": str(-self.chat.id),
            "data": data,
        }
        update = self._state.updates.push("callback_query", payload, f"user{self.user_id}")
        return Tap(self._state, query, update)

    # -- hearing ---------------------------------------------------------------------------------

    async def hears(self, timeout: float = 30) -> BotMessage:
        """The bot's next message to this chat that was not yet heard. Raises Silence."""

        def look() -> BotMessage | None:
            return self.chat.said[self._heard] if self._heard < len(self.chat.said) else None

        message = await self._within(look, timeout, "the bot said nothing")
        self._heard += 1
        return message

    async def hears_edit(self, timeout: float = 30) -> BotMessage:
        """The next message the bot has changed, as it stands now. Raises Silence."""

        def look() -> BotMessage | None:
            seen, edits = self._edits_seen, self.chat.edited
            return edits[seen] if seen < len(edits) else None

        message = await self._within(look, timeout, "the bot changed nothing")
        self._edits_seen += 1
        return message

    async def hears_nothing(self, seconds: float = 0.2) -> None:
        """Raises AssertionError when the bot says something within `seconds`."""
        try:
            message = await self.hears(seconds)
        except Silence:
            return
        raise AssertionError(f"the bot was to be silent, and said {message!r}")

    def unheard(self) -> list[BotMessage]:
        """What the bot has said and `hears` has not returned yet; now it has."""
        rest = self.chat.said[self._heard :]
        self._heard += len(rest)
        return rest

    async def _within(self, look: Callable[[], T | None], timeout: float, problem: str) -> T:
        try:
            return await self.chat.bell.until(look, timeout)
        except TimeoutError:
            said = [message.text for message in self.chat.said[-3:]]
            raise Silence(f"{problem} within {timeout} s; last heard: {said}") from None
