"""Figures that stand beside the answer: other things, parts of it, what is to come."""

from collections.abc import Sequence

from vietnamese.quantities.figures import Figure
from vietnamese.quantities.numerals import read_numeral
from vietnamese.quantities.units import TIME, Unit, known
from vietnamese.tokens import Token, is_polite, starts, starts_any

_IN_WHICH = ("trong đó", "trong số đó", "bao gồm", "gồm", "riêng")
_HOW_FAR = ("đã", "xong", "hoàn", "đạt", "được", "rồi", "chưa", "còn", "mới", "đang", "vướng")
_PERIODS = (
    "hôm nay",
    "hôm qua",
    "tuần này",
    "trong tuần",
    "tháng này",
    "trong tháng",
    "kỳ này",
    "trong kỳ",
    "đợt này",
)


_GOING_ON = (
    "được", "dc", "xong", "lên", "xuống", "thôi", "mà", "và", "rồi", "đã", "đang", "chưa", "không", "còn", "nữa",
    "trên", "trong", "so", "tại", "ở", "vào", "do", "vì", "là", "thì", "nhưng", "của", "cả", "hết", "đến", "tới",
    "từ", "tính", "theo", "như", "hôm", "tuần", "tháng", "ngày", "quý", "năm", "đạt", "hoàn", "làm", "ký", "nộp",
    "tham", "nhất", "đúng", "nhận", "cấp", "xây", "sửa", "đồng", "hơn", "kèm", "gồm", "riêng", "mới", "vẫn", "kể",
    "bao", "tăng", "giảm", "vượt", "chậm", "kẹt", "vướng", "tất", "cùng", "bằng", "giống", "nay", "trước", "sau",
    "hiện", "tổng", "cộng", "kế", "chỉ", "mục", "nên", "để", "cho", "xin", "chắc", "có", "bị", "lại", "này", "đó",
    "luôn", "hay", "hoặc", "nhé", "ok", "trở", "đổ",
)  # fmt: skip
"""Words that go on with the sentence behind a count: what else follows it is what was counted."""


def of_something_else(tokens: Sequence[Token], figure: Figure) -> bool:
    """``họp 3 phiên``, ``cao 2 tầng`` for a task counted in hộ: a thing that no list of units knows."""
    if figure.unit is not None or figure.scaled or figure.total is not None:
        return False
    at = figure.end
    if at >= len(tokens) or tokens[at].kind != "word" or is_polite(tokens[at]):
        return False
    return not tokens[at].may_be(*_GOING_ON) and read_numeral(tokens, at)[0] is None


def without_other_things(
    tokens: Sequence[Token], counted: list[Figure], expected: Unit | None
) -> list[Figure]:
    """Without times, and without what has another unit than the figure that has the task's own.

    Millions of nothing (``kinh phí 120 triệu``) are money; ``20/11: 15 hộ`` begins with a day.
    """
    if expected is None or expected.name not in TIME:
        timeless = [f for f in counted if f.unit not in TIME or f.total is not None]
        counted = timeless if expected or timeless else counted
    if expected is None or not any(f.unit == expected.name for f in counted):
        return counted
    own = (expected.name, None, "%", "điểm %")
    return [
        f
        for f in counted
        if f.unit in own
        and (expected.is_money or not f.millions)
        and (_in_brackets(tokens, f) or not of_something_else(tokens, f))
        and not like_a_date(f)
    ]


def continued(tokens: Sequence[Token], one: Figure, other: Figure) -> bool:
    """``2 ha 5 sào``, ``5 tổ x 10 hộ``: one amount in two figures, which is not worked out here."""
    between = tokens[one.end : other.start]
    if not between:
        measures = (known(one.unit), known(other.unit))
        return one.unit != other.unit and all(m is not None and m.fractional for m in measures)
    return len(between) == 1 and between[0].text.lower() in {"x", "×", "*"}


def _in_brackets(tokens: Sequence[Token], figure: Figure) -> bool:
    """``12 người (7 nam, 5 nữ)``: parts of it, and no other things."""
    return any(token.text == "(" for token in tokens[: figure.start])


def like_a_date(figure: Figure) -> bool:
    """``12/2026``, ``20/11``: more than all of it is less likely than a day."""
    total = figure.total
    if total is None:
        return False
    if 2020 <= total <= 2039:
        return figure.value <= 12
    return figure.unit is None and total < figure.value <= 31 and total <= 12


def without_breakdown(tokens: Sequence[Token], counted: list[Figure]) -> list[Figure]:
    """``45 hộ, trong đó 5 hộ nghèo``: what comes after the words only parts the figure before."""
    if len(counted) < 2 or counted[0].role != "done":
        return counted
    between = range(counted[0].end, counted[1].start)
    parted = any(starts_any(tokens, n, _IN_WHICH) for n in between)
    # "300 hồ sơ, trong đó đã xong 210": there the part is the answer.
    doubtful = any(t.may_be(*_HOW_FAR) for t in tokens[counted[0].end :])
    return counted[:1] if parted and not doubtful else counted


def without_its_parts(tokens: Sequence[Token], done: list[Figure]) -> list[Figure]:
    """Without figures that only part another, or are what it leaves open.

    ``30/34 nhà, 4 nhà thiếu vốn``; ``30 nhà (25 xây mới, 5 sửa chữa)``.
    """
    if len(done) < 2 or any(len(f.readings) > 1 for f in done):
        return done
    for figure in done:
        others = [f for f in done if f is not figure]
        if not all(f.total is None and same_unit(f, figure) for f in others):
            continue
        if any(tokens[f.start - 1].text == "+" for f in others if f.start):
            continue
        amount = sum(f.value for f in others)
        if figure.total is not None and figure.total - figure.value == amount:
            return [figure]
        if figure is done[0] and len(others) > 1 and figure.value == amount:
            return [figure]
    return done


def added_later(tokens: Sequence[Token], counted: Sequence[Figure], done: Figure) -> Figure | None:
    """``4 tổ, thêm 1 tổ nữa``: whether the four hold the one, only the person knows."""
    for figure in counted:
        before = tokens[figure.start - 1] if figure.start else None
        if (
            (figure.role == "more" or starts(tokens, figure.end, "nữa"))
            and figure.start >= done.end
            and same_unit(figure, done)
            and before is not None
            and before.may_be("thêm")
            and not tokens[figure.start - 2].may_be("tăng", "sẽ")
            and not any(t.may_be("so", "hơn") for t in tokens[figure.end : figure.end + 2])
        ):
            return figure
    return None


def of_a_period(tokens: Sequence[Token], figure: Figure) -> bool:
    """In ``hôm nay 120, tổng 3.150`` the sum is what has been done so far, not what was planned."""
    return any(starts_any(tokens, n, _PERIODS) for n in range(figure.start))


def same_unit(one: Figure, other: Figure) -> bool:
    return one.unit is None or other.unit is None or one.unit == other.unit
