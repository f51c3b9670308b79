"""Loading a workbook: what is added, what is changed, and what is left alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, select

from models.audit import Audit
from models.database import Database, Session
from models.organisation import Holding, Oversight, Person, Post, Unit, UnitPredecessor, holder_of
from models.task import Programme, TaskRole
from services import people
from services.access import actor_of
from services.summary import summarise
from tests.loading_book import (
    NOW,
    TASK,
    TODAY,
    book,
    command,
    everything,
    load,
    posts,
    task,
    tasks,
    the_task,
    units,
    xlsx,
)


async def test_everything_is_loaded(database: Database) -> None:
    result = await load(database, book())
    assert result.warnings
    assert all("giống tên" in one.wrong for one in result.warnings)
    assert {name: tally.added for name, tally in result.tallies.items()} == {
        "units": 4, "people": 3, "posts": 5, "holdings": 4, "programmes": 2, "tasks": 4,
    }  # fmt: skip
    async with database.begin() as session:
        found = {unit.code: unit for unit in await session.scalars(select(Unit))}
        assert found["X-PL"].path == f"/{found['T'].id}/{found['X-PL'].id}/"
        assert found["X-PL"].folded == "xa phu luu"
        assert found["X-PL"].kind == "commune"
        links = await session.scalars(select(UnitPredecessor.predecessor_id))
        assert set(links) == {found["CU1"].id, found["CU2"].id}
        overseen = await session.scalars(select(Oversight.unit_id))
        assert set(overseen) == {found["X-PL"].id, found["CU1"].id}
        plan = await session.scalar(select(Programme).where(Programme.number == "12-KH/ĐU"))
        above = await session.scalar(select(Programme).where(Programme.number == "111-KH/TU"))
        assert plan
        assert above
        assert (plan.above_id, plan.issued_on, above.horizon) == (
            above.id,
            date(2026, 1, 15),
            "term",
        )
        first = await the_task(session, "NV-03")
        assert (first.value, first.percent, first.bucket) == (Decimal(1), Decimal(50), "from50")
        assert first.tags == ["đột phá", "nông nghiệp"]
        assert (first.due, first.first_due, first.due_version) == (date(2026, 12, 31),) * 2 + (1,)
        assert first.unit_id == found["X-PL"].id
        assert first.start == date(2026, 1, 15)
        roles = (await session.execute(select(TaskRole.role, Post.code).join(Post))).all()
        assert {tuple(role) for role in roles} == {("supporting", "X-PL-NN"), ("focal", "X-PL-VP")}
        second = await the_task(session, "NV-07")
        assert (second.measure, second.measure_unit, second.target) == (
            "percent",
            "%",
            Decimal("98.3"),
        )
        assert (second.cadence, second.cadence_day) == ("weekly", 5)
        third = await the_task(session, "NV-08")
        assert third.criteria == ["Có kế hoạch", "Có tổ trưởng", "Có quỹ"]
        assert (third.target, third.due, third.first_due) == (Decimal(3), None, None)
        assert (await the_task(session, "NV-09")).target == Decimal("12500.75")
        person = await session.scalar(select(Person).where(Person.code == "P1"))
        assert person
        actor = await actor_of(session, person, "web", NOW)
        assert {post.code for post in actor.posts} == {"X-PL-PCT", "X-PL-VP"}


async def test_the_same_file_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(xlsx(book()))
    said = await command(database, tmp_path / "a.xlsx")
    assert "  Nhiệm vụ: thêm 4, sửa 0, giữ nguyên 0" in said
    before = await everything(database)
    said = await command(database, tmp_path / "a.xlsx", datetime(2027, 2, 1, tzinfo=UTC))
    assert said[-1] == "Tệp hợp lệ, không có gì thay đổi."
    assert await everything(database) == before


async def test_check_changes_nothing(database: Database, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(xlsx(book()))
    before = await everything(database)
    said = await command(database, tmp_path / "a.xlsx", check=True)
    assert any("thêm 4" in line for line in said)
    assert await everything(database) == before


async def test_a_changed_row_keeps_the_old_values_in_the_audit(database: Database) -> None:
    await load(database, book())
    changed = tasks()
    changed[1] = task("NV-03", Chỉ_tiêu=4, Thời_hạn="31/01/2027", Phối_hợp="X-PL-BT", Đã_đạt=1)
    result = await load(database, book(tasks=changed))
    tally = result.tallies["tasks"]
    assert (tally.added, tally.changed, tally.unchanged) == (0, 1, 3)
    async with database.begin() as session:
        now = await the_task(session, "NV-03")
        assert (now.due, now.first_due, now.due_version) == (
            date(2027, 1, 31),
            date(2026, 12, 31),
            2,
        )
        assert (now.value, now.percent, now.bucket) == (Decimal(1), Decimal(25), "below50")
        line = (await session.scalars(select(Audit).where(Audit.action == "load_change"))).one()
        assert line.who == "system"
        assert line.before
        assert line.after
        assert (line.before["due"], line.after["due"]) == ("2026-12-31", "2027-01-31")
        assert (line.before["target"], line.after["target"]) == ("2", "4")
        assert line.before["tags"] == ["đột phá", "nông nghiệp"]
        assert line.before["roles"].keys() == {"focal", "supporting"}
        assert line.after["roles"].keys() == {"supporting"}
    assert (await load(database, book(tasks=changed))).changes == 0


async def test_an_extension_given_since_is_not_undone_by_the_old_file(database: Database) -> None:
    await load(database, book())
    async with database.begin() as session:
        extended = await the_task(session, "NV-03")
        extended.due, extended.due_version = date(2027, 3, 31), 2
    changed = tasks()
    changed[1][TASK.index("Sản phẩm")] = "2 tổ được chứng nhận"
    result = await load(database, book(tasks=changed))
    assert [one.wrong for one in result.warnings if one.header == "Thời hạn"] == [
        "hạn đã thay đổi sau lần nạp trước; giữ hạn 31/03/2027"
    ]
    async with database.begin() as session:
        now = await the_task(session, "NV-03")
        assert (now.due, now.product) == (date(2027, 3, 31), "2 tổ được chứng nhận")
    few = [[row[at] for at in (0, 1, 2, 6, 9)] for row in changed]
    few[1][2] = "Xây dựng 2 tổ VietGAP"
    await load(database, {"Nhiệm vụ": few})
    changed[1][2] = few[1][2]
    assert (await load(database, book(tasks=changed))).changes == 0
    changed[1][TASK.index("Thời hạn")] = "30/04/2027"
    await load(database, book(tasks=changed))
    async with database.begin() as session:
        now = await the_task(session, "NV-03")
        assert (now.due, now.first_due, now.due_version) == (
            date(2027, 4, 30),
            date(2026, 12, 31),
            3,
        )


async def test_a_reported_value_is_not_overwritten(database: Database) -> None:
    await load(database, book())
    async with database.begin() as session:
        (await the_task(session, "NV-03")).last_report_at = NOW
    changed = tasks()
    changed[1][TASK.index("Đã đạt")] = 2
    result = await load(database, book(tasks=changed))
    assert any("đã có báo cáo" in one.wrong for one in result.warnings)
    async with database.begin() as session:
        assert (await the_task(session, "NV-03")).value == Decimal(1)


async def test_a_moved_unit_takes_its_subtree_along(database: Database) -> None:
    rows = [*units(), ["THON", "Thôn Chanh", "Thôn", "X-PL", "01/07/2025", None, None]]
    await load(database, book(units=rows))
    rows[2][3] = "CU1"
    result = await load(database, {"Đơn vị": rows})
    assert result.tallies["units"].changed == 1
    async with database.begin() as session:
        found = {unit.code: unit for unit in await session.scalars(select(Unit))}
        ids = [found[code].id for code in ("T", "CU1", "X-PL", "THON")]
        assert found["THON"].path == "/" + "/".join(map(str, ids)) + "/"
    assert (await load(database, {"Đơn vị": rows})).changes == 0


async def test_units_of_the_same_name_are_told_apart_by_code(database: Database) -> None:
    rows = units()
    rows[3][1], rows[4][1] = "Xã Cẩm Giang", "Xã Cẩm Giàng"
    await load(database, book(units=rows))
    rows[4][1] = "Xã Cẩm Giang"
    assert (await load(database, {"Đơn vị": rows})).tallies["units"].changed == 1
    async with database.begin() as session:
        names = await session.scalars(select(Unit.name).where(Unit.code.in_(("CU1", "CU2"))))
        assert list(names) == ["Xã Cẩm Giang"] * 2


async def test_a_handover_closes_the_old_holding_the_day_before(database: Database) -> None:
    await load(database, book())
    rows = posts()
    rows[1][:2], rows[1][6] = ["P9", "Phạm Thị D"], "01/10/2026"
    result = await load(database, {"Người và chức vụ": rows})
    assert (result.tallies["holdings"].added, result.tallies["holdings"].changed) == (1, 1)
    async with database.begin() as session:
        post = await session.scalar(select(Post.id).where(Post.code == "X-PL-PCT"))
        assert post
        spans = await session.execute(
            select(Person.code, Holding.from_day, Holding.to_day)
            .join(Holding, Holding.person_id == Person.id)
            .where(Holding.post_id == post)
            .order_by(Holding.from_day)
        )
        assert [tuple(span) for span in spans] == [
            ("P1", date(2025, 7, 1), date(2026, 9, 30)),
            ("P9", date(2026, 10, 1), None),
        ]
        holder = await holder_of(session, post, TODAY)
        assert holder
        assert holder.code == "P9"
        assert (await the_task(session, "NV-03")).owner_post_id == post
    assert (await load(database, {"Người và chức vụ": rows})).changes == 0
    again = await load(database, {"Người và chức vụ": posts()})
    assert again.changes == 0
    assert [one.line for one in again.warnings][:1] == [
        "Trang “Người và chức vụ”, dòng 2, cột H “Đến ngày”: chức vụ này đã bàn giao từ 01/10/2026; "
        "giữ như trong hệ thống. "
        "Cần: ghi “Đến ngày” là 30/09/2026; nếu người này nhận lại chức vụ thì ghi “Từ ngày” mới."
    ]


async def test_the_clerks_unchanged_file_loads_after_a_hand_over(database: Database) -> None:
    """Handed over at the command line meanwhile: the system's holder stays, with a warning.

    Row 2 says since when, row 4 does not.
    """
    await load(database, book())
    async with database.begin() as session:
        taker = await session.scalar(select(Person).where(Person.code == "P3"))
        assert taker
        for code in ("X-PL-PCT", "X-PL-VP"):
            post = await session.scalar(select(Post).where(Post.code == code))
            assert post
            await people.hand_over(session, None, post, taker, date(2026, 11, 24), NOW)
    for later in (NOW, NOW + timedelta(days=30)):
        before = await everything(database)
        result = await load(database, book(), later)
        assert result.changes == 0
        assert await everything(database) == before
        kept = [one.row for one in result.warnings if "đã bàn giao từ 24/11/2026" in one.wrong]
        assert kept == [2, 4]


async def test_a_wrong_name_is_put_right_the_same_day(database: Database) -> None:
    await load(database, book())
    rows = posts()
    rows[3][:2] = ["P8", "Hoàng Văn E"]
    await load(database, {"Người và chức vụ": rows})
    async with database.begin() as session:
        count = await session.scalar(
            select(func.count()).select_from(Holding).join(Post).where(Post.code == "X-PL-VP")
        )
    assert count == 1


async def test_a_post_whose_unit_changes_takes_its_tasks_along(database: Database) -> None:
    await load(database, book())
    rows = posts()
    rows[1][4] = "T"
    await load(database, {"Người và chức vụ": rows})
    async with database.begin() as session:
        top = await session.scalar(select(Unit.id).where(Unit.code == "T"))
        assert (await the_task(session, "NV-03")).unit_id == top


async def test_a_missing_column_changes_nothing_an_empty_cell_does(database: Database) -> None:
    await load(database, book())
    few = [[row[at] for at in (0, 1, 2, 6, 9)] for row in tasks()]
    assert (await load(database, {"Nhiệm vụ": few})).changes == 0
    empty = tasks()
    empty[1][TASK.index("Thời hạn")] = None
    await load(database, {"Nhiệm vụ": empty})
    async with database.begin() as session:
        now = await the_task(session, "NV-03")
        assert (now.due, now.first_due, now.due_version) == (None, date(2026, 12, 31), 2)


async def test_the_audit_names_nobody(database: Database) -> None:
    await load(database, book())
    async with database.begin() as session:
        for line in await session.scalars(select(Audit)):
            assert "Nguyễn" not in f"{line.before}{line.after}"


async def test_a_task_loaded_in_the_middle_of_the_year_owes_no_report_of_the_months_before(
    database: Database,
) -> None:
    weekly = task("NV-03", Báo_cáo_định_kỳ="Tuần", Ngày_báo_cáo=6, Đã_đạt=1)
    later = task("NV-04", Báo_cáo_định_kỳ="Không")
    await load(database, book(tasks=[list(TASK), weekly, later]))

    async def silent(at: datetime) -> list[tuple[str, int]]:
        async with database.begin() as session:
            leader = await holder_of(session, (await by_code(session, "X-PL-BT")).id, TODAY)
            assert leader
            actor = await actor_of(session, leader, "web", at)
            assert actor.posts
            found = await summarise(session, actor, at)
            return [(line.code, found.longest_silence) for line in found.silent]

    assert await silent(NOW) == []
    assert await silent(NOW + timedelta(days=5)) == [("NV-03", 1)]  # Saturday, after a Friday
    # A rhythm that is given later begins that day.
    later = task("NV-04", Báo_cáo_định_kỳ="Tuần", Ngày_báo_cáo=6)
    await load(database, book(tasks=[list(TASK), weekly, later]))
    assert await silent(NOW) == []


async def by_code(session: Session, code: str) -> Post:
    return (await session.scalars(select(Post).where(Post.code == code))).one()
