"""Files as they come: other orders of columns, formulas, damage, things that are no workbook."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook as Excel
from sqlalchemy import func, select

from bot.commands.errors import Stop
from bot.commands.loading import read_file, save_template
from documents.grids import NotAWorkbook
from documents.workbook import read_workbook
from models.database import Database
from models.organisation import Unit
from tests.loading_book import (
    TASK,
    book,
    command,
    load,
    task,
    tasks,
    the_task,
    units,
    xlsx,
)


async def test_headers_in_any_order_case_and_accents_below_a_title(database: Database) -> None:
    order = [3, 0, 2, 1, 5, 4, 6]
    rows = [[row[at] for at in order] for row in units()]
    rows[0] = [
        "CAP TREN",
        "ma don vi (*)",
        " Loại  đơn vị",
        "Tên",
        "HIỆU LỰC ĐẾN",
        "hieu luc tu",
        "Thay cho",
    ]
    await load(database, {"DON VI": [["Danh sách đơn vị"], [], *rows, [None] * 7, ["  "]]})
    async with database.begin() as session:
        assert await session.scalar(select(func.count()).select_from(Unit)) == 4


async def test_p48_composed_and_decomposed_are_the_same(database: Database) -> None:
    import unicodedata

    await load(database, book())
    loose = {
        unicodedata.normalize("NFD", title): [
            [unicodedata.normalize("NFD", cell) if isinstance(cell, str) else cell for cell in row]
            for row in rows
        ]
        for title, rows in book().items()
    }
    assert (await load(database, loose)).changes == 0


async def test_p39_a_formula_written_as_text_stays_text(database: Database) -> None:
    name = '=HYPERLINK("http://x","y")'
    rows = [*tasks(), task("NV-20", Tên_nhiệm_vụ=name)]
    await load(database, book(tasks=rows))
    async with database.begin() as session:
        assert (await the_task(session, "NV-20")).title == name


def test_a_formula_gives_its_result_or_a_fault() -> None:
    target = io.BytesIO()
    excel = xlsxwriter.Workbook(target)
    sheet = excel.add_worksheet("Nhiệm vụ")
    percent = excel.add_format({"num_format": "0.0%"})
    for row, line in enumerate([list(TASK), task("A"), task("B"), task("C"), task("D")]):
        for column, value in enumerate(line):
            if isinstance(value, date):
                sheet.write_datetime(row, column, value, excel.add_format({"num_format": "d/m/yy"}))
            elif value is not None:
                sheet.write(row, column, value)
    at = TASK.index("Chỉ tiêu")
    sheet.write_formula(1, at, "=1+2", None, 3)
    sheet.write_formula(2, at, "=1+2", None, "")
    sheet.write_formula(3, at, "=1/0", None, "#DIV/0!")
    sheet.write_number(4, at, 0.983, percent)
    excel.close()
    content = read_workbook(target.getvalue())
    assert [(row.code, row.target) for row in content.tasks if not row.at.unread] == [
        ("A", Decimal(3)),
        ("D", Decimal("98.3")),
    ]
    assert [(one.row, one.letter, one.wrong) for one in content.faults] == [
        (3, "N", "công thức chưa có kết quả"),
        (4, "N", "ô đang báo lỗi #DIV/0!"),
    ]


def _zip(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return target.getvalue()


_OLE = bytes.fromhex("d0cf11e0a1b11ae1")

_GOOD = xlsx({"Đơn vị": units()})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "không phải tệp Excel"),
        ("Mã;Tên".encode(), "không phải tệp Excel"),
        (_zip(**{"word__document.xml": b"<a/>"}), "không phải tệp Excel"),
        (_OLE + b"\0" * 600, "Excel cũ (.xls)"),
        (_OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (_GOOD[: len(_GOOD) // 2], "bị hỏng"),
        (_zip(**{"xl__workbook.xml": b"<a/>"}), "bị hỏng"),
        (_zip(**{"xl__workbook.xml": b"\0" * (201 * 1024 * 1024)}), "quá lớn"),
        (b"PK" + b"\0" * (21 * 1024 * 1024), "quá lớn"),
        (xlsx({"Sheet1": [["a", "b"]]}), "không có trang nào theo mẫu"),
    ],
)
def test_a_file_that_is_no_workbook_gets_one_plain_sentence(data: bytes, said: str) -> None:
    with pytest.raises(NotAWorkbook) as error:
        read_workbook(data)
    assert said in error.value.sentence


def test_every_byte_damaged_is_read_or_refused() -> None:
    for at in range(0, len(_GOOD), 97):
        damaged = bytearray(_GOOD)
        damaged[at] ^= 0x5A
        try:
            read_workbook(bytes(damaged))
        except NotAWorkbook:
            continue


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="Không thấy tệp"):
        read_file(tmp_path / "x.xlsx")
    with pytest.raises(Stop, match="Không đọc được tệp"):
        read_file(tmp_path)


async def test_the_empty_template_loads_as_nothing(database: Database, tmp_path: Path) -> None:
    said: list[str] = []
    path = tmp_path / "mau.xlsx"
    save_template(path, said.append)
    assert "Hướng dẫn" in said[0]
    with pytest.raises(Stop, match="đặt tên khác"):
        save_template(path, said.append)
    assert await command(database, path) == [
        "Tệp chưa có dòng nào. Trang “Hướng dẫn” trong tệp có cách điền và ví dụ."
    ]


def test_merged_cells_and_empty_rows_at_the_end() -> None:
    excel = Excel()
    sheet = excel.worksheets[0]
    sheet.title = "Nhiệm vụ"
    for row in [*tasks(), *[[None] * 5] * 40, [" ", "\u200b"]]:
        sheet.append(row)
    sheet.cell(9000, 3).number_format = "@"
    sheet.merge_cells("A2:A3")
    target = io.BytesIO()
    excel.save(target)
    content = read_workbook(target.getvalue())
    assert [row.at.unread for row in content.tasks] == [set(), {"programme"}, set(), set()]
    assert [fault.line for fault in content.faults] == [
        "Trang “Nhiệm vụ”, dòng 3, cột A “Số hiệu chương trình”: ô trống. Cần: như ở trang Chương trình; "
        "trùng số thì ghi thêm @ mã đơn vị, hoặc năm 2026; nếu ô được gộp thì bỏ gộp và điền đủ từng dòng."
    ]
