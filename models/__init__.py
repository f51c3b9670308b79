"""What is remembered: tables, their pure rules, their few queries."""

from models import (
    account,
    audit,
    calendar,
    media,
    nudge,
    organisation,
    queue,
    report,
    task,
    upload_link,
    zalo_oa,
    zalo_quota,
)
from models.base import Base

__all__ = [
    "Base",
    "account",
    "audit",
    "calendar",
    "media",
    "nudge",
    "organisation",
    "queue",
    "report",
    "task",
    "upload_link",
    "zalo_oa",
    "zalo_quota",
]
