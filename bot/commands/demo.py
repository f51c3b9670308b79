"""`python -m bot demo`: the demo province on 127.0.0.1, with no token and no account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import App, build_app
from bot.channels.base import Channel
from bot.channels.web import WebChannel
from bot.clock import Clock
from bot.serving import serve, until_stopped
from bot.settings import Settings
from demo.calendar import DEMO_START
from demo.province import build_province, chairs
from models.migrate import migrate
from scheduler.calendar import Calendar
from services.reminders.facts import day_overrides
from vietnamese.zone import VIETNAM, local
from web.parts import Chair

SECRET = "the demo keeps no secrets and listens on this machine alone"


async def demo_app(folder: Path, channel: Channel, clock: Clock) -> App:
    """The program on a fresh demo province, its clock at DEMO_START, that morning's reminders sent."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg] # pydantic-settings' own argument
        secret_key=SECRET,  # type: ignore[arg-type] # a string becomes a secret
        database_url=f"sqlite:///{folder / 'demo.db'}",
        media_url=str(folder / "media"),
    )
    clock.move_to(DEMO_START)
    app = build_app(settings, clock=clock, channels=[channel])
    await migrate(app.database)
    await build_province(app.database, app.store, channel=channel.name)
    await app.tick()
    await app.drain()
    return app


class DemoClock:
    """What the demo page may do: list the chairs, and move the clock forward."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def chairs(self) -> Sequence[Chair]:
        async with self._app.database.begin() as session:
            return await chairs(session, self._app.clock.now())

    def now(self) -> datetime:
        return self._app.clock.now()

    async def move_to(self, instant: datetime) -> None:
        """Live through the time up to `instant`; backwards nothing happens."""
        if instant > self._app.clock.now():
            await self._app.live_through(instant)

    async def next_working_morning(self) -> datetime:
        """08:00 of the next working day, when that morning's reminders are there."""
        async with self._app.database.begin() as session:
            calendar = Calendar(await day_overrides(session))
        today = local(self._app.clock.now()).date()
        day = calendar.next_working(today)
        return datetime.combine(day, datetime.min.time(), VIETNAM) + timedelta(hours=8)


async def demo(port: int) -> None:
    """Serve the demo until interrupted."""
    with TemporaryDirectory(prefix="giaoviec-demo-") as folder:
        channel = WebChannel()
        app = await demo_app(Path(folder), channel, Clock())
        print(f"Mở http://127.0.0.1:{port} — dừng bằng Ctrl+C", flush=True)
        async with until_stopped() as stopping:
            await serve(app, stopping, port=port, demo=DemoClock(app))
