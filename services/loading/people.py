"""Loading people and posts: who they are, which posts there are, what a post oversees."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import update

from models.database import Session
from models.organisation import Oversight, Person, Post
from models.task import Task
from services.loading.holdings import apply_holdings, plan_holdings
from services.loading.rows import Findings, PostRow, Workbook, key
from services.loading.standing import Standing, difference, foreign
from vietnamese.formatting import day
from vietnamese.letters import fold

_SAME = {"title": "chức vụ", "unit": "đơn vị", "kind": "vai trò"}


def check_people(content: Workbook, standing: Standing, findings: Findings) -> None:
    """Every fault of the people sheet that needs the other rows or what stands."""
    units = standing.units.keys() | {key(row.code) for row in content.units}
    people: dict[str, PostRow] = {}
    posts: dict[str, PostRow] = {}
    for row in content.posts:
        _check_row(row, units, standing, findings)
        first = posts.setdefault(key(row.post), row)
        for name, called in _SAME.items():
            if name in first.at.unread:
                continue
            if key(getattr(first, name)) != key(getattr(row, name)):
                wrong = f"{called} khác với dòng {first.at.row} của cùng chức vụ {row.post}"
                findings.fault(row.at, name, wrong, "một mã chức vụ, một nội dung")
        if not row.person:
            continue
        known = people.setdefault(key(row.person), row)
        if "name" in known.at.unread:
            continue
        if fold(known.name) != fold(row.name) or known.name.casefold() != row.name.casefold():
            wrong = f"mã người {row.person} ở dòng {known.at.row} mang họ tên khác"
            findings.fault(row.at, "name", wrong, "mỗi người một mã, một họ tên")
    for code, rows in _by_post(content).items():
        post = standing.posts.get(code)
        held = standing.holdings.get(post.id, []) if post else []
        plan_holdings([row for row in rows if _tells_who(row)], held, standing, findings)
        now = [one for one in held if one.from_day <= standing.today and one.to_day is None]
        if now and not any(row.person or not _tells_who(row) for row in rows):
            name = standing.people[standing.person_keys[now[-1].person_id]].name
            wrong = f"chức vụ này đang do {name} giữ; dòng trống không làm thay đổi"
            findings.warn(rows[0].at, "person", wrong, "ghi người đó và “Đến ngày” nếu đã thôi giữ")


def _tells_who(row: PostRow) -> bool:
    """Whether it could be read who holds the post, and when."""
    return row.at.unread.isdisjoint(("person", "start", "end"))


def _check_row(row: PostRow, units: set[str], standing: Standing, findings: Findings) -> None:
    if bool(row.person) != bool(row.name):
        empty = "name" if row.person else "person"
        wrong = "ô trống" if row.at.has(empty) else "thiếu mã người"
        findings.fault(row.at, empty, wrong, "cả mã người và họ tên, hoặc bỏ trống cả hai")
    if not row.person and (row.start or row.end):
        wrong = "có ngày mà không có người giữ"
        findings.fault(row.at, "person", wrong, "mã người và họ tên, hoặc bỏ trống ngày")
    if row.start and row.end and row.end < row.start:
        wrong = f"{day(row.end)} trước ngày bắt đầu {day(row.start)}"
        findings.fault(row.at, "end", wrong, "ngày từ “Từ ngày” trở đi, hoặc để trống")
    for name, codes in (("unit", (row.unit,)), ("oversees", row.oversees)):
        for code in codes:
            if key(code) not in units:
                wrong = f"chưa có đơn vị mã {code}"
                findings.fault(row.at, name, wrong, "mã có ở trang Đơn vị hoặc đã nạp")
            elif not standing.may_change(key(code)):
                foreign(findings, row.at, name)
    post = standing.posts.get(key(row.post))
    if post and not standing.may_change(standing.unit_keys[post.unit_id]):
        foreign(findings, row.at, "post")
    actor = standing.actor
    if actor and "admin" in (row.kind, post.kind if post else "") and not actor.is_any("admin"):
        findings.fault(row.at, "kind", "chỉ quản trị được đặt chức vụ quản trị", "vai trò khác")
    person = standing.people.get(key(row.person)) if row.person else None
    if person and row.name and person.name != row.name:
        if not _ours(person, standing):
            foreign(findings, row.at, "name")
        # A code given to somebody else by mistake would hand over a person's accounts as well.
        wrong = f"mã người {row.person} đang là {person.name}, sẽ đổi thành {row.name}"
        findings.warn(row.at, "name", wrong, "mã khác nếu là hai người khác nhau")


def _ours(person: Person, standing: Standing) -> bool:
    """Whether every post the person ever held is within reach."""
    if standing.reach is None:
        return True
    units = {post.id: standing.unit_keys[post.unit_id] for post in standing.posts.values()}
    return all(
        standing.may_change(units[post_id])
        for post_id, held in standing.holdings.items()
        if any(holding.person_id == person.id for holding in held)
    )


def _by_post(content: Workbook) -> dict[str, list[PostRow]]:
    posts: dict[str, list[PostRow]] = {}
    for row in content.posts:
        posts.setdefault(key(row.post), []).append(row)
    return posts


async def apply_people(session: Session, content: Workbook, standing: Standing) -> None:
    """Add and change people and posts, hand posts over, set what each oversees."""
    rows = _by_post(content)
    await _apply_persons(session, content, standing)
    await _apply_posts(session, rows, standing)
    for code, held in rows.items():
        apply_holdings(session, standing.posts[code], held, standing)
    await session.flush()
    for one, after in standing.new_holdings:
        standing.note(session, "added", "holdings", "holding", one.id, None, after, one.post_id)


async def _apply_persons(session: Session, content: Workbook, standing: Standing) -> None:
    added: list[Person] = []
    for row in {key(row.person): row for row in content.posts if row.person}.values():
        person = standing.people.get(key(row.person))
        if person is None:
            person = Person(
                code=row.person,
                name=row.name,
                folded=fold(row.name),
                pseudonym=f"P-{secrets.token_hex(6)}",
            )
            standing.people[key(row.person)] = person
            added.append(person)
        elif person.name == row.name:
            standing.tallies["people"].count("unchanged")
        else:
            person.name, person.folded = row.name, fold(row.name)
            # The audit outlives an erasure: it names a person by pseudonym only.
            facts = {"person": person.pseudonym}
            standing.note(
                session, "changed", "people", "person", person.id, facts, facts | {"name": "đã sửa"}
            )
    session.add_all(added)
    await session.flush()
    for person in added:
        facts = {"person": person.pseudonym}
        standing.note(session, "added", "people", "person", person.id, None, facts)
    standing.person_keys = {person.id: code for code, person in standing.people.items()}


async def _apply_posts(
    session: Session, rows: dict[str, list[PostRow]], standing: Standing
) -> None:
    before: dict[str, dict[str, Any]] = {}
    for code, (row, *_) in rows.items():
        wanted = {
            "unit_id": standing.units[key(row.unit)].id,
            "title": row.title,
            "kind": row.kind,
        }
        post = standing.posts.get(code)
        if post is None:
            standing.posts[code] = Post(code=row.post, **wanted)
            session.add(standing.posts[code])
            continue
        before[code] = _facts(post, standing)
        changes = difference(post, wanted)
        for name, value in changes.items():
            setattr(post, name, value)
        if "unit_id" in changes:
            # A task's unit is its owning post's, kept on the row.
            await session.execute(
                update(Task).where(Task.owner_post_id == post.id).values(unit_id=post.unit_id)
            )
    await session.flush()
    for code, held in rows.items():
        post = standing.posts[code]
        if held[0].at.has("oversees"):
            await _set_oversight(session, post, held, standing)
        old, new = before.get(code), _facts(post, standing)
        if old == new:
            standing.tallies["posts"].count("unchanged")
        else:
            what = standing.note
            what(
                session, "changed" if old else "added", "posts", "post", post.id, old, new, post.id
            )


def _facts(post: Post, standing: Standing) -> dict[str, Any]:
    facts = {name: getattr(post, name) for name in ("code", "unit_id", "title", "kind")}
    return facts | {"oversees": sorted(standing.oversight.get(post.id, {}))}


async def _set_oversight(
    session: Session, post: Post, rows: list[PostRow], standing: Standing
) -> None:
    wanted = {standing.units[key(code)].id for row in rows for code in row.oversees}
    has = standing.oversight[post.id]
    for unit_id in has.keys() - wanted:
        await session.delete(has.pop(unit_id))
    for unit_id in sorted(wanted - has.keys()):
        has[unit_id] = Oversight(post_id=post.id, unit_id=unit_id)
        session.add(has[unit_id])
