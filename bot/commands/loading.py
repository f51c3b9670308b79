"""`python -m bot import FILE.xlsx`, `--check`, `--template [PATH]`: a workbook in, from a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path

from bot.clock import Clock
from bot.commands.errors import Stop
from bot.commands.opened import opened
from documents.grids import MOST_BYTES, TOO_BIG, NotAWorkbook
from documents.template import write_template
from documents.workbook import read_workbook
from models.database import Session
from services.loading import LoadRefused, LoadResult, Workbook, load_workbook
from services.loading.rows import Remark
from vietnamese.formatting import number

TEMPLATE_NAME = "mau-nhap-lieu.xlsx"
Begin = Callable[[], AbstractAsyncContextManager[Session]]
Say = Callable[[str], None]

_TABLES = {
    "units": "Đơn vị",
    "people": "Người",
    "posts": "Chức vụ",
    "holdings": "Giữ chức vụ",
    "programmes": "Chương trình",
    "tasks": "Nhiệm vụ",
}


class _OnlyChecked(Exception):
    """Ends the transaction without keeping anything."""


async def import_workbook(
    file: Path | None, *, template: bool = False, check: bool = False
) -> None:
    """The command: write the template, or load the file into the database of the settings."""
    if template:
        save_template(file, print)
        return
    if file is None:
        raise Stop(
            "Đồng chí ghi tên tệp: python -m bot import TEP.xlsx; lấy tệp mẫu: python -m bot import --template"
        )
    content = read_file(file)
    async with opened() as (_, database):
        await import_content(content, database.begin, Clock().now(), print, check=check)


def save_template(path: Path | None, say: Say) -> None:
    """Write the empty workbook, never over a file that is there. Raises Stop."""
    target = path or Path(TEMPLATE_NAME)
    if target.is_dir():
        target = target / TEMPLATE_NAME
    try:
        with target.open("xb") as file:
            file.write(write_template())
    except FileExistsError:
        raise Stop(f"Đã có tệp {target}. Đồng chí đặt tên khác.") from None
    except OSError as error:
        raise Stop(
            f"Không ghi được tệp {target}: {error.strerror}. Đồng chí chọn thư mục khác."
        ) from None
    say(f"Đã ghi tệp mẫu: {target}. Trang “Hướng dẫn” trong tệp có cách điền và ví dụ.")


async def import_content(
    content: Workbook, begin: Begin, now: datetime, say: Say, *, check: bool = False
) -> None:
    """Load the rows, or only check them; say what changed.

    Raises Stop after every fault was said; nothing is changed then.
    """
    try:
        result = await _load(content, begin, now, check=check)
    except LoadRefused as refused:
        _say_all("Lưu ý", refused.warnings, say)
        _say_all("Cần sửa", refused.faults, say)
        raise Stop(
            f"Chưa nạp gì: còn {number(len(refused.faults))} chỗ cần sửa. Đồng chí sửa tệp rồi nạp lại."
        ) from None
    _say_all("Lưu ý", result.warnings, say)
    _say_result(result, say, check=check)


def read_file(path: Path) -> Workbook:
    """The file's rows and faults. Raises Stop when it cannot be read at all."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Stop(TOO_BIG)
        return read_workbook(path.read_bytes())
    except NotAWorkbook as error:
        raise Stop(error.sentence) from None
    except FileNotFoundError:
        raise Stop(f"Không thấy tệp {path}. Đồng chí xem lại đường dẫn.") from None
    except OSError as error:
        raise Stop(f"Không đọc được tệp {path}: {error.strerror}.") from None


async def _load(content: Workbook, begin: Begin, now: datetime, *, check: bool) -> LoadResult:
    result: LoadResult | None = None
    try:
        async with begin() as session:
            result = await load_workbook(session, None, content, now)
            if check:
                raise _OnlyChecked
    except _OnlyChecked:
        pass
    assert result is not None
    return result


def _say_all(title: str, remarks: Iterable[Remark], say: Say) -> None:
    for remark in remarks:
        say(f"{title}: {remark.line}")


def _say_result(result: LoadResult, say: Say, *, check: bool) -> None:
    if not any(one.added or one.changed or one.unchanged for one in result.tallies.values()):
        say("Tệp chưa có dòng nào. Trang “Hướng dẫn” trong tệp có cách điền và ví dụ.")
        return
    if not result.changes:
        say("Tệp hợp lệ, không có gì thay đổi.")
        return
    say("Kiểm tra xong, tệp hợp lệ. Nếu nạp thì:" if check else "Đã nạp xong:")
    for name, tally in result.tallies.items():
        if tally.added or tally.changed or tally.unchanged:
            say(
                f"  {_TABLES[name]}: thêm {number(tally.added)}, sửa {number(tally.changed)}, "
                f"giữ nguyên {number(tally.unchanged)}"
            )
    if check:
        say("Chưa có gì thay đổi; nạp thật thì bỏ --check.")
