"""Numbers that count nothing: dates, times, telephone numbers, codes (nv03)."""

import re
from collections.abc import Sequence

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
_DATE_LEADS = (*_CALENDAR_HEADS, "đến", "tới", "trước", "sau", "từ", "hạn", "hẹn")


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
    slashes = [n for n in (at + 1, at + 3) if n + 1 < len(tokens) and tokens[n].text in {"/", "-"}]
    if len(slashes) == 2 and all(tokens[n + 1].kind == "number" for n in slashes):
        return at + 5
    before = tokens[at - 1] if at else None
    if before is None:
        return 0
    if before.kind == "word" and before.end == token.start and not before.may_be("còn"):
        return at + 1
    if before.text in {"-", "_", "."} and at > 1 and tokens[at - 2].kind == "word":
        glued = tokens[at - 2].end == before.start and before.end == token.start
        if glued and len(tokens[at - 2].text) <= 4:
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
        return at + 1
    return 0
