"""One cell of a workbook: what is in it, and what a column makes of it.

Typed cells and text cells are read alike: a date is an Excel date or dd/mm/yyyy, a number is an
Excel number or a text with a decimal comma and dots between thousands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from documents.columns import Column
from services.loading.rows import key
from vietnamese import formatting
from vietnamese.letters import clean, fold

MOST = Decimal(9) * 10**14
"""The database keeps numbers up to 900.000 tỷ."""
_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d+)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_NUMBER = re.compile(r"([-\u2212]?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?")
_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f])_")
_SEPARATORS = re.compile(r"[;\n]")
_CODE_SEPARATORS = re.compile(r"[;,\n]")
DAY_WANTED = "ngày dạng dd/mm/yyyy, ví dụ 30/11/2026"
NUMBER_WANTED = "một số, phẩy là phần lẻ (98,3), chấm là hàng nghìn (1.500)"


class Unreadable(Exception):
    """A cell that is not what its column wants."""

    def __init__(self, wrong: str, expected: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.expected = expected


@dataclass(frozen=True)
class Cell:
    """The value as Excel keeps it: text, number, date, truth, error, or an empty formula."""

    value: Any
    kind: str
    """openpyxl's letters: s, n, d, b, e; "f": a formula without its result."""
    percent: bool = False
    """Excel shows the number with a % sign: 0.983 as 98,3%."""

    @property
    def empty(self) -> bool:
        if self.kind == "f":
            return False
        return self.value is None or (isinstance(self.value, str) and not clean(self.value).strip())


EMPTY = Cell(None, "n")


def shown(text: str) -> str:
    """What was typed, short enough to be quoted."""
    line = " ".join(text.split())
    return f"“{line[:60]}…”" if len(line) > 60 else f"“{line}”"


def plain_text(cell: Cell) -> str:
    """The cell as a text of ours: NFC, nothing unseen, spaces single, lines kept."""
    value = cell.value
    if cell.kind == "f":
        raise Unreadable(
            "công thức chưa có kết quả",
            "giá trị; mở tệp bằng Excel, lưu lại, hoặc gõ thẳng giá trị",
        )
    if cell.kind == "e":
        raise Unreadable(f"ô đang báo lỗi {value}", "giá trị đúng")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Đúng" if value else "Sai"
    if isinstance(value, (int, float)):
        number = _decimal(cell)
        return format(number, "f") if number == int(number) else formatting.number(number)
    if not isinstance(value, str):
        raise Unreadable(
            "Excel đã đổi ô này thành ngày hoặc giờ",
            "chữ; đặt định dạng ô là Văn bản (Text) rồi gõ lại",
        )
    # Excel writes control signs as _x000D_; of them only spaces and line ends are wanted.
    signs = {"09": " ", "0A": "\n"}
    unescaped = _ESCAPED.sub(lambda found: signs.get(found[1].upper(), ""), value)
    lines = (" ".join(line.split()) for line in clean(unescaped).split("\n"))
    return "\n".join(lines).strip()


def read(column: Column, cell: Cell) -> Any:
    """The cell as its column wants it; raises Unreadable. An empty cell gives an empty value."""
    match column.reads:
        case "day":
            return None if cell.empty else day(cell)
        case "number":
            return None if cell.empty else number(cell)
        case "whole":
            return None if cell.empty else whole(cell)
        case "report_day":
            return None if cell.empty else report_day(cell)
        case "choice":
            return None if cell.empty else choice(column, cell)
        case "codes" | "lines":
            # A code holds no comma; a criterion or a tag may.
            split = _CODE_SEPARATORS if column.reads == "codes" else _SEPARATORS
            items = (" ".join(item.split()) for item in split.split(plain_text(cell)))
            found = {key(item): item for item in reversed([item for item in items if item])}
            for item in found.values():
                _within(item, column.limit)
            if column.suggests:
                usual = {fold(tag): tag for tag in column.suggests}
                found = {k: usual.get(fold(item), item) for k, item in found.items()}
            return tuple(reversed(found.values()))
        case "long":
            return _within(plain_text(cell), column.limit)
        case "code" | "text":
            return _within(" ".join(plain_text(cell).split()), column.limit)


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Unreadable(
            f"dài {formatting.number(len(text))} chữ", f"nhiều nhất {formatting.number(limit)} chữ"
        )
    return text


