"""Days and periods as people name them, each pattern a rule: ``15/12``, ``t6``, ``cuối tháng``, ``quý 4``.

A rule turns a match into one or more `Span`s. Without a year, a deadline is the next such day
(today included) and a past event the last one. Weeks begin on Monday.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta


class NotInCalendar(Exception):
    """The date does not exist; the sentence says why."""


@dataclass(frozen=True)
class Span:
    """A day, or the first and last day of a period."""

    start: date
    end: date | None = None

    @property
    def last(self) -> date:
        return self.end or self.start


@dataclass(frozen=True)
class Today:
    """From where days are counted, and in which direction."""

    today: date
    past: bool

    def on(self, month: int, day: int) -> date:
        """The next (or last) such day of the year."""
        year = self.today.year
        if not self.past and (month, day) < (self.today.month, self.today.day):
            year += 1
        if self.past and (month, day) > (self.today.month, self.today.day):
            year -= 1
        return real_date(year, month, day)

    def month(self, month: int) -> Span:
        """The next (or last) such month, the present one included."""
        year = self.today.year
        if not self.past and month < self.today.month:
            year += 1
        if self.past and month > self.today.month:
            year -= 1
        return month_span(year, month)


def real_date(year: int, month: int, day: int) -> date:
    """The date, or `NotInCalendar` with a sentence for the person."""
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        raise NotInCalendar(
            f"Không có ngày {day}/{month}. Đồng chí gõ lại ngày giúp nhé, ví dụ 15/12."
        )
    if not 1900 <= year <= 2199:
        raise NotInCalendar(
            f"Năm {year} chưa đúng. Đồng chí gõ lại ngày giúp nhé, ví dụ 15/12/2026."
        )
    length = monthrange(year, month)[1]
    if day > length:
        raise NotInCalendar(
            f"Tháng {month}/{year} chỉ có {length} ngày. Đồng chí gõ lại ngày giúp nhé."
        )
    return date(year, month, day)


def month_span(year: int, month: int) -> Span:
    first = real_date(year, month, 1)
    return Span(first, first.replace(day=monthrange(year, month)[1]))


def months_on(day: date, months: int) -> date:
    """The same day some months on (or back), or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return real_date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def full_year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


Rule = Callable[[re.Match[str], Today], list[Span]]
RULES: list[tuple[re.Pattern[str], Rule, bool]] = []
"""Pattern, rule, and whether the words are plain enough to stand inside a longer sentence."""

_YEAR = r"(?P<y>20\d\d|\d\d(?!\d))"
_NEXT = r"truoc nua|sau nua|sau|toi|ke tiep|tiep theo|ke|nay|truoc|vua roi|vua qua|roi|qua|ngoai"


def rule(pattern: str, *, plain: bool = True) -> Callable[[Rule], Rule]:
    """Adds a rule; earlier rules win over later ones at the same place."""

    def add(function: Rule) -> Rule:
        RULES.append((re.compile(rf"(?<![\w/]){pattern}(?![\w/]|[.,]\d)"), function, plain))
        return function

    return add


def shift_of(words: str | None) -> int | None:
    """How many periods on: ``này`` 0, ``sau`` 1, ``trước`` -1; None where nothing was said."""
    if not words:
        return None
    if words == "nay":
        return 0
    if words in {"sau nua", "truoc nua", "kia"}:
        return 2 if words == "sau nua" else -2
    return 1 if words in {"sau", "toi", "ke tiep", "tiep theo", "ke"} else -1


@rule(r"(?P<y>(?:19|20|21)\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})")
@rule(
    r"(?:ngay |hom |mung |mong )?(?P<d>\d{1,2}) ?(?P<s>[/.-]) ?(?P<m>\d{1,2})"
    r"(?: ?(?:(?P=s)|[/.-](?=\d{4})| nam) ?)(?P<y>(?:19|20|21)\d\d|\d\d)"
)
@rule(rf"(?:ngay |hom )?(?P<d>\d{{1,2}}),? thang (?P<m>\d{{1,2}})(?:,? nam |[/.-]| ?/ ?){_YEAR}")
def _full(match: re.Match[str], now: Today) -> list[Span]:
    return [Span(real_date(full_year(match["y"]), int(match["m"]), int(match["d"])))]


@rule(
    r"(?:ngay |hom )?(?P<d>\d{1,2}) ?(?:/|\.|-| thang ) ?(?P<m>\d{1,2}) nam (?P<rel>nay|sau|toi|ngoai|truoc)"
)
def _day_of_year(match: re.Match[str], now: Today) -> list[Span]:
    year = now.today.year + (shift_of(match["rel"]) or 0)
    return [Span(real_date(year, int(match["m"]), int(match["d"])))]


@rule(r"(?:thang |t)?(?P<m>0?[1-9]|1[0-2]) ?[/-] ?(?P<y>20\d\d)")
@rule(r"thang (?P<m>\d{1,2}) ?(?:[/.-]|,? ?nam) ?(?P<y>20\d\d|[2-4]\d(?!\d))")
def _month_of_year(match: re.Match[str], now: Today) -> list[Span]:
    return [month_span(full_year(match["y"]), int(match["m"]))]


