"""The printable sheet of invitations: one self-contained HTML page, A4, eight cards a page.

Each card has a person's one-time code three ways: a Telegram deep link, a web link, and the code
itself to be typed on any other network. For Zalo the card says whom to look for; a link can open
the chat there, but not carry the code.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services import linking
from vietnamese.formatting import clock_time, full_day
from vietnamese.letters import clean
from vietnamese.zone import local

CARDS_A_PAGE = 8
_BOT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)


@dataclass(frozen=True)
class Invitation:
    """One person's card. `code` is the one-time code as digits, good until `expires_at` (aware).

    `zalo`: the name of the bot or account to look for; `zalo_link`: the address that opens it.
    `typed_on`: the networks where the code can be typed.
    """

    name: str
    post: str
    unit: str
    code: str
    expires_at: datetime
    zalo: str = ""
    zalo_link: str = ""
    typed_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Card:
    name: str
    post: str
    unit: str
    code: str
    expires: str
    telegram: Markup | None
    web: Markup | None
    zalo: str
    zalo_square: Markup | None
    typed_on: str
    sign_in: str

    @property
    def how(self) -> str:
        """What to do, of the ways that this card has."""
        squares = sum(one is not None for one in (self.telegram, self.web, self.zalo_square))
        scan = ["", "quét mã vuông bằng điện thoại", "quét một trong các mã bằng điện thoại"]
        typed = f"nhắn dãy số này trên {self.typed_on}" if self.typed_on else ""
        if not typed and self.sign_in:
            typed = f"mở {self.sign_in} rồi nhập dãy số này"
        ways = " hoặc ".join(way for way in (scan[min(squares, 2)], typed) if way)
        return f"Đồng chí {ways}." if ways else ""


def telegram_link(bot_name: str, code: str) -> str:
    """The deep link that opens the bot with the code. Raises ValueError for an impossible name."""
    name = bot_name.strip().removeprefix("@")
    if not _BOT_NAME.fullmatch(name):
        raise ValueError(f"not the name of a Telegram bot: {bot_name!r}")
    return f"https://t.me/{name}?start={quote(code, safe='')}"


def web_link(public_url: str, code: str) -> str:
    """The link that opens the web chat with the code."""
    return f"{public_url.rstrip('/')}/vao/{quote(code, safe='')}"


def sign_in_address(public_url: str) -> str:
    """Where the code is typed on the web, by whom no network takes it from."""
    return f"{public_url.rstrip('/')}/dang-nhap"


def write_invitations(
    invitations: Sequence[Invitation], *, bot_name: str = "", public_url: str = ""
) -> str:
    """The page as text; without a bot name or an address that QR code is left out."""
    cards = [
        _Card(
            name=clean(one.name),
            post=clean(one.post),
            unit=clean(one.unit),
            code=grouped(one.code),
            expires=_moment(one.expires_at),
            telegram=_square(telegram_link(bot_name, one.code)) if bot_name else None,
            web=_square(web_link(public_url, one.code)) if public_url else None,
            zalo=clean(one.zalo),
            zalo_square=_square(one.zalo_link) if one.zalo_link else None,
            typed_on=" hoặc ".join(one.typed_on),
            sign_in=sign_in_address(public_url) if public_url else "",
        )
        for one in invitations
    ]
    pages = [cards[at : at + CARDS_A_PAGE] for at in range(0, len(cards), CARDS_A_PAGE)]
    return _templates.get_template("invitations.html").render(title="Giấy mời kết nối", pages=pages)


def grouped(code: str) -> str:
    """Ten digits in three groups, easier to read and to type: 4729 183 651."""
    return linking.grouped(code) if len(code) == linking.CODE_DIGITS else clean(code)


def _moment(instant: datetime) -> str:
    at = local(instant)
    return f"{clock_time(at)} {full_day(at.date())}"


def _square(link: str) -> Markup:
    """The QR code of a link as inline SVG, its quiet zone of four modules included."""
    target = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        target, kind="svg", border=4, xmldecl=False, svgns=False, omitsize=True, nl=False
    )
    return Markup(target.getvalue().decode())
