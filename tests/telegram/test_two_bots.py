"""Another bot on the same database: its chats and messages are numbered anew, and it is heard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bot.channels.telegram.intake import Intake
from bot.channels.telegram.translate import Me
from bot.clock import StillClock
from bot.conversation import Event
from tests.village import START

CHAT = {"id": 77, "type": "private", "first_name": "A"}
SENDER = {"id": 77, "is_bot": False, "first_name": "A"}
MESSAGE = {"message_id": 3, "date": 1, "chat": CHAT, "from": SENDER, "text": "bao cao"}
MEMBER = {"user": {"id": 1, "is_bot": True, "first_name": "b"}, "status": "member"}
GONE = {**MEMBER, "status": "kicked", "until_date": 0}


@pytest.mark.parametrize(
    "update",
    [
        {"message": MESSAGE},
        {"edited_message": MESSAGE | {"edit_date": 2}},
        {"callback_query": {"id": "9", "from": SENDER, "chat_instance": "1", "message": MESSAGE, "data": "1:a"}},
        {"my_chat_member": {"chat": CHAT, "from": SENDER, "date": 1, "old_chat_member": MEMBER, "new_chat_member": GONE}},
    ],
)  # fmt: skip
async def test_an_event_of_another_bot_is_another_event(update: dict[str, Any]) -> None:
    ids = await ids_of(*(({"update_id": at} | update, bot) for at, bot in ((5, 1), (6, 2), (7, 1))))
    assert ids[0] != ids[1]
    assert ids[0] == ids[2]  # whatever number the update comes under


async def test_also_of_what_cannot_be_read() -> None:
    update = {"message": {"message_id": 3, "chat": CHAT}}
    assert len(set(await ids_of((update, 1), (update, 2)))) == 2


async def ids_of(*updates: tuple[dict[str, Any], int]) -> list[str]:
    """The events' ids, each update as the bot of that id hears it."""
    heard: list[Event] = []

    async def accept(events: Sequence[Event]) -> None:
        heard.extend(events)

    async def aside(call: object) -> None:
        """Nothing is answered here."""

    for update, bot in updates:
        await Intake(Me(bot, "b"), accept, aside, StillClock(START)).take([update])
    assert len(heard) == len(updates)
    return [event.id for event in heard]
