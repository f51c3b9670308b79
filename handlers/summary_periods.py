"""What stands behind "tổng kết": a unit, a period, both, or neither."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from handlers.words import short
from vietnamese.dates import NoSuchDate, When, read_date
from vietnamese.letters import fold
from vietnamese.meaning import Ask
from vietnamese.zone import local, local_day

_OF_TIME = (
    "thang",
    "quy",
    "qui",
    "nam",
    "tuan",
    "ngay",
    "den",
    "tu",
    "hom",
    "cuoi",
    "dau",
    "giua",
    "het",
)
_COUNTS = (
    "nay",
    "truoc",
    "vua",
    "qua",
    "roi",
    "ngoai",
    "het",
    "cuoi",
    "dau",
    "thang",
    "ngay",
    "nam",
    "quy",
    "qui",
)
_UNIT = (
    "xa",
    "phuong",
    "thi",
    "huyen",
    "tinh",
    "so",
    "phong",
    "ban",
    "thon",
    "to",
    "dac",
    "cua",
    "o",
    "tai",
)
_BETWEEN = ("tinh", "trong", "cua", "ky", "cho", "o", "tai")
"""Little words that tie a period to a unit and name neither."""
_PRESENT = re.compile(r"(?:cả |ca )?(năm|nam|tháng|thang|quý|quy|tuần|tuan)")
_DATE = re.compile(r"\d{1,4}[/.-]\d[\d/.-]*|(?:19|20)\d\d|[tT]\d{1,2}")


@dataclass(frozen=True)
class Asked:
    """`unit`: the words that name a unit. `trouble`: what to say of a period that was not clear."""

    unit: str
    period: When | Ask[When] | None = None
    trouble: str = ""


def asked_for(text: str, now: datetime) -> Asked:
    """`xã Phù Lưu tháng 10` · `đến 15/11` · `quý 3 xã Phù Lưu` · `hôm qua`."""
    if whole := _PRESENT.fullmatch(text.strip(" .,").lower()):
        text = f"{whole[1]} này"  # "tổng kết năm" is no "thôn Nậm Lương"
    words = text.split()
    start = next((at for at in range(len(words)) if _starts_period(words, at)), len(words))
    end = next((at for at in range(start + 1, len(words)) if fold(words[at]) in _UNIT), len(words))
    said = " ".join(words[start:end])
    if not said:
        return Asked(" ".join(_without_first(words)))
    unit = " ".join([*_without_last(words[:start]), *_without_first(words[end:])]).strip(" ,")
    meant = _in_full(_UPTO.sub("", said))
    read = read_date(meant, now=now, sense="past")
    if isinstance(read, NoSuchDate):
        this_year = local(now).replace(month=12, day=31)  # "31/11": of this year, not of the last
        named = read_date(meant, now=this_year, sense="past")
        read = named if isinstance(named, NoSuchDate) else read
        return Asked(unit, None, f"{read.sentence} {_TO_NOW}")
    if read is None:
        return Asked(unit, None, f'Chưa rõ kỳ "{short(said, 30)}". {_TO_NOW}')
    if isinstance(read, When) and read.start > local_day(now):
        return Asked(unit, None, "Kỳ này chưa đến; dưới đây là số liệu đến lúc này.")
    return Asked(unit, read)


def begins_well(text: str) -> bool:
    """Whether the text begins as a unit or a period does."""
    words = text.split()
    return fold(words[0]) in _UNIT or _starts_period(words, 0)


_UPTO = re.compile(r"^(?:đến|den|hết|het|tới|toi)\b *(?:hết|het)? *", re.IGNORECASE)
_TO_NOW = "Dưới đây là số liệu đến lúc này."


def _in_full(said: str) -> str:
    """As the reader of dates knows it: a bare "2025" is a year, "9 tháng" begin with the year."""
    if re.fullmatch(r"(?:19|20)\d\d", said):
        return f"năm {said}"
    return f"{said} đầu năm" if re.fullmatch(r"\d{1,2} thang", fold(said)) else said


def _without_last(words: list[str]) -> list[str]:
    while words and fold(words[-1]) in _BETWEEN and words[-1] != "tỉnh":
        words = words[:-1]
    return words


def _without_first(words: list[str]) -> list[str]:
    while words and fold(words[0]) in _BETWEEN and words[0] != "tỉnh":
        words = words[1:]
    return words


def _starts_period(words: list[str], at: int) -> bool:
    """ "tháng 11", "quý này", "đến 15/11", "9 tháng", "15/11", "T10": a word of time and what it
    counts, or a date."""
    word = fold(words[at])
    after = fold(words[at + 1]) if at + 1 < len(words) else ""
    if _DATE.fullmatch(words[at].strip(",")) or (word.isdigit() and after == "thang"):
        return at == 0 or fold(words[at - 1]) not in ("thon", "to", "nv")
    return word in _OF_TIME and (after[:1].isdigit() or after in _COUNTS)
