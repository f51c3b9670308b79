"""Periods and distances: ``cuối tháng``, ``quý 4``, ``3 ngày nữa``.

``đầu`` is the first day of a period, ``giữa`` its middle (the 15th, a Wednesday, 30 June) and
``cuối`` or ``hết`` its last. ``cuối tuần`` is Friday for some and Sunday for others: both are kept.
"""

import re
from datetime import date, timedelta

from vietnamese.dates.days import (
    Span,
    Today,
    full_year,
    month_span,
    months_on,
    real_date,
    rule,
    shift_of,
)

_NEXT = r"truoc nua|sau nua|sau|toi|ke tiep|tiep theo|ke|nay|truoc|vua roi|vua qua|roi|qua|ngoai"
_EDGE = r"(?:(?P<edge>dau|giua|cuoi|het|trong|ca|ngay cuoi|ngay dau) )?"
_YEAR_AFTER = r"(?: ?(?:/|-|,? nam) ?(?P<y>20\d\d|[2-4]\d)| nam (?P<yrel>nay|sau|toi|ngoai|truoc))?"
_WHICH = r" (?P<which>nay|toi(?! \w)|vua roi|vua qua|truoc(?! \w)|roi|qua)"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@rule(rf"{_EDGE}tuan(?: (?P<rel>{_NEXT}))?(?! \d)")
def _week(match: re.Match[str], now: Today) -> list[Span]:
    edge, rel = match["edge"], shift_of(match["rel"])
    if edge is None and rel is None:
        return []
    monday = now.today - timedelta(now.today.weekday()) + timedelta(7 * (rel or 0))
    if edge in {"dau", "ngay dau"}:
        return _moving([monday], now, 7, fixed=rel is not None)
    if edge == "giua":
        return _moving([monday + timedelta(2)], now, 7, fixed=rel is not None)
    if edge in {"cuoi", "het", "ngay cuoi"}:
        return _moving(
            [monday + timedelta(4), monday + timedelta(6)], now, 7, fixed=rel is not None
        )
    return [Span(monday, monday + timedelta(6))]


@rule(r"(?:sang|qua) (?P<step>tuan|thang|nam)(?: sau| toi)?(?! \d)")
def _coming(match: re.Match[str], now: Today) -> list[Span]:
    today = now.today
    if match["step"] == "tuan":
        monday = today + timedelta(7 - today.weekday())
        return [Span(monday, monday + timedelta(6))]
    if match["step"] == "nam":
        return [Span(date(today.year + 1, 1, 1), date(today.year + 1, 12, 31))]
    first = months_on(today.replace(day=1), 1)
    return [month_span(first.year, first.month)]


def _moving(days: list[date], now: Today, step: int, *, fixed: bool) -> list[Span]:
    """The days, a week on (or back) where they have passed and no week was named."""
    if fixed:
        return [Span(day) for day in days]
    if now.past:
        return [Span(day if day <= now.today else day - timedelta(step)) for day in days]
    moved = [Span(day if day >= now.today else day + timedelta(step)) for day in days]
    if len(days) == 1 and days[0] == now.today:
        moved.append(Span(days[0] + timedelta(step)))
    return moved


@rule(
    rf"{_EDGE}(?:thang|(?:(?<=dau )|(?<=giua )|(?<=cuoi )|(?<=het )|(?<=trong ))t) ?(?P<m>1[0-2]|0?[1-9])(?:{_WHICH}|{_YEAR_AFTER})"
)
@rule(rf"{_EDGE}t(?P<m>1[0-2]|[189]){_YEAR_AFTER}")
@rule(rf"{_EDGE}thang(?: (?P<rel>{_NEXT}))?(?! (?:\d|gieng|chap))")
def _month(match: re.Match[str], now: Today) -> list[Span]:
    groups = match.groupdict()
    edge, rel, number = groups["edge"], groups.get("rel"), groups.get("m")
    if number is None:
        if edge is None and rel is None:
            return []
        first = months_on(now.today.replace(day=1), shift_of(rel) or 0)
        span = month_span(first.year, first.month)
        return _edge_of(span, edge, now, None if rel else 1, rel)
    year = _year_of(groups, now)
    if groups.get("which") not in {None, "nay", "toi"}:
        now = Today(now.today, past=True)
    span = month_span(year, int(number)) if year else now.month(int(number))
    return _edge_of(span, edge, now, None if year else 12, None)


