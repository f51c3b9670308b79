"""Who holds a post from when to when, after a workbook: corrections, endings, hand-overs (D09).

A post has one holder at a time. When a row names another person than the one who holds it, the old
holding ends the day before the new one begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from models.database import Session
from models.organisation import Holding, Post
from services.loading.rows import Findings, PostRow, key
from services.loading.standing import Standing
from vietnamese.formatting import day

_ONE_AT_A_TIME = "mỗi lúc một người giữ; ghi “Đến ngày” cho người trước, “Từ ngày” cho người sau"


@dataclass
class Stay:
    """A person in a post from `start` to `end` (the last day; None: still)."""

    person: str
    start: date
    end: date | None
    holding: Holding | None = None
    row: PostRow | None = None

    def meets(self, other: Stay) -> bool:
        return self.start <= (other.end or date.max) and other.start <= (self.end or date.max)


def plan_holdings(
    rows: list[PostRow], held: list[Holding], standing: Standing, findings: Findings
) -> list[Stay]:
    """The stays of one post as they will be; faults where they cannot be."""
    stays = [
        Stay(standing.person_keys[one.person_id], one.from_day, one.to_day, one) for one in held
    ]
    named = [row for row in rows if row.person]
    for row in sorted(named, key=lambda row: row.start or standing.today):
        stay = _stay_of(row, stays, standing.today, findings)
        if stay is None:
            stay = Stay(key(row.person), row.start or standing.today, row.end)
            stays.append(stay)
        stay.row = row
    for stay in [stay for stay in stays if stay.row]:
        for other in [other for other in stays if other.row is None and other.meets(stay)]:
            _hand_over(other, stay, stays, standing, findings)
    _check_overlaps(stays, findings)
    return stays


def _stay_of(row: PostRow, stays: list[Stay], today: date, findings: Findings) -> Stay | None:
    """The stay that stands already for this row, with the row's days put on it."""
    mine = [stay for stay in stays if stay.row is None and stay.person == key(row.person)]
    if row.start:
        wanted = Stay(key(row.person), row.start, row.end)
        found = [stay for stay in mine if stay.start == row.start] or [
            stay for stay in mine if stay.meets(wanted)
        ]
    elif row.end:
        found = [stay for stay in mine if stay.end == row.end] or [
            stay for stay in mine if stay.start <= row.end
        ]
        if not found and row.end < today:
            findings.fault(row.at, "start", "ô trống", "ngày bắt đầu giữ chức vụ")
    else:
        found = [stay for stay in mine if (stay.end or date.max) >= today] or mine
    if not found:
        return None
    stay = found[-1]
    if row.end is None and stay.end is not None:
        later = [other for other in stays if other.start > stay.end and other is not stay]
        if later:
            # The file is older than the hand-over: what was handed over stays so.
            wrong = f"chức vụ này đã bàn giao từ {day(later[0].start)}; giữ như trong hệ thống"
            expected = f"ghi “Đến ngày” là {day(stay.end)}; "
            expected += "nếu người này nhận lại chức vụ thì ghi “Từ ngày” mới"
            findings.warn(row.at, "end" if row.at.has("end") else "person", wrong, expected)
            return stay
        if not row.start and stay.end < today:
            return None
    stay.start = row.start or stay.start
    if row.at.has("end"):
        stay.end = row.end
    return stay


def _hand_over(
    old: Stay, new: Stay, stays: list[Stay], standing: Standing, findings: Findings
) -> None:
    assert new.row is not None
    name = standing.people[old.person].name
    if new.end is None and old.start < new.start:
        old.end = new.start - timedelta(days=1)
    elif new.end is None and old.end is None and old.start == new.start and not new.holding:
        # Named wrongly the same day: the holding is the new person's from its first day.
        new.holding = old.holding
        stays.remove(old)
    else:
        wrong = f"trùng thời gian với {name}, giữ chức vụ này từ {day(old.start)}"
        wrong += f" đến {day(old.end)}" if old.end else ""
        findings.fault(new.row.at, "start", wrong, _ONE_AT_A_TIME)


def _check_overlaps(stays: list[Stay], findings: Findings) -> None:
    loaded = [stay for stay in stays if stay.row]
    for at, stay in enumerate(loaded):
        for earlier in loaded[:at]:
            if stay.meets(earlier) and stay.row and earlier.row:
                first, second = sorted((earlier.row, stay.row), key=lambda row: row.at.row)
                wrong = f"chức vụ {second.post} đã có người giữ cùng lúc ở dòng {first.at.row}"
                findings.fault(second.at, "post", wrong, _ONE_AT_A_TIME)


def apply_holdings(session: Session, post: Post, rows: list[PostRow], standing: Standing) -> None:
    """Write what was planned; the audit keeps pseudonyms, never names."""
    held = standing.holdings[post.id]
    for stay in plan_holdings(rows, held, standing, Findings()):
        person = standing.people[stay.person]
        after: dict[str, Any] = {
            "person": person.pseudonym,
            "post_id": post.id,
            "from_day": stay.start,
            "to_day": stay.end,
        }
        holding = stay.holding
        if holding is None:
            holding = Holding(
                person_id=person.id, post_id=post.id, from_day=stay.start, to_day=stay.end
            )
            session.add(holding)
            held.append(holding)
            standing.new_holdings.append((holding, after))
            continue
        pseudonym = standing.people[standing.person_keys[holding.person_id]].pseudonym
        before = after | {
            "person": pseudonym,
            "from_day": holding.from_day,
            "to_day": holding.to_day,
        }
        if before != after:
            holding.person_id = person.id
            holding.from_day, holding.to_day = stay.start, stay.end
            standing.note(
                session, "changed", "holdings", "holding", holding.id, before, after, post.id
            )
        elif stay.row:
            standing.tallies["holdings"].count("unchanged")
