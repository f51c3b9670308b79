"""What stands behind "tổng kết": a unit, a period, both, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.words import short
from vietnamese.dates import NoSuchDate, When, read_date
from vietnamese.letters import fold
from vietnamese.meaning import Ask

_OF_TIME = ("thang", "quy", "nam", "tuan", "ngay", "den", "tu", "hom", "cuoi", "dau", "giua")
_COUNTS = ("nay", "truoc", "vua", "qua", "roi", "ngoai", "het", "cuoi", "dau", "thang", "ngay")
_UNIT = ("xa", "phuong", "thi", "huyen", "tinh", "so", "phong", "ban", "thon", "to", "dac", "cua", "o", "tai")  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """`unit`: the words that name a unit. `trouble`: what to say of a period that was not clear."""

    unit: str
    period: When | Ask[When] | None = None
    trouble: str = ""


def asked_for(text: str, now: datetime) -> Asked:
    """`xã Phù Lưu tháng 10` · `đến 15/11` · `quý 3 xã Phù Lưu` · `hôm qua`."""
    words = text.split()
    start = next((at for at in range(len(words)) if _starts_period(words, at)), len(words))
    end = next((at for at in range(start + 1, len(words)) if fold(words[at]) in _UNIT), len(words))
    unit = " ".join([*words[:start], *words[end:]])
    said = " ".join(words[start:end])
    if not said:
        return Asked(unit)
    read = read_date(said.removeprefix("đến ").removeprefix("den "), now=now, sense="past")
    if isinstance(read, NoSuchDate):
        return Asked(unit, None, f"{read.sentence} {_TO_NOW}")
    if read is None:
        return Asked(unit, None, f'Chưa rõ kỳ "{short(said, 30)}". {_TO_NOW}')
    return Asked(unit, read)


_TO_NOW = "Dưới đây là số liệu đến lúc này."


def _starts_period(words: list[str], at: int) -> bool:
    """ "tháng 11", "quý này", "đến 15/11", "15/11": a word of time and what it counts, or a date."""
    word = fold(words[at])
    if word[:1].isdigit() and any(mark in word for mark in "/-."):
        return True
    after = fold(words[at + 1]) if at + 1 < len(words) else ""
    return word in _OF_TIME and (after[:1].isdigit() or after in _COUNTS)
