"""A workbook's bytes into rows for `services.loading`, with every fault of form named.

The header is found by its words wherever it stands and in whatever order its columns are; what
stands above it (titles, notes, examples) is not read. Rules between rows are the loading's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from openpyxl.utils import get_column_letter
from rapidfuzz import process

from documents.cells import Cell, Unreadable, odd_thousand, plain_text, read, shown
from documents.columns import IGNORED, PLANS, Column, SheetPlan
from documents.grids import Grid, NotAWorkbook, read_grids
from services.loading.rows import (
    SHEETS,
    UNREAD,
    Findings,
    Place,
    PostRow,
    ProgrammeRow,
    Remark,
    TaskRow,
    UnitRow,
    Workbook,
    in_order,
)
from vietnamese.letters import fold
from vietnamese.marked import secrecy_mark

GUIDE = "Hướng dẫn"
_HEADER_WITHIN = 30
_ROWS: dict[str, Callable[..., Any]] = {
    "units": UnitRow,
    "posts": PostRow,
    "programmes": ProgrammeRow,
    "tasks": TaskRow,
}


def read_workbook(data: bytes) -> Workbook:
    """The rows and faults of an .xlsx file. Raises NotAWorkbook with one plain sentence."""
    grids = read_grids(data)
    reader = _Reader()
    plans = {_words(plan.title): plan for plan in PLANS}
    seen: set[str] = set()
    for title, grid in grids.items():
        _refuse_secrets(title, grid, reader.findings)
        plan = plans.get(_words(title).lstrip("0123456789"))
        if plan is None:
            if grid and _words(title) != _words(GUIDE):
                expected = "tên trang đúng như mẫu: " + "; ".join(SHEETS.values())
                reader.findings.warnings.append(
                    Remark("trang này không có trong mẫu nên không được nạp", expected, title)
                )
        elif plan.sheet in seen:
            reader.findings.faults.append(
                Remark("có hai trang cùng tên này", "một trang", plan.title)
            )
        else:
            seen.add(plan.sheet)
            reader.read_sheet(plan, grid)
    if not seen:
        raise NotAWorkbook(
            "Tệp không có trang nào theo mẫu (Đơn vị; Người và chức vụ; Chương trình; Nhiệm vụ). "
            "Đồng chí dùng tệp mẫu rồi nạp lại."
        )
    return reader.workbook()


def _words(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isalnum())


def _refuse_secrets(title: str, grid: Grid, findings: Findings) -> None:
    if _words(title) == _words(GUIDE):
        return
    for number, cells in grid:
        for at, cell in enumerate(cells):
            if isinstance(cell.value, str) and (mark := secrecy_mark(cell.value)):
                findings.faults.append(
                    Remark(
                        f"có dấu “{mark}”; tài liệu bí mật nhà nước không được đưa vào hệ thống này",
                        "bỏ nội dung mật ra khỏi tệp",
                        title,
                        number,
                        get_column_letter(at + 1),
                    )
                )


class _Reader:
    def __init__(self) -> None:
        self.findings = Findings()
        self.rows: dict[str, list[Any]] = {name: [] for name in _ROWS}

    def workbook(self) -> Workbook:
        return Workbook(
            **{name: tuple(rows) for name, rows in self.rows.items()},
            faults=in_order(self.findings.faults),
            warnings=in_order(self.findings.warnings),
        )

    def read_sheet(self, plan: SheetPlan, grid: Grid) -> None:
        if not grid:
            return
        headers: dict[str, Column | None] = {_words(IGNORED): None}
        # Names people use come first, so that a column's own name wins over another's second name.
        for column in plan.columns:
            headers.update((_words(name), column) for name in column.also)
        headers.update((_words(column.header), column) for column in plan.columns)
        top, found = max(
            ((at, _match(cells, headers)) for at, (_, cells) in enumerate(grid[:_HEADER_WITHIN])),
            key=lambda pair: len(pair[1]),
        )
        if len(found) < 2:
            wrong = "không thấy dòng tiêu đề"
            expected = "một dòng có tên cột: " + "; ".join(c.header for c in plan.columns)
            self.findings.faults.append(Remark(wrong, expected, plan.title))
            return
        columns = self._columns(plan, grid[top:], headers, found)
        for number, cells in grid[top + 1 :]:
            self._read_row(plan, columns, number, cells)

    def _columns(
        self, plan: SheetPlan, grid: Grid, headers: dict[str, Column | None], found: dict[str, int]
    ) -> dict[int, tuple[Column, str]]:
        """Position → column and the header as the file writes it; faults for all the others."""
        number, cells = grid[0]
        columns: dict[int, tuple[Column, str]] = {}
        for at, cell in enumerate(cells):
            text = _header(cell)
            column = headers.get(_words(text))
            letter = get_column_letter(at + 1)
            if not text:
                below = next((row for row, values in grid[1:] if not values[at].empty), None)
                if below is not None:
                    wrong, expected = (
                        "cột có dữ liệu mà không có tên",
                        "tên cột như mẫu, hoặc xoá cột",
                    )
                    self.findings.faults.append(Remark(wrong, expected, plan.title, below, letter))
            elif column is not None:
                if found[column.field] == at:
                    columns[at] = (column, text)
                else:
                    wrong = f"trùng với cột {get_column_letter(found[column.field] + 1)}"
                    self.findings.faults.append(
                        Remark(wrong, "mỗi cột một lần", plan.title, number, letter, text)
                    )
            elif _words(text) not in headers:
                self.findings.faults.append(_unknown(plan, number, letter, text))
        present = {column.field for column, _ in columns.values()}
        for column in plan.columns:
            if column.required and column.field not in present:
                self.findings.faults.append(
                    Remark(
                        "thiếu cột này", "cột như trong mẫu", plan.title, number, "", column.header
                    )
                )
        return columns

    def _read_row(
        self,
        plan: SheetPlan,
        columns: dict[int, tuple[Column, str]],
        number: int,
        cells: tuple[Cell, ...],
    ) -> None:
        places = {c.field: (get_column_letter(at + 1), text) for at, (c, text) in columns.items()}
        if all(cells[at].empty for at in columns):
            return
        at_row = Place(plan.sheet, number, places)
        values: dict[str, Any] = {}
        unread = {c.field for c in plan.columns if c.required and c.field not in places}
        for at, (column, _) in columns.items():
            cell = cells[at]
            try:
                value = read(column, cell)
                if column.required and cell.empty:
                    raise Unreadable("ô trống", _needed(column))
            except Unreadable as fault:
                self.findings.fault(at_row, column.field, fault.wrong, fault.expected)
                unread.add(column.field)
                continue
            if column.reads == "number" and (doubt := odd_thousand(cell)):
                self.findings.warn(at_row, column.field, doubt)
            if value is not None:
                values[column.field] = value
        if "cadence_day" in values and "cadence" not in unread and not self._day(at_row, values):
            unread.add("cadence_day")
        for column in plan.columns:
            if column.required and column.field in unread:
                values[column.field] = _stand_in(column, number)
        at_row = replace(at_row, unread=frozenset(unread))
        self.rows[plan.sheet].append(_ROWS[plan.sheet](at=at_row, **values))

    def _day(self, at: Place, values: dict[str, Any]) -> bool:
        """Weekdays are written 2 to 8 and kept 1 to 7. False: a fault is noted."""
        weekly = values.get("cadence") == "weekly"
        low, high = (2, 8) if weekly else (1, 31)
        day = values["cadence_day"]
        if not low <= day <= high:
            expected = "2 (thứ Hai) đến 8 (Chủ Nhật)" if weekly else "ngày trong tháng, 1 đến 31"
            self.findings.fault(at, "cadence_day", f"không có ngày {day}", expected)
            return False
        values["cadence_day"] = day - 1 if weekly else day
        return True


def _stand_in(column: Column, number: int) -> Any:
    """What stands for a cell that had to be there and could not be read; each row has its own."""
    if column.reads == "day":
        return date.min
    return 0 if column.reads == "whole" else f"{UNREAD}{number}"


def _needed(column: Column) -> str:
    note = column.note[0].lower() + column.note[1:].rstrip(".")
    return f"{note}; nếu ô được gộp thì bỏ gộp và điền đủ từng dòng"


def _header(cell: Cell) -> str:
    try:
        return " ".join(plain_text(cell).split())
    except Unreadable:
        return ""


def _match(cells: tuple[Cell, ...], headers: dict[str, Column | None]) -> dict[str, int]:
    """Field → position, of the cells that are headers."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        column = headers.get(_words(_header(cell)))
        if column is not None:
            found.setdefault(column.field, at)
    return found


def _unknown(plan: SheetPlan, number: int, letter: str, text: str) -> Remark:
    near = process.extractOne(
        fold(text), {c.header: fold(c.header) for c in plan.columns}, score_cutoff=70
    )
    expected = f"có phải “{near[2]}”? " if near else ""
    expected += f"tên cột như mẫu; cột để ghi riêng đặt tên “{IGNORED}”"
    wrong = f"cột {shown(text)} không có trong mẫu"
    return Remark(wrong, expected, plan.title, number, letter, text)
