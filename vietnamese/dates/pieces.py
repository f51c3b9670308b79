"""The days and periods named in a message, and whether anything else in it speaks against them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from vietnamese.dates import feasts, periods  # noqa: F401 - their rules join those of `days`
from vietnamese.dates.clock_words import ClockReading, parts_of_day
from vietnamese.dates.days import RULES, Span, Today
from vietnamese.dates.text import DateText, plain_word
from vietnamese.quantities.units import TIME, read_unit
from vietnamese.tokens import is_polite


@dataclass(frozen=True)
class Piece:
    """A day or period found in the text, with all its sensible readings."""

    start: int
    end: int
    spans: tuple[Span, ...]
    plain: bool
    words: str


_OFFERED = 6
_SOMEBODY = re.compile(r"\b(?:chi|anh|co|bac|chu|ong|ba|ban|chau|ten) mai\b")
_EXPECTED = frozenset(
    {
        "rang", "som", "luon", "cuoi", "gio", "da", "vang", "a", "em", "anh", "chi", "co", "chu", "bac", "chau", "toi", "minh", "dong", "xin",
        "phep", "cho", "duoc", "dc", "den", "het", "han", "chot", "xong", "truoc", "sau", "vao", "luc", "la",
        "ngay", "hom", "nay", "khoang", "tam", "chung", "nhat", "cham", "muon", "tre", "hoan", "thanh", "lam",
        "nop", "gui", "bao", "cao", "se", "phai", "du", "kien", "tu", "nhe", "nha", "thi", "o", "va", "roi",
        "sang", "chieu", "trua", "buoi", "dem", "khuya", "gia", "lui", "ke", "lai", "them", "duong", "tay", "lich",
        "nghi", "mot", "hop", "qua", "moi", "hen", "dat", "deadline", "ve", "nua", "di", "voi", "dau", "kia",
        "nghe", "trong", "vong", "tai", "thoi", "gian", "ky", "tiep", "theo", "tuan", "thang", "nam", "thuc", "hien", "trien", "khai", "bat", "ket", "xuong", "len", "viec", "hanh", "chinh", "hoi",
    }
)  # fmt: skip


_PAPER = re.compile(
    r"\b(?:so|qd|nq|nd|cv|tb|quyet dinh|nghi quyet|nghi dinh|cong van|thong bao|chi thi)(?: so)? \d+[/-][\w/-]+"
)
"""``QĐ 15/12``: the number of a paper."""


def find_pieces(said: DateText, today: Today, times: Iterable[ClockReading]) -> list[Piece]:
    """The days and periods of the text from left to right, the longest at each place.

    A message that names more of them than could be offered as choices is about something else.
    """
    taken = [(t.start, t.end) for t in times]
    taken += [match.span() for match in _SOMEBODY.finditer(said.plain)]
    taken += [match.span() for match in _PAPER.finditer(said.plain)]
    found: list[Piece] = []
    at = 0
    for place in said.places:
        if place < at or any(a <= place < b for a, b in taken):
            continue
        best: Piece | None = None
        for pattern, rule, plain in RULES:
            match = pattern.match(said.plain, place)
            if not match or match.end() == place or (best and match.end() <= best.end):
                continue
            if not said.agrees(*match.span()) or _counts_things(said, match.end(), match[0]):
                continue
            if spans := rule(match, today):
                best = Piece(place, match.end(), tuple(spans), plain, match[0])
        if best:
            found.append(best)
            at = best.end
            if len(found) > _OFFERED:
                return []
    return found


def _counts_things(said: DateText, end: int, words: str) -> bool:
    """``3/4 số hộ``, ``2/3 tổ``: a share, not a day."""
    if not re.fullmatch(r"\d{1,2}[/.-]\d{1,2}", words):
        return False
    at = next((n for n, place in enumerate(said.places) if place >= end), len(said.tokens))
    if at < len(said.tokens) and is_polite(said.tokens[at]):
        return False  # "20/8 nha"
    unit, _ = read_unit(said.tokens, at)
    glued = at < len(said.tokens) and said.tokens[at].may_be("số")
    return glued or (unit is not None and unit not in TIME)


def explained(said: DateText, pieces: list[Piece], times: Iterable[ClockReading]) -> bool:
    """Whether nothing in the message makes it something else than a date.

    A plain date (15/12, thứ 6) may stand in a longer sentence; "mai" or "nay" may not (chị Mai).
    """
    if pieces and all(piece.plain for piece in pieces):
        return True
    if _SOMEBODY.search(said.plain):
        return False
    taken = [(p.start, p.end) for p in pieces] + [(t.start, t.end) for t in times]
    taken += list(parts_of_day(said))
    for token, place in zip(said.tokens, said.places, strict=True):
        inside = any(a <= place < b for a, b in taken)
        if not inside and token.kind == "word" and plain_word(token) not in _EXPECTED:
            return False
        if not inside and token.kind == "number":
            return False
    return True
