"""A message made ready for reading dates: folded, number words as digits, yet accents remembered.

``thứ sáu tuần sau`` becomes ``thu 6 tuan sau``; `DateText.agrees` still knows that ``sau`` stood
without marks and that a ``mái`` in the text cannot be the ``mai`` that means tomorrow.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from vietnamese.letters import fold
from vietnamese.quantities.number_words import read_group
from vietnamese.tokens import Token, cut, prepare

_MEANT = {
    "mai": ("mai",), "mot": ("mốt", "một"), "nay": ("nay", "này"), "thu": ("thứ",), "tuan": ("tuần",),
    "thang": ("tháng",), "quy": ("quý",), "qui": ("quí",), "tu": ("từ", "tư"), "nam": ("năm",), "ngay": ("ngày", "ngay"),
    "hom": ("hôm",), "het": ("hết",), "dau": ("đầu",), "cuoi": ("cuối",), "giua": ("giữa", "giửa"),
    "truoc": ("trước",), "toi": ("tới", "tối"), "ram": ("rằm",), "tet": ("tết",), "kia": ("kia",),
    "qua": ("qua",), "gio": ("giờ", "giỗ"), "sau": ("sau", "sáu"), "chieu": ("chiều",), "sang": ("sáng", "sang"),
    "den": ("đến", "đêm"), "bua": ("bữa",), "nua": ("nữa", "nửa", "nủa"), "roi": ("rồi",),
}  # fmt: skip
_LONGEST = 160
_COUNTED_BEFORE = ("ngày", "tháng", "thứ", "quý", "quí", "mùng", "mồng", "năm", "hôm", "mồng")
_COUNTED_AFTER = (
    "ngày",
    "hôm",
    "bữa",
    "tuần",
    "tháng",
    "năm",
    "quý",
    "quí",
    "giờ",
    "tiếng",
    "phút",
)


@dataclass(frozen=True)
class DateText:
    """`plain` is what patterns are matched on; `places` are the offsets of the tokens in it."""

    plain: str
    tokens: tuple[Token, ...]
    places: tuple[int, ...]

    def agrees(self, start: int, end: int) -> bool:
        """Whether the marks that were typed between two offsets fit the words that were read."""
        first = bisect_right(self.places, start) - 1
        last = bisect_left(self.places, end)
        for token in self.tokens[max(first, 0) : last]:
            meant = _MEANT.get(plain_word(token)) if token.kind == "word" else None
            if meant and not token.may_be(*meant):
                return False
        return True


def date_text(text: str) -> DateText:
    """The message, prepared; number words beside calendar words are digits."""
    tokens = _with_digits(cut(prepare(text, _LONGEST)))
    pieces: list[str] = []
    places: list[int] = []
    length = 0
    for before, token in zip((None, *tokens), tokens, strict=False):
        space = " " if before is not None and token.start > before.end else ""
        piece = "\n" if token.kind == "line" else plain_word(token)
        places.append(length + len(space))
        length += len(space) + len(piece)
        pieces += [space, piece]
    return DateText("".join(pieces), tokens, tuple(places))


def plain_word(token: Token) -> str:
    """The word as it stands in `DateText.plain`; ``kìa`` is a day further on than ``kia``."""
    return "kiaf" if token.text.lower() == "kìa" else token.folded


def _with_digits(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    made: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        after_head = bool(made) and made[-1].may_be(*_COUNTED_BEFORE)
        if (
            token.kind == "word"
            and after_head
            and made[-1].may_be("thứ", "tháng", "quý", "quí")
            and token.may_be("tư")
        ):
            made.append(_digits(token, token, "4"))
            at += 1
            continue
        value, end, readings = read_group(tokens, at)
        if value and len(readings) == 1 and _is_date_number(tokens, at, end, after_head, made):
            made.append(_digits(token, tokens[end - 1], str(value)))
            at = end
            continue
        made.append(token)
        at += 1
    return tuple(made)


def _is_date_number(
    tokens: tuple[Token, ...], at: int, end: int, after_head: bool, made: list[Token]
) -> bool:
    token = tokens[at]
    following = tokens[end] if end < len(tokens) else None
    if _is_now(token, following):
        return False
    if len(made) > 1 and made[-1].may_be("giờ") and made[-2].kind == "number" and end > at + 1:
        return True
    if after_head and end == at + 1:
        if made[-1].may_be("thứ"):
            return True
        if token.may_be("năm") and made[-1].may_be("tháng", "ngày", "quý", "quí"):
            # "ngày năm" is the 5th; "tháng năm nay" is no month.
            return following is None or not re.fullmatch(
                r"(?:20)?\d\d|nay|sau|toi", fold(following.text)
            )
        if made[-1].may_be("ngày", "hôm") and token.text.lower() in {"mốt", "mot"}:
            return following is not None and following.may_be("tháng")
        if token.text.lower() == "sau" and not made[-1].may_be("mùng", "mồng"):
            return False
        return not made[-1].may_be("năm")
    if after_head and not made[-1].may_be("năm"):
        return True
    if end > at + 1 and following is not None and following.may_be("tết"):
        return True
    if following is None or not following.may_be(*_COUNTED_AFTER):
        return False
    if token.text.lower() in {"sau", "nam", "tu"} and end == at + 1:
        return False
    return not token.may_be("không")


def _is_now(token: Token, following: Token | None) -> bool:
    """``bây giờ`` is no seven o'clock."""
    told = token.folded == "bay" and token.text.lower() not in {"bảy", "bẩy"}
    return told and following is not None and following.may_be("giờ")


def _digits(first: Token, last: Token, value: str) -> Token:
    return Token(value, "number", first.start, last.end, value)
