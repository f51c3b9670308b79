"""Two replicas and one chat on PostgreSQL: the oldest event is looked up once the chat is ours."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import String, cast, func, select, update

from bot import inbox as module
from bot.conversation import Address, Event
from models.queue import Inbox
from tests.test_inbox import Recorder, worker
from tests.village import town

GATE = 77


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_p20_an_event_that_another_replica_has_handled_meanwhile_is_not_handled_again(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its query has seen the first event as new; when it gets the chat, that is no longer true."""
    async with town(database_url, tmp_path / "media") as here:
        recorder = Recorder()
        late = worker(here, recorder)
        address = Address("terminal", "a")
        await late.accept(
            [Event(address, here.next_id(), "text", here.now, text) for text in ("1", "2")]
        )
        # The query waits at a gate after it has taken its picture, before it locks the chat.
        gate = cast(func.pg_advisory_xact_lock_shared(GATE), String).is_not(None)
        monkeypatch.setattr(module, "_NEXT", module._NEXT.where(gate))
        async with await psycopg.AsyncConnection.connect(database_url) as keeper:
            await keeper.execute(f"SELECT pg_advisory_lock({GATE})".encode())
            async with asyncio.TaskGroup() as group, asyncio.timeout(60):
                group.create_task(late.work_once())
                while not await _waits(keeper):  # noqa: ASYNC110 - a database rings no bell
                    await asyncio.sleep(0.01)
                async with here.database.begin() as session:  # another replica handles the first
                    first = select(Inbox.id).order_by(Inbox.id).limit(1).scalar_subquery()
                    done = update(Inbox).where(Inbox.id == first).values(state="done")
                    await session.execute(done)
                await keeper.execute(f"SELECT pg_advisory_unlock({GATE})".encode())
        assert recorder.order == ["2"]


async def _waits(keeper: psycopg.AsyncConnection[tuple[object, ...]]) -> bool:
    found = await keeper.execute(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    )
    return await found.fetchone() is not None
