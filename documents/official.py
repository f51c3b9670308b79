"""The official table of somebody's area, now or at an earlier cut-off: read, then written."""

from __future__ import annotations

from datetime import datetime

from documents.table import TableHead, TableRow, write_table
from services import Database, access, summary
from services.summary import Line
from vietnamese.formatting import number, percent

PROGRESS = {
    "done_on_time": "Đã hoàn thành",
    "done_late": "Đã hoàn thành quá hạn",
    "doing": "Đang thực hiện",
    "overdue": "Chưa hoàn thành",
}


async def official_table(
    database: Database,
    person_id: int,
    unit_id: int | None,
    now: datetime,
    *,
    until: datetime | None = None,
) -> bytes:
    """The .xlsx of what this person may see, or of one unit of it.

    Rights are decided anew here, because a link may be older than a post. Raises LookupError for
    somebody who is not there any more, Refused for a foreign unit.
    """
    async with database.begin() as session:
        actor = await access.actor_by_id(session, person_id, "document", now)
        if actor is None:
            raise LookupError(f"person {person_id}")
        found = await summary.summarise(session, actor, now, unit_id=unit_id, until=until)
    programme = found.programmes[0] if len(found.programmes) == 1 else ""
    head = TableHead(found.unit, found.at, programme)
    return write_table(head, [_row(line) for line in found.lines])


def _row(line: Line) -> TableRow:
    return TableRow(
        title=f"{line.code} {line.title}",
        unit=line.unit,
        due=line.due,
        result=_result(line),
        progress=PROGRESS[line.outcome],
        first_due=line.first_due,
    )


def _result(line: Line) -> str:
    if line.value is None:
        return "Chưa có số liệu"
    of_plan = f", đạt {percent(line.percent)} kế hoạch" if line.percent is not None else ""
    if line.measure == "yesno":
        return "Đã xong" if line.percent is not None and line.percent >= 100 else "Chưa xong"
    qualifier = f"{line.qualifier} " if line.qualifier else ""
    space = "" if line.measure_unit == "%" else " "
    return f"{qualifier}{number(line.value)}{space}{line.measure_unit}".strip() + of_plan
