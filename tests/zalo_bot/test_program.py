"""The whole program on Zalo: the main dialogue of the mission, over real HTTP, on both databases."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import App, build_app
from bot.channels.base import Sending
from bot.channels.parts import photos
from bot.channels.web import WebChannel
from bot.channels.zalo_bot import ZaloBotChannel, sentences
from bot.clock import Clock, StillClock
from bot.conversation import Attachment
from bot.media import Links
from bot.serving import serve
from models.account import Account
from models.base import Base
from models.database import Database
from models.media import Media
from models.queue import Inbox, Outbox
from models.report import Evidence, Report
from services.zalo.quota import Quota
from tests.fakes.zalo_bot import FakeZaloBot, Person
from tests.village import SECRET, START, build_village, picture, settings_for
from tests.zalo_bot.helpers import House


class Program:
    """The program as it is run, with the fakes as its two Zalo bots."""

    def __init__(self, app: App, quota: Quota) -> None:
        self.app = app
        self.quota = quota

    async def rows(self, table: type[Any]) -> list[Any]:
        async with self.app.database.begin() as session:
            return list(
                (await session.scalars(select(table).order_by(*table.__table__.primary_key))).all()
            )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Wiring:
    """What bot.app injects into a Zalo bot: links to photos and documents, the account."""

    def __init__(self, database: Database, clock: Clock, public_url: str) -> None:
        self._clock = clock
        self._public_url = public_url
        self._links = Links(SECRET.encode(), public_url)
        self.quota = Quota(database, clock.now, "zalo_bot")

    async def photo(self, attachment: Attachment) -> str:
        kind, _, sha = attachment.source.partition(":")
        assert kind == "photo"
        return self._links.url(sha, "full", self._clock.now() + timedelta(hours=1))

    async def document(self, sending: Sending) -> str:
        return f"{self._public_url}/tep/{sending.outbox_id}"

    def channel_settings(self) -> dict[str, Any]:
        return {
            "clock": self._clock,
            "photo_link": self.photo,
            "document_link": self.document,
            "meter": self.quota,
            "per_second": 0,
            "per_chat_second": 0,
        }


async def populate(database: Database) -> None:
    """The tables, and the village with its accounts on the bot."""
    async with database.begin() as session:
        connection = await session.connection()
        await connection.run_sync(Base.metadata.create_all)
        await build_village(session, channel="zalo_bot")


@asynccontextmanager
async def running(
    house: House, database_url: str, folder: Path, clock: Clock | None = None
) -> AsyncIterator[Program]:
    """`house` receives the webhook. The clock starts at the mission's moment and goes on."""
    port = free_port()
    public_url = f"http://127.0.0.1:{port}"
    clock, database = clock or Clock(), Database(database_url)
    clock.move_to(START)
    await populate(database)
    wiring = Wiring(database, clock, public_url)
    async with house.open(**wiring.channel_settings()):
        app = build_app(
            settings_for(database_url, folder, public_url=public_url),
            clock=clock,
            channels=[WebChannel(), house.channel],
            database=database,
        )
        stopping = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(serve(app, stopping, port=port))
            await house.zalo.called("setWebhook")
            try:
                yield Program(app, wiring.quota)
            finally:
                stopping.set()


@pytest.fixture
async def program(zalo: FakeZaloBot, database_url: str, tmp_path: Path) -> AsyncIterator[Program]:
    async with running(House(zalo), database_url, tmp_path / "media") as made:
        yield made


@pytest.fixture
def cadre(zalo: FakeZaloBot) -> Person:
    return zalo.person("Nguyễn Văn A", "pct-phu-luu")


async def hears(person: Person) -> str:
    return (await person.hears()).text


async def test_the_main_dialogue(zalo: FakeZaloBot, program: Program, cadre: Person) -> None:
    await cadre.says("bao cao")
    asked = await hears(cadre)
    assert asked.startswith("Báo cáo việc nào?\n1. NV-03 Xây dựng 2 tổ sản xuất VietGAP — 1/2 tổ")
    assert asked.endswith("Trả lời bằng số, hoặc gõ vài chữ trong tên việc.")
    await cadre.says("1")
    assert await hears(cadre) == "Kết quả đến hôm nay, tính bằng tổ? (lần trước 12/11: 1)"
    await cadre.says("2")
    assert await hears(cadre) == "Tình hình? 1. Đúng tiến độ  2. Chậm  3. Vướng mắc"
    await cadre.says("1")
    assert (await hears(cadre)).startswith("Gửi ảnh minh chứng (tối đa 10).")
    await cadre.sends_photo(picture("green"))
    assert (await hears(cadre)).startswith("Đã nhận 1 ảnh.")
    await cadre.sends_photo(picture("blue"))
    assert (await hears(cadre)).startswith("Đã nhận 2 ảnh.")
    await cadre.says("xong")
    review = await hears(cadre)
    assert "NV-03 · 2/2 tổ (100%) · đúng tiến độ · 2 ảnh" in review
    assert review.endswith("1. Gửi  2. Sửa  3. Huỷ")
    await cadre.says("1")
    assert (await hears(cadre)).startswith("✅ Đã ghi BC-0001 lúc 16:3")
    await checked(zalo, program, cadre)
    [report] = await program.rows(Report)
    assert (report.value, report.situation) == (2, "on_track")
    assert len(await program.rows(Evidence)) == 2
    async with asyncio.timeout(30):
        while {row.state for row in await program.rows(Outbox)} != {"sent"}:  # noqa: ASYNC110 - a database rings no bell
            await asyncio.sleep(0.02)
    standing = await program.quota.standing()
    assert standing.used == zalo.exchanged


