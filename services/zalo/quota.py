"""The monthly account of a Zalo bot: what has gone, what is left, and a word in good time.

The free plan allows 3.000 messages a month and bot. Whether those received count, too, nobody has
confirmed: by default they do, so that we stop too early rather than in the middle of a talk.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from models.account import Account
from models.database import Database, Session
from models.zalo_quota import ZaloMonth
from vietnamese.formatting import number
from vietnamese.zone import local_day

FREE_PLAN = 3000
FREE_PEOPLE = 50
"""People a bot may have on the free plan."""
WARN_AT = (80, 95)
"""Shares of the limit, in %, at which the administrator is told, each once a month."""
TALK_UNTIL = 95
"""Share of the limit, in %, from which the bot answers no talk: what is left is for reminders."""


@dataclass(frozen=True)
class Standing:
    """One bot's month. `limit` 0: the plan has none."""

    channel: str
    month: str
    sent: int
    received: int
    limit: int
    counts_received: bool = True

    @property
    def used(self) -> int:
        return self.sent + (self.received if self.counts_received else 0)

    @property
    def left(self) -> int | None:
        """Messages left; None: no limit."""
        return max(0, self.limit - self.used) if self.limit else None

    @property
    def percent(self) -> int:
        """Share of the limit that is used, in whole %, rounded down; 0 without a limit."""
        return self.used * 100 // self.limit if self.limit else 0

    @property
    def only_reminders(self) -> bool:
        """Whether the rest of the month is kept for reminders, and talks go on elsewhere."""
        return self.percent >= TALK_UNTIL

    @property
    def warning(self) -> str:
        """What the administrator is told."""
        ahead = (
            "Phần còn lại để dành cho nhắc việc; ai nhắn cho bot được chỉ sang trang web. "
            if self.only_reminders
            else f"Đến {TALK_UNTIL}% thì bot chỉ còn nhắc việc. "
        )
        return (
            f"Bot Zalo {self.channel} đã dùng {number(self.used)}/{number(self.limit)} tin của "
            f"tháng {int(self.month[5:])} ({self.percent}%), còn {number(self.left or 0)} tin. "
            f"{ahead}Đồng chí thêm bot, nâng gói, hoặc mời bớt người sang trò chuyện trên web."
        )


OnWarning = Callable[[Session, Standing], Awaitable[bool]]
"""Tells the administrators, within the transaction that notes it; False: nobody was reached."""


def month_of(now: datetime) -> str:
    """The month in Vietnam at that instant, "2026-11"."""
    return f"{local_day(now):%Y-%m}"


async def add(
    session: Session, channel: str, now: datetime, *, sent: int = 0, received: int = 0
) -> ZaloMonth:
    """Add to this month's account, in one statement, however many replicas do so at once."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(ZaloMonth).values(
        channel=channel, month=month_of(now), sent=sent, received=received, warned=0
    )
    grown = statement.on_conflict_do_update(
        index_elements=[ZaloMonth.channel, ZaloMonth.month],
        set_={"sent": ZaloMonth.sent + sent, "received": ZaloMonth.received + received},
    ).returning(ZaloMonth)
    found = await session.scalars(grown, execution_options={"populate_existing": True})
    return found.one()


async def month(session: Session, channel: str, now: datetime) -> ZaloMonth | None:
    """This month's account; None while nothing has been counted."""
    return await session.scalar(
        select(ZaloMonth).where(ZaloMonth.channel == channel, ZaloMonth.month == month_of(now))
    )


async def people_on(session: Session, channels: Sequence[str]) -> dict[str, int]:
    """How many chats are connected on each of these bots."""
    rows = await session.execute(
        select(Account.channel, func.count())
        .where(Account.channel.in_(channels), Account.state == "connected")
        .group_by(Account.channel)
    )
    found = {row[0]: row[1] for row in rows}
    return {channel: found.get(channel, 0) for channel in channels}


class Quota:
    """The meter of one bot, for its channel: every call is a short transaction of its own.

    `now`: the clock. `limit`: messages a month, 0: none. `on_warning`: told at 80 and 95 %.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        channel: str,
        *,
        limit: int = FREE_PLAN,
        counts_received: bool = True,
        on_warning: OnWarning | None = None,
    ) -> None:
        self._database = database
        self._now = now
        self._channel = channel
        self._limit = limit
        self._counts_received = counts_received
        self._on_warning = on_warning

    async def count(self, *, sent: int = 0, received: int = 0) -> None:
        """Add to this month's account; warn when a share of the limit is passed."""
        now = self._now()
        async with self._database.begin() as session:
            row = await add(session, self._channel, now, sent=sent, received=received)
            standing = self._standing(row, now)
            passed = max((share for share in WARN_AT if standing.percent >= share), default=0)
            # The row is ours until the commit: two who count at once do not warn twice.
            warn = self._on_warning if passed > row.warned else None
            if warn and await warn(session, standing):
                row.warned = passed

    async def standing(self) -> Standing:
        """This month so far."""
        now = self._now()
        async with self._database.begin() as session:
            return self._standing(await month(session, self._channel, now), now)

    async def left(self) -> int | None:
        """Messages left this month; None: no limit, and nothing is asked of the database."""
        return (await self.standing()).left if self._limit else None

    def _standing(self, row: ZaloMonth | None, now: datetime) -> Standing:
        return _standing(row, self._channel, now, self._limit, self._counts_received)


async def only_reminders(
    session: Session, channel: str, now: datetime, *, limit: int, counts_received: bool
) -> bool:
    """Whether this bot is in the last of its month, which is kept for reminders."""
    row = await month(session, channel, now) if limit else None
    return row is not None and _standing(row, channel, now, limit, counts_received).only_reminders


def _standing(
    row: ZaloMonth | None, channel: str, now: datetime, limit: int, counts_received: bool
) -> Standing:
    sent, received = (row.sent, row.received) if row else (0, 0)
    return Standing(channel, month_of(now), sent, received, limit, counts_received)
