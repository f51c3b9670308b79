"""The units, posts, people and programmes of the province of full size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from models.account import Account
from models.base import Base
from models.database import Session
from models.organisation import Holding, Person, Post, Unit
from models.task import Programme
from vietnamese.letters import fold
from vietnamese.zone import VIETNAM

COMMUNES = 124
PEOPLE = 1_860
AT_PROVINCE = {"bi-thu-tinh": "leader", "van-phong-tinh": "clerk", "quan-tri": "admin"}
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)
"""The moment the figures are of: a Monday morning."""

_FOUNDED = date(2025, 7, 1)


async def put(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        await session.execute(insert(table), rows)


def imagine_organisation() -> tuple[list[dict[str, Any]], list[Post]]:
    """The province and its communes; a post for each person, two leaders and a clerk a commune."""
    names = [("tinh", "Tỉnh", "province"), *_commune_names()]
    units = [
        {
            "id": at,
            "code": code,
            "name": name,
            "folded": fold(name),
            "kind": kind,
            "parent_id": None if at == 1 else 1,
            "path": "/1/" if at == 1 else f"/1/{at}/",
            "valid_from": _FOUNDED,
        }
        for at, (code, name, kind) in enumerate(names, start=1)
    ]
    posts = [
        Post(id=at, code=code, unit_id=1, title=code, kind=kind)
        for at, (code, kind) in enumerate(AT_PROVINCE.items(), start=1)
    ]
    each, more = divmod(PEOPLE - len(AT_PROVINCE), COMMUNES)
    for commune in range(1, COMMUNES + 1):
        for seat in range(each + (commune <= more)):
            code, title, kind = _seat(commune, seat)
            posts.append(
                Post(id=len(posts) + 1, code=code, unit_id=commune + 1, title=title, kind=kind)
            )
    return units, posts


def _commune_names() -> Iterator[tuple[str, str, str]]:
    for at in range(1, COMMUNES + 1):
        yield f"xa-{at:03d}", f"Xã số {at}", "commune"


def _seat(commune: int, seat: int) -> tuple[str, str, str]:
    if seat == 0:
        return f"bi-thu-{commune:03d}", "Bí thư Đảng uỷ xã", "leader"
    if seat == 1:
        return f"chu-tich-{commune:03d}", "Chủ tịch UBND xã", "leader"
    kind = "clerk" if seat == 2 else "cadre"
    return f"can-bo-{commune:03d}-{seat:02d}", "Cán bộ xã", kind


async def write_organisation(
    session: Session, units: Sequence[Mapping[str, Any]], posts: Sequence[Post], channel: str
) -> None:
    await put(session, Unit, units)
    await put(
        session,
        Post,
        [
            {name: getattr(post, name) for name in ("id", "code", "unit_id", "title", "kind")}
            for post in posts
        ],
    )
    people = []
    for post in posts:
        name = f"Nguyễn Văn {post.id:04d}"
        people.append(
            {
                "id": post.id,
                "code": post.code,
                "name": name,
                "folded": fold(name),
                "pseudonym": f"nguoi-{post.id:06d}",
            }
        )
    await put(session, Person, people)
    await put(
        session,
        Holding,
        [{"person_id": post.id, "post_id": post.id, "from_day": _FOUNDED} for post in posts],
    )
    joined = NOW - timedelta(days=180)
    await put(
        session,
        Account,
        [
            {
                "channel": channel,
                "chat_id": post.code,
                "person_id": post.id,
                "state": "connected",
                "connected_at": joined,
                "changed_at": joined,
            }
            for post in posts
        ],
    )
    await put(
        session,
        Programme,
        [
            {
                "id": unit["id"],
                "number": f"{unit['id']:02d}-KH/ĐU",
                "issued_on": date(2026, 1, 8),
                "unit_id": unit["id"],
                "title": f"Kế hoạch {unit['id']:02d}-KH/ĐU năm 2026",
                "year": 2026,
                "above_id": None if unit["id"] == 1 else 1,
            }
            for unit in units
        ],
    )
