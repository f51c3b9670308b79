"""Keyboards under messages: which the Bot API takes, and the 400 it answers to the others.

A button does exactly one thing; callback_data is 1 to 64 bytes (bytes, not letters: "Đ" is two);
at most 100 buttons; a style is danger, success or primary.
"""

from __future__ import annotations

from typing import Any

from .wire import Json, Params, bad_request

_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)


def read_markup(params: Params) -> Json | None:
    """The reply_markup of a call, checked; None when there is none."""
    markup = params.parsed("reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return {"inline_keyboard": _checked(markup["inline_keyboard"])}
    if "keyboard" in markup:
        for button in _buttons(markup["keyboard"]):
            if not (button if isinstance(button, str) else button.get("text")):
                raise bad_request("can't parse keyboard button: text must be non-empty")
    return markup


def _checked(rows: Any) -> list[list[Json]]:
    count = 0
    for button in _buttons(rows):
        count += 1
        if not isinstance(button, dict):
            raise bad_request("can't parse inline keyboard button: object expected")
        _check(button)
    if count > 100:
        raise bad_request("reply markup is too long")
    return [row for row in rows if row]


def _buttons(rows: Any) -> list[Any]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("object expected as reply markup: an array of arrays of buttons")
    return [button for row in rows for button in row]


def _check(button: Json) -> None:
    if not str(button.get("text") or "").strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    actions = [name for name in _ACTIONS if button.get(name) is not None]
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one action is allowed")
    if "callback_data" in actions and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in actions and not str(button["url"]).startswith(("http://", "https://", "tg://")):
        raise bad_request("BUTTON_URL_INVALID")
    if "web_app" in actions and not str(button["web_app"].get("url", "")).startswith("https://"):
        raise bad_request("BUTTON_WEB_APP_URL_INVALID")
    if "copy_text" in actions and not 1 <= len(str(button["copy_text"].get("text", ""))) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if button.get("style") not in (None, "danger", "success", "primary"):
        raise bad_request("can't parse inline keyboard button: invalid style")
