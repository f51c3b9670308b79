"""The whole program on the Official Account: a report with two photos, as in mission.md §5."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.app import App, build_app
from bot.channels.zalo_oa import ZaloOaChannel
from bot.clock import Clock, StillClock
from bot.conversation import Address, Reply
from bot.media import MediaStore
from models.account import Account
from models.database import Database
from models.media import Media
from models.queue import Inbox, Outbox
from models.report import Evidence, Report
from models.task import Task
from tests.fakes.zalo_oa import FakeZaloOA, Person
from tests.parity.networks import settings_of
from tests.village import START, Village, build_village, picture, settings_for
from tests.zalo_oa.helpers import make, running, serving, store_of, until


class House:
    """The program on a database with the village, and people with Zalo."""

    def __init__(self, oa: FakeZaloOA, clock: Clock, url: str, folder: Path) -> None:
        self.oa = oa
        self.clock = clock
        self.url = url
        self.folder = folder
        self.village: Village
        self.app: App

    async def build(self) -> None:
        database = Database(self.url)
        async with database.begin() as session:
            self.village = await build_village(session, "zalo_oa")
        await database.close()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[ZaloOaChannel]:
        """The program runs as long as the block lasts."""
        database, store = Database(self.url), MediaStore(str(self.folder))
        memory = store_of(self.oa, database)
        channel = make(
            self.oa, memory, self.clock, read=store.read_attachment,
            per_second=0, per_chat_second=0,
        )  # fmt: skip
        self.app = build_app(
            settings_for(self.url, self.folder), clock=self.clock, channels=[channel],
            store=store, database=database,
        )  # fmt: skip
        stopping = asyncio.Event()
        async with (
            serving(self.oa, channel),
            running(channel, self.app.inbox.accept),
            asyncio.TaskGroup() as group,
        ):
            group.create_task(self.app.serve(stopping))
            try:
                yield channel
            finally:
                stopping.set()
        await self.app.close()

    async def count(self, table: type[Inbox | Report | Evidence | Media], *where: object) -> int:
        async with self.app.database.begin() as session:
            query = select(func.count()).select_from(table).where(*where)  # type: ignore[arg-type] # conditions
            return await session.scalar(query) or 0

    async def row(self) -> Outbox:
        """The newest message of ours."""
        async with self.app.database.begin() as session:
            found = await session.scalars(select(Outbox).order_by(Outbox.id.desc()).limit(1))
            return found.one()


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    clock = Clock()
    clock.move_to(START)
    async with FakeZaloOA(clock=lambda: clock.now().timestamp()) as oa:
        made = House(oa, clock, database_url, tmp_path / "media")
        await made.build()
        yield made


async def heard(person: Person, said: str) -> str:
    """What is heard after saying this."""
    person.says(said)
    return (await person.hears()).text


async def test_the_dialogue_of_the_mission(house: House) -> None:
    cadre, leader = house.oa.person("pct-phu-luu"), house.oa.person("bi-thu-phu-luu")
    async with house.open() as channel:
        cadre.says("bao cao")
        which = await cadre.hears()
        assert which.text == (
            "Báo cáo việc nào?\n"
            "1. NV-03 Xây dựng 2 tổ sản xuất VietGAP — 1/2 tổ (50%), hạn 31/12/2026\n"
            "2. NV-07 Thu gom rác thải nông thôn — 39% (97,5% kế hoạch), hạn 30/11/2026\n"
            "Trả lời bằng số, hoặc gõ vài chữ trong tên việc."
        )
        assert which.titles[0].startswith("NV-03")
        assert "tính bằng tổ?" in await heard(cadre, "1")
        assert await heard(cadre, "2") == "Tình hình? 1. Đúng tiến độ  2. Chậm  3. Vướng mắc"
        cadre.presses("Đúng tiến độ")
        assert (await cadre.hears()).text.startswith("Gửi ảnh minh chứng (tối đa 10).")
        cadre.sends_photos(picture("green"), picture("blue"))
        assert (await cadre.hears()).text.startswith("Đã nhận 2 ảnh.")
        review = "Xem lại: NV-03 · 2/2 tổ (100%) · đúng tiến độ · 2 ảnh. 1. Gửi  2. Sửa  3. Huỷ"
        assert await heard(cadre, "xong") == review
        cadre.presses("Gửi")
        assert (await cadre.hears()).text.startswith("✅ Đã ghi BC-0001 lúc 16:3")
        async with asyncio.timeout(30):
            while await house.count(Media, Media.state == "have") < 2:  # noqa: ASYNC110 - a database rings no bell
                await asyncio.sleep(0.05)
        assert "TỔNG KẾT · Xã Phù Lưu" in await heard(leader, "/tongket")
        assert "Ảnh mới" in leader.said[0].text
        leader.says("ảnh mới")
        photo = await leader.hears()
        while not photo.photo:
            photo = await leader.hears()
        assert "BC-0001" in photo.text or "NV-03" in photo.text
        assert channel.seen["signature"] == "app+body+time"
        async with house.app.database.begin() as session:
            task = await session.get_one(Task, house.village.tasks["NV-03"])
        assert await house.count(Evidence) == 2
    assert (task.value, task.percent) == (Decimal(2), Decimal(100))
    assert {call.error for call in house.oa.calls} == {0} | {None}
    assert len(house.oa.calls_of("access_token")) == 1


async def test_p1_p3_a_restart_and_events_that_come_twice(house: House) -> None:
    """Everything the person does is brought twice, and the program is restarted in between."""
    cadre = house.oa.person("pct-phu-luu")
    for said in ("bc", "1", "2", "1", "bỏ qua", "1"):
        async with house.open():
            event = cadre.says(said)
            await cadre.hears()
            house.oa.redeliver(event)
            await house.oa.delivered()
            await asyncio.sleep(0.05)
    assert len(cadre.unheard()) == 0
    async with house.open():
        assert await house.count(Report) == 1
        assert await house.count(Inbox) == 6
    assert len(house.oa.calls_of("access_token")) == 1  # the pair outlives the program


async def test_p1_what_is_said_while_the_program_is_down_comes_later(house: House) -> None:
    cadre = house.oa.person("pct-phu-luu")
    async with house.open():
        url = house.oa.webhook.url
    house.oa.webhook.url = url
    house.oa.retry_scale = 0.01
    cadre.says("bc")
    await house.oa.until(lambda: house.oa.webhook.attempts)
    assert house.oa.webhook.attempts[0].status is None
    async with house.open():
        # The fake has kept the event; the program has another address by now.
        assert (await cadre.hears()).text.startswith("Báo cáo việc nào?")


async def test_p23_leaving_and_coming_back(house: House) -> None:
    cadre = house.oa.person("pct-phu-luu")

    async def state() -> str:
        async with house.app.database.begin() as session:
            found = await session.scalars(
                select(Account.state).where(Account.chat_id == "pct-phu-luu")
            )
            return found.one()

    async with house.open():
        await heard(cadre, "bc")
        cadre.unfollows()
        await house.oa.delivered()
        async with asyncio.timeout(30):
            while await state() != "blocked":  # noqa: ASYNC110 - a database rings no bell
                await asyncio.sleep(0.02)
        cadre.follows()
        await cadre.hears()
        assert await state() == "connected"


async def test_a_reminder_outside_the_window_says_why_it_failed(house: House) -> None:
    cadre = house.oa.person("pct-phu-luu")
    async with house.open():
        await heard(cadre, "bc")
        house.clock.move_to(house.clock.now() + timedelta(days=8))
        async with house.app.database.begin() as session:
            address = Address("zalo_oa", "pct-phu-luu")
            await house.app.outbox.put(session, address, [Reply("Nhắc việc")])
        house.app.outbox.notify()
        async with asyncio.timeout(30):
            while (await house.row()).state in ("ready", "sending"):  # noqa: ASYNC110 - see above
                await asyncio.sleep(0.02)
        row = await house.row()
        assert (row.state, row.error) == ("failed", "window")
        await heard(cadre, "bc")  # the person writes, and hears


async def test_p21_a_lost_answer_is_not_repeated(house: House) -> None:
    cadre = house.oa.person("pct-phu-luu")
    house.oa.lose_answer("message/cs")
    async with house.open():
        await heard(cadre, "bc")
        await until(lambda: house.oa.calls_of("message/cs"))
        async with asyncio.timeout(30):
            while (await house.row()).state != "unknown":  # noqa: ASYNC110 - see above
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
    assert len(cadre.said) == 1


async def test_a_stranger_gets_the_talk_about_codes_and_no_more(house: House) -> None:
    stranger = house.oa.person(follows=False)
    async with house.open():
        stranger.says("/tongket")
        assert "mã" in (await stranger.hears()).text.lower()
        assert "TỔNG KẾT" not in stranger.said[0].text


async def test_after_hours_without_us_the_administrators_are_told(
    database_url: str, tmp_path: Path
) -> None:
    clock = StillClock(START)
    async with FakeZaloOA(clock=lambda: clock.now().timestamp()) as oa:
        settings = settings_for(database_url, tmp_path, **settings_of("zalo_oa", oa))
        app = build_app(settings, clock=clock)
        async with app.database.begin() as session:
            await build_village(session, "zalo_oa")
        channel = app.channels["zalo_oa"]
        assert isinstance(channel, ZaloOaChannel)
        for hours, rows in ((0, 0), (1.5, 0), (1.5 + 1.8, 0), (1.5 + 1.8 + 2, 1)):
            clock.move_to(START + timedelta(hours=hours))
            await channel._note_listening()
            async with app.database.begin() as session:
                told = (await session.scalars(select(Outbox))).all()
            assert len(told) == rows
        assert "Zalo có thể đã tắt webhook" in told[0].message["text"]
        assert "từ 19:48 Chủ Nhật 22/11/2026" in told[0].message["text"]
        await app.close()
