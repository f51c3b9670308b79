"""Faults of the settings in words: which one, and what is expected of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

if TYPE_CHECKING:
    from bot.settings import Settings

_WORDS = {
    "missing": "chưa đặt",
    "int_parsing": "cần một số nguyên",
    "int_from_float": "cần một số nguyên",
    "float_parsing": "cần một số, ví dụ 1.5",
    "bool_parsing": "cần true hoặc false",
    "greater_than_equal": "cần số từ {ge:g} trở lên",
    "less_than_equal": "cần số nhiều nhất là {le:g}",
    "finite_number": "cần một số, ví dụ 1.5",
    "too_short": "cần ít nhất {min_length} ký tự",
    "string_too_short": "cần ít nhất {min_length} ký tự",
    "literal_error": "cần một trong: {choices}",
}
_MORE = {
    "secret_key": ('; tạo bằng lệnh: python3 -c "import secrets; print(secrets.token_urlsafe(48))"')
}


def faults_of(error: ValidationError) -> tuple[list[str], set[str]]:
    """All of them, a line each, and the settings that could not be read themselves."""
    lines: list[str] = []
    bad: set[str] = set()
    for fault in error.errors():
        if not fault["loc"]:
            lines += fault["msg"].removeprefix("Value error, ").splitlines()
            continue
        name = str(fault["loc"][0])
        if name not in bad:
            lines.append(f"{name.upper()}: {_words(fault)}{_MORE.get(name, '')}")
        bad.add(name)
    return lines, bad


def _words(fault: Any) -> str:
    known = _WORDS.get(fault["type"])
    if known is None:
        return str(fault["msg"].removeprefix("Value error, "))
    given = fault.get("ctx", {})
    choices = ", ".join(re.findall(r"'([^']*)'", str(given.get("expected", ""))))
    return known.format(**given, choices=choices)


def contradictions(settings: Settings) -> list[str]:
    """What does not go together, a line each.

    A line begins with the names it is about, with commas between: where one of them could not be
    read at all, the line is left out.
    """
    faults = [*_webhooks(settings), *_zalo(settings)]
    order = "cần theo thứ tự DIGEST_FROM < LEADER_DIGEST_AT <= DIGEST_UNTIL"
    if settings.digest_from >= settings.digest_until:
        faults.append(f"DIGEST_FROM, DIGEST_UNTIL: {order}")
    elif not settings.digest_from < settings.leader_digest_at <= settings.digest_until:
        faults.append(f"DIGEST_FROM, LEADER_DIGEST_AT, DIGEST_UNTIL: {order}")
    return faults


def _webhooks(settings: Settings) -> list[str]:
    """What a network needs to call us; one of our own (a test's) may call plain http."""
    faults = []
    is_open = not settings.public_url.startswith("https://")
    if settings.telegram_mode == "webhook" and settings.telegram_token.get_secret_value():
        if not settings.telegram_webhook_secret.get_secret_value():
            faults.append("TELEGRAM_WEBHOOK_SECRET: cần đặt khi TELEGRAM_MODE=webhook")
        if is_open and not settings.telegram_api_url:
            faults.append("PUBLIC_URL: cần bắt đầu bằng https:// khi TELEGRAM_MODE=webhook")
    if settings.zalo_bot_mode == "webhook" and settings.zalo_bots:
        if not 8 <= len(settings.zalo_bot_webhook_secret.get_secret_value()) <= 256:
            faults.append(
                "ZALO_BOT_WEBHOOK_SECRET: cần từ 8 đến 256 ký tự khi ZALO_BOT_MODE=webhook"
            )
        usual = type(settings).model_fields["zalo_bot_api_url"].default
        if is_open and settings.zalo_bot_api_url == usual:
            faults.append("PUBLIC_URL: cần bắt đầu bằng https:// khi ZALO_BOT_MODE=webhook")
    return faults


def _zalo(settings: Settings) -> list[str]:
    faults = [
        f"{name.upper()}, ZALO_BOT_TOKENS: {what} nhiều hơn số bot"
        for name, what in (("zalo_bot_names", "số tên"), ("zalo_bot_links", "số địa chỉ"))
        if settings.zalo_bots
        and len(listed(getattr(settings, name))) > len(settings.zalo_bot_places)
    ]
    links = [*listed(settings.zalo_bot_links), settings.zalo_oa_link]
    if any(link and not link.startswith("https://") for link in links):
        faults.append("ZALO_BOT_LINKS, ZALO_OA_LINK: cần bắt đầu bằng https://")
    if settings.zalo_oa_app_id:
        faults += [
            f"{name.upper()}: cần đặt khi đã đặt ZALO_OA_APP_ID"
            for name in ("zalo_oa_app_secret", "zalo_oa_secret_key")
            if not getattr(settings, name).get_secret_value()
        ]
    return faults


def listed(text: str) -> list[str]:
    """What stands between the commas; a place may be left empty."""
    return [one.strip() for one in text.split(",")] if text.strip() else []
