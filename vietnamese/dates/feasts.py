"""Lunar days and feasts: ``rằm tháng Giêng``, ``mùng 3 Tết``, ``trước Tết``, ``23 tháng Chạp``."""

import re
from datetime import date, timedelta
from functools import lru_cache

from vietnamese.dates.days import NotInCalendar, Span, Today, months_on, rule
from vietnamese.dates.lunar import from_lunar, new_year

_LUNAR_MARK = r"(?: ?\(?(?:am lich|am|al)\)?)"


def _lunar(day: int, month: int, now: Today) -> list[Span]:
    """The next (or last) such day of the lunar year."""
    chosen = _nearest(day, month, now)
    if chosen is None or abs((chosen - now.today).days) > 385:
        name = "Chạp" if month == 12 else str(month)
        raise NotInCalendar(
            f"Tháng {name} âm lịch tới không có ngày {day}. Đồng chí gõ lại ngày giúp nhé."
        )
    return [Span(chosen)]


@lru_cache(maxsize=1024)
def _nearest(day: int, month: int, now: Today) -> date | None:
    years = range(now.today.year - 2, now.today.year + 3)
    found = [d for year in years if (d := from_lunar(day, month, year))]
    fitting = [d for d in found if (d <= now.today if now.past else d >= now.today)]
    return (fitting[-1] if now.past else fitting[0]) if fitting else None


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
    r"(?:(?P<n>\d{1,2}) (?P<step>ngay|tuan) )?(?P<side>truoc|sau|ra|qua|het|trong|dip) tet(?! (?:duong|tay|trung|doan))(?: nguyen dan| am lich| ta)?(?: (?P<n2>\d{1,2}) (?P<step2>ngay|tuan))?"
)
def _around_tet(match: re.Match[str], now: Today) -> list[Span]:
    count, step = match["n"] or match["n2"], match["step"] or match["step2"]
    days = int(count) * (7 if step == "tuan" else 1) if count else 1
    if match["side"] == "truoc":
        return [Span(_tet(now, before=days))]
    first = _tet(now, before=0)
    if match["side"] in {"het", "trong", "dip"}:
        return [Span(first + timedelta(n)) for n in (2, 4, 6)]
    if count:
        return [Span(first + timedelta(days)), Span(first + timedelta(2 + days))]
    return [Span(first + timedelta(3)), Span(first + timedelta(5)), Span(first + timedelta(14))]


@rule(r"tet(?P<d>)(?: nguyen dan| am lich| ta)?", plain=False)
@rule(r"(?:mung|mong|ngay|hom)? ?(?P<d>\d{1,2}) tet(?: nguyen dan| am lich| ta)?")
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


@rule(
    rf"(?:(?P<edge>dau|giua|cuoi|het|trong|ca) )?thang (?:(?P<name>gieng|chap){_LUNAR_MARK}?|(?P<m>\d{{1,2}}){_LUNAR_MARK})"
)
def _lunar_month(match: re.Match[str], now: Today) -> list[Span]:
    month = {"gieng": 1, "chap": 12}.get(match["name"]) or int(match["m"])
    if not 1 <= month <= 12:
        raise NotInCalendar(f"Không có tháng {month} âm lịch. Đồng chí gõ lại ngày giúp nhé.")
    found = [_edge_of_lunar(month, now.today.year + n, match["edge"]) for n in range(-2, 3)]
    if now.past:
        return [[span for span in found if span.start <= now.today][-1]]
    return [next(span for span in found if span.last >= now.today)]


def _edge_of_lunar(month: int, year: int, edge: str | None) -> Span:
    first, middle = from_lunar(1, month, year), from_lunar(15, month, year)
    last = from_lunar(30, month, year) or from_lunar(29, month, year)
    if not (first and middle and last):
        raise NotInCalendar("Âm lịch của năm này chưa tính được. Đồng chí gõ ngày dương lịch nhé.")
    day = {"dau": first, "giua": middle, "cuoi": last, "het": last}.get(edge or "")
    return Span(day) if day else Span(first, last)


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
