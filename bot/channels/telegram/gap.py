"""After a day's silence of ours, messages may be missing: Telegram keeps them for 24 hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from vietnamese.formatting import clock_time, full_day
from vietnamese.zone import local

KEEPS_HOURS = 24


def may_have_lost(seen_at: datetime | None, now: datetime) -> bool:
    """Whether messages were thrown away since `seen_at`, when we last fetched (None: never)."""
    return seen_at is not None and now - seen_at > timedelta(hours=KEEPS_HOURS)


def lost_sentence(seen_at: datetime) -> str:
    """What everybody on Telegram is told then."""
    since = local(seen_at)
    return (
        f"Phần mềm đã nghỉ hơn một ngày, từ {clock_time(since)} {full_day(since.date())}. "
        "Tin đồng chí gửi trong lúc đó có thể chưa đến. Đồng chí xem lại và gửi lại giúp."
    )
