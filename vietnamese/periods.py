"""Periods, distances and feast days: ``cuối tháng``, ``quý 4``, ``3 ngày nữa``, ``trước Tết``.

``đầu`` is the first day of a period, ``giữa`` its middle (the 15th, a Wednesday, 30 June) and
``cuối`` or ``hết`` its last. ``cuối tuần`` is Friday for some and Sunday for others: both are kept.
"""

import re
from datetime import date, timedelta

from vietnamese.days import (
    NotInCalendar,
    Span,
    Today,
    full_year,
    month_span,
    months_on,
    real_date,
    rule,
    shift_of,
)
from vietnamese.lunar import from_lunar, new_year

_NEXT = r"truoc nua|sau nua|sau|toi|ke tiep|tiep theo|ke|nay|truoc|vua roi|vua qua|roi|qua|ngoai"
_EDGE = r"(?:(?P<edge>dau|giua|cuoi|het|trong|ca|ngay cuoi|ngay dau) )?"
_YEAR_AFTER = r"(?: ?(?:/|-|,? nam) ?(?P<y>20\d\d|\d\d)| nam (?P<yrel>nay|sau|toi|ngoai|truoc))?"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_LUNAR_MARK = r"(?: ?\(?(?:am lich|am|al)\)?)"


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


@rule(r"sang (?P<step>tuan|thang|nam)(?: sau| toi)?(?! \d)")
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
    rf"{_EDGE}(?:thang|(?:(?<=dau )|(?<=giua )|(?<=cuoi )|(?<=het )|(?<=trong ))t) ?(?P<m>1[0-2]|0?[1-9]){_YEAR_AFTER}"
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
    span = month_span(year, int(number)) if year else now.month(int(number))
    return _edge_of(span, edge, now, None if year else 12, None)


@rule(rf"{_EDGE}(?:quy ?|q(?=\d))(?P<q>[1-4]|iv|i{{1,3}}){_YEAR_AFTER}")
@rule(rf"{_EDGE}quy(?: (?P<rel>{_NEXT}))?(?! (?:\d|i))")
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
    if year is None:
        behind, ahead = quarter < current and not now.past, quarter > current and now.past
        year = now.today.year + behind - ahead
        loose: int | None = 12
    else:
        loose = None
    first = real_date(year, quarter * 3 - 2, 1)
    return _edge_of(Span(first, months_on(first, 3) - timedelta(1)), edge, now, loose, None)


@rule(
    r"(?P<half>6 thang dau|6 thang cuoi|nua dau|nua cuoi) nam(?: (?P<rel>nay|sau|toi|ngoai|truoc)| ?(?P<y>20\d\d))?"
)
def _half_year(match: re.Match[str], now: Today) -> list[Span]:
    year = full_year(match["y"]) if match["y"] else now.today.year + (shift_of(match["rel"]) or 0)
    first, last = ((1, 1), (6, 30)) if "dau" in match["half"] else ((7, 1), (12, 31))
    if not match["y"] and not match["rel"] and not now.past and date(year, *last) < now.today:
        year += 1
    if not match["y"] and not match["rel"] and now.past and date(year, *first) > now.today:
        year -= 1
    return [Span(date(year, *first), date(year, *last))]


