"""The running program: networks, site, workers and clockwork in one process, until told to stop."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

import structlog
from aiohttp import web

import handlers
from bot import papers, pictures
from bot.app import App
from bot.channels.web import WebChannel
from bot.commands.errors import Stop
from bot.media import Links
from scheduler.clockwork import Clockwork
from web.parts import DemoControls, Parts
from web.site import build_site


@runtime_checkable
class WithWebhook(Protocol):
    """A network that comes to us; it mounts nothing when it polls."""

    def routes(self) -> list[web.RouteDef]:
        """What to mount in the site."""
        raise NotImplementedError


log = structlog.get_logger()

STOP_SECONDS = 20
"""How long work in flight may take after SIGTERM."""


def site_of(app: App, demo: DemoControls | None = None) -> web.Application:
    """The site with its pages, and the webhook of Telegram where it is used."""
    settings = app.settings
    channel = app.channels["web"]
    assert isinstance(channel, WebChannel)
    links = Links(settings.secret, settings.public_url)
    host = urlsplit(settings.public_url).hostname or "127.0.0.1"
    site = build_site(
        Parts(
            database=app.database,
            clock=app.clock,
            accept=app.inbox.accept,
            channel=channel,
            store=app.store,
            read=app.read,
            secret=settings.secret,
            secure_cookies=settings.public_url.startswith("https://"),
            demo=demo,
            hosts=frozenset({"127.0.0.1", "localhost", "::1", host}),
            trusted_proxies=settings.trusted_proxies,
            metrics_token=settings.metrics_token.get_secret_value(),
            good_link=links.check,
            unfit=unfit,
            marked=handlers.marked_words,
            takes_photos=handlers.takes_photos,
            look_again_seconds=15 if app.database.is_sqlite else 2,
        )
    )
    for network in app.channels.values():
        if isinstance(network, WithWebhook):
            site.add_routes(network.routes())
    return site


def unfit(data: bytes) -> str:
    """Why these bytes are no photo or file of ours, as far as their beginning and size tell."""
    if papers.is_paper(data):
        return papers.TOO_HEAVY if len(data) > papers.MAX_BYTES else ""
    try:
        pictures.kind(data)
    except pictures.Unfit as refusal:
        return refusal.sentence
    return ""


@asynccontextmanager
async def until_stopped() -> AsyncIterator[asyncio.Event]:
    """An event that SIGTERM and Ctrl+C set: work in flight is finished or rolled back."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # not on every system
            loop.add_signal_handler(name, stopping.set)
    yield stopping


def _not_heard(host: str, port: int, error: OSError, *, demo: bool) -> str:
    other = "--port" if demo else "LISTEN_PORT"
    if error.errno == errno.EADDRINUSE:
        return (
            f"Cổng {port} đang có chương trình khác dùng. Đồng chí dừng chương trình đó, "
            f"hoặc chọn cổng khác bằng {other}."
        )
    why = os.strerror(error.errno) if error.errno else str(error)
    place = other if demo else "LISTEN_HOST và LISTEN_PORT"
    return f"Không mở được {host}:{port} ({why}). Đồng chí xem lại {place}."


async def serve(
    app: App, stopping: asyncio.Event, *, port: int | None = None, demo: DemoControls | None = None
) -> None:
    """Run everything until `stopping` is set; then finish what is in flight, and let go."""
    host = "127.0.0.1" if demo else app.settings.listen_host
    runner = web.AppRunner(site_of(app, demo), access_log=None)
    await runner.setup()
    port = app.settings.listen_port if port is None else port
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        await app.close()
        raise Stop(_not_heard(host, port, error, demo=demo is not None)) from None
    clockwork = Clockwork()
    clockwork.add(60, app.tick)
    clockwork.add(60, app.outbox.recover)
    clockwork.add(3600, app.sweep)
    clockwork.start()
    log.info("started", host=host, port=port)
    try:
        async with asyncio.TaskGroup() as group:
            work = group.create_task(app.serve(stopping))
            networks = [
                group.create_task(channel.run(app.inbox.accept))
                for channel in app.channels.values()
            ]
            await stopping.wait()
            for network in networks:
                network.cancel()
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await asyncio.shield(work)
            except TimeoutError:
                log.warning("stopped_in_the_middle")
                work.cancel()
    finally:
        await clockwork.stop()
        await runner.cleanup()
        await app.close()
