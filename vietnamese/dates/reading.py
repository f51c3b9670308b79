"""A day, a period or a time typed by a person, read into dates, or into one question.

``15/12`` · ``thứ 6 tuần sau`` · ``cuối tháng`` · ``từ 1/12 đến 15/12`` · ``14h30 mai`` · ``rằm tháng
Giêng``. `days` and `periods` read the pieces; this file puts them together. Whatever is understood
is read back with weekday and full date before anything is saved.
"""

import datetime as dt
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

from vietnamese.dates.clock_words import ClockReading, read_times
from vietnamese.dates.days import (
    NotInCalendar,
    Span,
    Today,
    months_on,
    next_day_of_month,
    real_date,
)
from vietnamese.dates.pieces import Piece, explained, find_pieces
from vietnamese.dates.text import DateText, date_text
from vietnamese.formatting import full_day
from vietnamese.meaning import Ask, Reading
from vietnamese.zone import local

Sense = Literal["deadline", "past"]


@dataclass(frozen=True)
class When:
    """A day (`end` None), or a period from `start` to `end` inclusive; `time` is local.

    "quý 4" and "tuần sau" are periods: as a deadline they mean their `last` day.
    """

    start: date
    end: date | None = None
    time: dt.time | None = None

    @property
    def last(self) -> date:
        """The day by which something due in this period is due."""
        return self.end or self.start

    @property
    def read_as(self) -> str:
        """As it is read back: ``14:30 Thứ Sáu 27/11/2026``."""
        clock = f"{self.time:%H:%M} " if self.time else ""
        days = full_day(self.start)
        return clock + (f"{days} đến {full_day(self.end)}" if self.end else days)


@dataclass(frozen=True)
class NoSuchDate:
    """A date the calendar does not have; `sentence` tells the person so."""

    sentence: str


def read_date(text: str, *, now: datetime, sense: Sense) -> When | Ask[When] | NoSuchDate | None:
    """The date that was typed.

    `now` is an aware moment. Without a year a deadline is the next such day, a past event the last.
    """
    here = local(now)
    said = date_text(text)
    today = Today(here.date(), sense == "past")
    try:
        options = _read(said, today, here)
    except NotInCalendar as missing:
        return NoSuchDate(str(missing))
    except (OverflowError, ValueError):
        return None
    different = tuple(dict.fromkeys(options))
    if not different:
        return None
    if len(different) == 1 and not _doubted(said):
        return different[0]
    question = "Đồng chí muốn chọn ngày nào ạ?"
    if len(different) == 1:
        question = f"Có phải {different[0].read_as} không ạ?"
    return Ask(question, tuple(Reading(when.read_as, when) for when in different[:6]))


_NOT_SIMPLE = re.compile(
    r"\bgan (?:dau|giua|cuoi|het|den|tet)\b|\bthem \d+ (?:ngay|hom|tuan|thang)\b|\bdau tien\b|\bcuoi cung\b|\btuan (?:dau|cuoi|thu|\d)\b|\b(?:ngay|hom) (?:truoc|sau) (?!tet)"
    r"|\b(?:truoc|sau) do\b|\bmoi (?:thu|ngay|thang|tuan|quy|nam)\b|\bhang (?:thu|ngay|thang|tuan|quy|nam)\b"
)
_REFUSAL = re.compile(r"\b(?:khong|ko|k|chua|dung|hong)\b")
_POLITE_QUESTION = re.compile(r",? ?(?:co )?(?:duoc|kip|dc|ok) (?:khong|ko|k|hong|chua|hk)\b")
_VAGUE = re.compile(
    r"\b(?:vai|may|it|dam)(?: (?:ba|\d))? (ngay|hom|bua|tuan|thang)\b|\bmai mot\b|\bmai kia\b"
)
_BARE_DAY = re.compile(r"\s*(?:ngay )?(\d{1,2})\s*")
_BARE_PAIR = re.compile(r"\s*(\d{1,2}) (\d{1,2})(?: (20\d\d))?\s*")
_LASTING = re.compile(r"(\d{1,2}) (ngay|hom|bua|tuan|thang)")
"""How long, and not how far away."""
_LASTING_FROM = re.compile(rf"(?:trong (?:vong )?)?{_LASTING.pattern}")
_FROM_DAY = re.compile(
    r"(?<![\w/])(?:tu )?(?:ngay )?(?P<a>\d{1,2})(?P<more>(?:, ?\d{1,2})*) ?(?P<join>-|–|den|toi|~|→|va|hoac|hay|,) ?(?:ngay )?"
    r"(?P<b>\d{1,2})(?=[/.-]\d| thang \d)"
)
"""``1-15/12``, ``21, 22 và 23/12``, ``5 hoặc 6/10``: the month is said once."""
_JOIN = re.compile(r"(?: ?(?:-|–|—|~|->|→) ?| (?:cho )?(?:den|toi)(?: het)?(?: ngay)? )")
_OR = re.compile(r" ?(?:,|/)? (?:hoac|hay)(?: la)? ")
_HOURS_ON = re.compile(r"\b(\d{1,3}) ?(gio|tieng|h|phut) nua\b")


