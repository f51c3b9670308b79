"""Loading a workbook: all of it, or nothing and every reason at once.

Everything is checked against what stands before the first change; the same workbook loaded twice
changes nothing the second time.
"""

from __future__ import annotations

from datetime import datetime

from models.database import Session
from services.access import Actor
from services.loading.people import apply_people, check_people
from services.loading.programmes import apply_programmes, check_programmes, numbers_of
from services.loading.rows import Findings, LoadRefused, LoadResult, Workbook, in_order
from services.loading.standing import read_standing
from services.loading.standing_tasks import read_tasks
from services.loading.tasks import apply_tasks, check_tasks
from services.loading.units import apply_units, check_units

__all__ = ["LoadRefused", "LoadResult", "Workbook", "load_workbook"]


async def load_workbook(
    session: Session, actor: Actor | None, content: Workbook, now: datetime
) -> LoadResult:
    """Bring units, people, posts, programmes and tasks to what the workbook says.

    No actor: the administrator at the command line; a clerk changes only the units they enter for.
    Raises LoadRefused with all faults, and Refused for anyone else, before anything is changed.
    """
    standing = await read_standing(session, actor, content, now)
    numbers = numbers_of(content, standing)
    tasks = await read_tasks(session, content, standing, numbers)
    findings = Findings(list(content.faults), list(content.warnings))
    check_units(content, standing, findings)
    check_people(content, standing, findings)
    check_programmes(content, standing, numbers, findings)
    check_tasks(content, standing, numbers, tasks, findings)
    if findings.faults:
        raise LoadRefused(in_order(findings.faults), in_order(findings.warnings))
    await apply_units(session, content, standing)
    await apply_people(session, content, standing)
    await apply_programmes(session, content, standing, numbers)
    await apply_tasks(session, content, standing, numbers, tasks, findings)
    return LoadResult(standing.tallies, in_order(findings.warnings))
