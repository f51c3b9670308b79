"""The official table of tasks (Thông báo 624/TB-VPCP, Phụ lục II) as an Excel file.

STT | Tên nhiệm vụ | Đơn vị chủ trì | Thời hạn | Kết quả thực hiện | Tiến độ.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from documents.strings import OPTIONS, put
from vietnamese.formatting import clock_time, day, number
from vietnamese.letters import clean
from vietnamese.zone import local

HEADERS = ("STT", "Tên nhiệm vụ", "Đơn vị chủ trì", "Thời hạn", "Kết quả thực hiện", "Tiến độ")
WIDTHS = (6, 46, 26, 14, 46, 20)
LABELS = ("Đã hoàn thành", "Đã hoàn thành quá hạn", "Đang thực hiện", "Chưa hoàn thành")
"""The official four; "Chưa hoàn thành" is overdue and open."""


@dataclass(frozen=True)
class TableRow:
    """One task as the table shows it. `progress` is one of LABELS, or a label a person put."""

    title: str
    unit: str
    due: date | None
    result: str
    progress: str
    first_due: date | None = None
    """The date first given; shown where an extension moved it."""


@dataclass(frozen=True)
class TableHead:
    """What stands above the table."""

    unit: str
    cut_off: datetime
    """The moment (aware) up to which figures are counted."""
    programme: str = ""
    title: str = "Bảng theo dõi kết quả thực hiện nhiệm vụ"


def write_table(head: TableHead, rows: Sequence[TableRow]) -> bytes:
    """The .xlsx file: A4 landscape, the header repeated on every page, totals below."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, OPTIONS)
    styles = _styles(book)
    sheet = book.add_worksheet("Nhiệm vụ")
    for at, width in enumerate(WIDTHS):
        sheet.set_column(at, at, width)
    top = _title(sheet, head, styles)
    for at, text in enumerate(HEADERS):
        put(sheet, top, at, text, styles["header"])
    sheet.set_row(top, 34)
    for number_, row in enumerate(rows, start=1):
        _write_row(sheet, top + number_, number_, row, styles)
    _totals(sheet, top + len(rows) + 2, rows, styles)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_footer("&R&10Trang &P/&N")
    book.close()
    return target.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    font = {"font_name": "Times New Roman", "font_size": 12}
    box = {**font, "border": 1, "valign": "top", "text_wrap": True}
    return {
        "unit": book.add_format({**font, "bold": True}),
        "title": book.add_format(
            {**font, "bold": True, "font_size": 15, "align": "center", "text_wrap": True, "valign": "vcenter"}
        ),
        "under": book.add_format(
            {**font, "italic": True, "align": "center", "text_wrap": True, "valign": "vcenter"}
        ),
        "header": book.add_format({**box, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#E7ECF2"}),
        "text": book.add_format({**box, "num_format": "@"}),
        "middle": book.add_format({**box, "align": "center"}),
        "day": book.add_format({**box, "align": "center", "num_format": "dd/mm/yyyy"}),
        "plain": book.add_format(font),
    }  # fmt: skip


def _title(sheet: Any, head: TableHead, styles: dict[str, Any]) -> int:
    """The lines above the header; returns the header's row."""
    put(sheet, 0, 0, head.unit.upper(), styles["unit"])
    at = local(head.cut_off)
    lines = [(clean(head.title).upper(), "title", 24)]
    if head.programme:
        lines.append((head.programme, "under", 18 * (1 + len(head.programme) // 120)))
    lines.append((f"(Số liệu đến {clock_time(at)} ngày {day(at.date())})", "under", 18))
    for row, (text, style, height) in enumerate(lines, start=2):
        sheet.merge_range(row, 0, row, len(HEADERS) - 1, "", styles[style])
        put(sheet, row, 0, text, styles[style])
        sheet.set_row(row, min(height, 400))
    return len(lines) + 3


def _write_row(sheet: Any, at: int, count: int, row: TableRow, styles: dict[str, Any]) -> None:
    sheet.write_number(at, 0, count, styles["middle"])
    put(sheet, at, 1, row.title, styles["text"])
    put(sheet, at, 2, row.unit, styles["text"])
    if row.due is None:
        put(sheet, at, 3, "Không thời hạn", styles["middle"])
    elif row.first_due not in (None, row.due):
        put(sheet, at, 3, f"{day(row.due)} (hạn đầu {day(row.first_due)})", styles["middle"])
    elif row.due.year < 1900:
        put(sheet, at, 3, day(row.due), styles["middle"])
    else:
        sheet.write_datetime(at, 3, row.due, styles["day"])
    put(sheet, at, 4, row.result, styles["text"])
    put(sheet, at, 5, row.progress, styles["text"])


def _totals(sheet: Any, at: int, rows: Sequence[TableRow], styles: dict[str, Any]) -> None:
    """The number of tasks, and how many of each label: they add up to it."""
    counted = Counter(clean(row.progress).strip() or "Chưa ghi tiến độ" for row in rows)
    put(sheet, at, 1, f"Tổng số: {number(len(rows))} nhiệm vụ, trong đó:", styles["unit"])
    labels = [*LABELS, *sorted(counted.keys() - set(LABELS))]
    for offset, label in enumerate(labels, start=1):
        put(sheet, at + offset, 1, f"{label}: {number(counted[label])}", styles["plain"])
