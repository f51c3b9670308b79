"""Tables and migrations, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, select
from sqlalchemy.exc import StatementError

from models import Base
from models.database import Database, NestedTransaction
from models.migrate import migrate, newest, version_of
from models.organisation import Person
from models.queue import Inbox
from models.report import next_number
from models.task import bucket_of, percent_of_plan


async def test_migrations_walk_up_down_up(database: Database) -> None:
    await migrate(database, "base")
    assert await version_of(database) is None
    await migrate(database)
    assert await version_of(database) == newest()


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
    from vietnamese.letters import fold

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