def _read(said: DateText, today: Today, here: datetime) -> list[When]:
    if _VAGUE.search(said.plain):
        return []
    if soon := _HOURS_ON.search(said.plain):
        step = (
            timedelta(minutes=int(soon[1])) if soon[2] == "phut" else timedelta(hours=int(soon[1]))
        )
        later = here + step
        return [When(later.date(), None, later.time().replace(second=0, microsecond=0))]
    times = read_times(said)
    pieces = find_pieces(said, today, times)
    first_day = _FROM_DAY.search(said.plain)
    days = [piece for piece in pieces if not _LASTING_FROM.fullmatch(piece.words)]
    if first_day and len(days) == 1 and first_day.start("a") < days[0].start:
        return _of_one_month(first_day, days[0])
    if not pieces:
        return _without_day(said, today, here, times)
    if not explained(said, pieces, times):
        return []
    options = _together(said, pieces, today)
    if not times:
        return options
    return [
        replace(when, time=clock) for when in options for found in times for clock in found.times
    ]


def _of_one_month(said: re.Match[str], piece: Piece) -> list[When]:
    """From the first of the days to the last; if the list leaves some out, every one of them."""
    if len(piece.spans) != 1 or piece.spans[0].end:
        return []
    last = piece.spans[0].start
    named = [int(day) for day in re.findall(r"\d+", said["a"] + said["more"])]
    month = last if named[0] <= last.day else last.replace(day=1) - timedelta(1)
    days = [real_date(month.year, month.month, day) for day in named] + [last]
    listed = bool(said["more"]) or said["join"] in {"va", ","}
    in_a_row = all((b - a).days == 1 for a, b in pairwise(days))
    if said["join"] in {"hoac", "hay"} or (listed and not in_a_row):
        return [When(day) for day in days]
    return [_period(days[0], last)]


def _without_day(
    said: DateText, today: Today, here: datetime, times: tuple[ClockReading, ...]
) -> list[When]:
    if bare := _BARE_DAY.fullmatch(said.plain):
        return [When(next_day_of_month(int(bare[1]), today))]
    if pair := _BARE_PAIR.fullmatch(said.plain):
        day, month = int(pair[1]), int(pair[2])
        return [When(real_date(int(pair[3]), month, day) if pair[3] else today.on(month, day))]
    if len(times) != 1 or not explained(said, [], times):
        return []
    options = []
    for clock in times[0].times:
        passed = clock < here.time()
        shift = (1 if passed else 0) if not today.past else (0 if passed else -1)
        options.append(When(today.today + timedelta(shift), None, clock))
    return options


def _together(said: DateText, pieces: list[Piece], today: Today) -> list[When]:
    if len(pieces) == 2:
        between = said.plain[pieces[0].end : pieces[1].start]
        if _JOIN.fullmatch(between) or (
            between == " " and pieces[1].words.startswith(("den ", "toi "))
        ):
            return _from_to(pieces[0], pieces[1], today)
        if _OR.fullmatch(between):
            return [When(s.start, s.end) for piece in pieces for s in piece.spans]
    lasting = [piece for piece in pieces if _LASTING.fullmatch(piece.words)]
    if lasting and len(pieces) == 1:
        far = lasting[0].spans[0].start
        period = When(far, today.today) if today.past else _lasting(today.today, lasting[0])
        return [period, When(far)]
    if len(pieces) == 2 and (long := [p for p in pieces if _LASTING_FROM.fullmatch(p.words)]):
        starts = next(piece for piece in pieces if piece is not long[0])
        return [_lasting(span.start, long[0]) for span in starts.spans]
    common = [
        s for s in pieces[0].spans if all(s.start in {o.start for o in p.spans} for p in pieces[1:])
    ]
    if len(pieces) > 1 and common:
        return [When(common[0].start, common[0].end)]
    if len(pieces) > 1 and (wanted := _weekday_of_date(pieces)):
        return wanted
    spans = [(piece, span) for piece in pieces for span in piece.spans]
    if len(pieces) > 1:
        return [When(span.start, span.end) for _, span in spans]
    lead = said.plain[: pieces[0].start].rstrip()
    if re.search(r"\btruoc(?: ngay| dip| le| dip le)?$", lead):
        return [when for piece, span in spans for when in _before(piece, span)]
    after = re.search(r"\bsau(?: ngay| dip| le| dip le)?$", lead)
    if after and said.agrees(after.start(), len(lead)):
        return [When(span.last + timedelta(n)) for _, span in spans for n in (1, 7)]
    if re.search(r"\b(?:ngay lam viec)\b", pieces[0].words):
        return [w for _, s in spans for w in (When(s.start), When(s.start + timedelta(1)))]
    return [When(span.start, span.end) for _, span in spans]


