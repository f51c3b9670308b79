"""`python -m bot talk`: a chat in the terminal, on the same path as any network.

A line on standard input is a message. `:photo PATH [caption]`, `:pin LAT,LON`, `:clock TIME`,
`:as POST` do what a person or the time would do. Works with a pipe: what cannot be done is said,
the later lines are played all the same, and the status at the end is 1. Only a chair that cannot be
taken ends the talk there, or the later lines would be said in another person's name.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import typer
from sqlalchemy import select

from bot import papers
from bot.app import App, build_app
from bot.channels.terminal import LOOKS, TerminalChannel
from bot.clock import Clock, StillClock
from bot.commands.demo import demo_app
from bot.commands.errors import Stop
from bot.commands.opened import must_be_current
from bot.conversation import Address, Attachment, Event
from bot.media import Links
from bot.networks import LINK_HOURS
from bot.settings import read_settings
from demo.calendar import DEMO_START
from demo.province import chairs
from handlers.words import moment
from models.database import Database
from models.organisation import Holding, Person, Post, holder_of
from services import linking
from vietnamese.zone import VIETNAM, local_day

HELP = """Mỗi dòng là một tin nhắn. Ngoài ra có:
:photo TỆP [lời kèm] — gửi một ảnh, hoặc một tệp PDF, DOCX, XLSX, PPTX
:pin VĨ_ĐỘ,KINH_ĐỘ — gửi vị trí, ví dụ :pin 22.05,105.03
:clock THỜI_ĐIỂM — cho đồng hồ đi tới, ví dụ :clock 2026-12-01T08:00 (chỉ với --demo)
:as CHỨC_VỤ — ngồi sang ghế khác (xem các ghế: python -m bot talk --who)
:help — xem lại các lệnh này"""


class Terminal:
    """One sitting: who sits there, and what was typed."""

    def __init__(self, app: App, terminal: TerminalChannel, *, demo: bool) -> None:
        self.app = app
        self.terminal = terminal
        self.demo = demo
        self.chat = ""
        self._count = 0

    async def sit_down(self, post: str) -> None:
        """Take the chair of a post. Raises Stop for a post nobody holds."""
        async with self.app.database.begin() as session:
            found = await session.scalar(select(Post).where(Post.code == post))
            today = local_day(self.app.clock.now())
            person = await holder_of(session, found.id, today) if found else None
            if person is not None and not self.demo:
                await linking.connect(
                    session, person, "terminal", person.code, self.app.clock.now()
                )
        if person is None:
            raise Stop(f'Không có ai giữ chức vụ "{post}". Xem danh sách: python -m bot talk --who')
        self.chat = person.code

    async def line(self, text: str) -> list[str]:
        """What is heard in answer to one line."""
        if not text.startswith(":"):
            return await self._say("text", text)
        word, _, rest = text.partition(" ")
        if word == ":as":
            await self.sit_down(rest.strip())
            return self.terminal.take(self.chat)
        if word == ":photo":
            return await self._photo(rest)
        if word == ":pin":
            return await self._pin(rest)
        if word == ":clock":
            return await self._clock(rest.strip())
        if word == ":help":
            return [HELP]
        raise Stop(f"Không có lệnh {word}. Đồng chí gõ :help để xem các lệnh.")

    async def _say(self, kind: str, text: str, **more: object) -> list[str]:
        self._count += 1
        now = self.app.clock.now()
        event = Event(
            Address("terminal", self.chat),
            f"{self.chat}-{self._count}-{now.isoformat()}",
            kind,  # type: ignore[arg-type] # one of the kinds, written out above
            now,
            text,
            **more,  # type: ignore[arg-type] # fields of Event by name
        )
        await self.app.inbox.accept([event])
        await self.app.drain()
        return self.terminal.take(self.chat)

    async def _photo(self, rest: str) -> list[str]:
        try:
            path, *caption = shlex.split(rest)
        except ValueError:
            raise Stop(
                ":photo cần đường dẫn tới một tệp ảnh, PDF, DOCX, XLSX, PPTX; "
                'đường dẫn có dấu cách thì đặt trong hai dấu ", ví dụ :photo "ảnh 1.jpg"'
            ) from None
        try:
            data = Path(path).read_bytes()
        except FileNotFoundError:
            raise Stop(f"Không có tệp {path}. Đồng chí xem lại đường dẫn.") from None
        except (OSError, ValueError):
            raise Stop(f"Không đọc được tệp {path}. Đồng chí chọn tệp khác.") from None
        ref = await self.app.store.take_upload(data, Path(path).name)
        kind = "file" if papers.is_paper(data) else "photo"
        return await self._say(kind, " ".join(caption), media=(ref,))

    async def _pin(self, rest: str) -> list[str]:
        try:
            latitude, longitude = (float(part) for part in rest.split(","))
        except ValueError:
            raise Stop(":pin cần hai số, ví dụ :pin 22.05,105.03") from None
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise Stop(
                ":pin cần vĩ độ từ -90 đến 90 và kinh độ từ -180 đến 180, ví dụ :pin 22.05,105.03"
            )
        return await self._say("location", "", place=(latitude, longitude))

    async def _clock(self, text: str) -> list[str]:
        """Move the clock and show what came to whom in the meantime."""
        if not self.demo:
            raise Stop(":clock chỉ dùng được với --demo")
        try:
            to = datetime.fromisoformat(text)
        except ValueError:
            raise Stop(":clock cần một thời điểm, ví dụ :clock 2026-12-01T08:00") from None
        to = to.replace(tzinfo=VIETNAM) if to.tzinfo is None else to
        if to < self.app.clock.now():
            raise Stop("Đồng hồ chỉ đi tới. Muốn bắt đầu lại thì chạy lại lệnh.")
        names = await self._names()
        lines: list[str] = []

        def seen(instant: datetime) -> None:
            news = self._everybodys_news(names)
            if news:
                lines.extend([f"— {moment(instant)} —", *news])

        await self.app.live_through(to, seen)
        return lines or ["Không có tin nào."]

    def _everybodys_news(self, names: dict[str, str]) -> list[str]:
        """Every message that came, under the name of the person it came to."""
        return [
            f"→ {names.get(chat, chat)}\n{text}"
            for chat in self.terminal.chats_with_news()
            for text in self.terminal.take(chat)
        ]

    async def _names(self) -> dict[str, str]:
        async with self.app.database.begin() as session:
            rows = await session.execute(
                select(Person.code, Person.name, Post.title, Post.code)
                .join(Holding, Holding.person_id == Person.id)
                .join(Post, Post.id == Holding.post_id)
                .where(Holding.held_on(local_day(self.app.clock.now())))
                .order_by(Post.id.desc())
            )
            return {code: f"{name}, {title} [{post}]" for code, name, title, post in rows.all()}


async def talk(post: str | None, *, demo: bool, who: bool, show_as: str | None) -> None:
    """Run the command until the input ends."""
    if show_as is not None and show_as not in LOOKS:
        raise Stop(f"--show-as cần một trong: {', '.join(LOOKS)}")
    async with _opened(demo=demo, show_as=show_as) as (app, terminal):
        if who:
            async with app.database.begin() as session:
                for chair in await chairs(session, app.clock.now()):
                    print(f"{chair.code:28} {chair.name}, {chair.title}, {chair.unit}")
            return
        if post is None:
            raise Stop("Cần biết ngồi ghế nào: --as CHUC_VU. Xem danh sách: --who")
        sitting = Terminal(app, terminal, demo=demo)
        await sitting.sit_down(post)
        all_done = True
        for text in _lines(sys.stdin):
            try:
                heard = await sitting.line(text)
            except Stop as stop:
                piped = not sys.stdin.isatty()
                if piped and text.split()[0] == ":as":
                    raise
                print(stop.sentence, file=sys.stderr)
                all_done = all_done and not piped
                continue
            for answer in heard:
                print(f"{answer}\n", flush=True)
    if not all_done:
        raise typer.Exit(1)


def _link_to(app: App, attachment: Attachment) -> str:
    links = Links(app.settings.secret, app.settings.public_url)
    return links.document_url(attachment, app.clock.now() + timedelta(hours=LINK_HOURS))


def _lines(source: Iterable[str]) -> Iterable[str]:
    for line in source:
        yield line.rstrip("\n")


@asynccontextmanager
async def _opened(*, demo: bool, show_as: str | None) -> AsyncIterator[tuple[App, TerminalChannel]]:
    terminal = TerminalChannel(show_as or "terminal")
    if not demo:
        settings = read_settings()
        database = Database(settings.database_url)
        await must_be_current(database)
        app = build_app(settings, clock=Clock(), channels=[terminal], database=database)
        terminal.link_to = partial(_link_to, app)
        try:
            yield app, terminal
        finally:
            await app.close()
        return
    with TemporaryDirectory(prefix="giaoviec-demo-") as folder:
        app = await demo_app(Path(folder), terminal, StillClock(DEMO_START))
        terminal.link_to = partial(_link_to, app)
        for chat in terminal.chats_with_news():
            terminal.take(chat)
        try:
            yield app, terminal
        finally:
            await app.close()