@rule(
    rf"nua (?P<side>dau|cuoi|sau) thang(?: ?(?P<m>1[0-2]|0?[1-9]){_YEAR_AFTER}| (?P<rel>{_NEXT}))?"
)
def _half_month(match: re.Match[str], now: Today) -> list[Span]:
    """``nửa đầu tháng 9``: to the 15th, or from the 16th on."""
    groups = match.groupdict()
    if groups["m"]:
        year = _year_of(groups, now)
        month = month_span(year, int(groups["m"])) if year else now.month(int(groups["m"]))
    else:
        first = months_on(now.today.replace(day=1), shift_of(groups["rel"]) or 0)
        month = month_span(first.year, first.month)
    if match["side"] == "dau":
        return [Span(month.start, month.start.replace(day=15))]
    return [Span(month.start.replace(day=16), month.last)]


@rule(
    rf"(?:tu )?thang (?P<a>1[0-2]|0?[1-9]) ?(?:-|–|den|toi|~|→|va|\+) ?(?:thang )?(?P<m>1[0-2]|0?[1-9]){_YEAR_AFTER}"
)
def _months(match: re.Match[str], now: Today) -> list[Span]:
    first, last = int(match["a"]), int(match["m"])
    year = _year_of(match.groupdict(), now)
    end = month_span(year, last) if year else now.month(last)
    start = month_span(end.start.year - (first > last), first)
    return [Span(start.start, end.last)]


@rule(
    rf"(?:tu )?qu[yi] (?P<a>[1-4]|iv|i{{1,3}}) ?(?:-|–|den|toi|~|→|va|\+) ?(?:qu[yi] )?(?P<b>[1-4]|iv|i{{1,3}}){_YEAR_AFTER}"
)
def _quarters(match: re.Match[str], now: Today) -> list[Span]:
    first, last = (_ROMAN.get(match[n]) or int(match[n]) for n in "ab")
    year = _year_of(match.groupdict(), now)
    end = month_span(year, last * 3) if year else now.month(last * 3)
    start = month_span(end.start.year - (first > last), first * 3 - 2)
    return [Span(start.start, end.last)]


@rule(rf"{_EDGE}(?:qu[yi] ?|q(?=\d))(?P<q>[1-4]|iv|i{{1,3}})(?:{_WHICH}|{_YEAR_AFTER})")
@rule(rf"{_EDGE}qu[yi](?: (?P<rel>{_NEXT}))?(?! (?:\d|i))")
def _quarter(match: re.Match[str], now: Today) -> list[Span]:
    groups = match.groupdict()
    edge, rel, number = groups["edge"], groups.get("rel"), groups.get("q")
    current = (now.today.month - 1) // 3 + 1
    if number is None:
        if edge is None and rel is None:
            return []
        first = months_on(date(now.today.year, current * 3 - 2, 1), 3 * (shift_of(rel) or 0))
        return _edge_of(
            Span(first, months_on(first, 3) - timedelta(1)), edge, now, None if rel else 3, rel
        )
    quarter = _ROMAN.get(number) or int(number)
    year = _year_of(groups, now)
    if groups.get("which") not in {None, "nay", "toi"}:
        now = Today(now.today, past=True)
    if year is None:
        behind, ahead = quarter < current and not now.past, quarter > current and now.past
        year = now.today.year + behind - ahead
        loose: int | None = 12
    else:
        loose = None
    first = real_date(year, quarter * 3 - 2, 1)
    return _edge_of(Span(first, months_on(first, 3) - timedelta(1)), edge, now, loose, None)


@rule(
    r"(?:(?P<n>[369]) thang|nua) (?P<side>dau|cuoi) nam(?: (?P<rel>nay|sau|toi|ngoai|truoc)| ?(?P<y>20\d\d))?"
)
def _part_of_year(match: re.Match[str], now: Today) -> list[Span]:
    year = full_year(match["y"]) if match["y"] else now.today.year + (shift_of(match["rel"]) or 0)
    months = int(match["n"] or 6)
    loose = not match["y"] and not match["rel"]

    def part(year: int) -> Span:
        if match["side"] == "dau":
            return Span(date(year, 1, 1), month_span(year, months).last)
        return Span(date(year, 13 - months, 1), date(year, 12, 31))

    if loose and not now.past and part(year).last < now.today:
        year += 1
    if loose and now.past and part(year).start > now.today:
        year -= 1
    return [part(year)]