def _lasting(start: date, piece: Piece) -> When:
    """``3 ngày từ 1/12``: from the 1st to the 3rd."""
    count, step = piece.words.split()[-2:]
    days = int(count) * (7 if step == "tuan" else 1)
    after = months_on(start, int(count)) if step == "thang" else start + timedelta(days)
    return _period(start, max(after - timedelta(1), start))


def _weekday_of_date(pieces: list[Piece]) -> list[When] | None:
    """``thứ 6 27/11``: the weekday only confirms the date, when it agrees with it."""
    names = [p for p in pieces if re.match(_WEEKDAY, p.words)]
    dates = [p for p in pieces if p not in names]
    if (
        len(names) == 1
        and len(dates) == 1
        and len(dates[0].spans) == 1
        and dates[0].spans[0].end is None
    ):
        day = dates[0].spans[0].start
        if day.weekday() == names[0].spans[0].start.weekday() and not re.search(
            r" \w+", names[0].words[5:]
        ):
            return [When(day)]
    return None


_WEEKDAY = r"(?:thu|t) ?[2-7]\b|chu nh|cn\b"


def _before(piece: Piece, span: Span) -> list[When]:
    """ "Before" a period is the day before it; "before 15/12" is the 14th or the 15th: asked."""
    if re.match(r"(?:ngay )?(?:cuoi|het)", piece.words):
        return [When(span.last)]
    eve = span.start - timedelta(1)
    named = span.end is not None or re.search(
        r"tet|ram|gio|noel|giang|quoc|trung thu|vu lan|ong", piece.words
    )
    return [When(eve)] if named else [When(eve), When(span.start)]


def _from_to(first: Piece, last: Piece, today: Today) -> list[When]:
    """A range: the start is the last such day before the end, whichever year that is."""
    if (told := _EARLY.fullmatch(first.words)) and (end_day := _LUNAR_END.search(last.words)):
        return [
            _period(span.last - timedelta(days), span.last)
            for span in last.spans
            if (days := int(end_day[1] or 15) - int(told[1])) > 0
        ]
    options = []
    for a in first.spans:
        for b in last.spans:
            start, end = a.start, b.last
            if (
                "tuan" in last.words
                and "tuan" not in first.words
                and re.match(_WEEKDAY, first.words)
            ):
                options.append(_period(end - timedelta(end.weekday() - start.weekday()), end))
                if start == today.today:  # whoever means today says so
                    continue
            if start > end and re.search(r"[a-z]", first.words + last.words) and a.end is None:
                end += timedelta(7) if (start - end).days < 7 else timedelta(0)
            elif start > end and not re.search(r"\d{4}|/\d+/", first.words):
                start = _year_back(start)
            if today.past and end < start and not re.search(r"\d{4}", last.words):
                end = _year_back(end, -1)
            if start <= end and not _wrong_way_round(start, end, (first.words, last.words)):
                options.append(_period(start, end))
            elif start <= end:  # "từ 15/12 đến 1/12"
                ahead = (start >= today.today) != today.past
                near, far = (_year_back(end), start) if ahead else (end, _year_back(start, -1))
                long = (start, end) if ahead else (far, _year_back(end, -1))
                options += [_period(near, far), _period(*long)]
    return options


_NEARLY_A_YEAR = range(300, 364)
"""Days; from 1/5 to 30/4 is a whole one, and meant."""


def _wrong_way_round(start: date, end: date, words: tuple[str, str]) -> bool:
    """A range of days without years that would last nearly one has rather changed its ends."""
    backwards = (start.month, start.day) > (end.month, end.day)
    plain = all(_DAY_AND_MONTH.fullmatch(said) for said in words)
    return plain and backwards and (end - start).days in _NEARLY_A_YEAR


_DAY_AND_MONTH = re.compile(r"(?:(?:tu|den|toi|ngay|hom) )*\d{1,2} ?(?:/|\.|-|thang) ?\d{1,2}")
_EARLY = re.compile(r"(?:tu )?(?:ngay )?(?:mung|mong) (\d{1,2})")
_LUNAR_END = re.compile(r"(\d{1,2}) (?:tet|(?:thang )?(?:gieng|chap)|.*(?:am lich|al))|ram")
"""``từ mùng 1 đến mùng 5 Tết``: both days are of the month that the second one names."""


def _year_back(day: date, years: int = 1) -> date:
    return real_date(day.year - years, day.month, min(day.day, 28 if day.month == 2 else day.day))


def _period(start: date, end: date) -> When:
    return When(start, end if end > start else None) if start <= end else When(end, start)


def _doubted(said: DateText) -> bool:
    """A refusal in the sentence, or a day without its month: the reading is shown, not taken."""
    if _BARE_DAY.fullmatch(said.plain) and not said.plain.lstrip().startswith("ngay"):
        return True
    if _BARE_PAIR.fullmatch(said.plain):
        return True
    if re.fullmatch(r"\d+ (?:ngay|hom|tuan|thang)", said.plain.strip()):
        return True
    if _NOT_SIMPLE.search(said.plain):
        return True
    return bool(_REFUSAL.search(_POLITE_QUESTION.sub("", said.plain)))
