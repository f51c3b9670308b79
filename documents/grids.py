"""A file's bytes into grids of cells, or one plain sentence why it cannot be read."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping
from typing import Any

from openpyxl import load_workbook

from documents.cells import EMPTY, Cell

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 80
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")

Grid = list[tuple[int, tuple[Cell, ...]]]
"""The rows that hold anything, each with its number in the sheet."""


class NotAWorkbook(Exception):
    """The file cannot be read; `sentence` says why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


TOO_BIG = (
    "Tệp quá lớn. Đồng chí xoá các dòng trống có định dạng ở cuối trang, "
    "hoặc chia thành nhiều tệp rồi nạp lần lượt."
)
DAMAGED = "Tệp bị hỏng nên không đọc được. Đồng chí mở bằng Excel, lưu lại rồi nạp lại."
LOCKED = "Tệp đang đặt mật khẩu. Đồng chí bỏ mật khẩu, lưu lại rồi nạp lại."
OLD = "Tệp ở dạng Excel cũ (.xls). Đồng chí lưu lại dạng .xlsx rồi nạp lại."
OTHER = "Đây không phải tệp Excel (.xlsx). Đồng chí dùng tệp mẫu rồi nạp lại."


def read_grids(data: bytes) -> dict[str, Grid]:
    """Sheet title → its rows. Raises NotAWorkbook."""
    _look_inside(data)
    try:
        # openpyxl warns of every feature it will not write back; nothing is written back here.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(data)
    except NotAWorkbook:
        raise
    except Exception as error:
        # A damaged file makes openpyxl raise any of a dozen errors.
        raise NotAWorkbook(DAMAGED) from error


def _look_inside(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise NotAWorkbook(TOO_BIG)
    if data.startswith(_OLE):
        raise NotAWorkbook(LOCKED if "EncryptedPackage".encode("utf-16-le") in data else OLD)
    if not data.startswith(b"PK"):
        raise NotAWorkbook(OTHER)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise NotAWorkbook(DAMAGED) from error
    if any(part.flag_bits & 1 for part in parts):
        raise NotAWorkbook(LOCKED)
    # The unpacked sizes are what the file claims; zipfile never hands out more than that.
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise NotAWorkbook(TOO_BIG)
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise NotAWorkbook(OTHER)


def _read(data: bytes) -> dict[str, Grid]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    try:
        grids, formulas = {}, {}
        for sheet in book.worksheets:
            grids[sheet.title], formulas[sheet.title] = _grid(sheet)
    finally:
        book.close()
    if any(formulas.values()):
        _fill_results(data, grids, formulas)
    return grids


def _grid(sheet: Any) -> tuple[Grid, set[tuple[int, int]]]:
    # The size a sheet states is often wrong, and may be a million rows.
    sheet.reset_dimensions()
    grid: Grid = []
    formulas: set[tuple[int, int]] = set()
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if not any(cell.value is not None for cell in row):
            continue
        cells = tuple(_cell(cell) for cell in row)
        if all(cell.empty for cell in cells):
            continue
        formulas |= {(number, at) for at, cell in enumerate(cells) if cell.kind == "f"}
        grid.append((number, cells))
        if len(grid) > MOST_ROWS:
            raise NotAWorkbook(
                f"Trang “{sheet.title}” có trên 20.000 dòng. Đồng chí chia thành nhiều tệp rồi nạp lần lượt."
            )
    return grid, formulas


def _cell(cell: Any) -> Cell:
    if cell.value is None:
        return EMPTY
    shows_percent = cell.data_type == "n" and "%" in (cell.number_format or "")
    return Cell(cell.value, cell.data_type, shows_percent)


def _fill_results(
    data: bytes, grids: dict[str, Grid], formulas: Mapping[str, set[tuple[int, int]]]
) -> None:
    """Put in place of each formula the result that Excel stored with it, if it did."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            wanted = formulas[sheet.title]
            if not wanted:
                continue
            sheet.reset_dimensions()
            results = {
                (number, at): _cell(row[at])
                for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1)
                for at in range(len(row))
                if (number, at) in wanted and row[at].value is not None
            }
            grids[sheet.title] = [
                (number, tuple(results.get((number, at), cell) for at, cell in enumerate(cells)))
                for number, cells in grids[sheet.title]
            ]
    finally:
        book.close()
