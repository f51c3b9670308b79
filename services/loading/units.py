"""Loading units: the tree, its paths, and what each unit was before a merger."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import delete

from models.database import Session
from models.organisation import Unit, UnitPredecessor
from services.loading.rows import Findings, UnitRow, Workbook, key
from services.loading.standing import Standing, difference, foreign
from vietnamese.formatting import day
from vietnamese.letters import fold

DEEPEST = 20
"""Levels of the tree; a province with districts of old has five."""


def check_units(content: Workbook, standing: Standing, findings: Findings) -> None:
    """Every fault of the unit sheet that needs the other rows or what stands."""
    known = standing.units.keys() | {key(row.code) for row in content.units}
    first: dict[str, UnitRow] = {}
    names: dict[tuple[str, str], UnitRow] = {}
    for row in content.units:
        code = key(row.code)
        if (earlier := first.setdefault(code, row)) is not row:
            wrong = f"mã {row.code} đã có ở dòng {earlier.at.row}"
            findings.fault(row.at, "code", wrong, "mỗi đơn vị một mã riêng")
        if row.parent and key(row.parent) not in known:
            _no_unit(findings, row, "parent", row.parent)
        for old in row.replaces:
            if key(old) not in known:
                _no_unit(findings, row, "replaces", old)
            elif key(old) == code:
                findings.fault(row.at, "replaces", "đơn vị thay cho chính mình", "mã đơn vị cũ")
        if row.valid_to and row.valid_to < row.valid_from:
            wrong = f"{day(row.valid_to)} trước ngày hiệu lực {day(row.valid_from)}"
            findings.fault(row.at, "valid_to", wrong, "ngày sau “Hiệu lực từ”, hoặc để trống")
        if earlier is not row:  # its code says another unit's place
            continue
        _check_place(row, standing, findings)
        same = names.setdefault((standing.parents.get(code, ""), fold(row.name)), row)
        if same is not row:
            findings.warn(
                row.at,
                "name",
                f"giống tên dòng {same.at.row} (mã {same.code}), cùng cấp trên; hai đơn vị được phân biệt bằng mã",
            )


def _check_place(row: UnitRow, standing: Standing, findings: Findings) -> None:
    code = key(row.code)
    chain, at = [code], standing.parents.get(code, "")
    while at and at != code and len(chain) <= DEEPEST:
        chain.append(at)
        at = standing.parents.get(at, "")
    if at == code:
        wrong = "đơn vị nằm dưới chính mình"
        findings.fault(row.at, "parent", wrong, "cấp trên không thuộc các đơn vị bên dưới nó")
    elif len(chain) > DEEPEST and at:
        wrong = f"đơn vị ở quá sâu hoặc các cấp trên vòng lại (trên {DEEPEST} cấp)"
        findings.fault(row.at, "parent", wrong, "cấp trên đúng")
    elif not standing.may_change(code) or (code in standing.units and not _held(standing, code)):
        foreign(findings, row.at, "code")


def _held(standing: Standing, code: str) -> bool:
    """Whether the unit's place of today, too, is within reach."""
    if standing.reach is None:
        return True
    roots = [standing.units[root].path for root in standing.reach]
    return any(standing.units[code].path.startswith(root) for root in roots)


def _no_unit(findings: Findings, row: UnitRow, name: str, code: str) -> None:
    findings.fault(row.at, name, f"chưa có đơn vị mã {code}", "mã có ở trang Đơn vị hoặc đã nạp")


async def apply_units(session: Session, content: Workbook, standing: Standing) -> None:
    """Add and change units, then set right every path below a unit that moved."""
    before = {
        key(row.code): _facts(standing.units[key(row.code)], standing)
        for row in content.units
        if key(row.code) in standing.units
    }
    for row in content.units:
        wanted: dict[str, Any] = {"name": row.name, "folded": fold(row.name), "kind": row.kind}
        wanted["valid_from"] = row.valid_from
        unit = standing.units.get(key(row.code))
        if unit is None:
            unit = Unit(code=row.code, path="", valid_to=row.valid_to, **wanted)
            session.add(unit)
            standing.units[key(row.code)] = unit
            continue
        if row.at.has("valid_to"):
            wanted["valid_to"] = row.valid_to
        for name, value in difference(unit, wanted).items():
            setattr(unit, name, value)
    await session.flush()
    standing.unit_keys = {unit.id: code for code, unit in standing.units.items()}
    for row in content.units:
        parent = standing.parents[key(row.code)]
        parent_id = standing.units[parent].id if parent else None
        unit = standing.units[key(row.code)]
        if unit.parent_id != parent_id:
            unit.parent_id = parent_id
    _set_paths(standing)
    for row in content.units:
        if row.at.has("replaces"):
            await _set_predecessors(session, standing, row)
    await session.flush()
    for row in content.units:
        unit = standing.units[key(row.code)]
        old, new = before.get(key(row.code)), _facts(unit, standing)
        if old == new:
            standing.tallies["units"].count("unchanged")
        else:
            standing.note(
                session, "changed" if old else "added", "units", "unit", unit.id, old, new
            )


def _facts(unit: Unit, standing: Standing) -> dict[str, Any]:
    names = ("code", "name", "kind", "parent_id", "valid_from", "valid_to")
    facts = {name: getattr(unit, name) for name in names}
    facts["replaces"] = sorted(standing.predecessors.get(unit.id, set()))
    return facts


def _set_paths(standing: Standing) -> None:
    below: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in standing.units.values():
        below[unit.parent_id].append(unit)
    waiting = [(unit, "/") for unit in below[None]]
    while waiting:
        unit, above = waiting.pop()
        path = f"{above}{unit.id}/"
        if unit.path != path:
            unit.path = path
        waiting += [(child, path) for child in below[unit.id]]


async def _set_predecessors(session: Session, standing: Standing, row: UnitRow) -> None:
    unit_id = standing.units[key(row.code)].id
    wanted = {standing.units[key(code)].id for code in row.replaces}
    has = standing.predecessors[unit_id]
    if gone := has - wanted:
        await session.execute(
            delete(UnitPredecessor).where(
                UnitPredecessor.unit_id == unit_id, UnitPredecessor.predecessor_id.in_(gone)
            )
        )
    session.add_all(
        UnitPredecessor(unit_id=unit_id, predecessor_id=old) for old in sorted(wanted - has)
    )
    standing.predecessors[unit_id] = wanted
