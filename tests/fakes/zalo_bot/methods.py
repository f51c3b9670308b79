"""The calls of the Bot Platform, and what it refuses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp

from .state import BotMessage, Chat, Json

if TYPE_CHECKING:
    from .server import FakeZaloBot

TEXT_LIMIT = 2000
PHOTO_BYTES = 5 * 1024 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Refusal(Exception):
    """`ok: false`, with this code."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _chat(zalo: FakeZaloBot, body: Json) -> Chat:
    chat_id = body.get("chat_id")
    if not isinstance(chat_id, str):
        raise Refusal(400, "chat_id must be a string")
    chat = zalo.chats.get(chat_id)
    if chat is None:
        raise Refusal(400, "chat not found")
    if chat.refusal:
        raise Refusal(*chat.refusal)
    return chat


def _within_limit(zalo: FakeZaloBot) -> None:
    if zalo.limit is not None and zalo.exchanged >= zalo.limit:
        raise Refusal(429, "Quota exceeded")


def _put(zalo: FakeZaloBot, chat: Chat, text: str, photo: bytes | None = None) -> Json:
    message = BotMessage(zalo.new_id(), chat.id, text, photo)
    chat.said.append(message)
    zalo.sent.append(message)
    return {"message_id": message.id, "date": int(zalo.clock.now() * 1000)}


async def get_me(zalo: FakeZaloBot, body: Json) -> Any:
    return zalo.me


async def get_updates(zalo: FakeZaloBot, body: Json) -> Any:
    """One update, and it is gone; 408 when none came in time."""
    if zalo.hook_url:
        raise Refusal(400, "a webhook is set")
    if not isinstance(body.get("timeout", "30"), str):
        raise Refusal(400, "timeout must be a string")
    zalo.polling += 1
    zalo.bell.ring()
    try:
        await zalo.bell.until(
            lambda: bool(zalo.waiting) or zalo.closing.is_set() or None,
            float(body.get("timeout", "30")),
        )
    except TimeoutError:
        raise Refusal(408, "Request timeout") from None
    finally:
        zalo.polling -= 1
    if not zalo.waiting:
        raise Refusal(408, "Request timeout")
    return zalo.waiting.popleft()


async def send_message(zalo: FakeZaloBot, body: Json) -> Any:
    text = body.get("text")
    if not isinstance(text, str) or not 1 <= units(text) <= TEXT_LIMIT or not text.strip():
        raise Refusal(400, "text must have 1 to 2000 letters")
    chat = _chat(zalo, body)
    _within_limit(zalo)
    return _put(zalo, chat, text)


async def send_photo(zalo: FakeZaloBot, body: Json) -> Any:
    """Zalo fetches the picture itself, from wherever the public can."""
    url, caption = body.get("photo"), body.get("caption", "")
    if not isinstance(url, str) or not isinstance(caption, str) or units(caption) > TEXT_LIMIT:
        raise Refusal(400, "photo must be a URL, caption at most 2000 letters")
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise Refusal(400, "photo must be an https URL")
    chat = _chat(zalo, body)
    _within_limit(zalo)
    return _put(zalo, chat, caption, await _fetched(url))


async def _fetched(url: str) -> bytes:
    timeout = aiohttp.ClientTimeout(total=5)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            http.get(url, allow_redirects=False) as answer,
        ):
            data = await answer.read()
            good = answer.status == 200 and answer.content_type.startswith("image/")
    except (aiohttp.ClientError, TimeoutError, OSError):
        good, data = False, b""
    if not good or not 0 < len(data) <= PHOTO_BYTES:
        raise Refusal(400, "photo could not be fetched")
    return data


async def send_chat_action(zalo: FakeZaloBot, body: Json) -> Any:
    _chat(zalo, body).actions.append(str(body.get("action")))
    return True


async def set_webhook(zalo: FakeZaloBot, body: Json) -> Any:
    """Stored even when nobody answers there."""
    url, secret = body.get("url"), body.get("secret_token")
    if not isinstance(secret, str) or not 8 <= len(secret) <= 256:
        raise Refusal(400, "secret_token must have 8 to 256 letters")
    parts = urlsplit(url if isinstance(url, str) else "")
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise Refusal(400, "url must be https")
    zalo.hook_url, zalo.hook_secret = str(url), secret
    if not await zalo.probe():
        raise Refusal(400, "webhook could not be verified")
    zalo.push_waiting()
    return {"url": url, "updated_at": int(zalo.clock.now() * 1000)}


async def delete_webhook(zalo: FakeZaloBot, body: Json) -> Any:
    if not zalo.hook_url:
        raise Refusal(400, "there is no webhook")
    zalo.hook_url = ""
    return {"url": "", "updated_at": int(zalo.clock.now() * 1000)}


async def get_webhook_info(zalo: FakeZaloBot, body: Json) -> Any:
    return {"url": zalo.hook_url, "updated_at": int(zalo.clock.now() * 1000)}


Method = Callable[["FakeZaloBot", Json], Awaitable[Any]]
METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendChatAction": send_chat_action,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
