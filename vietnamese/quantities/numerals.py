"""One number, in digits or in words, with every way it can sensibly be read.

Rules for digits (Vietnamese writing: a dot between thousands, a decimal comma):

* ``4.028``, ``3.500.000.000``: thousands, when every group after the first has three digits;
* ``98,3``, ``0,125``, ``1.234,567``: decimals;
* ``1.5``, ``1,234``, ``1,234.5``, ``1.2345``: doubtful, both readings are kept;
* ``3.500``: doubtful only with a unit that comes in fractions (ha, km, %), see `Numeral.in_fractions`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from vietnamese.letters import fold, has_accents, may_stand_for
from vietnamese.quantities.number_words import BEGINNINGS, marked_tail, read_decimals, read_group
from vietnamese.tokens import Token

_LONGEST = 18
"""Digits of the longest number that is read; longer ones are telephone or account numbers."""


@dataclass(frozen=True)
class Numeral:
    """The sensible values of one number; more than one means that the person must be asked."""

    readings: tuple[Decimal, ...]
    fraction: Decimal | None = None
    """For ``3.500``: what it would be if the dot stood for the decimal comma (3,5)."""
    scaled: bool = False
    """Whether a word such as triệu or tỷ has been multiplied in."""
    words: int = 0
    """How many words were read as a number; 0 for digits."""

    @property
    def in_fractions(self) -> tuple[Decimal, ...]:
        """The readings when the number counts something that comes in fractions."""
        return self.readings if self.fraction is None else (*self.readings, self.fraction)

    def value_is(self, value: int) -> bool:
        return self.readings == (Decimal(value),)

    def times(self, factor: Decimal, plus: Decimal = Decimal(0)) -> "Numeral":
        readings = tuple(value * factor + plus for value in self.in_fractions)
        return replace(self, readings=readings, fraction=None)


def read_literal(text: str) -> Numeral | None:
    """A number in digits, dots and commas; None if no reading is sensible (``12.34.56``)."""
    if sum(c.isdigit() for c in text) > _LONGEST:
        return None
    if text.isdigit():
        return Numeral((Decimal(text),))
    if re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", text):
        value = Decimal(text.replace(".", ""))
        only = text.count(".") == 1
        return Numeral((value,), fraction=Decimal(text) if only else None)
    if re.fullmatch(r"(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+),\d+", text):
        value = Decimal(text.replace(".", "").replace(",", "."))
        if re.fullmatch(r"[1-9]\d{0,2},\d{3}", text):
            return Numeral((value, Decimal(text.replace(",", ""))))
        return Numeral((value,))
    if re.fullmatch(r"\d+\.\d+", text):
        return Numeral((Decimal(text), Decimal(text.replace(".", ""))))
    if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3}){2,}", text):
        return Numeral(
            (Decimal(text.replace(",", "")), Decimal(text.replace(",", ".", 1).replace(",", "")))
        )
    if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+\.\d+", text):
        first, _, rest = text.partition(",")
        joined = rest.replace(",", "").replace(".", "")
        return Numeral((Decimal(text.replace(",", "")), Decimal(f"{first}.{joined}")))
    return None


_SCALES = {
    "trăm": 100, "nghìn": 1000, "ngàn": 1000, "ngìn": 1000, "k": 1000, "vạn": 10_000,
    "triệu": 10**6, "chiệu": 10**6, "tr": 10**6, "trđ": 10**6, "tỷ": 10**9, "tỉ": 10**9,
}  # fmt: skip
_SCALES_BY_FOLD: dict[str, list[tuple[str, int]]] = {}
for _word, _value in _SCALES.items():
    _SCALES_BY_FOLD.setdefault(fold(_word), []).append((_word, _value))


_ABOUT = ("hơn", "gần", "ngót", "khoảng", "chừng", "tầm", "cỡ", "trên", "dưới")
HEADS = BEGINNINGS | {"chuc", "tram", "nghin", "ngan", "trieu", "ty", "ti"}
"""The folded words that a number with its scale may begin with."""


def read_numeral(tokens: Sequence[Token], at: int) -> tuple[Numeral | None, int]:
    """The number that begins at `at`, with its scale words, and the place after it."""
    if at >= len(tokens):
        return None, at
    if tokens[at].kind == "number":
        first, end = _comma_said(tokens, at) or (read_literal(tokens[at].text), at + 1)
    elif tokens[at].kind == "word" and tokens[at].folded in HEADS:
        first, end = _decimal_words(tokens, at)
        if first is None and tokens[at].may_be("chục", "trăm", "nghìn", "ngàn", "triệu", "tỷ"):
            first, end = _one_of(tokens, at)
    else:
        return None, at
    return (None, at) if first is None else _with_scales(first, tokens, end)


def _comma_said(tokens: Sequence[Token], at: int) -> tuple[Numeral, int] | None:
    """``98 phẩy 5``, as dictation writes it."""
    texts = [t.text for t in tokens[at : at + 3]]
    if len(texts) < 3 or not tokens[at + 1].may_be("phẩy", "phảy"):
        return None
    digits = texts[0].isdigit() and texts[2].isdigit()
    return (Numeral((Decimal(f"{texts[0]}.{texts[2]}"),)), at + 3) if digits else None


def _one_of(tokens: Sequence[Token], at: int) -> tuple[Numeral | None, int]:
    """``trăm rưỡi``, ``hơn nghìn``, ``trăm phần trăm``: the "one" before a scale left unsaid."""
    spoken = at + 1 < len(tokens) and tokens[at + 1].may_be("rưỡi", "rưởi", "phần")
    spoken = spoken or (at > 0 and tokens[at - 1].may_be(*_ABOUT))
    spoken = spoken or _has_tail(tokens, at)
    return (Numeral((Decimal(1),), words=1), at) if spoken else (None, at)


def _has_tail(tokens: Sequence[Token], at: int) -> bool:
    """``tỷ hai``, ``trăm lẻ ba``; not ``mấy trăm hai``, nor ``năm``, which may be a year."""
    if at + 2 > len(tokens) or (at and tokens[at - 1].may_be("mấy", "vài")):
        return False
    tail = tokens[at + 1]
    if tail.may_be("linh", "lẻ"):
        return _plain(tokens, at + 1)[0] is not None
    if not has_accents(tokens[at].text):
        return False  # "cong ty ba"
    return marked_tail(tail) is not None or tail.may_be("hai", "ba", "sáu", "bảy", "tám", "chín")


def _with_scales(first: Numeral, tokens: Sequence[Token], at: int) -> tuple[Numeral, int]:
    """``2 tỷ 350 triệu``, ``3 triệu rưỡi``, ``1tr2``, ``5 trăm triệu``."""
    total: Numeral | None = None
    part, last = first, 0
    while True:
        scale, end = _scale(tokens, at, after_words=part.words > 0)
        while scale:
            part, last, at = part.times(Decimal(scale)), scale, end
            further, end = _scale(tokens, at, after_words=True)
            scale = further if further > max(100, scale) else 0
        if last and at < len(tokens) and tokens[at].may_be("rưỡi", "rưởi"):
            part, at = part.times(Decimal(1), Decimal(last) / 2), at + 1
            return _done(total, part, at, scaled=True)
        total = _sum(total, part) if last else (part if total is None else total)
        if not last:
            if at < len(tokens) and tokens[at].may_be("rưỡi", "rưởi"):
                half = Decimal(5) if tokens[at - 1].may_be("chục") else Decimal("0.5")
                return replace(part.times(Decimal(1), half), words=part.words + 1), at + 1
            return part, at
        following, after = _plain(tokens, at)
        tail = marked_tail(tokens[at]) if at < len(tokens) else None
        if following is None and last >= 1000 and tail:
            # "hai triệu tư" is 2,4 triệu, "nghìn mốt" 1.100; "tu" without its mark is more often "từ".
            following, after = Numeral((Decimal(tail * last // 10),), words=2), at + 1
        if following is None:
            return replace(total, scaled=last > 100), at
        smaller, _ = _scale(tokens, after, after_words=following.words > 0)
        if smaller and smaller < last:
            part, at, last = following, after, 0
            continue
        return _short_tail(total, following, last, tokens, at, after)


def _short_tail(
    total: Numeral, tail: Numeral, scale: int, tokens: Sequence[Token], at: int, after: int
) -> tuple[Numeral, int]:
    """``2 tỷ 3`` is 2,3 tỷ, ``1tr250`` is 1.250.000; ``hai trăm năm`` is 250 or 205: asked."""
    digits = tail.readings[0]
    if tail.words == 0:
        count = len(tokens[after - 1].text)
        glued = tokens[at].start == tokens[at - 1].end
        free = after >= len(tokens) or tokens[after].may_be("đồng", "đ", "vnđ", "ạ", "rồi")
        if scale >= 1000 and count in {1, 3} and (glued or free):
            grown = digits * scale / (10 if count == 1 else 1000)
            return replace(total.times(Decimal(1), grown), scaled=True), after
        return replace(total, scaled=scale > 100), at
    if digits >= scale:
        return replace(total, scaled=scale > 100), at
    if digits >= 10 or tail.words > 1:
        extras = tail.readings
    elif scale >= 10**6:
        extras = (digits * scale / 10,)
    else:
        extras = (digits * scale / 10, digits)
    readings = tuple(v + extra for v in total.in_fractions for extra in extras)
    return Numeral(readings, scaled=scale > 100, words=total.words + tail.words), after


def _sum(total: Numeral | None, part: Numeral) -> Numeral:
    if total is None:
        return part
    readings = tuple(a + b for a in total.in_fractions for b in part.in_fractions)
    return Numeral(readings, scaled=True, words=total.words + part.words)


def _done(total: Numeral | None, part: Numeral, at: int, *, scaled: bool) -> tuple[Numeral, int]:
    return replace(_sum(total, part), scaled=scaled), at


def _scale(tokens: Sequence[Token], at: int, *, after_words: bool) -> tuple[int, int]:
    if at >= len(tokens) or tokens[at].kind != "word":
        return 0, at
    token = tokens[at]
    for word, scale in _SCALES_BY_FOLD.get(fold(token.text), ()):
        if may_stand_for(token.text, word):
            return scale, at + 1
    if token.text.lower() in {"ty", "ti"}:
        return 10**9, at + 1
    if token.may_be("chục"):
        return 10, at + 1
    return 0, at


def _plain(tokens: Sequence[Token], at: int) -> tuple[Numeral | None, int]:
    if at >= len(tokens):
        return None, at
    if tokens[at].may_be("linh", "lẻ"):
        inner, end = _plain(tokens, at + 1)
        # "một nghìn lẻ hai": the small number is added as it is, which ten of it would not be.
        return (None, at) if inner is None or inner.words != 1 else (replace(inner, words=2), end)
    if tokens[at].kind == "number":
        return (read_literal(tokens[at].text), at + 1) if tokens[at].text.isdigit() else (None, at)
    group, end, sure = read_group(tokens, at)
    return (None, at) if group is None else (Numeral(sure, words=end - at), end)


def _decimal_words(tokens: Sequence[Token], at: int) -> tuple[Numeral | None, int]:
    whole, end, readings = read_group(tokens, at)
    if whole is None:
        return None, at
    numeral = Numeral(readings, words=end - at)
    if end >= len(tokens) or not tokens[end].may_be("phẩy", "phảy", "chấm"):
        return numeral, end
    digits, after = read_decimals(tokens, end + 1)
    if not digits:
        return numeral, end
    values: tuple[Decimal, ...] = (Decimal(f"{whole}.{digits}"),)
    if tokens[end].may_be("chấm"):
        values += (Decimal(f"{whole}{digits}"),)
    return Numeral(values, words=after - at), after
