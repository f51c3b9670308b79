"""What a line of `understand --jsonl` brings along: figures, tasks, and whatever is to be found."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from vietnamese.names import Candidate
from vietnamese.reports import TaskHint


def decimal_in(value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


def _entries(asked: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    entries = asked.get(key) or []
    if not isinstance(entries, list):
        raise ValueError(f"{key} must be a list")
    return [entry for entry in entries if isinstance(entry, dict)]


def tasks_in(asked: Mapping[str, Any]) -> tuple[TaskHint, ...]:
    return tuple(
        TaskHint(
            code=str(task.get("code", "")),
            title=str(task.get("title", "")),
            unit=str(task["unit"]) if task.get("unit") else None,
            target=decimal_in(task.get("target")),
            previous=decimal_in(task.get("previous")),
        )
        for task in _entries(asked, "tasks")
        if task.get("code")
    )


def candidates_in(asked: Mapping[str, Any]) -> tuple[Candidate, ...]:
    """Tasks by their code, or whatever else is to be found: ``{"id", "name", "code", "unit"}``."""
    tasks = [Candidate(t.code, t.title, t.code) for t in tasks_in(asked)]
    others = [
        Candidate(
            id=str(entry.get("id") or entry.get("code") or entry.get("name", "")),
            name=str(entry.get("name") or entry.get("title", "")),
            code=str(entry["code"]) if entry.get("code") else None,
        )
        for entry in _entries(asked, "candidates")
    ]
    return (*tasks, *others)
