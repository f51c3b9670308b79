"""The whole program on Telegram: the main dialogue, menus, codes, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.app import App, build_app
from bot.clock import Clock
from bot.serving import serve
from models.database import Database
from models.queue import Outbox
from models.report import Evidence, Report
from services import linking
from tests.fakes.telegram import CANARY_TOKEN, FakeTelegram
from tests.village import SECRET, START, Village, build_village, picture, settings_for


class Running:
    """The program as `python -m bot run` runs it, with the fake as its Telegram."""

    def __init__(self, app: App, telegram: FakeTelegram, village: Village) -> None:
        self.app = app
        self.telegram = telegram
        self.village = village

    async def code_for(self, person: str) -> str:
        async with self.app.database.begin() as session:
            return await linking.make_code(
                session, None, self.village.people[person],
                now=self.app.clock.now(), secret=SECRET.encode(), days=7,
            )  # fmt: skip


@asynccontextmanager
async def running(url: str, folder: Path, telegram: FakeTelegram) -> AsyncIterator[Running]:
    settings = settings_for(
        url, folder, telegram_token=CANARY_TOKEN, telegram_api_url=telegram.url,
        telegram_per_chat_second=0, telegram_per_second=0, listen_port=0,
        telegram_bot_name="giaoviec_bot",
    )  # fmt: skip
    clock = Clock()
    clock.move_to(START)  # it goes on from there: what is due and late is the same on any day
    app = build_app(settings, clock=clock)
    async with app.database.begin() as session:
        village = await build_village(session, channel=None)
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(serve(app, stopping, port=0))
        try:
            yield Running(app, telegram, village)
        finally:
            stopping.set()


@pytest.fixture
async def program(database_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with (
        FakeTelegram() as telegram,
        running(database_url, tmp_path / "media", telegram) as made,
    ):
        yield made


async def test_from_an_invitation_to_a_checked_report(program: Running) -> None:
    cadre = program.telegram.person("Nguyễn Văn A")
    await cadre.starts(await program.code_for("pct-phu-luu"))
    asked = await cadre.hears()
    assert "Nguyễn Văn A" in asked.text
    await cadre.taps(asked, "Đúng")
    assert "Đã kết nối" in (await cadre.hears()).text
    await cadre.says("bao cao")
    asked = await cadre.hears()
    await cadre.taps(asked, asked.labels[0])
    assert "tính bằng tổ" in (await cadre.hears()).text
    await cadre.says("2")
    await cadre.taps(await cadre.hears(), "Đúng tiến độ")
    assert "Gửi ảnh minh chứng" in (await cadre.hears()).text
    await cadre.sends_album([picture("green"), picture("blue"), picture("red")], shuffled=True)
    while "Đã nhận 3 ảnh" not in (await cadre.hears()).text:
        pass  # on a slow machine the album may seem over before its last photo
    await cadre.says("xong")
    review = await cadre.hears()
    assert "NV-03 · 2/2 tổ (100%) · đúng tiến độ · 3 ảnh" in review.text
    await cadre.taps(review, "Gửi")
    assert "BC-0001" in (await cadre.hears()).text
    await checks_it(program)
    told = await cadre.hears()
    assert "đã được đồng chí Nguyễn Văn B duyệt" in told.text


async def checks_it(program: Running) -> None:
    """The secretary looks at the photos, accepts, and sees the new figure."""
    leader = program.telegram.person("Nguyễn Văn B")
    await leader.says(await program.code_for("bi-thu-phu-luu"))
    await leader.taps(await leader.hears(), "Đúng")
    await leader.hears()
    await leader.says("kiểm tra")
    waiting = await leader.hears()
    await leader.taps(waiting, waiting.labels[0])
    photos = [await leader.hears() for _ in range(3)]
    assert all(message.photo for message in photos)
    report = await leader.hears()
    await leader.taps(report, "Duyệt và kết thúc việc")
    assert "Việc đã kết thúc" in (await leader.hears()).text
    await leader.hears()
    await leader.says("/tongket")
    assert "Hoàn thành 1 (đúng hạn 1, quá hạn 0)" in (await leader.hears()).text
    assert "kiemtra" in leader.menu()


async def test_p21_a_lost_answer_is_told_as_unknown_and_not_repeated(program: Running) -> None:
    person = program.telegram.person("Lê Văn D")
    program.telegram.lose_answer("sendMessage")
    await person.says("xin chào")
    first = await person.hears()
    await person.says("chào")
    await person.hears()
    assert first.text
    async with program.app.database.begin() as session:
        states = list(await session.scalars(select(Outbox.state).order_by(Outbox.id)))
    assert states[0] == "unknown"
    assert len(program.telegram.sent_to(person)) == 2


async def test_p12_a_restart_in_the_middle_of_an_album_loses_no_photo(
    database_url: str, tmp_path: Path
) -> None:
    async with FakeTelegram() as telegram:
        async with running(database_url, tmp_path / "media", telegram) as program:
            cadre = telegram.person("Nguyễn Văn A")
            await cadre.says(await program.code_for("pct-phu-luu"))
            await cadre.taps(await cadre.hears(), "Đúng")
            await cadre.hears()
            for text in ("bc", "1", "2", "1"):
                await cadre.says(text)
                await cadre.hears()
            await cadre.sends_album([picture(f"#{n * 20:02x}80a0") for n in range(5)])
        settings = program.app.settings
        app = build_app(settings)
        stopping = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(serve(app, stopping, port=0))
            await cadre.sends_album([picture(f"#{n * 20:02x}20a0") for n in range(5)])
            while "10 ảnh" not in (await cadre.hears()).text:
                pass
            await cadre.says("xong")
            await cadre.taps(await cadre.hears(), "Gửi")
            assert "BC-0001" in (await cadre.hears()).text
            async with app.database.begin() as session:
                count = select(func.count()).select_from
                assert await session.scalar(count(Report)) == 1
                assert await session.scalar(count(Evidence)) == 10
            stopping.set()


async def test_in_a_group_the_answer_goes_to_the_speakers_own_chat(program: Running) -> None:
    cadre, other = program.telegram.person("Nguyễn Văn A"), program.telegram.person("Người lạ")
    await cadre.says(await program.code_for("pct-phu-luu"))
    await cadre.taps(await cadre.hears(), "Đúng")
    await cadre.hears()
    group = program.telegram.group()
    seats = group.seat(cadre), group.seat(other)
    await seats[0].says("@giaoviec_bot nhiệm vụ")
    for seat in seats:
        assert (await seat.hears()).text == "Tôi đã trả lời riêng đồng chí."
    assert "NV-03" in (await cadre.hears()).text
    await seats[1].says("@giaoviec_bot nhiệm vụ")
    assert "nhắn riêng" in (await seats[1].hears()).text
    assert other.unheard() == []


async def test_p05_told_to_stop_it_finishes_what_is_in_flight(
    database_url: str, tmp_path: Path
) -> None:
    async with FakeTelegram() as telegram:
        async with running(database_url, tmp_path / "media", telegram):
            telegram.slow("sendMessage", 0.5)
            await telegram.person("Lê Văn D").says("xin chào")
            await telegram.until(lambda: telegram.calls_of("sendMessage") or None)
        again = Database(database_url)
        async with again.begin() as session:
            assert list(await session.scalars(select(Outbox.state))) == ["sent"]
        await again.close()
        assert len(telegram.sent) == 1
