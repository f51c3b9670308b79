from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.zalo_bot import ZaloBotChannel
from tests.fakes.zalo_bot import FakeZaloBot
from tests.telegram.helpers import Taken
from tests.zalo_bot.helpers import Links, make


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloBot]:
    async with FakeZaloBot() as server:
        yield server


@pytest.fixture
def links() -> Links:
    return Links()


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
async def channel(zalo: FakeZaloBot, links: Links) -> AsyncIterator[ZaloBotChannel]:
    """A channel that sends; it receives nothing by itself."""
    made = make(zalo, links)
    yield made
    await made.close()
