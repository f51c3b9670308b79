"""What every table shares: the declarative base and the four column types of ours."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import JSON, TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class NaiveTime(ValueError):
    """A time without a zone was about to be stored."""


class UtcTime(TypeDecorator[datetime]):
    """An instant: aware on the way in, aware UTC on the way out, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveTime(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:  # SQLite keeps no zone; what was stored is UTC
            instant: datetime = value.replace(tzinfo=UTC)
            return instant
        return value.astimezone(UTC)  # type: ignore[no-any-return] # a datetime of the driver


SCALE = 10_000


class Amount(TypeDecorator[Decimal]):
    """A number of any unit (tổ, ha, %, ₫), exact to four decimals, up to 900.000 tỷ.

    Stored as an integer count of ten-thousandths: SQLite has no decimal type of its own.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        return int((Decimal(value) * SCALE).to_integral_value(ROUND_HALF_UP))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else (Decimal(int(value)) / SCALE).normalize()


Document = JSON().with_variant(JSONB(), "postgresql")
"""A JSON document: talk data, an event, a reply."""

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""A key that counts up. SQLite numbers only INTEGER keys by itself."""


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(naming_convention=NAMING)
