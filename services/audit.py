"""Every change has a line: who, for which post, from which network, before and after (promise 7)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models.audit import Audit
from models.database import Session
from services.access import Actor


def record(
    session: Session,
    actor: Actor | None,
    action: str,
    kind: str,
    thing_id: int,
    *,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    post_id: int | None = None,
) -> None:
    """Write the line, in the transaction of the change. No actor: the program itself."""
    session.add(
        Audit(
            at=now,
            who=actor.pseudonym if actor else "system",
            post_id=post_id,
            channel=actor.channel if actor else "system",
            action=action,
            kind=kind,
            thing_id=thing_id,
            before=_plain(before),
            after=_plain(after),
        )
    )


def _plain(facts: dict[str, Any] | None) -> dict[str, Any] | None:
    if facts is None:
        return None
    return {name: _value(value) for name, value in facts.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")  # the same before it was stored and after
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
