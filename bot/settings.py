"""Every setting, read once from the environment, frozen. All faults are told at once."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.settings_faults import contradictions, faults_of, listed

Rate = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
"""Messages a second; 0: no limit."""


class Settings(BaseSettings):
    """See .env.example: a test holds the two against each other."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    secret_key: Annotated[SecretStr, Field(min_length=32)]
    """Signs links and keys the hashes of codes. At least 32 letters; keep it."""
    database_url: str = "sqlite:///data/giaoviec.db"
    """sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"""
    media_url: str = "data/media"
    """A folder, or s3://BUCKET/PREFIX (the keys come from the usual AWS_ variables)."""

    listen_host: str = "127.0.0.1"
    listen_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: str = "http://127.0.0.1:8080"
    """The address people and networks reach us by; https:// outside this machine."""
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = 0
    """How many proxies of ours stand in front and set X-Forwarded-For."""
    metrics_token: SecretStr = SecretStr("")

    telegram_token: SecretStr = SecretStr("")
    """Empty: Telegram is off."""
    telegram_bot_name: str = ""
    telegram_api_url: str = ""
    """Another Bot API server than Telegram's own."""
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: SecretStr = SecretStr("")
    telegram_per_second: Rate = 30
    telegram_per_chat_second: Rate = 1

    zalo_bot_tokens: SecretStr = SecretStr("")
    """Tokens of Zalo bots, with commas between: up to fifty people each. Empty: off.

    Their order is their channels' names: a new bot comes last, and the place of one that is gone
    stays empty.
    """
    zalo_bot_names: str = ""
    """What people look for in Zalo to find each bot, in the order of the tokens, with commas."""
    zalo_bot_links: str = ""
    """The address that opens each bot, in the same order; it becomes a QR code."""
    zalo_bot_api_url: str = "https://bot-api.zaloplatforms.com"
    zalo_bot_mode: Literal["polling", "webhook"] = "polling"
    zalo_bot_webhook_secret: SecretStr = SecretStr("")
    zalo_bot_monthly_limit: Annotated[int, Field(ge=0)] = 3000
    """Messages a bot may handle in a month; 0: no limit."""
    zalo_bot_counts_received: bool = True
    """Whether received messages count against the limit, too."""
    zalo_bot_people: Annotated[int, Field(ge=1)] = 50
    zalo_bot_per_second: Rate = 5
    zalo_bot_per_chat_second: Rate = 1

    zalo_oa_app_id: str = ""
    """Empty: the Official Account is off."""
    zalo_oa_app_secret: SecretStr = SecretStr("")
    zalo_oa_secret_key: SecretStr = SecretStr("")
    """Of the account; it signs the webhook."""
    zalo_oa_id: str = ""
    zalo_oa_name: str = ""
    zalo_oa_link: str = ""
    """What people look for in Zalo, and the address that opens it."""
    zalo_oa_refresh_token: SecretStr = SecretStr("")
    """To begin with; afterwards the pair is kept, rotated, in the database."""
    zalo_oa_oauth_url: str = "https://oauth.zaloapp.com"
    zalo_oa_api_url: str = "https://openapi.zalo.me"
    zalo_oa_template_id: str = ""
    """An approved template for reminders outside the window; empty: none."""
    zalo_oa_template_data: Annotated[dict[str, str], NoDecode] = {
        "noi_dung": "{text}",
        "ngay": "{date}",
    }
    zalo_oa_template_limit: Annotated[int, Field(ge=20)] = 200
    zalo_oa_per_second: Rate = 20
    zalo_oa_per_chat_second: Rate = 2

    code_days: Annotated[int, Field(ge=1, le=60)] = 7
    """How many days a one-time code is good for."""
    digest_from: str = "07:30"
    digest_until: str = "17:30"
    leader_digest_at: str = "16:45"
    log_format: Literal["text", "json"] = "text"

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError:
            backend = ""
        if backend not in ("sqlite", "postgresql"):
            raise ValueError("cần dạng sqlite:///TEP hoặc postgresql://TEN:MAT_KHAU@MAY_CHU/CSDL")
        if backend == "sqlite" and make_url(value).database in (None, "", ":memory:"):
            # In memory every connection has a database of its own, and a restart loses it.
            raise ValueError("SQLite cần một tệp, ví dụ sqlite:///data/giaoviec.db")
        return value

    @field_validator("media_url")
    @classmethod
    def _media(cls, value: str) -> str:
        parts = urlsplit(value)
        # In memory (which the store knows, too) a restart would lose every photo.
        place = {"": value.strip(), "file": parts.path, "s3": parts.netloc}.get(parts.scheme)
        if not place:
            raise ValueError("cần một thư mục, ví dụ data/media, hoặc dạng s3://KHO/THU_MUC")
        return value

    @field_validator("telegram_per_second", "zalo_bot_per_second", "zalo_oa_per_second")
    @classmethod
    def _per_second(cls, value: float) -> float:
        if 0 < value < 1:
            raise ValueError("cần 0 (không giới hạn) hoặc từ 1 trở lên")
        return value

    @field_validator(
        "telegram_per_chat_second", "zalo_bot_per_chat_second", "zalo_oa_per_chat_second"
    )
    @classmethod
    def _per_chat_second(cls, value: float) -> float:
        if 0 < value < 0.01:
            raise ValueError("cần 0 (không giới hạn) hoặc từ 0.01 trở lên")
        return value

    @field_validator("telegram_token", "zalo_bot_tokens")
    @classmethod
    def _tokens(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        """A token is never shown, whatever is wrong with it."""
        if info.field_name == "telegram_token":
            token = value.get_secret_value()
            if token and not re.fullmatch(r"[0-9]+:[\w-]+", token, re.ASCII):
                raise ValueError("chưa đúng dạng SỐ:CHỮ mà @BotFather đã cấp, xem lại khi chép")
            return value
        tokens = [token for token in listed(value.get_secret_value()) if token]
        for at, token in enumerate(tokens, start=1):
            if not re.fullmatch(r"[A-Za-z0-9:._-]{8,256}", token):
                raise ValueError(
                    f"token thứ {at} chưa đúng: cần từ 8 đến 256 chữ không dấu, chữ số, dấu : . _ -"
                )
        if len(set(tokens)) < len(tokens):
            raise ValueError("có token ghi hai lần; mỗi bot một token")
        return value

    @field_validator("zalo_oa_template_data", mode="before")
    @classmethod
    def _template(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError(
                'cần dạng JSON, ví dụ {"noi_dung": "{text}", "ngay": "{date}"}'
            ) from None

    @field_validator(
        "public_url",
        "telegram_api_url",
        "zalo_bot_api_url",
        "zalo_oa_oauth_url",
        "zalo_oa_api_url",
    )
    @classmethod
    def _url(cls, value: str, info: ValidationInfo) -> str:
        if not value and info.field_name == "telegram_api_url":
            return value
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("cần một địa chỉ, ví dụ https://giaoviec.example.vn")
        return value.rstrip("/")

    @field_validator("digest_from", "digest_until", "leader_digest_at")
    @classmethod
    def _hour(cls, value: str) -> str:
        hours, colon, minutes = value.partition(":")
        if not (colon and hours.isdigit() and minutes.isdigit()):
            raise ValueError("cần giờ và phút, ví dụ 07:30")
        if int(hours) > 23 or int(minutes) > 59:
            raise ValueError(f"không có giờ {value}; cần giờ và phút, ví dụ 07:30")
        return f"{int(hours):02d}:{int(minutes):02d}"

    @model_validator(mode="after")
    def _together(self) -> Settings:
        faults = contradictions(self)
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @property
    def secret(self) -> bytes:
        return self.secret_key.get_secret_value().encode()

    @property
    def zalo_bots(self) -> dict[str, str]:
        """The tokens by the names of their channels: zalo_bot, zalo_bot_2, …

        A bot keeps its number for good, so a place between the commas may be left empty.
        """
        return {_bot_channel(at): token for at, token in enumerate(self.zalo_bot_places) if token}

    @property
    def zalo_bot_places(self) -> list[str]:
        """The tokens as they are listed, with "" for a place that was left empty."""
        return listed(self.zalo_bot_tokens.get_secret_value())

    @property
    def zalo_bot_signs(self) -> list[tuple[str, str, str]]:
        """(channel, name, link) of each bot; "" where none was given."""
        places = self.zalo_bot_places
        names, links = (
            [*listed(text), *[""] * len(places)]
            for text in (self.zalo_bot_names, self.zalo_bot_links)
        )
        return [
            (_bot_channel(at), names[at], links[at]) for at, token in enumerate(places) if token
        ]

    @property
    def sqlite_path(self) -> Path | None:
        url = make_url(self.database_url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _bot_channel(at: int) -> str:
    return f"zalo_bot_{at + 1}" if at else "zalo_bot"


class BadSettings(Exception):
    """Settings that are missing or contradict each other; `faults` are lines to print."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def read_settings() -> Settings:
    """The settings from the environment and `.env`. Raises BadSettings with all faults."""
    try:
        return _read()
    except ValidationError as error:
        faults, bad = faults_of(error)
    if bad:
        # What contradicts each other is looked at with stand-ins for what could not be read.
        try:
            _read(**{name: _stand_in(name) for name in bad})
        except ValidationError as error:
            named = {name.upper() for name in bad}
            faults += [
                fault
                for fault in faults_of(error)[0]
                if named.isdisjoint(fault.partition(":")[0].split(", "))
            ]
    raise BadSettings([*faults, *unknown_names()])


def _read(**given: Any) -> Settings:
    return Settings(**given)


_STAND_INS = {"secret_key": "x" * 32, "telegram_token": "1:x", "zalo_bot_tokens": "x" * 8}
"""Where the default would not do: a network with a token that is wrong is still meant to be on."""


def _stand_in(name: str) -> object:
    return _STAND_INS.get(name, Settings.model_fields[name].get_default())


OURS = (
    "TELEGRAM_", "ZALO_", "DIGEST_", "LEADER_", "LISTEN_", "MEDIA_URL", "DATABASE_", "SECRET_KEY",
    "PUBLIC_", "TRUSTED_", "METRICS_",
)  # fmt: skip


def unknown_names() -> list[str]:
    """A line for each name that looks like a setting of ours and is none."""
    env_file = Settings.model_config.get("env_file")
    lines = Path(str(env_file)).read_text("utf-8").splitlines() if _is_there(env_file) else []
    written = {line.partition("=")[0].removeprefix("export ").strip() for line in lines}
    names = {name for name in (*written, *os.environ) if name.upper().startswith(OURS)}
    known = {name.upper() for name in Settings.model_fields}
    return [
        f"{name}: không có thiết lập tên này, xem .env.example"
        for name in sorted(names)
        if name.upper() not in known
    ]


def doubts(settings: Settings) -> list[str]:
    """What stops nothing and is worth a look: names nobody reads, bots of one name."""
    found = unknown_names()
    signs = [name for _, name, _ in settings.zalo_bot_signs if name]
    found += [
        f"ZALO_BOT_NAMES: nhiều bot cùng tên “{name}”, người dùng khó tìm đúng bot"
        for name in dict.fromkeys(signs)
        if signs.count(name) > 1
    ]
    return found


def _is_there(path: object) -> bool:
    return bool(path) and Path(str(path)).is_file()
