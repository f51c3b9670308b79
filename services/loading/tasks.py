"""Loading tasks: new ones, and what a changed row changes on a task that has lived since.

Between two loadings a task may be extended, handed over, reported on. Only what the file itself
says anew is taken: a cell that still says what it said at the last loading does not undo a change
made since (an extension, say), and the first date is never overwritten.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from models.database import Session
from models.task import Task, TaskRole, take_figures
from services.loading.measures import check_days, check_measure, target_of, unit_of
from services.loading.programmes import Known, Numbers, known_of
from services.loading.rows import Findings, TaskRow, Workbook, key, plain
from services.loading.standing import Standing, foreign
from services.loading.standing_tasks import ROLES, StandingTasks, completed, facts_of
from vietnamese.formatting import day
from vietnamese.letters import fold


def check_tasks(
    content: Workbook,
    standing: Standing,
    numbers: Numbers,
    stands: StandingTasks,
    findings: Findings,
) -> None:
    """Every fault of the task sheet that needs the other rows or what stands."""
    units = {code: standing.unit_keys[post.unit_id] for code, post in standing.posts.items()}
    units |= {key(row.post): key(row.unit) for row in content.posts}
    held = _held_posts(content, standing)
    issued = {known: one.issued_on for known, one in standing.programmes.items()}
    issued |= {known_of(row): row.issued_on for row in content.programmes}
    first: dict[tuple[Known, str], TaskRow] = {}
    for written in content.tasks:
        known = numbers.find(written.programme, written.at, "programme", findings)
        task = stands.tasks.get((known, key(written.code))) if known else None
        row = completed(written, task)
        if known:
            earlier = first.setdefault((known, key(row.code)), written)
            if earlier is not written:
                wrong = f"mã {row.code} đã có ở dòng {earlier.at.row}, cùng chương trình"
                findings.fault(row.at, "code", wrong, "mỗi việc một mã riêng trong chương trình")
        for name in ("owner", *ROLES):
            codes = (row.owner,) if name == "owner" else getattr(row, name)
            for code in codes:
                if key(code) not in units:
                    wrong = f"chưa có chức vụ mã {code}"
                    expected = "mã có ở trang Người và chức vụ hoặc đã nạp"
                    if name == "owner" and any(sign in code for sign in ";,"):
                        wrong, expected = "có nhiều chức vụ", "đúng một; còn lại ghi ở “Phối hợp”"
                    findings.fault(row.at, name, wrong, expected)
        owner = key(row.owner)
        outside = owner in units and not standing.may_change(units[owner])
        if outside or (task and not standing.may_change(standing.unit_keys[task.unit_id])):
            foreign(findings, row.at, "owner")
        elif owner in units and owner not in held:
            findings.warn(row.at, "owner", f"chức vụ {row.owner} chưa có người giữ")
        check_measure(row, findings)
        check_days(row, issued.get(known) if known else None, findings)


def _held_posts(content: Workbook, standing: Standing) -> set[str]:
    today = standing.today
    held = {
        code
        for code, post in standing.posts.items()
        if any((one.to_day or today) >= today for one in standing.holdings.get(post.id, []))
    }
    return held | {
        key(row.post)
        for row in content.posts
        if (row.person or "person" in row.at.unread) and (row.end or today) >= today
    }


def _wanted(row: TaskRow, issued_on: date, owner_id: int) -> dict[str, Any]:
    """The task's columns as the row says them."""
    return {
        "title": row.title,
        "product": row.product,
        "tags": list(row.tags),
        "origin": row.origin,
        "owner_post_id": owner_id,
        "measure": row.measure,
        "measure_unit": unit_of(row),
        "direction": row.direction,
        "baseline": row.baseline,
        "target": target_of(row),
        "criteria": list(row.criteria),
        "start": row.start or min(issued_on, row.due or issued_on),
        "due": row.due,
        "cadence": row.cadence,
        "cadence_day": row.cadence_day or 1,
    }