@rule(
    rf"{_EDGE}nam(?: (?P<rel>nay|sau|toi|ngoai|truoc|roi|qua)| ?(?P<y>20\d\d))?(?! (?:\d|ngay|thang|tuan))"
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
_STEP = r"(?P<step>ngay lam viec|ngay|hom|bua|tuan|thang|quy|nam)"


@rule(
    rf"(?:sau|trong vong|trong|them|con|khoang)? ?{_COUNT} ?{_STEP}(?P<ruoi> ruoi)?(?P<after> (?:nua|sau|toi|ke tiep|truoc|nay))?(?: ke)?"
)
@rule(rf"cach day (?:khoang )?{_COUNT} ?{_STEP}(?P<ruoi> ruoi)?(?P<after>)")
def _distance(match: re.Match[str], now: Today) -> list[Span]:
    count = int(match["n"] or 0)
    back = match[0].startswith("cach day") or match["after"] == " truoc"
    sign = -1 if back else 1
    step, today = match["step"], now.today
    if step == "ngay lam viec":
        return [Span(_working_days_on(today, sign * count))]
    days = {"ngay": 1, "hom": 1, "bua": 1, "tuan": 7}.get(step)
    if match["half"] or match["ruoi"]:
        days = {"thang": 30, "tuan": 7}.get(step, 0)
        total = days // 2 if match["half"] else count * days + days // 2
        return [Span(today + timedelta(sign * total))] if total else []
    if days:
        return [Span(today + timedelta(sign * count * days))]
    return [Span(months_on(today, sign * count * {"thang": 1, "quy": 3, "nam": 12}[step]))]


def _working_days_on(day: date, count: int) -> date:
    step = 1 if count > 0 else -1
    while count:
        day += timedelta(step)
        count -= step if day.weekday() < 5 else 0
    return day


def _lunar(day: int, month: int, now: Today) -> list[Span]:
    """The next (or last) such day of the lunar year."""
    years = range(now.today.year - 2, now.today.year + 3)
    found = [d for year in years if (d := from_lunar(day, month, year))]
    fitting = [d for d in found if (d <= now.today if now.past else d >= now.today)]
    chosen = (fitting[-1] if now.past else fitting[0]) if fitting else None
    if chosen is None or abs((chosen - now.today).days) > 385:
        name = "Chạp" if month == 12 else str(month)
        raise NotInCalendar(
            f"Tháng {name} âm lịch tới không có ngày {day}. Đồng chí gõ lại ngày giúp nhé."
        )
    return [Span(chosen)]


_FEASTS = {
    "tet duong lich": (1, 1), "tet tay": (1, 1), "quoc khanh": (9, 2), "giang sinh": (12, 25), "noel": (12, 25),
}  # fmt: skip
_LUNAR_FEASTS = {
    "gio to hung vuong": (10, 3), "gio to": (10, 3), "trung thu": (15, 8), "vu lan": (15, 7), "tet doan ngo": (5, 5),
    "ong cong ong tao": (23, 12), "ong tao": (23, 12),
}  # fmt: skip


@rule("(?:tet |ngay |le )?(?P<feast>" + "|".join((*_FEASTS, *_LUNAR_FEASTS)) + ")")
def _feast(match: re.Match[str], now: Today) -> list[Span]:
    if (solar := _FEASTS.get(match["feast"])) is not None:
        return [Span(now.on(*solar))]
    return _lunar(*_LUNAR_FEASTS[match["feast"]], now)


@rule(r"(?:dem )?giao thua")
def _eve(match: re.Match[str], now: Today) -> list[Span]:
    return [Span(_tet(now, before=1))]


@rule(
    r"(?:(?P<n>\d{1,2}) (?P<step>ngay|tuan) )?(?P<side>truoc|sau) tet(?: nguyen dan| am lich| ta)?(?: (?P<n2>\d{1,2}) (?P<step2>ngay|tuan))?"
)
def _around_tet(match: re.Match[str], now: Today) -> list[Span]:
    count, step = match["n"] or match["n2"], match["step"] or match["step2"]
    days = int(count) * (7 if step == "tuan" else 1) if count else 1
    if match["side"] == "truoc":
        return [Span(_tet(now, before=days))]
    first = _tet(now, before=0)
    if count:
        return [Span(first + timedelta(days)), Span(first + timedelta(2 + days))]
    return [Span(first + timedelta(3)), Span(first + timedelta(5)), Span(first + timedelta(14))]


@rule(r"(?:(?:mung|mong|ngay|hom)? ?(?P<d>\d{1,2}) )?tet(?: nguyen dan| am lich| ta)?")
def _tet_day(match: re.Match[str], now: Today) -> list[Span]:
    day = int(match["d"] or 1)
    return _lunar(day, 12 if day >= 23 else 1, now)


def _tet(now: Today, before: int) -> date:
    days = [new_year(now.today.year + n) - timedelta(before) for n in (-1, 0, 1, 2)]
    return (
        max(d for d in days if d <= now.today)
        if now.past
        else min(d for d in days if d >= now.today)
    )


@rule(rf"(?:ngay )?ram(?: thang (?P<m>\d{{1,2}}|gieng|chap))?{_LUNAR_MARK}?")
def _full_moon(match: re.Match[str], now: Today) -> list[Span]:
    if match["m"]:
        return _lunar(15, {"gieng": 1, "chap": 12}.get(match["m"]) or int(match["m"]), now)
    return [
        min(
            (_lunar(15, m, now)[0] for m in range(1, 13)),
            key=lambda s: abs((s.start - now.today).days),
        )
    ]


@rule(rf"(?:ngay |mung |mong )?(?P<d>\d{{1,2}})(?: thang |/)(?P<m>\d{{1,2}}){_LUNAR_MARK}")
@rule(r"(?:ngay |mung |mong )?(?P<d>\d{1,2})(?: thang | )(?P<m>gieng|chap)(?: am lich)?")
def _lunar_day(match: re.Match[str], now: Today) -> list[Span]:
    month = {"gieng": 1, "chap": 12}.get(match["m"]) or int(match["m"])
    if not 1 <= month <= 12 or not 1 <= int(match["d"]) <= 30:
        raise NotInCalendar(
            f"Không có ngày {match['d']}/{match['m']} âm lịch. Đồng chí gõ lại ngày giúp nhé."
        )
    return _lunar(int(match["d"]), month, now)


@rule(r"(?:mung|mong) (?P<d>\d{1,2})(?:(?: thang |/)(?P<m>\d{1,2}))?")
def _early_day(match: re.Match[str], now: Today) -> list[Span]:
    """``mùng 5 tháng 3`` is said in both calendars, so both are offered."""
    day = int(match["d"])
    month = int(match["m"]) if match["m"] else None
    if month is None:
        solar = [
            Span(months_on(now.today.replace(day=1), n).replace(day=day))
            for n in (-1, 0, 1)
            if day <= 28
        ]
        near = [s for s in solar if (s.start <= now.today if now.past else s.start >= now.today)]
        lunar = [_lunar(day, m, now)[0] for m in range(1, 13)]
        lunar.sort(key=lambda s: abs((s.start - now.today).days))
        return [*(near[-1:] if now.past else near[:1]), *lunar[:1]]
    return [Span(now.on(month, day)), *_lunar(day, month, now)]
