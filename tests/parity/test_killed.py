"""Killed with SIGKILL at every stage, started again: nothing is lost, nothing counts twice.

The program is a process of its own here; on Telegram it polls, on Zalo it has its webhook.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.parity.lives import RUN, Lives, lives, sha_of
from tests.parity.runner import REACHED
from tests.village import picture

PLACES = (
    ("telegram", "sqlite"),
    ("zalo_bot", "sqlite"),
    ("zalo_oa", "sqlite"),
    ("zalo_bot", "postgresql"),
)
STAGES = (("received", "gửi"), ("committed", "1"), ("step", "gui"))
"""Where it stops, and the word (one for "send" each time) at which it does."""
PHOTO = picture("green", (400, 300))


@pytest.fixture
async def life(network: str, database_url: str, tmp_path: Path) -> AsyncIterator[Lives]:
    async with lives(network, database_url, tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("network", "database_url"),
    PLACES,
    indirect=["database_url"],
    ids=["-".join(place) for place in PLACES],
)
async def test_p1_p21_p24_killed_at_every_stage(life: Lives) -> None:
    event: Any = None
    for number, (stage, word) in enumerate(STAGES, start=1):
        await life.is_born("tests.parity.runner", stage, word)
        if event is not None:
            await hears_what_is_owed(life, event, number - 1)
        await writes(life, number)
        event = await life.phone.says(word)
        await life.prints(REACHED)
        await life.is_killed()
        assert await life.reports() == list(range(1, number))
        assert (await life.inbox())[-1] == ("done" if stage == "received" else "new")
    await life.is_born(*RUN)
    await hears_what_is_owed(life, event, 3)
    await killed_while_answering(life)
    await life.is_born(*RUN)
    await killed_with_a_photo_half_fetched(life)
    await life.is_born(*RUN)
    await life.downloads.whole.wait()
    await life.phone.says("gửi")
    assert (await life.phone.hears()).startswith("✅ Đã ghi BC-0005")
    await life.ends()
    await all_is_there_once(life)


async def writes(life: Lives, number: int) -> None:
    """A report, up to the look again."""
    await life.phone.says(f"bc nv07 {number}%, đúng tiến độ")
    assert (await life.phone.hears()).startswith(f"Xem lại: NV-07 · {number}%")


async def hears_what_is_owed(life: Lives, event: Any, number: int) -> None:
    """What was said to the dead is answered by the living, though the network brings it twice."""
    life.fake.redeliver(event)
    assert (await life.phone.hears()).startswith(f"✅ Đã ghi BC-{number:04d}")


async def killed_while_answering(life: Lives) -> None:
    await writes(life, 4)
    life.holds_its_next_answer()
    await life.phone.says("gửi")
    assert (await life.phone.hears()).startswith("✅ Đã ghi BC-0004")
    await life.is_killed()
    assert (await life.outbox())[-1] == "sending"


async def killed_with_a_photo_half_fetched(life: Lives) -> None:
    life.downloads.cut = True
    await life.phone.sends_photo(PHOTO, "bc nv07 5%, đúng tiến độ")
    assert "· 1 ảnh" in await life.phone.hears()
    await life.downloads.half.wait()
    await life.is_killed()
    assert life.kept() == []


async def all_is_there_once(life: Lives) -> None:
    """Five reports, each asked and answered once; what was lost in the air is called unknown."""
    assert await life.reports() == [1, 2, 3, 4, 5]
    assert await life.values() == [1, 2, 3, 4, 5]
    assert await life.inbox() == ["done"] * 10
    states = await life.outbox()
    assert len(states) == 10
    assert states[7] == "unknown"
    # Whoever is killed a moment after a message has arrived may not have noted it yet.
    assert set(states) <= {"sent", "unknown"}
    assert life.phone.unheard() == []
    assert await life.photos() == [("have", sha_of(PHOTO))]
    assert life.kept() == [sha_of(PHOTO)]