async def checked(zalo: FakeZaloBot, program: Program, cadre: Person) -> None:
    """The secretary sees both photos, which Zalo fetches by their signed links, and accepts."""
    await until_had(program, 2)
    leader = zalo.person("Nguyễn Văn B", "bi-thu-phu-luu")
    await leader.says("/kiemtra")
    await leader.hears()
    await leader.says("1")
    photos = [await leader.hears() for _ in range(2)]
    assert [message.text for message in photos] == ["Ảnh 1", "Ảnh 2"]
    assert all(message.photo and message.photo.startswith(b"\xff\xd8") for message in photos)
    assert "Duyệt" in await hears(leader)
    await leader.says("Duyệt và kết thúc việc")
    assert "Đã duyệt BC-0001" in await hears(leader)
    assert "duyệt" in await hears(cadre)
    await leader.hears()


async def until_had(program: Program, photos: int) -> None:
    async with asyncio.timeout(30):
        while [row.state for row in await program.rows(Media)] != ["have"] * photos:  # noqa: ASYNC110 - a database rings no bell
            await asyncio.sleep(0.02)


async def test_an_album_costs_two_answers_and_loses_no_photo(
    zalo: FakeZaloBot, cadre: Person, database_url: str, tmp_path: Path
) -> None:
    # The clock stands still: however slow the machine, no moment without a photo goes by.
    clock = StillClock(START)
    async with running(House(zalo), database_url, tmp_path / "media", clock) as program:
        for said in ("bao cao", "1", "2", "1"):
            await cadre.says(said)
            await hears(cadre)
        colours = ("green", "blue", "red", "white", "black", "yellow", "purple")
        await cadre.sends_photos(*(picture(colour) for colour in colours))
        assert (await hears(cadre)).startswith("Đã nhận 1 ảnh.")
        await until_had(program, 7)
        assert cadre.unheard() == []
        clock.move_to(START + timedelta(seconds=2))
        assert (await hears(cadre)).startswith("Đã nhận 7 ảnh.")
        assert cadre.unheard() == []


async def test_a_photo_that_is_gone_is_told_by_its_number(
    zalo: FakeZaloBot, program: Program, cadre: Person
) -> None:
    await cadre.says("bc nv03 2 tổ")
    await hears(cadre)
    zalo.media_seconds = -1
    await cadre.sends_photo(picture())
    heard = {await hears(cadre), await hears(cadre), await hears(cadre)}
    assert any(photos.NOT_THERE in text for text in heard)


async def test_a_file_points_to_the_web_and_the_talk_keeps_its_place(
    program: Program, cadre: Person
) -> None:
    await cadre.says("bc nv03")
    asked = await hears(cadre)
    await cadre.sends_file()
    assert await hears(cadre) == sentences.WITHHELD
    assert (await hears(cadre)).splitlines()[-1] == asked.splitlines()[-1]


async def test_in_a_group_no_figure_is_named(
    zalo: FakeZaloBot, program: Program, cadre: Person
) -> None:
    await zalo.called("getMe")
    in_group = cadre.joins(zalo.group())
    await in_group.says("@Bot Giao việc bao cao")
    assert "trả lời riêng" in (await in_group.hears()).text
    assert "Báo cáo việc nào?" in await hears(cadre)


async def test_a_stranger_gets_the_code_talk_and_nothing_else(
    zalo: FakeZaloBot, program: Program
) -> None:
    stranger = zalo.person("Người lạ")
    await stranger.says("/tongket")
    assert "mã" in (await stranger.hears()).text
    async with program.app.database.begin() as session:
        known = await session.scalar(select(Account).where(Account.chat_id == stranger.id))
    assert known is None


async def test_p21_p23_what_failed_is_told_in_the_outbox(
    zalo: FakeZaloBot, program: Program, cadre: Person
) -> None:
    zalo.lose_answer("sendMessage")
    await cadre.says("bao cao")
    await hears(cadre)
    zalo.refuse("sendMessage", 429)
    await cadre.says("huỷ")
    async with asyncio.timeout(30):
        while len(states := await finished(program)) < 2:  # noqa: ASYNC110 - a database rings no bell
            await asyncio.sleep(0.02)
    assert [state for state, _ in states] == ["unknown", "failed"]
    assert states[1][1].startswith("quota")
    assert len(cadre.unheard()) == 0


async def finished(program: Program) -> list[tuple[str, str]]:
    rows = await program.rows(Outbox)
    return [(row.state, row.error) for row in rows if row.state in ("unknown", "failed")]


async def test_two_bots_in_one_installation_are_two_networks(
    zalo: FakeZaloBot, database_url: str, tmp_path: Path
) -> None:
    database, clock = Database(database_url), Clock()
    await populate(database)
    async with FakeZaloBot("9876543210:another-token", name="Bot Hai") as other:
        wiring = Wiring(database, clock, "http://127.0.0.1:1").channel_settings()
        bots = [
            ZaloBotChannel(one.token, api_url=one.url, name=name, poll_seconds=1, **wiring)
            for one, name in ((zalo, "zalo_bot"), (other, "zalo_bot_2"))
        ]
        app = build_app(
            settings_for(database_url, tmp_path / "media"),
            clock=clock, channels=[WebChannel(), *bots], database=database,
        )  # fmt: skip
        stopping = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(serve(app, stopping, port=0))
            first, second = zalo.person("A", "pct-phu-luu"), other.person("A", "pct-phu-luu")
            await first.says("bc nv03")
            await second.says("bc nv03")
            assert "tổ" in (await first.hears()).text
            assert "mã" in (await second.hears()).text  # the same id, but a stranger there
            stopping.set()
        check = Database(database_url)
        async with check.begin() as session:
            channels = (await session.scalars(select(Inbox.channel).order_by(Inbox.channel))).all()
        await check.close()
    assert channels == ["zalo_bot", "zalo_bot_2"]
