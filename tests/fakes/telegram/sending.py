"""The methods that put a message into a chat.

Order of the checks, as far as it shows from outside: the chat, its 403 or migration, the content
(text, markup, file), then the pace. What fails any of them leaves nothing behind.
"""

from __future__ import annotations

from typing import Any

from .chats import BotMessage, Chat
from .entities import CAPTION_LIMIT, TEXT_LIMIT, read_text
from .files import PHOTO_LIMIT, UPLOAD_LIMIT, StoredFile
from .keyboards import read_markup
from .state import State
from .wire import ApiError, Json, Params, Upload, bad_request

_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def chat_to_write_to(state: State, params: Params) -> Chat:
    """The chat of a call, if the bot may write there now."""
    chat = state.chat(params.integer("chat_id"))
    if chat.migrated_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat.migrated_to},
        )
    if chat.refuses is not None:
        raise ApiError(403, chat.refuses)
    return chat


def send_message(state: State, params: Params) -> Json:
    chat = chat_to_write_to(state, params)
    text, entities = read_text(params, "text", TEXT_LIMIT)
    if not text:
        raise bad_request("message text is empty")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    return _post(state, chat, "sendMessage", content, params)


def send_photo(state: State, params: Params) -> Json:
    chat = chat_to_write_to(state, params)
    content, stored = _media(state, "photo", params.values.get("photo"), params.uploads)
    return _post(state, chat, "sendPhoto", content | _caption(params), params, stored)


def send_document(state: State, params: Params) -> Json:
    chat = chat_to_write_to(state, params)
    content, stored = _media(state, "document", params.values.get("document"), params.uploads)
    return _post(state, chat, "sendDocument", content | _caption(params), params, stored)


def send_location(state: State, params: Params) -> Json:
    chat = chat_to_write_to(state, params)
    try:
        place = {name: float(params.text(name)) for name in ("latitude", "longitude")}
    except ValueError:
        raise bad_request("invalid location") from None
    return _post(state, chat, "sendLocation", {"location": place}, params)


def send_media_group(state: State, params: Params) -> list[Json]:
    """An album: 2 to 10 photos, or 2 to 10 documents; all of it or nothing."""
    chat = chat_to_write_to(state, params)
    items: Any = params.parsed("media")
    if not isinstance(items, list) or not 2 <= len(items) <= 10:
        raise bad_request("an album has 2-10 items")
    kinds = {str(item.get("type")) for item in items}
    if kinds not in ({"photo"}, {"document"}):
        raise bad_request("photos and documents can't be mixed in an album, others can't be sent")
    kind = kinds.pop()
    contents = [
        (_media(state, kind, item.get("media"), params.uploads), _caption(Params(item)))
        for item in items
    ]
    _reply(chat, params)
    state.pace.charge(chat.id, is_group=chat.is_group)
    album = state.big_number()
    return [
        _post(
            state,
            chat,
            "sendMediaGroup",
            content | caption | {"media_group_id": album},
            params,
            stored,
            charged=True,
        )
        for (content, stored), caption in contents
    ]


def send_chat_action(state: State, params: Params) -> bool:
    chat = chat_to_write_to(state, params)
    action = params.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.actions.append(action)
    chat.bell.ring()
    return True


def _post(
    state: State,
    chat: Chat,
    method: str,
    content: Json,
    params: Params,
    stored: StoredFile | None = None,
    *,
    charged: bool = False,
) -> Json:
    """Put the message into the chat; its Message is the call's result."""
    markup = read_markup(params) if "reply_markup" in params else None
    content |= _reply(chat, params)
    if not charged:
        state.pace.charge(chat.id, is_group=chat.is_group)
    if markup is not None and markup.get("inline_keyboard"):
        content["reply_markup"] = markup
    raw = state.message(chat, state.me, content)
    message = BotMessage(chat, raw, method, state.clock.now(), stored, markup)
    chat.keep(message)
    state.sent.append(message)
    return raw


def _reply(chat: Chat, params: Params) -> Json:
    """The message this one answers; a missing one is a 400 unless the call allows for it."""
    asked: Any = params.parsed("reply_parameters")
    if asked is None:
        number, lenient = params.integer("reply_to_message_id"), False
    else:
        number, lenient = asked.get("message_id"), bool(asked.get("allow_sending_without_reply"))
    lenient = lenient or params.boolean("allow_sending_without_reply")
    if not number:
        return {}
    found = chat.messages.get(int(number))
    if found is None:
        if lenient:
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": {key: found[key] for key in found if key != "reply_to_message"}}


def _caption(params: Params) -> Json:
    caption, entities = read_text(params, "caption", CAPTION_LIMIT)
    content: Json = {"caption": caption} if caption else {}
    if entities:
        content["caption_entities"] = entities
    return content


def _media(
    state: State, kind: str, value: Any, uploads: dict[str, Upload]
) -> tuple[Json, StoredFile]:
    """A photo or document by upload, `attach://name` or file_id. Addresses are not fetched here."""
    name = str(value).removeprefix("attach://") if value else kind
    upload = uploads.get(name)
    if upload is None:
        return _known(state, kind, str(value or ""))
    if len(upload.data) > UPLOAD_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    if not upload.data:
        raise bad_request("file must be non-empty")
    if kind == "document":
        stored = state.files.add(upload.data, "document", upload.name, upload.mime)
        return {"document": stored.as_document()}, stored
    if len(upload.data) > PHOTO_LIMIT:
        raise bad_request(
            f"file of size {len(upload.data)} bytes is too big for a photo; "
            f"the maximum size is {PHOTO_LIMIT} bytes"
        )
    if not upload.data.startswith((b"\xff\xd8", b"\x89PNG", b"GIF8", b"RIFF", b"BM")):
        raise bad_request("IMAGE_PROCESS_FAILED")
    sizes = state.files.add_photo(upload.data)
    return {"photo": [size.as_size() for size in sizes]}, sizes[-1]


def _known(state: State, kind: str, file_id: str) -> tuple[Json, StoredFile]:
    if not file_id:
        raise bad_request(f"there is no {kind} in the request")
    if file_id.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    try:
        stored = state.files.get(file_id)
    except ApiError:
        raise bad_request("wrong file identifier/HTTP URL specified") from None
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    if kind == "document":
        return {"document": stored.as_document()}, stored
    return {"photo": [stored.as_size()]}, stored
