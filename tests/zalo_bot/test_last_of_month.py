"""The last of a Zalo bot's month is kept for reminders; whoever talks is shown the way to the web."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services import linking, signin
from services.zalo import quota as zalo_quota
from tests.parity.networks import Scene, scene
from tests.parity.talks import CADRE, GREEN
from tests.village import SECRET

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
async def on_zalo(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene("zalo_bot", database_url, tmp_path) as made:
        yield made


async def use(scene: Scene, messages: int) -> None:
    async with scene.house.database.begin() as session:
        await zalo_quota.add(session, "zalo_bot", scene.house.now, sent=messages)


async def test_talks_stop_at_95_and_are_shown_the_way_once_a_day(on_zalo: Scene) -> None:
    cadre = await on_zalo.person(CADRE)
    await cadre.says("bc nv03")
    await use(on_zalo, 2850)
    heard = await cadre.says("2")
    assert "phần còn lại để dành cho nhắc việc. Tin vừa rồi chưa ghi." in heard
    assert re.search(r"/vao/\d{10}$", heard)
    assert await cadre.says("2") == ""
    assert await cadre.sends_photo(GREEN) == ""
    on_zalo.house.clock.move_to(on_zalo.house.now + timedelta(days=1))
    assert "/vao/" in await cadre.says("2")

    # With the new month the talk goes on where it was.
    on_zalo.house.clock.move_to(datetime(2026, 12, 1, 2, 0, tzinfo=UTC))
    assert "Tình hình?" in await cadre.says("2")


async def test_a_reminder_goes_out_when_talks_no_longer_do(on_zalo: Scene) -> None:
    cadre = await on_zalo.person(CADRE)
    await use(on_zalo, 2990)
    on_zalo.house.clock.move_to(MONDAY)
    await on_zalo.house.app.tick()
    assert "NV-07" in await cadre.hears()


async def test_the_way_to_the_web_works_and_moves_no_reminder(on_zalo: Scene) -> None:
    """Signing in to the web once must not take the reminders from the phone."""
    cadre = await on_zalo.person(CADRE)
    await use(on_zalo, 2850)
    found = re.search(r"/vao/(\d{10})", await cadre.says("bc"))
    assert found
    house = on_zalo.house
    async with house.database.begin() as session:
        person = await signin.redeem(
            session, found[1], "127.0.0.1", now=house.now, secret=SECRET.encode()
        )
        assert not isinstance(person, str)
        account = await linking.reminded_at(session, person.id, ("web", "zalo_bot"))
        assert account
        assert account.channel == "zalo_bot"


async def test_a_bot_without_a_limit_talks_on(on_zalo: Scene) -> None:
    async with on_zalo.house.database.begin() as session:
        await zalo_quota.add(session, "zalo_bot", on_zalo.house.now, sent=5000)
        for limit, kept in ((0, False), (5000, True), (6000, False)):
            assert kept == await zalo_quota.only_reminders(
                session, "zalo_bot", on_zalo.house.now, limit=limit, counts_received=True
            )
