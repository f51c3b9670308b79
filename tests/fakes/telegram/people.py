"""People and groups: who is on Telegram, who has started the bot, who has thrown it out.

A bot cannot write to somebody who never started it, or who blocked it: 403. A group that becomes
a supergroup gets a new id; whoever still writes to the old one is told the new one, once a send.
"""

from __future__ import annotations

import re

from .chats import Chat
from .seat import Seat
from .state import State
from .wire import Json

BLOCKED = "Forbidden: bot was blocked by the user"
NEVER_STARTED = "Forbidden: bot can't initiate conversation with a user"
DEACTIVATED = "Forbidden: user is deactivated"
KICKED = "Forbidden: bot was kicked from the {} chat"


class Person(Seat):
    """Somebody with a private chat with the bot. Ids are larger than 32 bits, as today's are."""

    def __init__(
        self,
        state: State,
        name: str,
        *,
        user_id: int | None = None,
        username: str | None = None,
        language: str = "vi",
        started: bool = True,
    ) -> None:
        user: Json = {
            "id": next(state.user_ids) if user_id is None else user_id,
            "is_bot": False,
            "first_name": name,
        }
        user |= {"username": username} if username else {}
        shown = {key: value for key, value in user.items() if key != "is_bot"}
        chat = Chat({**shown, "type": "private"}, refuses=None if started else NEVER_STARTED)
        if chat.id in state.chats:
            raise ValueError(f"there is already a chat {chat.id}")
        state.chats[chat.id] = chat
        super().__init__(state, {**user, "language_code": language}, chat)

    def _before_speaking(self) -> None:
        """Whoever writes to the bot thereby starts it, and unblocks it."""
        if self.chat.refuses == BLOCKED:
            self.unblocks_bot()
        self.chat.refuses = None

    async def starts(self, payload: str = "") -> Json:
        """Open the bot by its link; the deep link's payload is at most 64 of A-Z a-z 0-9 _ -."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,64}", payload):
            raise ValueError("Telegram opens no such link")
        return await self.says(f"/start {payload}".strip())

    def blocks_bot(self) -> Json:
        self.chat.refuses = BLOCKED
        return self._changes_bot("member", "kicked")

    def unblocks_bot(self) -> Json:
        self.chat.refuses = None
        return self._changes_bot("kicked", "member")

    def deletes_account(self) -> None:
        self.chat.refuses = DEACTIVATED

    def _changes_bot(self, before: str, after: str) -> Json:
        return bot_changed(self._state, self.chat, self.user, before, after)

    def menu(self) -> dict[str, str]:
        """The command menu they see: the narrowest scope that has one, their language first."""
        chat, language = f"chat:{self.id}", self.user["language_code"]
        for scope in (chat, "all_private_chats", "default"):
            for tongue in (language, ""):
                if found := self._state.commands.get((scope, tongue)):
                    return {item["command"]: item["description"] for item in found}
        return {}


class Group:
    """A group chat with the bot in it."""

    def __init__(self, state: State, title: str) -> None:
        self._state = state
        self.chat = Chat({"id": -next(state.group_ids), "title": title, "type": "group"})
        state.chats[self.id] = self.chat
        self._seats: dict[int, Seat] = {}

    @property
    def id(self) -> int:
        return self.chat.id

    def seat(self, person: Person) -> Seat:
        """That person in this group, always the same seat."""
        if person.user_id not in self._seats:
            self._seats[person.user_id] = Seat(self._state, person.user, self.chat)
        return self._seats[person.user_id]

    def becomes_supergroup(self) -> int:
        """Migrate; the seats move along. Returns the new chat id."""
        old, title = self.chat, self.chat.raw["title"]
        new_id = -1_000_000_000_000 - next(self._state.group_ids)
        new = Chat({"id": new_id, "title": title, "type": "supergroup"})
        self._state.chats[new_id] = self.chat = new
        old.migrated_to = new_id
        for seat in self._seats.values():
            seat.moves_to(new)
        who = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
        for chat, content in (
            (old, {"migrate_to_chat_id": new_id}),
            (new, {"migrate_from_chat_id": old.id}),
        ):
            message = self._state.message(chat, who, content)
            self._state.updates.push("message", message, f"chat{chat.id}")
        return new_id

    def kicks_bot(self, by: Person) -> Json:
        self.chat.refuses = KICKED.format(self.chat.raw["type"])
        return bot_changed(self._state, self.chat, by.user, "member", "kicked")


def bot_changed(state: State, chat: Chat, user: Json, before: str, after: str) -> Json:
    """The my_chat_member update: the bot's standing in a chat has changed."""

    def standing(status: str) -> Json:
        return {"user": state.me, "status": status} | (
            {"until_date": 0} if status == "kicked" else {}
        )

    change: Json = {
        "chat": chat.raw,
        "from": user,
        "date": state.date(),
        "old_chat_member": standing(before),
        "new_chat_member": standing(after),
    }
    return state.updates.push("my_chat_member", change, f"chat{chat.id}")
