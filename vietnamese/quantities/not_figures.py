"""Numbers that count nothing: dates, times, telephone numbers, codes (nv03), numbers of papers."""

import re
from collections.abc import Sequence

from vietnamese.quantities.numerals import read_numeral
from vietnamese.quantities.units import TIME, read_unit
from vietnamese.tokens import Token

_CALENDAR_HEADS = (
    "ngày",
    "tháng",
    "quý",
    "hôm",
    "lúc",
    "tuần",
    "thứ",
    "mùng",
    "mồng",
    "vào",
    "hồi",
)
_DATE_LEADS = (*_CALENDAR_HEADS, "đến", "tới", "trước", "sau", "từ", "hạn", "hẹn", "kiến", "đấu")


_OTHERWISE = ("thu", "quy", "hoi", "tuan")
"""Without their marks these are mostly other words: ``thu 9 tỷ`` is income, not Thursday."""


def not_a_figure(tokens: Sequence[Token], at: int) -> int:
    """The place after a date, a time, a code or an ordinal that begins at `at`; otherwise 0."""
    token = tokens[at]
    if token.may_be("năm") and at + 1 < len(tokens):
        following = tokens[at + 1]
        if re.fullmatch(r"(?:19|20)\d\d", following.text):
            return at + 2
        if following.may_be("nay", "ngoái", "sau", "trước", "tới", "nào", "học"):
            return at + 2
    if token.kind != "number":
        return 0
    if re.fullmatch(r"0\d{8,}|\d{12,}", token.text):
        return at + 1
    if end := _document_number(tokens, at) or _telephone(tokens, at) or _years(tokens, at):
        return end
    slashes = [n for n in (at + 1, at + 3) if n + 1 < len(tokens) and tokens[n].text in {"/", "-"}]
    if len(slashes) == 2 and all(tokens[n + 1].kind == "number" for n in slashes):
        return at + 5
    before = tokens[at - 1] if at else None
    if before is None:
        return 0
    if before.text.lower() == "km" and "".join(t.text for t in tokens[at + 1 : at + 2]) == "+":
        return at + 3  # "km 5+200" is a place on a road
    if before.kind == "word" and before.end == token.start and not before.may_be("còn"):
        return at + 1
    if before.text in {"-", "_", "."} and at > 1 and tokens[at - 2].kind == "word":
        glued = tokens[at - 2].end == before.start and before.end == token.start
        if glued and (len(tokens[at - 2].text) <= 4 or tokens[at - 2].text.isupper()):
            return at + 1
    is_date = re.fullmatch(r"(?:0?[1-9]|[12]\d|3[01])", token.text) and at + 2 < len(tokens)
    if (
        is_date
        and tokens[at + 1].text in {"/", "-"}
        and before.may_be(*_DATE_LEADS)
        and re.fullmatch(r"0?[1-9]|1[0-2]|20\d\d", tokens[at + 2].text)
    ):
        return at + 3
    if before.may_be(*_CALENDAR_HEADS) and not before.may_be("vào", "lúc"):
        return 0 if before.text.lower() in _OTHERWISE and _is_counted(tokens, at) else at + 1
    return 0


def _document_number(tokens: Sequence[Token], at: int) -> int:
    """The place after ``12-KH/ĐU``, ``366-QĐ/TW``, ``335/2025/NĐ-CP`` or ``05-NQ``; otherwise 0.

    The pieces touch each other; letters follow the number, in capitals or in two pieces.
    """
    pieces, end = [tokens[at]], at + 1
    while end + 1 < len(tokens) and tokens[end].text in {"-", "/", "–"}:
        glued = tokens[end].start == pieces[-1].end and tokens[end].end == tokens[end + 1].start
        if not glued or tokens[end + 1].kind not in {"word", "number"}:
            break
        pieces.append(tokens[end + 1])
        end += 2
    letters = [p.text for p in pieces if p.kind == "word"]
    dashed = tokens[at + 1].text != "/" if at + 1 < len(tokens) else False
    alone = dashed and len(letters) == 1 and len(letters[0]) > 1 and letters[0].isupper()
    return end if (letters and len(pieces) > 2) or alone else 0


def _telephone(tokens: Sequence[Token], at: int) -> int:
    """The place after ``0912 345 678``; otherwise 0."""
    if not re.fullmatch(r"0\d{2,4}", tokens[at].text):
        return 0
    digits, end = tokens[at].text, at + 1
    while end < len(tokens) and re.fullmatch(r"\d{2,4}", tokens[end].text):
        digits, end = digits + tokens[end].text, end + 1
    return end if len(digits) >= 9 else 0


def _years(tokens: Sequence[Token], at: int) -> int:
    """The place after ``2025-2030``; otherwise 0."""
    years = [t.text for t in tokens[at : at + 3]]
    return at + 3 if re.fullmatch(r"(?:19|20)\d\d[-–](?:19|20)\d\d", "".join(years)) else 0


def _is_counted(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number has a decimal comma, a scale or a unit."""
    numeral, end = read_numeral(tokens, at)
    unit, _ = read_unit(tokens, end)
    scaled = numeral is not None and numeral.scaled
    return scaled or (unit is not None and unit not in TIME) or not tokens[at].text.isdigit()
