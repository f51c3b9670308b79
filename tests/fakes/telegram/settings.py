"""The methods about the bot itself: who it is, its commands, its webhook, its files, its chats.

Commands are kept per scope and language; setting an empty list is the same as deleting it.
"""

from __future__ import annotations

import re
from typing import Any

from .state import State
from .wire import ApiError, Described, Json, Params, bad_request

_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")


def get_me(state: State, params: Params) -> Json:
    return state.me | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(state: State, params: Params) -> list[Json]:
    """Long polling: limit 1 to 100, timeout up to 50 s, refused while a webhook is set."""
    if state.webhook.url:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    _read_allowed(state, params)
    limit = params.integer("limit", 100) or 100
    timeout = min(params.integer("timeout", 0) or 0, 50)
    return await state.updates.poll(
        params.integer("offset", 0) or 0, limit if 1 <= limit <= 100 else 100, timeout
    )


def set_webhook(state: State, params: Params) -> Described:
    """HTTPS only, as the real one; plain HTTP is taken for this machine alone."""
    url = params.text("url")
    if not url:
        return delete_webhook(state, params)
    if not re.match(r"https://|http://(127\.0\.0\.1|localhost)[:/]", url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text("secret_token")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    _read_allowed(state, params)
    if params.boolean("drop_pending_updates"):
        state.updates.drop_all()
    state.updates.interrupt("terminated by setWebhook request")
    connections = params.integer("max_connections", 40) or 40
    state.webhook.set(url, secret, min(max(connections, 1), 100))
    return Described(True, "Webhook was set")


def delete_webhook(state: State, params: Params) -> Described:
    was_set = bool(state.webhook.url)
    if params.boolean("drop_pending_updates"):
        state.updates.drop_all()
    state.webhook.set("", "", 40)
    return Described(True, "Webhook was deleted" if was_set else "Webhook is already deleted")


def get_webhook_info(state: State, params: Params) -> Json:
    return state.webhook.info()


def _read_allowed(state: State, params: Params) -> None:
    """allowed_updates counts from now on; not given, the last list stays in force."""
    allowed: Any = params.parsed("allowed_updates")
    if isinstance(allowed, list):
        state.updates.allowed = [str(kind) for kind in allowed]


def set_my_commands(state: State, params: Params) -> bool:
    commands: Any = params.parsed("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands JSON object")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for item in commands:
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", str(item.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(item.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    state.commands[_scope(state, params)] = [
        {"command": item["command"].lstrip("/"), "description": item["description"]}
        for item in commands
    ]
    return True


def get_my_commands(state: State, params: Params) -> list[Json]:
    return state.commands.get(_scope(state, params), [])


def delete_my_commands(state: State, params: Params) -> bool:
    state.commands.pop(_scope(state, params), None)
    return True


def _scope(state: State, params: Params) -> tuple[str, str]:
    scope: Any = params.parsed("scope") or {"type": "default"}
    kind = str(scope.get("type"))
    language = params.text("language_code")
    if kind in _SCOPES:
        return kind, language
    if kind not in _CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type")
    chat = state.chat(int(scope.get("chat_id") or 0))
    name = f"{kind}:{chat.id}"
    return f"{name}:{scope['user_id']}" if kind == "chat_member" else name, language


def get_file(state: State, params: Params) -> Json:
    return state.files.open_path(params.text("file_id"), state.clock.now())


def get_chat(state: State, params: Params) -> Json:
    chat = state.chat(params.integer("chat_id"))
    return chat.raw | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }
