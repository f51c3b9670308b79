"""The board on a photo: what, where, when, in Vietnamese capitals.

The letters of the font that comes with Pillow have no Vietnamese marks, and no other font is sure
to be on the machine; the marks are drawn by hand over the plain letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from PIL import ImageDraw, ImageFont

_INK = (34, 46, 84)
_PAPER = (250, 248, 238)
_SIZE = 30
_LINE = 50


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=_SIZE)


def write_board(
    draw: ImageDraw.ImageDraw, width: int, height: int, lines: Sequence[str], *, left: bool
) -> None:
    """A board in a lower corner of a picture of width × height pixels."""
    wide = max(_length(line) for line in lines) + 44
    tall = _LINE * len(lines) + 24
    x = 24 if left else width - wide - 24
    y = height - tall - 24
    draw.rectangle((x - 8, y - 8, x + wide + 8, y + tall + 8), fill=(120, 86, 54))
    draw.rectangle((x, y, x + wide, y + tall), fill=_PAPER)
    for at, line in enumerate(lines):
        _write(draw, x + 22, y + 16 + at * _LINE, line)


def _letters(text: str) -> list[tuple[str, str]]:
    """Plain letters, each with its marks; Đ is D with a bar."""
    letters: list[tuple[str, str]] = []
    for letter in unicodedata.normalize("NFD", text.replace("Đ", "D\u0335").replace("–", "-")):
        if unicodedata.combining(letter):
            plain, marks = letters[-1]
            letters[-1] = (plain, marks + letter)
        else:
            letters.append((letter, ""))
    return letters


def _length(text: str) -> int:
    return int(_font().getlength("".join(plain for plain, _ in _letters(text))))


def _write(draw: ImageDraw.ImageDraw, x: float, y: float, text: str) -> None:
    for plain, marks in _letters(text):
        draw.text((x, y), plain, font=_font(), fill=_INK)
        wide = _font().getlength(plain)
        _mark(draw, x, y, wide, marks)
        x += wide


def _mark(draw: ImageDraw.ImageDraw, x: float, y: float, wide: float, marks: str) -> None:
    """Marks around a capital whose top is at y + 7 and whose foot is at y + 29."""
    middle, top = x + wide / 2, y + 4
    hat = "\u0302" in marks or "\u0306" in marks
    if "\u0302" in marks:  # â ê ô
        draw.line((middle - 7, top, middle, top - 6, middle + 7, top), fill=_INK, width=2)
    if "\u0306" in marks:  # ă
        draw.arc((middle - 7, top - 9, middle + 7, top + 1), 10, 170, fill=_INK, width=2)
    if "\u031b" in marks:  # ơ ư
        right = x + wide - 4
        draw.arc((right - 5, y + 2, right + 5, y + 12), 300, 100, fill=_INK, width=2)
    if "\u0335" in marks:  # đ
        draw.line((x - 1, y + 18, x + 10, y + 18), fill=_INK, width=2)
    if "\u0323" in marks:  # nặng
        draw.ellipse((middle - 2, y + 32, middle + 2, y + 36), fill=_INK)
    at, over = (middle + 9, top - 5) if hat else (middle, top)
    if "\u0301" in marks:  # sắc
        draw.line((at - 2, over, at + 5, over - 7), fill=_INK, width=2)
    elif "\u0300" in marks:  # huyền
        draw.line((at + 2, over, at - 5, over - 7), fill=_INK, width=2)
    elif "\u0309" in marks:  # hỏi
        draw.arc((at - 4, over - 10, at + 4, over - 3), 200, 90, fill=_INK, width=2)
        draw.line((at, over - 3, at, over), fill=_INK, width=2)
    elif "\u0303" in marks:  # ngã
        points = (at - 7, over - 2, at - 3, over - 6, at + 3, over - 2, at + 7, over - 6)
        draw.line(points, fill=_INK, width=2)
