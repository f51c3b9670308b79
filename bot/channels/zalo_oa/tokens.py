"""The pair of tokens: always a good one, and no refresh token is ever spent twice.

Zalo takes a refresh token once and answers with a new pair. So, in this order, each step committed
before the next: the right to spend it is taken (one replica gets it), the token is spent, the new
pair is saved, and only then is it used.

The one dangerous moment lies between Zalo's answer and the save: a program killed there has spent
the old refresh token and lost the new one. What is done about it:
* nothing but the save happens in between, it is not cut short by a stop of the program, and it is
  repeated while the database is away;
* the row says that the token is being spent, so that the next start tries the same token once more
  (the request may not have left at all) and, should Zalo refuse it, says so by name;
* a pair is renewed five hours before the access token runs out, so that with the old one the
  account goes on working for hours: time for the administrator, who signs in to
  developers.zalo.me, makes a new refresh token for the account, and runs `zalo setup` (or sets
  ZALO_OA_REFRESH_TOKEN and starts the program again).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import structlog

from bot.channels.zalo_oa.line import CallFailed, Json, Line, NotSent, Refused
from bot.channels.zalo_oa.memory import Pair, PairMemory, Tokens, Turn
from bot.clock import Clock

log = structlog.get_logger()

T = TypeVar("T")

EARLY = timedelta(hours=5)
"""An access token is good for 25 hours and renewed after 20."""
LATE = timedelta(minutes=1)
"""With less left, sending waits for the renewal."""
LEASE = timedelta(seconds=60)
REFUSED = timedelta(minutes=5)
"""A refused refresh token is mended by a person: look again every five minutes."""
ACCESS_SECONDS = 25 * 3600
BUSY_SECONDS = 45.0
SAVE_SECONDS = 90.0


class NoToken(Exception):
    """There is no access token that could be used now. Says why, never which.

    `passing`: it mends itself; else a person must.
    """

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing


class TokenKeeper:
    """Hands out the access token, and renews it."""

    def __init__(
        self,
        line: Line,
        memory: PairMemory,
        clock: Clock,
        *,
        url: str,
        app_id: str,
        secret_key: str,
        seed: str = "",
    ) -> None:
        """`url`: the host of the tokens. `seed`: a refresh token to begin with."""
        self._line = line
        self._memory = memory
        self._clock = clock
        self._url = f"{url}/v4/oa/access_token"
        self._app_id = app_id
        self._secret_key = secret_key
        self._seed = seed
        self._owner = secrets.token_hex(8)
        self._pair: Pair | None = None
        self._renewing = asyncio.Lock()

    async def pair(self) -> Pair:
        """A pair whose access token is good now. Raises NoToken."""
        pair = self._pair or await self._remembered()
        if pair.access and self._clock.now() < pair.expires_at - LATE:
            return pair
        return await self.after(pair)

    async def after(self, pair: Pair) -> Pair:
        """The pair that follows this one: another replica's, or a renewed one. Raises NoToken."""
        async with self._renewing:
            newest = await self._remembered()
            if newest.generation != pair.generation and newest.access:
                return newest
            try:
                return await self._renew(newest)
            except NoToken:
                raise
            except Exception as error:  # noqa: BLE001 - the memory may raise what it likes
                failure = type(error).__name__
            raise NoToken(f"not renewed: {failure}", passing=True)

    async def keep_fresh(self) -> None:
        """Renew the pair in good time. Raises NoToken."""
        pair = await self._remembered()
        if not pair.access or self._clock.now() >= pair.expires_at - EARLY:
            await self.after(pair)

    async def _remembered(self) -> Pair:
        """The newest pair. Raises NoToken when there is none, or the memory is away."""
        failure = ""
        try:
            pair = await self._read()
        except Exception as error:  # noqa: BLE001 - the memory may raise what it likes
            failure = type(error).__name__
        if failure:
            raise NoToken(f"the memory is away: {failure}", passing=True)
        if pair is None:
            raise NoToken("there are no tokens yet")
        return pair

    async def _read(self) -> Pair | None:
        if self._seed:
            if await self._memory.seed(self._seed, self._clock.now()):
                log.info("zalo_oa_token_from_settings")
            self._seed = ""
        self._pair = await self._memory.read()
        return self._pair

    async def _renew(self, pair: Pair) -> Pair:
        """Spend the refresh token, or wait for whoever does."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + BUSY_SECONDS
        while True:
            # Taking the right and spending it are one piece of work: a stop in between would leave
            # a right that nobody uses, and the next start waiting for it to run out.
            got = await _unbroken(self._take_turn(pair))
            if not isinstance(got, str):
                return got
            if got == "wait":
                raise NoToken("the refresh token was refused")
            newest = await self._read() or pair
            if newest.generation != pair.generation and newest.access:
                return newest
            if loop.time() > give_up:
                raise NoToken("another replica is renewing them", passing=True)
            pair = newest
            await asyncio.sleep(0.1)

    async def _take_turn(self, pair: Pair) -> Pair | Turn:
        now = self._clock.now()
        turn = await self._memory.claim(pair.generation, self._owner, now, now + LEASE)
        return await self._spend(pair) if turn == "yours" else turn

    async def _spend(self, pair: Pair) -> Pair:
        try:
            answer = await self._line.call(
                "POST",
                self._url,
                headers={"secret_key": self._secret_key},
                form={
                    "refresh_token": pair.refresh,
                    "app_id": self._app_id,
                    "grant_type": "refresh_token",
                },
                secrets=(pair.refresh, pair.access, self._secret_key),
            )
        except Refused as error:
            return await self._was_refused(pair, str(error))
        except CallFailed as error:
            spent = not isinstance(error, NotSent)
            await self._memory.release(pair.generation, self._owner, spent=spent)
            reason = f"not renewed: {type(error).__name__} {error}"
        else:
            return await self._keep(pair, answer)
        log.warning("zalo_oa_token_not_renewed", reason=reason)
        raise NoToken(reason, passing=True)

    async def _was_refused(self, pair: Pair, words: str) -> Pair:
        until = self._clock.now() + REFUSED
        await self._memory.refused(pair.generation, self._owner, words, until)
        newest = await self._read()
        if newest is not None and newest.generation != pair.generation and newest.access:
            return newest  # our lease had run out, and another replica was faster
        log.error("zalo_oa_token_refused", words=words, help="python -m bot zalo setup")
        raise NoToken(f"the refresh token was refused: {words}")

    async def _keep(self, pair: Pair, answer: Json) -> Pair:
        """Save the new pair. Nothing may stand between the answer and this."""
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
            await self._memory.release(pair.generation, self._owner, spent=True)
            raise NoToken("the answer held no tokens", passing=True)
        now = self._clock.now()
        expires = now + timedelta(seconds=_seconds(answer.get("expires_in")))
        pause = 0.1
        async with asyncio.timeout(SAVE_SECONDS):
            while True:
                try:
                    kept = await self._memory.save(pair.generation, access, refresh, expires, now)
                except Exception as error:  # noqa: BLE001 - whatever it is, the pair must be saved
                    log.error("zalo_oa_token_not_saved", error=type(error).__name__)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 5)
                else:
                    break
        newest = await self._read()
        if newest is not None and (not kept or newest.generation != pair.generation + 1):
            return newest
        log.info("zalo_oa_token_renewed", expires=expires.isoformat())
        self._pair = Tokens(pair.generation + 1, expires, access, refresh)
        return self._pair


def _seconds(value: Any) -> int:
    """The `expires_in` of an answer, which is a string of digits."""
    try:
        return max(60, int(value))
    except (TypeError, ValueError):
        return ACCESS_SECONDS


async def _unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Finish the work even when we are told to stop in the middle of it; then stop."""
    task = asyncio.create_task(work)  # noqa: TID251 - it is waited for here, whatever happens
    stopped: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            stopped = error
        except Exception:  # noqa: BLE001, S110 - told below, by the task itself
            pass
    if stopped is not None:
        task.exception()  # whatever it was has been logged; being stopped is what counts
        raise stopped
    return task.result()