async def apply_tasks(
    session: Session,
    content: Workbook,
    standing: Standing,
    numbers: Numbers,
    stands: StandingTasks,
    findings: Findings,
) -> None:
    """Add and change tasks; the audit keeps the old values and what the file said."""
    added: list[tuple[Task, TaskRow, dict[str, Any]]] = []
    for written in content.tasks:
        known = numbers.find(written.programme, written.at, "programme", Findings())
        assert known is not None  # checked before
        programme = standing.programmes[known]
        task = stands.tasks.get((known, key(written.code)))
        row = completed(written, task)
        post = standing.posts[key(row.owner)]
        wanted = _wanted(row, programme.issued_on, post.id)
        if task is None:
            task = Task(programme_id=programme.id, code=row.code, folded=fold(row.title), **wanted)
            task.first_due, task.unit_id = task.due, post.unit_id
            task.reports_from = standing.today
            task.loaded_value = row.value
            take_figures(task, row.value, None)
            session.add(task)
            added.append((task, row, wanted))
        else:
            await _change(session, task, row, wanted, standing, stands, findings)
    await session.flush()
    for task, row, wanted in added:
        stands.roles[task.id] = defaultdict(dict)
        for role in ROLES:
            await _set_role(session, task, role, getattr(row, role), standing, stands)
        said = {
            name: plain(value) for name, value in _said(row, wanted, standing, new=True).items()
        }
        after = facts_of(task, stands) | {"loaded": said}
        standing.note(session, "added", "tasks", "task", task.id, None, after, task.owner_post_id)
    await session.flush()


def _said(
    row: TaskRow, wanted: dict[str, Any], standing: Standing, *, new: bool = False
) -> dict[str, Any]:
    """What the file says, roles and the value included: of a task that stands, only by its columns."""
    columns = {"owner_post_id": "owner"}
    says = {n: value for n, value in wanted.items() if new or row.at.has(columns.get(n, n))}
    for role in ROLES:
        if row.at.has(role):
            says[role] = sorted(standing.posts[key(code)].id for code in getattr(row, role))
    return says | ({"value": row.value} if row.value is not None else {})


async def _change(
    session: Session,
    task: Task,
    row: TaskRow,
    wanted: dict[str, Any],
    standing: Standing,
    stands: StandingTasks,
    findings: Findings,
) -> None:
    roles = stands.roles.setdefault(task.id, defaultdict(dict))
    says = _said(row, wanted, standing)
    has = {name: sorted(roles[name]) if name in ROLES else getattr(task, name) for name in says}
    said_before = stands.said.get(task.id, {})
    anew: dict[str, Any] = {}
    for name, value in says.items():
        if value == has[name]:
            continue
        if name in said_before and said_before[name] == plain(value):
            _warn_kept(row, name, task, findings)
        elif name == "value" and task.last_report_at is not None:
            findings.warn(row.at, name, "việc đã có báo cáo; giữ số trong báo cáo")
        else:
            anew[name] = value
    if not anew:
        standing.tallies["tasks"].count("unchanged")
        return
    if task.state != "open":
        findings.warn(row.at, "code", "việc đã kết thúc mà dòng này vừa thay đổi")
    before = facts_of(task, stands)
    if "cadence" in anew:
        task.reports_from = standing.today
    for name, value in anew.items():
        if name in ROLES:
            await _set_role(session, task, name, getattr(row, name), standing, stands)
        elif name != "value":
            setattr(task, name, value)
    task.folded = fold(task.title)
    if "owner_post_id" in anew:
        task.unit_id = standing.posts[key(row.owner)].unit_id
    if "due" in anew:
        task.due_version += 1
        task.first_due = task.first_due or task.due
    if "value" in anew:
        task.loaded_value = anew["value"]
    if anew.keys() & {"value", "target", "baseline", "direction"}:
        take_figures(task, anew.get("value", task.value), task.qualifier)
    said = said_before | {name: plain(value) for name, value in says.items()}
    after = facts_of(task, stands) | {"loaded": said}
    standing.note(session, "changed", "tasks", "task", task.id, before, after, task.owner_post_id)


def _warn_kept(row: TaskRow, name: str, task: Task, findings: Findings) -> None:
    """The file repeats what it said before, and the system has moved on since."""
    if name == "due":
        kept = f"giữ hạn {day(task.due)}" if task.due else "giữ không thời hạn"
        findings.warn(row.at, name, f"hạn đã thay đổi sau lần nạp trước; {kept}")
    elif name != "value":
        column = "owner" if name == "owner_post_id" else name
        wrong = "đã thay đổi trong hệ thống sau lần nạp trước; giữ như trong hệ thống"
        findings.warn(row.at, column, wrong)


async def _set_role(
    session: Session,
    task: Task,
    role: str,
    codes: tuple[str, ...],
    standing: Standing,
    stands: StandingTasks,
) -> None:
    has = stands.roles[task.id][role]
    wanted = {standing.posts[key(code)].id for code in codes}
    for post_id in has.keys() - wanted:
        await session.delete(has.pop(post_id))
    for post_id in sorted(wanted - has.keys()):
        has[post_id] = TaskRole(task_id=task.id, post_id=post_id, role=role)
        session.add(has[post_id])
