"""The tick: what should have been planned up to now and is not (design §4).

Called every minute, on any number of replicas. Outside the hours of sending it does not even ask
the database; when the day's plan is complete it asks two small questions. The plan itself is made
once a day and kind: a task that changes later in the day concerns the next day's plan, and what
is no longer true is left out when the digest is sent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from scheduler.calendar import Calendar
from scheduler.planner import Rules, due_kinds, plan
from services import Database
from services.reminders import ledger
from services.reminders.facts import PlannedDigest, day_overrides, facts_of
from vietnamese.zone import VIETNAM, local

log = structlog.get_logger()

CHUNK = 100
"""People in one transaction: short, so that chats are answered in between."""


@dataclass(frozen=True)
class TickResult:
    """What a tick did. `unreachable`: digests that have nobody to go to; `dropped`: too late."""

    digests: int = 0
    nudges: int = 0
    unreachable: int = 0
    dropped: int = 0

    def plus(self, written: ledger.Written) -> TickResult:
        return replace(
            self,
            digests=self.digests + written.digests,
            nudges=self.nudges + written.nudges,
            unreachable=self.unreachable + written.unreachable,
        )


async def tick(
    database: Database, now: datetime, rules: Rules, networks: Collection[str]
) -> TickResult:
    """Plan what is due and not planned yet. Safe to call at any time, twice, or in two places.

    `networks`: those that are configured; nothing is queued for any other.
    """
    moment = local(now)
    day, kinds = moment.date(), due_kinds(moment, rules)
    if not kinds:
        return TickResult()
    async with database.begin() as session:
        calendar = Calendar(await day_overrides(session))
        done = await ledger.planned_for(session)
    kinds = tuple(kind for kind in kinds if done.get(kind) != day)
    if not kinds or not calendar.is_working(day):
        return TickResult()
    async with database.begin() as session:
        result = TickResult(dropped=await ledger.drop_stale(session, day, now))
    for kind in kinds:
        async with database.begin() as session:
            facts = await facts_of(session, day, networks)
        for chunk in _chunks(plan(facts, kind, calendar, rules)):
            async with database.begin() as session:
                result = result.plus(await ledger.write(session, chunk, now, networks))
        # Only now: a replica that died half-way leaves the day open, and another one finishes it.
        async with database.begin() as session:
            await ledger.complete(session, kind, day)
    log.info("digests_planned", day=day.isoformat(), kinds=kinds, digests=result.digests)
    return result


def _chunks(planned: list[PlannedDigest]) -> Iterator[list[PlannedDigest]]:
    for at in range(0, len(planned), CHUNK):
        yield planned[at : at + CHUNK]


Moment = Callable[[datetime], Awaitable[None]]


async def catch_up(
    database: Database,
    from_: datetime,
    to: datetime,
    rules: Rules,
    networks: Collection[str],
    *,
    at: Moment,
    after: Moment,
) -> TickResult:
    """Live through the time from `from_` (excluded) to `to`: the demo's clock jumps.

    At each instant of a digest, and at last at `to`: `at` moves the clock there, the tick runs,
    and `after` lets the outbox send what was planned at that instant.
    """
    total = TickResult()
    for instant in (*_instants(from_, to, rules), to):
        await at(instant)
        one = await tick(database, instant, rules, networks)
        total = TickResult(
            total.digests + one.digests,
            total.nudges + one.nudges,
            total.unreachable + one.unreachable,
            total.dropped + one.dropped,
        )
        await after(instant)
    return total


def _instants(from_: datetime, to: datetime, rules: Rules) -> Iterator[datetime]:
    day = local(from_).date()
    while day <= local(to).date():
        for hour in (rules.morning, rules.evening):
            instant = datetime.combine(day, hour, VIETNAM)
            if from_ < instant < to:
                yield instant
        day += timedelta(days=1)
