from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.zalo_oa import Template, ZaloOaChannel
from bot.clock import StillClock
from bot.conversation import Attachment
from models.database import Database
from services.zalo.oa import ZaloOaStore
from tests.fakes.zalo_oa import FakeZaloOA
from tests.zalo_oa.helpers import (
    START,
    Files,
    Taken,
    make,
    running,
    serving,
    store_of,
    with_tables,
)


@pytest.fixture
def clock() -> StillClock:
    return StillClock(START)


@pytest.fixture
async def oa(clock: StillClock) -> AsyncIterator[FakeZaloOA]:
    """An account whose time is the program's."""
    async with FakeZaloOA(clock=lambda: clock.now().timestamp()) as server:
        server.templates["T-1"] = ("noi_dung", "ngay")
        yield server


@pytest.fixture
async def store(oa: FakeZaloOA, tmp_path: Path) -> AsyncIterator[ZaloOaStore]:
    """A memory in a file of SQLite."""
    database = await with_tables(Database(f"sqlite:///{tmp_path / 'oa.db'}"))
    yield store_of(oa, database)
    await database.close()


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def taken() -> Taken:
    return Taken()


async def _link(attachment: Attachment) -> str:
    return f"https://vi.du/{attachment.name}"


@pytest.fixture
async def channel(
    oa: FakeZaloOA, store: ZaloOaStore, clock: StillClock, files: Files
) -> AsyncIterator[ZaloOaChannel]:
    """A channel that sends, with a template and links; it receives nothing by itself."""
    made = make(oa, store, clock, read=files, document_link=_link, template=Template("T-1"))
    yield made
    await made.close()


@pytest.fixture
async def receiving(
    oa: FakeZaloOA, channel: ZaloOaChannel, taken: Taken
) -> AsyncIterator[ZaloOaChannel]:
    """The same channel, with its webhook served and its events in `taken`."""
    async with serving(oa, channel), running(channel, taken):
        yield channel
