"""The empty workbook a clerk fills in: four sheets with drop-downs, and a guide with examples.

Notes and examples stand above the header row, which is where reading begins: they are never loaded.
"""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import xlsxwriter

from documents.columns import IGNORED, PLANS, Column, SheetPlan
from documents.strings import OPTIONS, put
from documents.workbook import GUIDE

HEADER_ROW = 2
"""Counted from 0: what the sheet is for, the notes, the headers."""
_LAST_ROW = 9_999
_FIRST_CHOICE_ROW = 200
"""Where the lists of choices stand on the guide sheet, below what is read."""

_STEPS = (
    "Điền bốn trang theo thứ tự: Đơn vị, Người và chức vụ, Chương trình, Nhiệm vụ. Trang nào chưa cần thì để trống.",
    "Bắt đầu điền ngay dưới dòng tiêu đề màu xanh. Các dòng phía trên tiêu đề là lời nhắc và ví dụ, không được nạp.",
    "Cột có dấu * phải điền. Đơn vị, chức vụ, chương trình được gọi bằng mã; tên trùng nhau không sao.",
    "Ngày ghi dd/mm/yyyy, ví dụ 30/11/2026. Số ghi dấu phẩy cho phần lẻ (98,3), dấu chấm cho hàng nghìn (1.500).",
    "Không gộp ô, không để công thức. Có thể đổi thứ tự cột; cột để ghi riêng đặt tên “Ghi chú”.",
    "Kiểm tra trước khi nạp: mọi chỗ chưa đúng được nêu cùng lúc, kèm trang, dòng, cột. Còn một chỗ chưa đúng thì chưa có gì thay đổi.",
    "Nạp lại cùng tệp không sao. Sửa một dòng rồi nạp lại thì việc đó được sửa, số liệu cũ vẫn giữ trong nhật ký.",
    "Không đưa tài liệu bí mật nhà nước vào tệp này.",
)


def write_template() -> bytes:
    """The .xlsx file, empty, with five sheets."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, OPTIONS)
    styles = _styles(book)
    sheets = {plan.sheet: book.add_worksheet(plan.title) for plan in PLANS}
    guide = book.add_worksheet(GUIDE)
    lists = _guide(guide, styles)
    for plan in PLANS:
        _sheet(sheets[plan.sheet], plan, styles, lists)
    book.close()
    return target.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    font = {"font_name": "Times New Roman", "font_size": 12}
    box = {"border": 1, "border_color": "#9AA5B1", "valign": "top", "text_wrap": True}
    return {
        "title": book.add_format({**font, "bold": True, "font_size": 15}),
        "plain": book.add_format({**font, "text_wrap": True, "valign": "top"}),
        "about": book.add_format({**font, "bold": True, "font_color": "#1F4E79"}),
        "note": book.add_format(
            {**font, **box, "font_size": 10, "italic": True, "font_color": "#5F6B7A", "bg_color": "#F3F4F6"}
        ),
        "header": book.add_format(
            {**font, **box, "bold": True, "align": "center", "valign": "vcenter", "font_color": "#FFFFFF", "bg_color": "#1F4E79"}
        ),
        "box": book.add_format({**font, **box}),
        "text": book.add_format({**font, "num_format": "@", "text_wrap": True, "valign": "top"}),
        "day": book.add_format({**font, "num_format": "dd/mm/yyyy", "valign": "top"}),
        "number": book.add_format({**font, "valign": "top"}),
        "faint": book.add_format({**font, "font_size": 9, "font_color": "#9AA5B1"}),
    }  # fmt: skip


def _guide(sheet: Any, styles: dict[str, Any]) -> dict[str, str]:
    """Write the guide; returns for each column with choices where its list stands."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 62)
    sheet.set_column(3, 3, 34)
    put(sheet, 0, 0, "Cách điền tệp nhập liệu", styles["title"])
    row = 2
    for number, step in enumerate(_STEPS, start=1):
        sheet.merge_range(row, 0, row, 3, "", styles["plain"])
        put(sheet, row, 0, f"{number}. {step}", styles["plain"])
        sheet.set_row(row, 34 if len(step) > 105 else 18)
        row += 1
    for plan in PLANS:
        row += 1
        put(sheet, row, 0, f"Trang {plan.title}", styles["about"])
        row += 1
        for at, text in enumerate(("Cột", "Phải điền", "Cách điền", "Ví dụ (không được nạp)")):
            put(sheet, row, at, text, styles["header"])
        for column in plan.columns:
            row += 1
            how = column.note
            if column.choices:
                how += " " + "; ".join(column.labels) + "."
            for at, text in enumerate(
                (column.header, "*" if column.required else "", how, column.example)
            ):
                put(sheet, row, at, text, styles["box"])
            sheet.set_row(row, 18 * max(1, -(-len(how) // 64), -(-len(column.example) // 34)))
        row += 1
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, row, 3)
    lists = {}
    put(sheet, _FIRST_CHOICE_ROW, 0, "Danh sách để chọn (xin không sửa)", styles["faint"])
    withs = [(plan, one) for plan in PLANS for one in plan.columns if one.choices or one.suggests]
    for at, (plan, column) in enumerate(withs):
        labels = column.labels or column.suggests
        first = _FIRST_CHOICE_ROW + 2
        put(sheet, first - 1, at, column.header, styles["faint"])
        for offset, label in enumerate(labels):
            put(sheet, first + offset, at, label, styles["faint"])
        letter = xlsxwriter.utility.xl_col_to_name(at)
        lists[f"{plan.sheet}.{column.field}"] = (
            f"='{GUIDE}'!${letter}${first + 1}:${letter}${first + len(labels)}"
        )
    return lists


def _sheet(sheet: Any, plan: SheetPlan, styles: dict[str, Any], lists: dict[str, str]) -> None:
    put(sheet, 0, 0, plan.about, styles["about"])
    sheet.set_row(1, 14 * max(map(_lines, plan.columns)) + 4)
    sheet.set_row(HEADER_ROW, 34)
    for at, column in enumerate(plan.columns):
        kind = {"day": "day", "number": "number", "whole": "number"}.get(column.reads, "text")
        sheet.set_column(at, at, column.width, styles[kind])
        put(sheet, 1, at, _note(column), styles["note"])
        put(
            sheet,
            HEADER_ROW,
            at,
            column.header + (" *" if column.required else ""),
            styles["header"],
        )
        rule = _rule(plan, column, lists)
        if rule:
            sheet.data_validation(HEADER_ROW + 1, at, _LAST_ROW, at, rule)
    sheet.set_column(len(plan.columns), len(plan.columns), 20, styles["text"])
    put(sheet, 1, len(plan.columns), "Ghi riêng, không được nạp.", styles["note"])
    put(sheet, HEADER_ROW, len(plan.columns), IGNORED, styles["header"])
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)


def _note(column: Column) -> str:
    return column.note + (f"\nVí dụ: {column.example}" if column.example else "")


def _lines(column: Column) -> int:
    """How many lines the note takes in its column's width, words kept whole."""
    return sum(-(-len(line) * 6 // (column.width * 5)) for line in _note(column).split("\n"))


def _rule(plan: SheetPlan, column: Column, lists: dict[str, str]) -> dict[str, Any] | None:
    """The drop-down or the check of a column: strict for choices, a hint for all else.

    A code may stand in an earlier file, and a date may be typed as text: these are not stopped.
    """
    note = {
        "input_title": column.header[:32],
        "input_message": column.note[:255],
        "error_title": column.header[:32],
    }
    if source := lists.get(f"{plan.sheet}.{column.field}"):
        message = "Chọn trong danh sách."
        strict = not column.suggests
        return {
            "validate": "list", "source": source, "show_error": strict, "error_message": message, **note,
        }  # fmt: skip
    if column.refers:
        other = next(other for other in PLANS if other.sheet == column.refers)
        codes = [one.field for one in other.columns].index(other.code)
        letter = xlsxwriter.utility.xl_col_to_name(codes)
        source = f"='{other.title}'!${letter}${HEADER_ROW + 2}:${letter}${_LAST_ROW + 1}"
        message = f"Mã này chưa có ở trang {other.title}. Vẫn được nếu đã nạp từ trước."
        return {
            "validate": "list", "source": source, "error_type": "information",
            "error_message": message, "show_error": column.reads == "code", **note,
        }  # fmt: skip
    if column.reads == "day":
        return {
            "validate": "date", "criteria": "between", "minimum": date(1900, 1, 1),
            "maximum": date(2100, 12, 31), "error_type": "information",
            "error_message": "Ngày dạng dd/mm/yyyy, ví dụ 30/11/2026.", **note,
        }  # fmt: skip
    return None
