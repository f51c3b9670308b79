"""`python -m bot run`: all configured networks in one process."""

from __future__ import annotations

import sys

from bot.app import build_app
from bot.commands.opened import must_be_current
from bot.logs import set_up_logs
from bot.serving import serve, until_stopped
from bot.settings import doubts, read_settings


async def run() -> None:
    """Run until SIGTERM. Raises BadSettings, and Stop for a database at another version."""
    settings = read_settings()
    set_up_logs(settings.log_format)
    for doubt in doubts(settings):
        print(f"Lưu ý: {doubt}", file=sys.stderr)
    if settings.sqlite_path:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    app = build_app(settings)
    await must_be_current(app.database)
    async with until_stopped() as stopping:
        await serve(app, stopping)