def day(cell: Cell) -> date:
    """An Excel date, or dd/mm/yyyy as text."""
    if isinstance(cell.value, datetime):
        return _sensible(cell.value.date())
    if isinstance(cell.value, date):
        return _sensible(cell.value)
    if cell.kind == "d":
        raise Unreadable("ô này là giờ, không phải ngày", DAY_WANTED)
    if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
        raise Unreadable(f"{shown(plain_text(cell))} là số, không phải ngày", DAY_WANTED)
    text = plain_text(cell)
    if found := _ISO.fullmatch(text):
        year, month, number = int(found[1]), int(found[2]), int(found[3])
    elif found := _DAY.fullmatch(text):
        year, month, number = int(found[3]), int(found[2]), int(found[1])
        if len(found[3]) != 4:
            raise Unreadable(f"{shown(text)} ghi năm chưa đủ bốn chữ số", DAY_WANTED)
    else:
        raise Unreadable(f"{shown(text)} không phải ngày", DAY_WANTED)
    try:
        return _sensible(date(year, month, number))
    except ValueError:
        raise Unreadable(f"không có ngày {shown(text)}", DAY_WANTED) from None


def _sensible(found: date) -> date:
    if not 1900 <= found.year <= 2100:
        raise Unreadable(f"năm {found.year} ngoài khoảng cho phép", "năm từ 1900 đến 2100")
    return found


def _decimal(cell: Cell) -> Decimal:
    exact = Decimal(str(cell.value)) * (100 if cell.percent else 1)
    if not exact.is_finite() or abs(exact) > MOST:
        raise Unreadable("số quá lớn", "số nhỏ hơn 900.000 tỷ")
    return exact.quantize(Decimal("0.0001"), ROUND_HALF_UP).normalize()


def number(cell: Cell) -> Decimal:
    """A number, exact to four decimals; of a cell shown as 98,3% it is 98.3."""
    if isinstance(cell.value, (date, datetime)) or cell.kind == "d":
        raise Unreadable("Excel đã đổi ô này thành ngày", NUMBER_WANTED)
    if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
        return _decimal(cell)
    text = plain_text(cell)
    bare = text.removesuffix("%").strip()
    grouped = re.sub(r"(?<=\d) (?=\d{3}\b)", "", bare)
    found = _NUMBER.fullmatch(grouped)
    if found:
        sign = "-" if found[1] else ""
        return _decimal(Cell(f"{sign}{found[2].replace('.', '')}.{found[3] or 0}", "n"))
    if re.fullmatch(r"[-\u2212]?\d+\.\d+", bare):
        raise Unreadable(f"{shown(text)} chưa rõ dấu chấm là hàng nghìn hay phần lẻ", NUMBER_WANTED)
    if re.match(r"[-\u2212]?\d[\d.,]*\s*[^\d\s.,]", bare):
        raise Unreadable(f"{shown(text)} có chữ kèm số", "chỉ ghi số; đơn vị tính ở cột riêng")
    raise Unreadable(f"{shown(text)} không phải số", NUMBER_WANTED)


def whole(cell: Cell) -> int:
    found = number(cell)
    if found != int(found):
        raise Unreadable(f"{formatting.number(found)} không phải số nguyên", "số nguyên")
    return int(found)


def report_day(cell: Cell) -> int:
    """A day of the month, or a weekday as Vietnamese count them: 2 (thứ Hai) to 8 (Chủ Nhật)."""
    if isinstance(cell.value, str):
        said = fold(plain_text(cell)).removeprefix("ngay ").removeprefix("thu ")
        names = ("hai", "ba", "tu", "nam", "sau", "bay", "chu nhat")
        if said in (*names, "cn"):
            return 8 if said == "cn" else names.index(said) + 2
        if re.fullmatch(r"t?\d", said):
            return int(said[-1])
    return whole(cell)


def choice(column: Column, cell: Cell) -> str:
    """What is stored for a label: as written first, then without accents where that is one."""
    text = plain_text(cell)
    words = [(word, kept) for kept, said in column.choices.items() for word in said.split("|")]
    for same in (key, fold):
        found = {kept for word, kept in words if same(word) == same(text)}
        if len(found) == 1:
            return found.pop()
    raise Unreadable(
        f"{shown(text)} không có trong danh sách", "một trong: " + "; ".join(column.labels)
    )


def odd_thousand(cell: Cell) -> str | None:
    """A warning where 1,234 may have been meant as 1.234, else None."""
    if isinstance(cell.value, bool) or cell.percent or cell.empty:
        return None
    try:
        found = number(cell)
    except Unreadable:
        return None
    exponent = found.as_tuple().exponent
    if exponent == -3 and 1 <= abs(found) < 1000:
        whole_part, _, decimals = format(found, "f").partition(".")
        return f"đọc là {whole_part} phẩy {decimals}; nếu là {whole_part}.{decimals} (hàng nghìn) thì sửa lại ô này"
    return None
