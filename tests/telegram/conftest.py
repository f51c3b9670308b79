from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram import TelegramChannel
from tests.fakes.telegram import FakeTelegram
from tests.telegram.helpers import Files, Taken, make, running


@pytest.fixture
async def tg() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
async def channel(tg: FakeTelegram, files: Files) -> AsyncIterator[TelegramChannel]:
    """A channel that sends; it receives nothing by itself."""
    made = make(tg, files)
    yield made
    await made.close()


@pytest.fixture
async def polling(channel: TelegramChannel, taken: Taken) -> AsyncIterator[TelegramChannel]:
    """A channel that polls into `taken`."""
    async with running(channel, taken):
        yield channel