@rule(r"(?:ngay |hom |bua )?(?P<d>\d{1,2}) ?t(?P<m>1[0-2]|[189])")
@rule(r"(?:ngay |hom |bua )?(?P<d>\d{1,2})(?: ?/ ?|\.|-| thang )(?P<m>\d{1,2})")
def _day_month(match: re.Match[str], now: Today) -> list[Span]:
    return [Span(now.on(int(match["m"]), int(match["d"])))]


@rule(rf"(?P<head>ngay |hom )?(?P<d>\d{{1,2}}) thang (?P<rel>{_NEXT})")
def _day_of_near_month(match: re.Match[str], now: Today) -> list[Span]:
    """``ngày 5 tháng sau``; a bare ``5 tháng sau`` may as well be five months from now."""
    shift, number = shift_of(match["rel"]) or 0, int(match["d"])
    month = months_on(now.today.replace(day=1), shift)
    day = Span(real_date(month.year, month.month, number))
    if match["head"] or not shift or number > 12:
        return [day]
    return [Span(months_on(now.today, shift * number)), day]


@rule(r"(?:ngay|hom) (?P<d>\d{1,2})(?! (?:nua|sau|toi|truoc|thang))(?: (?:nay|tay))?")
def _day(match: re.Match[str], now: Today) -> list[Span]:
    return [Span(next_day_of_month(int(match["d"]), now))]


def next_day_of_month(day: int, now: Today) -> date:
    """The next (or last) month that has this day."""
    if not 1 <= day <= 31:
        raise NotInCalendar(f"Không có ngày {day}. Đồng chí gõ lại ngày giúp nhé, ví dụ 15/12.")
    step = -1 if now.past else 1
    month = now.today.replace(day=1)
    while True:
        if day <= monthrange(month.year, month.month)[1]:
            found = month.replace(day=day)
            if (found <= now.today) if now.past else (found >= now.today):
                return found
        month = months_on(month, step)


_WEEKDAY = r"(?<!lan )(?<!dot )(?<!khoa )(?<!nguoi )(?:(?:thu|t) ?(?P<w>[2-7])|(?P<cn>chu nhat|chu nhut|cn))"


@rule(
    rf"{_WEEKDAY}(?:,? (?:(?:cua )?tuan (?P<week>{_NEXT})|(?!toi (?:thu|t ?\d|cn|chu nhat|ngay|het|hom|\d{{1,2}}[/.-]))(?P<near>{_NEXT})(?! (?:tuan|thang|nam|nay|mai))))?"
)
def _weekday(match: re.Match[str], now: Today) -> list[Span]:
    weekday = 6 if match["cn"] else int(match["w"]) - 2
    monday = now.today - timedelta(now.today.weekday())
    if (weeks := shift_of(match["week"])) is not None:
        return [Span(monday + timedelta(7 * weeks + weekday))]
    ahead = (weekday - now.today.weekday()) % 7
    near = match["near"]
    if near == "nay":
        return [Span(monday + timedelta(weekday))]
    if near == "sau":
        first = now.today + timedelta(ahead or 7)
        following = monday + timedelta(7 + weekday)
        return [Span(day) for day in dict.fromkeys((first, following))]
    step = shift_of(near)
    if step == -1 or (step is None and now.past):
        back = (now.today.weekday() - weekday) % 7
        last = [Span(now.today - timedelta(back or 7))]
        return last if back or step == -1 else [Span(now.today), *last]
    if ahead or step:
        return [Span(now.today + timedelta(ahead or 7))]
    return [Span(now.today), Span(now.today + timedelta(7))]


@rule(r"thu (?P<w>[0189]|\d\d)(?= tuan| nay| toi|$)")
def _no_weekday(match: re.Match[str], now: Today) -> list[Span]:
    raise NotInCalendar(
        f"Không có thứ {match['w']}. Đồng chí gõ lại ngày giúp nhé, ví dụ thứ 6 hoặc 15/12."
    )


_NEAR_DAYS = {
    "hom nay": 0, "ngay hom nay": 0, "bua nay": 0, "hnay": 0, "hum nay": 0, "trong ngay": 0, "nay": 0,
    "cuoi ngay": 0, "cuoi ngay hom nay": 0, "cuoi ngay mai": 1,
    "trong hom nay": 0, "trong ngay hom nay": 0, "trong ngay mai": 1, "ngay mai": 1, "mai": 1, "ngay mot": 2, "bua mot": 2, "mot": 2, "ngay kia": 2, "hom qua": -1,
    "ngay hom qua": -1, "bua qua": -1, "hqua": -1, "hum qua": -1, "hum kia": -2, "hom wa": -1, "hum wa": -1, "hom kia": -2, "bua kia": -2, "qua": -1,
    "ngay kiaf": 3, "hom kiaf": -3, "bua kiaf": -3,
}  # fmt: skip


@rule(
    "|".join(f"(?:{words})" for words in sorted(_NEAR_DAYS, key=len, reverse=True)).join(
        ("(?:", ")")
    ),
    plain=False,
)
def _near(match: re.Match[str], now: Today) -> list[Span]:
    return [Span(now.today + timedelta(_NEAR_DAYS[match[0]]))]
