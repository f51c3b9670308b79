"""What happens by itself: at once, then at its pace, one at a time, whatever fails."""

from __future__ import annotations

import asyncio

from scheduler.clockwork import Clockwork


async def test_each_work_is_called_at_once_and_again_and_an_error_ends_nothing() -> None:
    clockwork, turns, failures = Clockwork(), 0, 0
    enough = asyncio.Event()

    async def work() -> None:
        nonlocal turns
        turns += 1
        if turns >= 3 and failures >= 3:
            enough.set()

    async def fails() -> None:
        nonlocal failures
        failures += 1
        raise ValueError("the database is away")

    clockwork.add(0.05, work)
    clockwork.add(0.05, fails)
    clockwork.start()
    async with asyncio.timeout(30):
        await enough.wait()
    await clockwork.stop()
    seen = turns, failures
    await asyncio.sleep(0.15)
    assert (turns, failures) == seen


async def test_a_slow_work_is_never_called_twice_at_a_time_and_is_waited_for() -> None:
    clockwork, running, most, finished = Clockwork(), 0, 0, 0
    begun = asyncio.Event()

    async def slow() -> None:
        nonlocal running, most, finished
        running += 1
        begun.set()
        most = max(most, running)
        await asyncio.sleep(0.2)
        running -= 1
        finished += 1

    clockwork.add(0.02, slow)
    clockwork.start()
    await begun.wait()
    await asyncio.sleep(0.3)
    await clockwork.stop()
    assert (running, most) == (0, 1)
    assert finished >= 1


async def test_one_that_never_started_can_be_stopped() -> None:
    await Clockwork().stop()
