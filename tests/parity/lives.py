"""A program that is killed and started again on the same database, and somebody with a phone."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from inspect import isawaitable
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import select, update

from models.calendar import Leave
from models.database import Database
from models.media import Media
from models.organisation import Person
from models.queue import Inbox, NetworkState, Outbox
from models.report import Evidence, Report
from services import linking
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOA
from tests.parity.networks import OA_PATH, free_port, settings_of, unhurried
from tests.village import SECRET, build_village

ROOT = Path(__file__).parents[2]
PATIENCE = 30
CADRE = "pct-phu-luu"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
DOWNLOADS = ("/media/", "/file/bot")
RUN = ("bot", "run")


class Phone:
    """The vice-chair's, on whichever network."""

    def __init__(self, network: str, fake: Any) -> None:
        self._network = network
        self._person = fake.person("Nguyễn Văn A") if network != "zalo_oa" else fake.person()
        self.chat_id = str(self._person.id)

    async def says(self, text: str) -> Any:
        """Returns what the network brings."""
        return await _done(self._person.says(text))

    async def sends_photo(self, picture: bytes, caption: str) -> None:
        if self._network == "zalo_oa":
            self._person.sends_photos(picture, caption=caption)
        else:
            await self._person.sends_photo(picture, caption)

    async def hears(self) -> str:
        return str((await self._person.hears(PATIENCE)).text)

    def unheard(self) -> list[str]:
        return [message.text for message in self._person.unheard()]


async def _done(what: Any) -> Any:
    return await what if isawaitable(what) else what


class Downloads:
    """Stands in the fake's door: one download stops half-way; `whole`: one went through."""

    def __init__(self, fake: Any) -> None:
        self._inner = fake._handle
        self.cut = False
        self.half, self.whole, self.over = asyncio.Event(), asyncio.Event(), asyncio.Event()
        fake._handle = self._handle

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        answer: web.StreamResponse = await self._inner(request)
        if not request.path.startswith(DOWNLOADS) or not isinstance(answer, web.Response):
            return answer
        data = answer.body
        assert isinstance(data, bytes)
        if not self.cut:
            self.whole.set()
            return answer
        self.cut = False
        partial = web.StreamResponse(headers={"Content-Length": str(len(data))})
        await partial.prepare(request)
        await partial.write(data[: len(data) // 2])
        self.half.set()
        await self.over.wait()
        return partial


class Lives:
    """One database, one phone, and the program in front of a network's fake."""

    def __init__(self, network: str, fake: Any, database_url: str, folder: Path) -> None:
        self.network = network
        self.fake = fake
        self.phone = Phone(network, fake)
        self.downloads: Downloads
        self._url = database_url
        self._folder = folder
        self._port = free_port()
        self._process: asyncio.subprocess.Process | None = None

    async def prepare(self) -> None:
        async with self._database() as database, database.begin() as session:
            village = await build_village(session, channel=None)
            person = await session.get_one(Person, village.people[CADRE])
            now = datetime.now(UTC)  # noqa: TID251 - the program of these tests runs in real time
            await linking.connect(session, person, self.network, self.phone.chat_id, now)
            # These programs live in real time: on leave, nobody is reminded in the middle of a test.
            session.add(Leave(person_id=person.id, from_day=date.min, to_day=date.max))

    async def is_born(self, *module: str) -> None:
        """Start the program (`RUN`, or the runner that stops at a stage); returns when it is up."""
        settings = {
            "secret_key": SECRET, "database_url": self._url, "media_url": self._folder / "media",
            "listen_port": self._port, "public_url": f"http://127.0.0.1:{self._port}",
            **settings_of(self.network, self.fake), **unhurried(),
        }  # fmt: skip
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *module),
            cwd=self._folder,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                **{name.upper(): str(value) for name, value in settings.items()},
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        await self.prints("started")
        if self.network == "zalo_oa":
            self.fake.webhook.url = f"http://127.0.0.1:{self._port}{OA_PATH}"

    async def prints(self, word: str) -> None:
        """Wait for a line of the program with this word."""
        assert self._process is not None
        assert self._process.stdout is not None
        lines = []
        async with asyncio.timeout(PATIENCE):
            while line := await self._process.stdout.readline():
                lines.append(line.decode())
                if word in lines[-1]:
                    return
        raise AssertionError(f"the program ended: {''.join(lines)}")

    async def is_killed(self) -> None:
        """SIGKILL; then as much time goes by as its leases last."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()
        self._process = None
        async with self._database() as database, database.begin() as session:
            await session.execute(update(NetworkState).values(poller_until=LONG_AGO))
            await session.execute(update(Media).values(next_at=LONG_AGO))
            sending = update(Outbox).where(Outbox.state == "sending")
            await session.execute(sending.values(sending_at=LONG_AGO))

    async def ends(self) -> None:
        """SIGTERM: what is in flight is finished."""
        if self._process is None:
            return
        self._process.terminate()
        async with asyncio.timeout(PATIENCE):
            code = await self._process.wait()
        self._process = None
        assert code == 0

    async def is_gone(self) -> None:
        """Nothing of it outlives the test."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()

    @asynccontextmanager
    async def _database(self) -> AsyncIterator[Database]:
        made = Database(self._url)
        try:
            yield made
        finally:
            await made.close()

    async def column(self, what: Any) -> list[Any]:
        """One column of a table, in the order of its rows."""
        async with self._database() as database, database.begin() as session:
            return list((await session.scalars(select(what).order_by(what.class_.id))).all())

    def holds_its_next_answer(self) -> None:
        """The network does what it is asked, and does not say so."""
        if self.network == "telegram":
            self.fake.time_out("sendMessage", done=True)
        elif self.network == "zalo_bot":
            self.fake.hang_after("sendMessage")
        else:
            self.fake.slow("message/cs", 2 * PATIENCE)

    async def reports(self) -> list[int]:
        return await self.column(Report.number)

    async def values(self) -> list[int]:
        return [int(value) for value in await self.column(Report.value)]

    async def inbox(self) -> list[str]:
        return await self.column(Inbox.state)

    async def outbox(self) -> list[str]:
        return await self.column(Outbox.state)

    async def photos(self) -> list[tuple[str, str | None]]:
        """State and SHA-256 of every photo that hangs on a report."""
        async with self._database() as database, database.begin() as session:
            rows = await session.execute(
                select(Media.state, Media.sha256).join(Evidence, Evidence.media_id == Media.id)
            )
            return [(row[0], row[1]) for row in rows.all()]

    def kept(self) -> list[str]:
        """The names of the photos in the store."""
        return [
            path.name for path in (self._folder / "media" / "photo").rglob("*") if path.is_file()
        ]


def sha_of(picture: bytes) -> str:
    return hashlib.sha256(picture).hexdigest()


@asynccontextmanager
async def lives(network: str, database_url: str, folder: Path) -> AsyncIterator[Lives]:
    """Redelivery is quick here: what is not taken comes again within seconds."""
    fake: Any
    if network == "telegram":
        fake = FakeTelegram()
    elif network == "zalo_bot":
        fake = FakeZaloBot()
    else:
        fake = FakeZaloOA(retry_scale=0.05)
    downloads = Downloads(fake)
    async with fake:
        made = Lives(network, fake, database_url, folder)
        made.downloads = downloads
        await made.prepare()
        try:
            yield made
        finally:
            downloads.over.set()
            await made.is_gone()
