"""Numbers that name a thing instead of counting: ``tổ 2``, ``thôn 3``, ``nghị quyết 57``."""

import re
from collections.abc import Sequence

from vietnamese.quantities.figures import Figure
from vietnamese.quantities.units import Unit
from vietnamese.quantities.words_around import is_told_before
from vietnamese.tokens import Token, ends, is_polite

_ORDINAL_HEADS = (
    "thôn", "bản", "xóm", "ấp", "khu", "phố", "số", "tổ", "nhóm", "đội", "tuyến", "đường", "lộ", "phường",
    "quận", "hạng", "cấp", "loại", "mục", "bước", "điều", "khoản", "kỳ", "lớp", "khoá", "lô", "thửa", "điểm",
    "cụm", "đợt", "lần", "đoạn", "tập", "văn", "việc", "nv", "nhà", "vị trí", "ca", "vùng", "độ", "covid", "mức", "án", "tầng", "phòng", "trang", "chương",
    "ngõ", "ngách", "hẻm", "kiệt", "lục", "km", "bậc", "luật", "ql", "tl", "kênh", "mốc", "tuổi", "chí", "thức", "giai", "buồng",
)  # fmt: skip
_ABBREVIATED = re.compile("[bcdđghklmnpqrstvx]{2,4}", re.IGNORECASE)
_SAYS_HOW_MUCH = frozenset({"sl", "kq", "th", "kh", "td", "ht", "dc", "đc", "khg"})
"""Abbreviations that a count may follow: số lượng, kết quả, thực hiện …"""
_PAPERS = (
    "nghị quyết",
    "nghị định",
    "quyết định",
    "quy định",
    "chỉ thị",
    "kế hoạch số",
    "công văn",
)
_DOING = (
    "ký",
    "trồng",
    "xây",
    "lắp",
    "nộp",
    "thu",
    "chi",
    "mở",
    "sửa",
    "dựng",
    "cấy",
    "gieo",
    "tiêm",
)
_NEVER_COUNTED = ("bậc", "trang", "mục", "điều", "khoản", "chương", "hạng", "tầng")
_PLACE_HEADS = (
    "thôn", "bản", "xóm", "ấp", "khu", "phố", "tổ", "phường", "quận", "cụm", "nhà", "lô", "thửa", "tuyến", "đường",
    "ngõ", "ngách", "hẻm", "kiệt", "phòng", "tầng", "km",
)  # fmt: skip


def names_a_place(tokens: Sequence[Token], figure: Figure, expected: Unit | None) -> bool:
    """Whether an ordinal is the name of a place (thôn 3), and the task counts something else."""
    before = tokens[figure.start - 1]
    return (
        expected is not None
        and before.may_be(*_PLACE_HEADS)
        and not before.may_be(expected.name.split()[0])
    )


def follows_a_name(tokens: Sequence[Token], figure: Figure, expected: Unit) -> bool:
    """``biểu 2``, ``chi bộ 5``: directly behind a word that leads to no count, it may be a name."""
    at = figure.start
    if not at or tokens[at - 1].kind != "word" or figure.scaled or figure.total is not None:
        return False
    before = tokens[at - 1]
    if is_polite(before) or is_told_before(tokens, at) or before.may_be(*expected.name.split()):
        return False
    done = any(t.may_be("đã", "được", "đạt", "lượng") for t in tokens[max(0, at - 3) : at])
    return not (done or before.may_be(*_DOING)) and before.text.lower() not in _SAYS_HOW_MUCH


def is_one_of(tokens: Sequence[Token], figure: Figure, expected: Unit | None) -> bool:
    """``thôn 2 xong 100%`` for a task in thôn: how far one of them is, not the task."""
    return expected is not None and tokens[figure.start - 1].may_be(expected.name)


def is_ordinal(tokens: Sequence[Token], figure: Figure) -> bool:
    """``tổ 2``, ``thôn 3``: a number that names its thing instead of counting."""
    at = figure.start
    return (
        at > 0
        and tokens[at].kind == "number"
        and figure.unit is None
        and (figure.total is None or tokens[at - 1].may_be(*_NEVER_COUNTED))
        and (
            tokens[at - 1].may_be(*_ORDINAL_HEADS)
            or _is_abbreviation(tokens[at - 1])
            or any(ends(tokens, at, p) for p in _PAPERS)
        )
    )


def _is_abbreviation(token: Token) -> bool:
    """``QĐ 15``, ``THCS 2``, ``tdp 5``: what is shortened before a number is what it names."""
    short = token.text.lower()
    return bool(_ABBREVIATED.fullmatch(short)) and short not in _SAYS_HOW_MUCH
