"""A small workbook of a province and a commune, and ways to load it in tests."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as Excel
from sqlalchemy import select

from bot.commands.errors import Stop
from bot.commands.loading import import_content, read_file
from documents.workbook import read_workbook
from models.base import Base
from models.database import Database, Session
from models.task import Task
from services.loading import LoadRefused, LoadResult, load_workbook

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

TODAY = date(2026, 11, 23)

UNIT = (
    "Mã đơn vị",
    "Tên đơn vị",
    "Loại đơn vị",
    "Mã đơn vị cấp trên",
    "Hiệu lực từ",
    "Hiệu lực đến",
    "Thay cho đơn vị",
)
POST = (
    "Mã người",
    "Họ và tên",
    "Mã chức vụ",
    "Chức vụ",
    "Mã đơn vị",
    "Vai trò",
    "Từ ngày",
    "Đến ngày",
    "Phụ trách đơn vị",
)

PROGRAMME = (
    "Số hiệu",
    "Ngày ban hành",
    "Mã đơn vị ban hành",
    "Tên văn bản",
    "Chủ đề",
    "Phương châm",
    "Thời kỳ",
    "Năm",
    "Thực hiện văn bản",
)

TASK = ("Số hiệu chương trình", "Mã việc", "Tên nhiệm vụ", "Sản phẩm", "Nhãn", "Hình thức", "Chủ trì", "Phối hợp", "Theo dõi", "Cách đo", "Đơn vị tính", "Chiều", "Số gốc", "Chỉ tiêu", "Tiêu chí hoặc mốc", "Bắt đầu", "Thời hạn", "Báo cáo định kỳ", "Ngày báo cáo", "Đã đạt")  # fmt: skip

Row = Sequence[Any]

Sheets = Mapping[str, Sequence[Row]]


def units() -> list[list[Any]]:
    return [
        list(UNIT),
        ["T", "Tỉnh Tuyên Quang", "Tỉnh", None, date(2025, 7, 1), None, None],
        ["X-PL", "Xã Phù Lưu", "xa", "T", "01/07/2025", None, "CU1; CU2"],
        ["CU1", "Xã Bình An", "Xã", "T", "1/1/1999", "30/06/2025", None],
        ["CU2", "Xã Bình An", "Xã", "T", "01/01/1999", "30/06/2025", None],
    ]


def posts() -> list[list[Any]]:
    return [
        list(POST),
        ["P1", "Nguyễn Văn A", "X-PL-PCT", "Phó Chủ tịch UBND xã", "X-PL", "Cán bộ", "01/07/2025", None, None],
        ["P2", "Trần Thị B", "X-PL-BT", "Bí thư", "X-PL", "Lãnh đạo", "01/07/2025", None, None],
        ["P1", "Nguyễn Văn A", "X-PL-VP", "Chánh Văn phòng", "X-PL", "Văn thư", None, None, None],
        ["P3", "Lê Văn C", "T-GS", "Uỷ viên phụ trách", "T", "Giám sát", None, None, "X-PL;CU1"],
        [None, None, "X-PL-NN", "Cán bộ nông nghiệp", "X-PL", "can bo", None, None, None],
    ]  # fmt: skip


def programmes() -> list[list[Any]]:
    return [
        list(PROGRAMME),
        [
            "111-KH/TU",
            "01/12/2025",
            "T",
            "Kế hoạch tỉnh",
            "Đột phá",
            "5 rõ",
            "nhiệm kỳ",
            2026,
            None,
        ],
        [
            "12-KH/ĐU",
            date(2026, 1, 15),
            "X-PL",
            "Kế hoạch giao việc",
            None,
            None,
            "Năm",
            "2026",
            "111-KH/TU",
        ],
    ]


def task(code: str, **cells: Any) -> list[Any]:
    values: dict[str, Any] = {
        "Số hiệu chương trình": "12-KH/ĐU", "Mã việc": code, "Tên nhiệm vụ": "Xây dựng tổ VietGAP",
        "Chủ trì": "X-PL-PCT", "Cách đo": "Số lượng", "Đơn vị tính": "tổ", "Chỉ tiêu": 2,
        "Thời hạn": date(2026, 12, 31),
    }  # fmt: skip
    values |= {header.replace("_", " "): value for header, value in cells.items()}
    assert not values.keys() - set(TASK)
    return [values.get(header) for header in TASK]


def tasks() -> list[list[Any]]:
    return [
        list(TASK),
        task("NV-03", Nhãn="Dot pha; nông nghiệp", Phối_hợp="X-PL-NN", Theo_dõi="X-PL-VP", Đã_đạt=1),
        task("NV-07", Cách_đo="%", Đơn_vị_tính=None, Chỉ_tiêu="98,3%", Thời_hạn="30/11/2026",
             Báo_cáo_định_kỳ="Tuần", Ngày_báo_cáo="Thứ Sáu"),
        task("NV-08", Cách_đo="Tiêu chí", Đơn_vị_tính=None, Chỉ_tiêu=None,
             Tiêu_chí_hoặc_mốc="Có kế hoạch\nCó tổ trưởng; Có quỹ", Thời_hạn=None),
        task("NV-09", Chỉ_tiêu="12.500,75", Số_gốc="400", Đơn_vị_tính="ha"),
    ]  # fmt: skip


def book(**changed: list[list[Any]]) -> dict[str, list[list[Any]]]:
    return {
        "Đơn vị": changed.get("units", units()),
        "Người và chức vụ": changed.get("posts", posts()),
        "Chương trình": changed.get("programmes", programmes()),
        "Nhiệm vụ": changed.get("tasks", tasks()),
    }


def xlsx(sheets: Sheets) -> bytes:
    """The cells as Excel keeps them: dates as dates, numbers as numbers, texts as texts."""
    excel = Excel()
    excel.remove(excel.worksheets[0])
    for title, rows in sheets.items():
        sheet = excel.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    cell.data_type = "s"  # a text that begins with "="
    target = io.BytesIO()
    excel.save(target)
    return target.getvalue()


async def load(database: Database, sheets: Sheets, now: datetime = NOW) -> LoadResult:
    async with database.begin() as session:
        return await load_workbook(session, None, read_workbook(xlsx(sheets)), now)


async def faults(database: Database, sheets: Sheets) -> list[str]:
    before = await everything(database)
    with pytest.raises(LoadRefused) as refused:
        await load(database, sheets)
    assert await everything(database) == before
    return [fault.line for fault in refused.value.faults]


async def everything(database: Database) -> dict[str, list[Any]]:
    """Every row of every table."""
    async with database.begin() as session:
        return {
            name: sorted(map(repr, (await session.execute(select(table))).all()))
            for name, table in Base.metadata.tables.items()
        }


async def the_task(session: Session, code: str) -> Task:
    found = await session.scalar(select(Task).where(Task.code == code))
    assert found is not None
    return found


async def command(
    database: Database, path: Path, now: datetime = NOW, *, check: bool = False
) -> list[str]:
    """The lines that the command says; the last is what stopped it, if anything did."""
    said: list[str] = []
    try:
        await import_content(read_file(path), database.begin, now, said.append, check=check)
    except Stop as stop:
        said.append(stop.sentence)
    return said
