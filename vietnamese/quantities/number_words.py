"""Numbers up to 999 in words, with or without accents: ``mười lăm``, ``tram linh nam``, ``ba rưỡi``.

The grammar is the spoken one: tens before units, ``mốt``, ``tư`` and ``lăm`` only after tens,
``linh`` or ``lẻ`` for a missing ten. Where speech itself is ambiguous (``hai trăm năm`` is 250 in
the market and 205 in a ledger; ``hai mươi năm`` is 25 or twenty years) every reading is returned.
"""

from collections.abc import Sequence
from decimal import Decimal

from vietnamese.letters import fold
from vietnamese.tokens import Token

_DIGITS = {
    "không": 0, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_DIGITS_BY_FOLD: dict[str, list[tuple[str, int]]] = {}
for _word, _value in _DIGITS.items():
    _DIGITS_BY_FOLD.setdefault(fold(_word), []).append((_word, _value))
_AFTER_TENS = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5, "rưỡi": 5}


BEGINNINGS = frozenset(_DIGITS_BY_FOLD) | {"muoi", "ham", "bam"}
"""The folded words that a number in words may begin with."""


def _which(token: Token, words: dict[str, int]) -> str:
    return next(word for word in words if token.may_be(word))


def _digit(token: Token) -> int | None:
    near = _DIGITS_BY_FOLD.get(fold(token.text), ())
    return next((value for word, value in near if token.may_be(word)), None)


def _tens(tokens: Sequence[Token], at: int) -> tuple[int | None, int, tuple[Decimal, ...]]:
    """0–99 in words: the likelier value, the place after it, and all its readings."""
    token = tokens[at]
    digit = _digit(token)
    if token.may_be("mười") or (digit is None and token.may_be("mươi")):
        base, end = 10, at + 1
    elif token.may_be("hăm") or token.may_be("băm"):
        base, end = (20 if token.may_be("hăm") else 30), at + 1
    elif digit and at + 1 < len(tokens) and tokens[at + 1].may_be("mươi", "mười", "chục"):
        base, end = digit * 10, at + 2
    elif digit and at + 1 < len(tokens) and (tail := marked_tail(tokens[at + 1])):
        value = digit * 10 + tail
        return value, at + 2, (Decimal(value),)
    elif digit is not None and not token.may_be("tư"):
        return digit, at + 1, (Decimal(digit),)
    else:
        return None, at, ()
    if end < len(tokens):
        after = tokens[end]
        if after.may_be("mốt", "tư", "lăm", "nhăm") and not after.may_be("một"):
            value = base + _AFTER_TENS[_which(after, _AFTER_TENS)]
            return value, end + 1, (Decimal(value),)
        if (unit := _digit(after)) and not (tokens[end - 1].may_be("chục")):
            value = base + unit
            # "hai mươi năm": 25 for some, twenty years for others.
            sure = (Decimal(value),) if unit != 5 else (Decimal(value), Decimal(base))
            return value, end + 1, sure
    return base, end, (Decimal(base),)


def marked_tail(token: Token) -> int | None:
    """mốt, lăm, nhăm, or tư with its mark: words that only stand after a larger part (ba lăm: 35)."""
    word = token.text.lower()
    return _AFTER_TENS[word] if word in {"mốt", "lăm", "nhăm", "tư"} else None


def read_group(tokens: Sequence[Token], at: int) -> tuple[int | None, int, tuple[Decimal, ...]]:
    """0–999 in words: the likelier value, the place after it, and all its readings."""
    if at >= len(tokens) or tokens[at].kind != "word":
        return None, at, ()
    digit = _digit(tokens[at])
    if digit is None or at + 1 >= len(tokens) or not tokens[at + 1].may_be("trăm"):
        return _tens(tokens, at)
    hundreds, end = digit * 100, at + 2
    if end >= len(tokens) or tokens[end].kind != "word":
        return hundreds, end, (Decimal(hundreds),)
    following = tokens[end]
    if following.may_be("linh", "lẻ") and end + 1 < len(tokens):
        small = _digit(tokens[end + 1])
        if small:
            return hundreds + small, end + 2, (Decimal(hundreds + small),)
    if following.may_be("rưỡi", "rưởi"):
        return hundreds + 50, end + 1, (Decimal(hundreds + 50),)
    if tail := marked_tail(following):
        value = hundreds + 10 * tail
        return value, end + 1, (Decimal(value),)
    tens, after, readings = _tens(tokens, end)
    if tens is None:
        return hundreds, end, (Decimal(hundreds),)
    if tens >= 10:
        return hundreds + tens, after, tuple(hundreds + value for value in readings)
    if not tens:
        return hundreds, end, (Decimal(hundreds),)
    return hundreds + tens * 10, after, (Decimal(hundreds + tens * 10), Decimal(hundreds + tens))


def read_decimals(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """The digits said after ``phẩy``: ``ba`` 3, ``không năm`` 05, ``hai lăm`` 25, ``mười một`` 11."""
    digits, end = "", at
    while end < len(tokens) and (digit := _digit(tokens[end])) is not None:
        digits, end = digits + str(digit), end + 1
    group, group_end, _ = read_group(tokens, at)
    if group is not None and group_end > end:
        digits, end = str(group), group_end
    return digits, end
