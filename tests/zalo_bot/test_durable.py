"""Killed at every stage and started again: nothing is lost, nothing takes effect twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import App, build_app
from bot.channels.zalo_bot import ZaloBotChannel
from bot.clock import StillClock
from bot.conversation import Event
from models.base import Base
from models.media import Media
from models.queue import Inbox, Outbox
from models.report import Report
from tests.fakes.zalo_bot import FakeZaloBot, Person
from tests.village import START, build_village, picture, settings_for
from tests.zalo_bot.helpers import House, running


class Life:
    """The program on one database; it dies and is built anew."""

    def __init__(self, house: House, url: str, folder: Path) -> None:
        self.house = house
        self.clock = StillClock(START)
        self._settings = settings_for(url, folder)
        self.app = self._born()

    @property
    def channel(self) -> ZaloBotChannel:
        return self.house.channel

    def _born(self) -> App:
        return build_app(self._settings, clock=self.clock, channels=[self.channel])

    async def dies_and_is_born(self) -> None:
        await self.app.database.close()
        self.app = self._born()
        await self.app.outbox.recover(timedelta(0))

    async def takes(self, count: int) -> None:
        """Receive until so many events are committed, and do nothing with them."""
        async with running(self.channel, self.app.inbox.accept):
            async with asyncio.timeout(30):
                while len(await self.rows(Inbox)) < count:  # noqa: ASYNC110 - a database rings no bell
                    await asyncio.sleep(0.01)

    async def rows(self, table: type[Any]) -> list[Any]:
        async with self.app.database.begin() as session:
            return list((await session.scalars(select(table).order_by(table.id))).all())


@pytest.fixture
async def life(zalo: FakeZaloBot, database_url: str, tmp_path: Path) -> AsyncIterator[Life]:
    zalo.retry_seconds, zalo.retries = 0.05, 8
    async with House(zalo).open(per_second=0, per_chat_second=0, typing=False) as house:
        made = Life(house, database_url, tmp_path / "media")
        async with made.app.database.begin() as session:
            connection = await session.connection()
            await connection.run_sync(Base.metadata.create_all)
            await build_village(session, channel="zalo_bot")
        await house.channel.set_webhook(house.url, "bi-mat-cua-webhook_2026")
        yield made
        await made.app.database.close()


@pytest.fixture
def cadre(zalo: FakeZaloBot) -> Person:
    return zalo.person("Nguyễn Văn A", "pct-phu-luu")


async def test_p1_killed_before_the_commit(life: Life, cadre: Person) -> None:
    attempts = 0

    async def dying(events: Sequence[Event]) -> None:
        nonlocal attempts
        attempts += 1
        raise asyncio.CancelledError

    async with running(life.channel, dying):
        await cadre.says("bc nv03 2 tổ")
        async with asyncio.timeout(30):
            while not attempts:  # noqa: ASYNC110 - the dying ring no bell
                await asyncio.sleep(0.01)
    assert await life.rows(Inbox) == []
    await life.dies_and_is_born()
    await life.takes(1)
    await life.app.drain()
    assert (await cadre.hears()).text.startswith("Xem lại: NV-03 · 2/2 tổ")
    assert cadre.unheard() == []


async def test_p1_killed_between_the_commit_and_the_step(
    zalo: FakeZaloBot, life: Life, cadre: Person
) -> None:
    update = await cadre.says("bc nv03 2 tổ")
    await life.takes(1)
    await life.dies_and_is_born()
    zalo.redeliver(update)
    await cadre.says("gửi")
    await life.takes(2)
    await life.app.drain()
    assert [message.text[:7] for message in cadre.unheard()] == ["Xem lại", "✅ Đã gh"]
    assert len(await life.rows(Report)) == 1


async def test_p1_killed_within_the_step(
    life: Life, cadre: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cadre.says("bc nv03 2 tổ")
    await life.takes(1)
    await life.app.drain()
    await cadre.says("gửi")
    await life.takes(2)
    whole = life.app.inbox._handle

    async def dying(*given: Any) -> Any:
        await whole(*given)
        raise asyncio.CancelledError

    monkeypatch.setattr(life.app.inbox, "_handle", dying)
    with pytest.raises(asyncio.CancelledError):
        await life.app.inbox.work_once()
    assert await life.rows(Report) == []
    await life.dies_and_is_born()
    await life.app.drain()
    assert len(await life.rows(Report)) == 1
    assert [message.text[:7] for message in cadre.unheard()] == ["Xem lại", "✅ Đã gh"]


async def test_p21_p24_killed_while_answering(zalo: FakeZaloBot, life: Life, cadre: Person) -> None:
    await cadre.says("bc nv03 2 tổ")
    await life.takes(1)
    while await life.app.inbox.work_once():
        pass
    zalo.hang_after("sendMessage")
    async with asyncio.TaskGroup() as group:
        sending = group.create_task(life.app.outbox.send_once())
        assert (await cadre.hears()).text.startswith("Xem lại")
        sending.cancel()
    await life.dies_and_is_born()
    await life.app.drain()
    assert [row.state for row in await life.rows(Outbox)] == ["unknown"]
    assert cadre.unheard() == []
    await cadre.says("gửi")
    await life.takes(2)
    await life.app.drain()
    assert (await cadre.hears()).text.startswith("✅ Đã ghi BC-0001")


async def test_killed_with_a_photo_half_fetched(
    life: Life, cadre: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cadre.sends_photo(picture(), "bc nv03 2 tổ")
    await life.takes(1)
    while await life.app.inbox.work_once():
        pass
    whole = life.channel.fetch

    async def dying(ref: str) -> bytes:
        await whole(ref)
        raise asyncio.CancelledError

    monkeypatch.setattr(life.channel, "fetch", dying)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(life.app.media.work_once())
    assert task.cancelled() or task.done()
    monkeypatch.setattr(life.channel, "fetch", whole)
    await life.dies_and_is_born()
    assert [row.state for row in await life.rows(Media)] == ["wanted"]
    life.clock.move_to(START + timedelta(minutes=4))
    await life.app.drain()
    [media] = await life.rows(Media)
    assert media.state == "have"
    await cadre.says("gửi")
    await life.takes(2)
    await life.app.drain()
    assert "BC-0001" in cadre.unheard()[-1].text
