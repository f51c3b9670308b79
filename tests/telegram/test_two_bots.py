"""Another bot on the same database: its chats and messages are numbered anew, and it is heard."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.types import Update

from bot.channels.telegram.translate import Me, event_of, unreadable
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
def test_an_event_of_another_bot_is_another_event(update: dict[str, Any]) -> None:
    read = [
        event_of(Update.model_validate({"update_id": at, **update}), Me(bot, "b"), START)
        for at, bot in ((5, 111), (6, 222), (7, 111))
    ]
    ids = [event.id for event in read if event]
    assert len(ids) == 3
    assert ids[0] != ids[1]
    assert ids[0] == ids[2]  # whatever number the update comes under


def test_also_of_what_cannot_be_read() -> None:
    update = {"message": {"message_id": 3, "chat": CHAT}}
    ids = [event.id for bot in (111, 222) if (event := unreadable(update, Me(bot, "b"), START))]
    assert len(set(ids)) == 2
