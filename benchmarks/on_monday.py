"""The program as `python -m bot run` starts it, on the Monday morning the province is made for.

Only the clock differs: the morning's digests fall due while it is watched.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from benchmarks.organisation import NOW
from bot.app import build_app
from bot.clock import Clock
from bot.commands.opened import must_be_current
from bot.logs import set_up_logs
from bot.serving import serve, until_stopped
from bot.settings import read_settings


async def run() -> None:
    """Run until SIGTERM."""
    settings = read_settings()
    set_up_logs(settings.log_format)
    clock = Clock()
    clock.move_to(NOW + timedelta(hours=1))
    app = build_app(settings, clock=clock)
    await must_be_current(app.database)
    async with until_stopped() as stopping:
        await serve(app, stopping)


if __name__ == "__main__":
    asyncio.run(run())
