"""The methods that change what stands in a chat, and the answer to a pressed button.

An edit that changes nothing is a 400; an edit without reply_markup takes the keyboard away. A
press can be answered for 150 seconds.
"""

from __future__ import annotations

from typing import Any

from .chats import BotMessage, Chat
from .entities import CAPTION_LIMIT, TEXT_LIMIT, read_text
from .keyboards import read_markup
from .sending import chat_to_write_to
from .state import State
from .updates import CALLBACK_SECONDS
from .wire import Json, Params, bad_request

DELETABLE_SECONDS = 48 * 3600
REACTIONS = frozenset(
    [
        "❤",
        "👍",
        "👎",
        "🔥",
        "🥰",
        "👏",
        "😁",
        "🤔",
        "🤯",
        "😱",
        "🤬",
        "😢",
        "🎉",
        "🤩",
        "🤮",
        "💩",
        "🙏",
        "👌",
        "🕊",
        "🤡",
        "🥱",
        "🥴",
        "😍",
        "🐳",
        "❤\u200d🔥",
        "🌚",
        "🌭",
        "💯",
        "🤣",
        "⚡",
        "🍌",
        "🏆",
        "💔",
        "🤨",
        "😐",
        "🍓",
        "🍾",
        "💋",
        "🖕",
        "😈",
        "😴",
        "😭",
        "🤓",
        "👻",
        "👨\u200d💻",
        "👀",
        "🎃",
        "🙈",
        "😇",
        "😨",
        "🤝",
        "✍",
        "🤗",
        "🫡",
        "🎅",
        "🎄",
        "☃",
        "💅",
        "🤪",
        "🗿",
        "🆒",
        "💘",
        "🙉",
        "🦄",
        "😘",
        "💊",
        "🙊",
        "😎",
        "👾",
        "🤷\u200d♂",
        "🤷",
        "🤷\u200d♀",
        "😡",
    ]
)


def edit_message_text(state: State, params: Params) -> Json:
    chat, message = _to_edit(state, params)
    if "text" not in message.raw:
        raise bad_request("there is no text in the message to edit")
    text, entities = read_text(params, "text", TEXT_LIMIT)
    if not text:
        raise bad_request("message text is empty")
    return _change(state, chat, message, params, {"text": text, "entities": entities})


def edit_message_caption(state: State, params: Params) -> Json:
    chat, message = _to_edit(state, params)
    if message.file is None:
        raise bad_request("there is no caption in the message to edit")
    caption, entities = read_text(params, "caption", CAPTION_LIMIT)
    changes = {"caption": caption, "caption_entities": entities}
    return _change(state, chat, message, params, changes)


def edit_message_reply_markup(state: State, params: Params) -> Json:
    chat, message = _to_edit(state, params)
    return _change(state, chat, message, params, {})


def _to_edit(state: State, params: Params) -> tuple[Chat, BotMessage]:
    chat = chat_to_write_to(state, params)
    number = params.integer("message_id")
    if number is None:
        raise bad_request("message identifier is not specified")
    message = chat.by_bot.get(number)
    if message is None or message.deleted:
        if number in chat.messages:
            raise bad_request("message can't be edited")
        raise bad_request("message to edit not found")
    return chat, message


def _change(state: State, chat: Chat, message: BotMessage, params: Params, changes: Json) -> Json:
    markup = read_markup(params) if "reply_markup" in params else None
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    changes["reply_markup"] = markup if markup and markup["inline_keyboard"] else None
    before = message.raw
    if all((before.get(key) or None) == (value or None) for key, value in changes.items()):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    state.pace.charge(chat.id, is_group=chat.is_group)
    after = {**before, **changes, "edit_date": state.date()}
    message.versions.append(before)
    message.raw = {key: value for key, value in after.items() if value not in (None, [], "")}
    chat.messages[message.id] = message.raw
    chat.edited.append(message)
    chat.bell.ring()
    return message.raw


def delete_message(state: State, params: Params) -> bool:
    chat = chat_to_write_to(state, params)
    _delete(state, chat, params.integer("message_id"))
    return True


def delete_messages(state: State, params: Params) -> bool:
    """Up to 100 at once; those that are not there are passed over."""
    chat = chat_to_write_to(state, params)
    numbers: Any = params.parsed("message_ids")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= 100:
        raise bad_request("message identifiers are not specified")
    for number in numbers:
        if int(number) in chat.messages:
            _delete(state, chat, int(number))
    return True


def _delete(state: State, chat: Chat, number: int | None) -> None:
    if number not in chat.messages:
        raise bad_request("message to delete not found")
    if state.clock.now() - chat.messages[number]["date"] > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    del chat.messages[number]
    if message := chat.by_bot.get(number):
        message.deleted = True
    chat.bell.ring()


def set_message_reaction(state: State, params: Params) -> bool:
    """One emoji of those allowed, or none to take it back."""
    chat = chat_to_write_to(state, params)
    number = params.integer("message_id")
    if number not in chat.messages:
        raise bad_request("message to react not found")
    wanted: list[Json] = params.parsed("reaction") or []
    emojis = [str(item.get("emoji", "")) for item in wanted]
    if len(emojis) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if not REACTIONS.issuperset(emojis):
        raise bad_request("REACTION_INVALID")
    chat.reactions[number] = emojis
    chat.bell.ring()
    return True


def answer_callback_query(state: State, params: Params) -> bool:
    query = state.queries.get(params.text("callback_query_id"))
    if query is None or state.clock.now() - query.at > CALLBACK_SECONDS:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = params.text("text")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answers.append({"text": text, "alert": params.boolean("show_alert")})
    return True