@rule(
    rf"{_EDGE}nam(?: (?P<rel>nay|sau|toi|ngoai|truoc nua|truoc|roi|qua|kia)| ?(?P<y>20\d\d))?(?! (?:\d|ngay|thang|tuan|am))"
)
def _whole_year(match: re.Match[str], now: Today) -> list[Span]:
    edge, rel = match["edge"], match["rel"]
    if edge is None and rel is None and match["y"] is None:
        return []
    year = full_year(match["y"]) if match["y"] else now.today.year + (shift_of(rel) or 0)
    span = Span(real_date(year, 1, 1), real_date(year, 12, 31))
    if edge == "giua":
        span = Span(real_date(year, 6, 30))
    return _edge_of(span, edge, now, None if rel or match["y"] else 12, rel)


def _year_of(groups: dict[str, str | None], now: Today) -> int | None:
    if digits := groups.get("y"):
        return full_year(digits)
    shift = shift_of(groups.get("yrel"))
    return None if shift is None else now.today.year + shift


def _edge_of(
    span: Span, edge: str | None, now: Today, loose: int | None, rel: str | None
) -> list[Span]:
    """The first, middle or last day of the period; `loose` is its length in months where it may move."""
    if edge in {None, "trong", "ca"}:
        return [span]
    day = span.last
    if edge in {"dau", "ngay dau"}:
        day = span.start
    elif edge == "giua" and span.end is not None:
        day = span.start.replace(day=15)
        if (span.last - span.start).days > 40:
            day = months_on(day, 1)
    if loose and not now.past and day < now.today:
        day = months_on(day, loose) if edge != "cuoi" else day
    if loose and now.past and day > now.today:
        day = months_on(day, -loose)
        if edge in {"cuoi", "het", "ngay cuoi"}:
            day = month_span(day.year, day.month).last
    return [Span(day)]


_COUNT = r"(?:(?P<n>\d{1,3})|(?P<half>nua))"
_STEP = r"(?P<step>ngay lam viec|ngay|hom|bua|tuan|thang|qu[yi]|nam)"


@rule(
    rf"(?:sau|trong vong|trong|them|con|khoang)? ?{_COUNT} ?{_STEP}(?P<ruoi> ruoi)?(?P<after> (?:nua|sau|toi|ke tiep|truoc|nay))?(?: ke(?! tu))?"
)
@rule(rf"cach (?:day|nay) (?:khoang )?{_COUNT} ?{_STEP}(?P<ruoi> ruoi)?(?P<after>)")
def _distance(match: re.Match[str], now: Today) -> list[Span]:
    count = int(match["n"] or 0)
    ahead = match["after"] or re.match("sau|trong|them|con", match[0])
    back = match[0].startswith("cach") or match["after"] == " truoc" or (now.past and not ahead)
    sign = -1 if back else 1
    step, today = match["step"], now.today
    if step == "ngay lam viec":
        return [Span(_working_days_on(today, sign * count))]
    days = {"ngay": 1, "hom": 1, "bua": 1, "tuan": 7}.get(step)
    if match["after"] == " nay":  # "hai hôm nay": up to now
        return [Span(today - timedelta(count * days), today)] if days else []
    if match["half"] or match["ruoi"]:
        days = {"thang": 30, "tuan": 7}.get(step, 0)
        total = days // 2 if match["half"] else count * days + days // 2
        return [Span(today + timedelta(sign * total))] if total else []
    if days:
        return [Span(today + timedelta(sign * count * days))]
    return [
        Span(months_on(today, sign * count * {"thang": 1, "quy": 3, "qui": 3, "nam": 12}[step]))
    ]


@rule(
    r"(?:khoang )?(?P<a>\d{1,2}|mot|hai|ba|bon|nam|sau|bay|tam) ?(?:-|–|den|toi|hoac|hay|,)? ?(?P<n>\d{1,2}) "
    r"(?P<step>ngay|hom|bua|tuan|thang(?= nua))(?: (?:nua|sau|toi))?(?! ?\d)"
)
def _about_so_far(match: re.Match[str], now: Today) -> list[Span]:
    """``2-3 ngày nữa``, ``một hai tuần nữa``: the person says which."""
    last, sign = int(match["n"]), -1 if now.past else 1
    first = int(match["a"]) if match["a"].isdigit() else last - 1
    if match["step"] == "thang":
        return [Span(months_on(now.today, sign * n)) for n in (first, last)]
    step = 7 if match["step"] == "tuan" else 1
    return [Span(now.today + timedelta(sign * n * step)) for n in (first, last)]


def _working_days_on(day: date, count: int) -> date:
    step = 1 if count > 0 else -1
    while count:
        day += timedelta(step)
        count -= step if day.weekday() < 5 else 0
    return day
