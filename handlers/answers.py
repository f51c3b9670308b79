"""Answers in a report that are words: how it goes, what is stuck, who can help, a note.

Each puts what was said into the draft. False: it was no answer to the question.
"""

from __future__ import annotations

import re

from bot.conversation import Choice
from handlers.draft import LONGEST, Draft
from vietnamese.letters import fold
from vietnamese.reports.situations import read_situation

SITUATION = "Tình hình?"
SITUATION_CHOICES = (
    Choice("on_track", "Đúng tiến độ"),
    Choice("late", "Chậm"),
    Choice("stuck", "Vướng mắc"),
)
OBSTACLE = "Đang vướng ở đâu? Đồng chí ghi một hai câu, để lãnh đạo biết mà tháo gỡ."
UNBLOCKER = "Ai tháo gỡ được?"
WAITING_CHOICES = (
    Choice("unit", "Lãnh đạo đơn vị"),
    Choice("above", "Cấp trên"),
    Choice("unknown", "Chưa rõ"),
)
_NO_NOTE = re.compile(
    r"khong(?: (?:co|ghi)(?: gi)?)?|(?:bo|xoa)(?: (?:het|di|trang|trong|ghi chu))*"
)
_WHO = (
    ("unknown", r"(?:chua|khong|ko) (?:ro|biet)|bo qua"),
    ("above", r"(?:cap )?tren|tinh|trung uong|(?<!co )so(?! ?\d)|huyen|(?<!can )bo|nganh"),
    ("unit", r"lanh dao|don vi|co quan|xa|phuong|chu tich|bi thu|thu truong|dang uy|ubnd|phong"),
)


def situation(draft: Draft, text: str, key: str) -> bool:
    draft.situation = key or read_situation(text) or ""
    return bool(draft.situation)


def obstacle(draft: Draft, text: str, key: str) -> bool:
    draft.obstacle = text.strip()[:LONGEST]
    return bool(draft.obstacle)


def unblocker(draft: Draft, text: str, key: str) -> bool:
    """ "tỉnh", "lãnh đạo xã": the level above, if one is named; else the unit's own."""
    words = fold(text)
    said = (who for who, named in _WHO if re.search(rf"\b(?:{named})\b", words))
    draft.waits_for = key or next(said, "")
    return bool(draft.waits_for)


def note(draft: Draft, text: str, key: str) -> bool:
    """The note anew; "không", "xoá" leave it empty."""
    emptied = _NO_NOTE.fullmatch(fold(text).strip(" ."))
    draft.text = "" if emptied else text.strip()[:LONGEST]
    return True
