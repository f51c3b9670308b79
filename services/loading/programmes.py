"""Loading programmes: numbered, dated documents, and which one carries out which (E02)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.database import Session
from models.task import Programme
from services.loading.rows import Findings, Place, ProgrammeRow, Workbook, is_unread, key
from services.loading.standing import Standing, difference, foreign

Known = tuple[str, str, int]
"""The keys of a number and of the unit that issued it, and the year of issue."""
_YEAR = re.compile(r"(.*\S)\s+năm\s+(\d{4})", re.DOTALL | re.IGNORECASE)


def known_of(row: ProgrammeRow) -> Known:
    return key(row.number), key(row.unit), row.issued_on.year


@dataclass
class Numbers:
    """Finds a programme by its number, or by "number @ unit code", "number năm 2026"."""

    by_number: dict[str, set[Known]] = field(default_factory=lambda: defaultdict(set))
    in_file: set[Known] = field(default_factory=set)

    def find(self, reference: str, at: Place, name: str, findings: Findings) -> Known | None:
        """The programme meant; None with a fault noted, or with a fault noted before."""
        dated = _YEAR.fullmatch(reference)
        whole, year = (dated[1], int(dated[2])) if dated else (reference, 0)
        number, _, unit = (part.strip() for part in whole.rpartition("@"))
        if not number:
            number, unit = whole, ""
        found = self.by_number.get(key(number), set())
        if unit:
            found = {known for known in found if known[1] == key(unit) or is_unread(known[1])}
        if year:
            found = {known for known in found if known[2] in (year, date.min.year)}
        if len(found) > 1 and len(found & self.in_file) == 1:
            found = found & self.in_file
        if len(found) == 1:
            return next(iter(found))
        if found:
            wrong = f"có {len(found)} văn bản cùng số {number}"
            expected = f"thêm mã đơn vị ban hành, ví dụ {number} @ X-PL"
            if len({known[1] for known in found}) == 1:
                expected = f"thêm năm ban hành, ví dụ {number} năm {max(one[2] for one in found)}"
            findings.fault(at, name, wrong, expected)
        else:
            wrong = f"chưa có văn bản số {reference}"
            findings.fault(at, name, wrong, "số hiệu có ở trang Chương trình hoặc đã nạp")
        return None


def numbers_of(content: Workbook, standing: Standing) -> Numbers:
    numbers = Numbers()
    for known in standing.programmes:
        numbers.by_number[known[0]].add(known)
    for row in content.programmes:
        known = known_of(row)
        numbers.by_number[known[0]].add(known)
        numbers.in_file.add(known)
    return numbers


def check_programmes(
    content: Workbook, standing: Standing, numbers: Numbers, findings: Findings
) -> None:
    """Every fault of the programme sheet that needs the other rows or what stands."""
    units = standing.units.keys() | {key(row.code) for row in content.units}
    first: dict[Known, ProgrammeRow] = {}
    above: dict[Known, Known | None] = {}
    for row in content.programmes:
        known = known_of(row)
        if (earlier := first.setdefault(known, row)) is not row:
            wrong = f"văn bản {row.number} của đơn vị {row.unit} đã có ở dòng {earlier.at.row}"
            findings.fault(row.at, "number", wrong, "mỗi văn bản một dòng")
        if key(row.unit) not in units:
            wrong = f"chưa có đơn vị mã {row.unit}"
            findings.fault(row.at, "unit", wrong, "mã có ở trang Đơn vị hoặc đã nạp")
        elif not standing.may_change(key(row.unit)):
            foreign(findings, row.at, "unit")
        if not 2000 <= row.year <= 2100:
            findings.fault(row.at, "year", f"năm {row.year}", "năm bốn chữ số, ví dụ 2026")
        if row.above:
            named = numbers.find(row.above, row.at, "above", findings)
            above.setdefault(known, named)
    for known, row in first.items():
        at, steps = above.get(known), 0
        while at and at != known and steps < len(above):
            at, steps = above.get(at), steps + 1
        if at == known:
            wrong = "văn bản thực hiện chính mình"
            findings.fault(row.at, "above", wrong, "số hiệu văn bản cấp trên")


async def apply_programmes(
    session: Session, content: Workbook, standing: Standing, numbers: Numbers
) -> None:
    """Add and change programmes, then say which carries out which."""
    before: dict[Known, dict[str, Any]] = {}
    for row in content.programmes:
        known = known_of(row)
        wanted: dict[str, Any] = {"issued_on": row.issued_on, "title": row.title, "year": row.year}
        programme = standing.programmes.get(known)
        for name in ("theme", "motto", "horizon"):
            if programme is None or row.at.has(name):
                wanted[name] = getattr(row, name)
        if programme is None:
            programme = Programme(
                number=row.number, unit_id=standing.units[key(row.unit)].id, **wanted
            )
            standing.programmes[known] = programme
            session.add(programme)
            continue
        before[known] = _facts(programme)
        for name, value in difference(programme, wanted).items():
            setattr(programme, name, value)
    await session.flush()
    for row in content.programmes:
        programme = standing.programmes[known_of(row)]
        if row.at.has("above"):
            found = numbers.find(row.above, row.at, "above", Findings()) if row.above else None
            programme.above_id = standing.programmes[found].id if found else None
        old, new = before.get(known_of(row)), _facts(programme)
        if old == new:
            standing.tallies["programmes"].count("unchanged")
        else:
            what = standing.note
            what(
                session,
                "changed" if old else "added",
                "programmes",
                "programme",
                programme.id,
                old,
                new,
            )
    await session.flush()


def _facts(programme: Programme) -> dict[str, Any]:
    names = (
        "number", "issued_on", "unit_id", "title", "theme", "motto", "horizon", "year", "above_id",
    )  # fmt: skip
    return {name: getattr(programme, name) for name in names}
