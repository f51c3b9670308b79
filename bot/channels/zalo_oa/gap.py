"""After hours without us, Zalo switches the webhook off: it tries again for less than two."""

from __future__ import annotations

from datetime import datetime, timedelta

from vietnamese.formatting import clock_time, full_day
from vietnamese.zone import local

KEEPS = timedelta(seconds=30 + (5 + 15 + 30 + 60) * 60)
"""Retries at 30 seconds, 5, 15 and 30 minutes and an hour; then the webhook is off."""


def silent_sentence(before: datetime) -> str:
    """What the administrators are told when we are there again."""
    since = local(before)
    return (
        f"Phần mềm đã nghỉ từ {clock_time(since)} {full_day(since.date())}, lâu hơn thời gian Zalo "
        "chờ. Zalo có thể đã tắt webhook của OA, tin gửi cho OA trong lúc đó có thể đã mất. "
        "Đồng chí mở developers.zalo.me, mục Webhook, xem còn bật không, rồi nhắn thử cho OA một tin."
    )
