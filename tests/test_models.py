"""Tables and migrations, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, String, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from models import Base
from models.account import Account
from models.database import Database, NestedTransaction, in_trouble
from models.migrate import BrokenReferences, change, migrate, newest, version_of
from models.organisation import Person
from models.queue import Inbox
from models.report import next_number
from models.task import LARGEST_PERCENT, Task, bucket_of, percent_of_plan, take_figures
from tests.village import build_village
from vietnamese.letters import fold


async def test_migrations_walk_up_down_up(database: Database) -> None:
    await migrate(database, "base")
    assert await version_of(database) is None
    await migrate(database)
    assert await version_of(database) == newest()


def test_a_lost_connection_is_the_databases_trouble() -> None:
    """Whatever the driver calls it."""
    error = RuntimeError("server closed the connection unexpectedly")
    assert in_trouble(DBAPIError("SELECT 1", {}, error, connection_invalidated=True))
    assert not in_trouble(DBAPIError("SELECT 1", {}, error))


async def test_models_and_migrations_say_the_same(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return list(compare_metadata(context, Base.metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def _event(at: datetime) -> Inbox:
    return Inbox(channel="x", event_id="1", chat_id="1", event={}, received_at=at)


async def test_p27_an_instant_reads_back_as_the_same_instant(database: Database) -> None:
    written = datetime(2026, 11, 22, 8, 0, tzinfo=timezone(timedelta(hours=7)))
    async with database.begin() as session:
        session.add(_event(written))
    async with database.begin() as session:
        read = (await session.scalars(select(Inbox.received_at))).one()
    assert read == written
    assert read.tzinfo == UTC


async def test_p27_a_naive_time_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 22, 8, 0)  # noqa: DTZ001 - on purpose
    async with database.begin() as session:
        session.add(_event(naive))
        with pytest.raises(StatementError, match="has no time zone"):
            await session.flush()
        await session.rollback()


async def test_p28_searching_finds_letters_with_and_without_marks(database: Database) -> None:
    async with database.begin() as session:
        session.add(Person(code="a", name="ĐƯỜNG", folded=fold("ĐƯỜNG"), pseudonym="p"))
    for typed in ("đường", "duong", "Đường"):
        async with database.begin() as session:
            found = select(Person.name).where(Person.folded.contains(fold(typed), autoescape=True))
            assert (await session.scalars(found)).all() == ["ĐƯỜNG"]


async def test_a_second_transaction_inside_one_fails_at_once(database: Database) -> None:
    async with database.begin():
        with pytest.raises(NestedTransaction):
            async with database.begin():
                pass


async def test_numbers_go_up_by_one(database: Database) -> None:
    numbers = []
    for _ in range(3):
        async with database.begin() as session:
            numbers.append(await next_number(session, "report"))
    assert numbers == [1, 2, 3]


@pytest.mark.parametrize(
    ("value", "target", "baseline", "direction", "percent"),
    [
        ("98.3", "98.3", None, "up", "100"),  # E05
        ("39", "40", None, "up", "97.5"),  # E05
        ("1", "2", None, "up", "50"),  # A08
        ("388", "400", None, "up", "97"),  # C07
        ("24", "144", None, "up", "16.6667"),  # E25
        ("7", "5", "15", "down", "80"),  # E28, with a baseline
        ("5", "5", None, "down", "100"),
        ("6", "5", None, "down", "0"),
        ("16", "5", "15", "down", "0"),  # worse than at the start
    ],
)
def test_percent_of_plan(
    value: str, target: str, baseline: str | None, direction: str, percent: str
) -> None:
    assert percent_of_plan(
        Decimal(value),
        target=Decimal(target),
        baseline=Decimal(baseline) if baseline else None,
        direction=direction,
    ) == Decimal(percent)


@pytest.mark.parametrize(
    ("percent", "bucket"),
    [
        (None, "none"),
        ("0", "below50"),
        ("49.9999", "below50"),
        ("50", "from50"),
        ("70", "from50"),
        ("70.0001", "above70"),
        ("99.9999", "above70"),
        ("100", "met"),
        ("100.0001", "over"),
    ],
)
def test_buckets_of_e11(percent: str | None, bucket: str) -> None:
    assert bucket_of(Decimal(percent) if percent else None) == bucket


@pytest.mark.parametrize(
    ("value", "target", "bucket"),
    [
        ("3499999999", "3500000000", "above70"),
        ("3500000000", "3500000000", "met"),
        ("1000000001", "1000000000", "over"),
        ("700000001", "1000000000", "above70"),
        ("700000000", "1000000000", "from50"),
        ("699999999", "1000000000", "from50"),
        ("500000000", "1000000000", "from50"),
        ("499999999", "1000000000", "below50"),
    ],
)
def test_one_dong_is_enough_for_another_bucket(value: str, target: str, bucket: str) -> None:
    """Also after the four decimals that are kept: no rounding goes onto or across an edge."""
    percent = percent_of_plan(Decimal(value), target=Decimal(target))
    assert bucket_of(percent) == bucket
    assert percent == percent.quantize(Decimal("0.0001")) if percent else False


@pytest.mark.parametrize("value", ["90000000000000", "900000000000000"])
@pytest.mark.parametrize("target", ["0.0001", "1"])
async def test_an_absurd_percent_still_fits_its_column(
    database: Database, value: str, target: str
) -> None:
    async with database.begin() as session:
        village = await build_village(session)
        task = await session.get_one(Task, village.tasks["NV-03"])
        task.target = Decimal(target)
        take_figures(task, Decimal(value), None)
    async with database.begin() as session:
        task = await session.get_one(Task, village.tasks["NV-03"])
        assert (task.value, task.percent) == (Decimal(value), LARGEST_PERCENT)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_p29_a_batch_migration_deletes_no_child_row(database: Database) -> None:
    async with database.begin() as session:
        village = await build_village(session)

    def rebuild(connection: Connection) -> None:
        """What a batch migration does: copy the table, drop it, give the copy its name."""
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("person", recreate="always") as batch:
            batch.add_column(Column("nickname", String(20)))

    await change(database, rebuild)
    async with database.begin() as session:
        accounts = await session.scalars(select(Account.person_id))
        assert sorted(accounts) == sorted(village.people.values())
        columns = await session.execute(text("SELECT nickname FROM person"))
        assert len(columns.all()) == len(village.people)


async def test_a_migration_that_breaks_references_is_taken_back(database: Database) -> None:
    """On SQLite foreign keys are off meanwhile: they are checked before anything is committed."""
    async with database.begin() as session:
        village = await build_village(session)

    def orphans(connection: Connection) -> None:
        connection.execute(text("DELETE FROM person WHERE code = 'pct-phu-luu'"))

    with pytest.raises((BrokenReferences, IntegrityError)):
        await change(database, orphans)
    async with database.begin() as session:
        assert await session.get(Person, village.people["pct-phu-luu"])
        if database.is_sqlite:
            assert await session.scalar(text("PRAGMA foreign_keys")) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_p32_wal_is_not_used_and_every_commit_reaches_the_disk(database: Database) -> None:
    async with database.begin() as session:
        mode = await session.scalar(text("PRAGMA journal_mode"))
        synchronous = await session.scalar(text("PRAGMA synchronous"))
        keys = await session.scalar(text("PRAGMA foreign_keys"))
    assert (mode, synchronous, keys) == ("truncate", 2, 1)
