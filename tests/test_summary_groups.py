"""Theo đơn vị, theo người: namesakes stay apart, and figures that stand side by side agree."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from models.database import Session
from models.organisation import Holding, Oversight, Person, Post, Unit
from models.task import Programme, Task
from services.linking import connect
from tests.village import SINCE, START, Town, town
from vietnamese.letters import fold


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


async def add_unit(session: Session, here: Town, code: str, name: str, above: str) -> None:
    parent = await session.get_one(Unit, here.village.units[above])
    unit = Unit(
        code=code,
        name=name,
        folded=fold(name),
        kind="office",
        path="",
        parent_id=parent.id,
        valid_from=SINCE,
    )
    session.add(unit)
    await session.flush()
    unit.path = f"{parent.path}{unit.id}/"
    here.village.units[code] = unit.id


async def add_task(
    session: Session, here: Town, unit: str, title: str, person: Person | None
) -> None:
    """A post with one task in a unit."""
    post = Post(
        code=f"post-{unit}-{title}", unit_id=here.village.units[unit], title=title, kind="cadre"
    )
    session.add(post)
    await session.flush()
    if person:
        session.add(Holding(person_id=person.id, post_id=post.id, from_day=SINCE))
    programme = (await session.scalars(select(Programme.id))).one()
    session.add(
        Task(
            programme_id=programme,
            code=f"K-{unit}-{title}",
            title="x",
            folded="x",
            owner_post_id=post.id,
            unit_id=post.unit_id,
            target=Decimal(1),
            start=date(2026, 1, 1),
        )
    )


async def add_person(session: Session, code: str, name: str) -> Person:
    person = Person(code=code, name=name, folded=fold(name), pseudonym=f"z-{code}")
    session.add(person)
    await session.flush()
    return person


async def namesakes(here: Town) -> None:
    """In each commune an office of the same name, led by a person of the same name."""
    async with here.database.begin() as session:
        for commune in ("phu-luu", "bach-xa"):
            await add_unit(session, here, f"kt-{commune}", "Phòng Kinh tế", commune)
            person = await add_person(session, f"an-{commune}", "Nguyễn Văn An")
            await add_task(session, here, f"kt-{commune}", "Trưởng phòng", person)


def tasks_of(heard: str) -> dict[str, int]:
    return {name: int(count) for name, count in re.findall(r"• (.+): (\d+) việc", heard)}


async def test_by_unit_in_a_province_is_what_each_commune_sees(here: Town) -> None:
    await namesakes(here)
    secretary = here.sits("bi-thu-tinh")
    assert "5 việc" in await secretary.says("tong ket")
    heard = await secretary.says("theo đơn vị")
    assert "Theo đơn vị (2)" in heard
    assert tasks_of(heard) == {"Xã Phù Lưu": 3, "Xã Bạch Xa": 2}
    assert "· 3 việc ·" in (await secretary.says("tong ket xa phu luu")).replace("\n", " · ")


async def test_by_unit_in_a_commune_says_its_own_work_apart(here: Town) -> None:
    await namesakes(here)
    secretary = here.sits("bi-thu-phu-luu")
    await secretary.says("tong ket")
    assert tasks_of(await secretary.says("theo đơn vị")) == {
        "Xã Phù Lưu (không tính đơn vị dưới)": 2,
        "Phòng Kinh tế": 1,
    }


async def test_units_of_one_name_are_two_lines(here: Town) -> None:
    """A supervisor who is given both offices sees each with the commune above it."""
    await namesakes(here)
    async with here.database.begin() as session:
        for unit in ("kt-phu-luu", "kt-bach-xa"):
            post = here.village.posts["giam-sat"]
            session.add(Oversight(post_id=post, unit_id=here.village.units[unit]))
    supervisor = here.sits("giam-sat")
    await supervisor.says("tong ket")
    assert tasks_of(await supervisor.says("theo đơn vị")) == {
        "Phòng Kinh tế": 1,
        "Xã Bạch Xa": 2,
    }
    which = await here.sits("bi-thu-tinh").says("tong ket phong kinh te")
    assert "Phòng Kinh tế, Xã Phù Lưu" in which
    assert "Phòng Kinh tế, Xã Bạch Xa" in which


async def test_people_of_one_name_are_two_lines_with_their_units(here: Town) -> None:
    await namesakes(here)
    secretary = here.sits("bi-thu-tinh")
    assert "· 4 người" in await secretary.says("tong ket")
    heard = await secretary.says("theo người")
    assert "Theo người (4)" in heard
    assert tasks_of(heard) == {
        "Nguyễn Văn A (Phó Chủ tịch UBND, Xã Phù Lưu)": 2,
        "Lê Văn D (Phó Chủ tịch UBND, Xã Bạch Xa)": 1,
        "Nguyễn Văn An (Trưởng phòng, Phòng Kinh tế, Xã Phù Lưu)": 1,
        "Nguyễn Văn An (Trưởng phòng, Phòng Kinh tế, Xã Bạch Xa)": 1,
    }


async def test_a_post_nobody_holds_is_no_person(here: Town) -> None:
    async with here.database.begin() as session:
        both = await add_person(session, "kiem-nhiem", "Đỗ Văn K")
        await add_task(session, here, "phu-luu", "Công chức địa chính", both)
        await add_task(session, here, "bach-xa", "Công chức địa chính", both)
        await add_task(session, here, "bach-xa", "Trưởng thôn", None)
    secretary = here.sits("bi-thu-tinh")
    assert "· 6 việc · 3 người" in (await secretary.says("tong ket")).replace("ĐU năm 2026", "")
    heard = await secretary.says("theo người")
    assert "Theo người (3)" in heard
    found = tasks_of(heard)
    assert found["Chưa có người giữ chức vụ"] == 1
    assert found["Đỗ Văn K (Công chức địa chính, Xã Phù Lưu; Công chức địa chính, Xã Bạch Xa)"] == 2
    assert sum(found.values()) == 6


async def test_of_two_holders_of_a_post_one_is_counted(here: Town) -> None:
    """As long as a hand-over overlaps: the one who came last, above and below."""
    async with here.database.begin() as session:
        came = await add_person(session, "moi", "Đỗ Văn M")
        post = here.village.posts["pct-phu-luu"]
        session.add(Holding(person_id=came.id, post_id=post, from_day=date(2026, 11, 1)))
    secretary = here.sits("bi-thu-tinh")
    assert "· 2 người" in await secretary.says("tong ket")
    heard = await secretary.says("theo người")
    assert "Theo người (2)" in heard
    assert "Đỗ Văn M" in heard
    assert "Nguyễn Văn A " not in heard


async def test_p46_unit_5_is_not_unit_50(here: Town) -> None:
    """A path without its closing "/" would be the beginning of a neighbour's, too."""
    async with here.database.begin() as session:
        commune = await session.get_one(Unit, here.village.units["phu-luu"])
        neighbour = commune.id * 10 + 3
        path = f"{commune.path.rstrip('/')}3/"
        session.add(
            Unit(
                id=neighbour,
                code="gan",
                name="Xã Khác",
                folded="xa khac",
                kind="commune",
                path=path,
                parent_id=commune.parent_id,
                valid_from=SINCE,
            )
        )
        await session.flush()
        here.village.units["gan"] = neighbour
        person = await add_person(session, "hang-xom", "Đỗ Văn H")
        await connect(session, person, "terminal", "hang-xom", START)
        await add_task(session, here, "gan", "Phó Chủ tịch UBND", person)
    near = here.sits("bi-thu-phu-luu")
    assert "· 2 việc ·" in await near.says("tong ket")
    assert "Xã Khác" not in await near.says("theo đơn vị")
    assert "K-gan" not in await near.says("nhiem vu K-gan")
    assert "Không thấy đơn vị" in await near.says("tong ket xa khac")
    province = here.sits("bi-thu-tinh")
    await province.says("tong ket")
    assert tasks_of(await province.says("theo đơn vị"))["Xã Khác"] == 1
