"""The program as `python -m bot run` runs it, but it stops dead at one word, to be killed there.

    python -m tests.parity.runner received|committed|step WORD

"received": the word has come and is not yet kept. "committed": it is kept, and neither has the
network been told nor has anything been done about it. "step": all has been done about it, and
nothing of that is committed.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import NoReturn

from bot.app import build_app
from bot.conversation import Event, Outcome, State
from bot.logs import set_up_logs
from bot.serving import serve, until_stopped
from bot.settings import read_settings
from models.database import Session

REACHED = "reached"


async def stand_still() -> NoReturn:
    print(REACHED, flush=True)
    await asyncio.Event().wait()
    raise AssertionError("nothing moves on from here")


async def run(stage: str, word: str) -> None:
    settings = read_settings()
    set_up_logs(settings.log_format)
    app = build_app(settings)
    accept, handle = app.inbox.accept, app.inbox._handle

    async def accepting(events: Sequence[Event]) -> None:
        ours = any(event.text == word for event in events)
        if ours and stage == "received":
            await stand_still()
        await accept(events)
        if ours and stage == "committed":
            await stand_still()

    async def handling(session: Session, event: Event, state: State) -> Outcome:
        if event.text == word and stage == "committed":
            await asyncio.Event().wait()
        outcome = await handle(session, event, state)
        if event.text == word and stage == "step":
            await session.flush()
            await stand_still()
        return outcome

    app.inbox.accept = accepting  # type: ignore[method-assign] # what this runner is for
    app.inbox._handle = handling
    async with until_stopped() as stopping:
        await serve(app, stopping)


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
