"""`python -m bot zalo setup`, as an administrator runs it, through a pipe and over real HTTP."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import App, build_app
from bot.clock import Clock
from bot.conversation.event import load_event
from bot.serving import serve
from models.database import Database
from models.queue import Inbox
from services.networks import take_lease
from services.zalo.oa import ZaloOaStore
from tests.fakes.zalo_bot import CANARY_TOKEN, FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOA
from tests.fakes.zalo_oa.state import CANARY
from tests.village import SECRET, settings_for
from tests.zalo_bot.test_program import free_port
from tests.zalo_desk import ROOT, Desk, bot_env, oa_env, oa_hosts

# Each runs whole processes; what they keep is proved on both databases elsewhere.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BOT, ACCOUNT = "1", "2"
WEBHOOK, POLLING = "1", "2"
YES, NO = "1", "2"
ENTER = ""


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Desk:
    return Desk(database_url, tmp_path)


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloBot]:
    async with FakeZaloBot() as server:
        yield server


@pytest.fixture
async def oa() -> AsyncIterator[FakeZaloOA]:
    async with FakeZaloOA() as server:
        yield server


async def taken_in(database: Database) -> list[tuple[str, str]]:
    """(chat, words) of what stands in the inbox."""
    async with database.begin() as session:
        rows = await session.scalars(select(Inbox.event).order_by(Inbox.id))
        return [(event.address.chat_id, event.text) for event in map(load_event, rows)]


@asynccontextmanager
async def running(desk: Desk, port: int) -> AsyncIterator[App]:
    """The program runs with the desk's settings."""
    more = {name.lower(): value for name, value in desk.env.items() if name.startswith(("ZALO", "PUBLIC"))}  # fmt: skip
    app = build_app(settings_for(desk.env["DATABASE_URL"], desk.folder / "media", **more))
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(serve(app, stopping, port=port))
        try:
            yield app
        finally:
            stopping.set()


async def test_a_first_bot_by_polling_and_nobodys_words_are_lost(
    desk: Desk, database: Database, zalo: FakeZaloBot
) -> None:
    """Others write at the same time: their words are in the inbox for when the program runs."""
    desk.env |= bot_env(zalo, token=False)
    other, clerk = zalo.person("Trần Thị C"), zalo.person("Lê Thị V")
    await other.says("0123456789")
    await clerk.says("Xin chào")
    await other.says("báo cáo")
    told = await desk.run("zalo", "setup", answers=[BOT, zalo.token, ENTER, POLLING, YES, ENTER])
    assert 'bot "Bot Giao việc", loại BASIC, vào được nhóm' in told
    assert 'ZALO_BOT_TOKENS=<token của "Bot Giao việc">' in told
    assert "ZALO_BOT_NAMES=Bot Giao việc" in told
    assert "Đã nhận lời chào và gửi tin thử" in told
    assert (await clerk.hears()).text.startswith("Tin thử")
    assert other.unheard() == []
    assert await taken_in(database) == [(other.id, "0123456789"), (clerk.id, "Xin chào")]
    assert [one["message"]["text"] for one in zalo.waiting] == ["báo cáo"]
    assert CANARY_TOKEN not in told
    # The right to poll is given back at once.
    now = Clock().now()
    async with database.begin() as session:
        assert await take_lease(session, "zalo_bot", "program", now, now + timedelta(minutes=1))


async def test_a_token_that_zalo_does_not_take_is_told_and_asked_for_again(
    desk: Desk, zalo: FakeZaloBot
) -> None:
    desk.env |= bot_env(zalo, token=False)
    wrong = "1234567890:not-the-token-of-anybody"
    told = await desk.run(
        "zalo", "setup", answers=[BOT, "ngắn", wrong, zalo.token, ENTER, POLLING, NO]
    )
    assert "không đúng dạng" in told
    assert "Zalo không nhận token này" in told
    assert 'bot "Bot Giao việc"' in told
    assert wrong not in told
    assert CANARY_TOKEN not in told


async def test_p42_at_a_terminal_a_typed_token_is_not_echoed(desk: Desk, zalo: FakeZaloBot) -> None:
    desk.env |= bot_env(zalo, token=False)
    master, slave = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "zalo", "setup", stdin=slave, stdout=slave, stderr=slave,
        cwd=desk.folder, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **desk.env},
    )  # fmt: skip
    os.close(slave)
    seen = ""

    def read_until(words: str) -> None:
        nonlocal seen
        while words not in seen:
            seen += os.read(master, 4096).decode("utf-8", "ignore")

    async with asyncio.timeout(60):
        for question, answer in (
            ("Trả lời bằng số", BOT), ("bot thứ 1", zalo.token),
            ("bot thứ 2", ENTER), ("Nhận tin bằng cách nào", POLLING), ("Thử gửi một tin", NO),
        ):  # fmt: skip
            await asyncio.to_thread(read_until, question)
            os.write(master, f"{answer}\n".encode())
        await asyncio.to_thread(read_until, "Xong.")
        assert await process.wait() == 0
    os.close(master)
    assert 'bot "Bot Giao việc"' in seen
    assert CANARY_TOKEN not in seen
    assert CANARY_TOKEN[:12] not in seen


async def test_answers_that_end_too_early_are_no_traceback(desk: Desk, zalo: FakeZaloBot) -> None:
    desk.env |= bot_env(zalo)
    told = await desk.run("zalo", "setup", answers=[BOT], status=1)
    assert "Dữ liệu trả lời đã hết giữa chừng" in told
    assert "Traceback" not in told


async def test_a_webhook_with_a_fresh_secret_and_a_test_through_the_running_program(
    desk: Desk, database: Database, zalo: FakeZaloBot
) -> None:
    port = free_port()
    desk.env |= bot_env(zalo) | {"PUBLIC_URL": f"http://127.0.0.1:{port}"}
    told = await desk.run("zalo", "setup", answers=[BOT, ENTER, WEBHOOK, ENTER, NO, NO])
    [secret] = re.findall(r"ZALO_BOT_WEBHOOK_SECRET=([A-Za-z0-9_-]{32,})", told)
    assert "ZALO_BOT_MODE=webhook" in told
    assert "ZALO_BOT_TOKENS=" not in told
    assert zalo.hook_url == ""
    # The administrator has put the lines into .env and started the program.
    desk.env |= {"ZALO_BOT_MODE": "webhook", "ZALO_BOT_WEBHOOK_SECRET": secret}
    desk.env |= {"ZALO_BOT_NAMES": "Bot Giao việc"}
    clerk = zalo.person("Lê Thị V")
    async with running(desk, port), asyncio.TaskGroup() as group:
        await zalo.called("setWebhook")
        again = group.create_task(
            desk.run("zalo", "setup", answers=[BOT, ENTER, ENTER, ENTER, YES, YES, ENTER])
        )
        await zalo.called("setWebhook", 2, timeout=30)
        await clerk.says("xin chao ban")
        # Both the program and the set-up have something to say; which is first is no matter.
        heard = sorted([(await clerk.hears()).text for _ in range(2)])
        told = await again
    assert "mã kết nối" in heard[0]
    assert heard[1].startswith("Tin thử")
    assert "Đã đặt webhook, Zalo gọi thử được" in told
    assert "Tệp .env đã đủ" in told
    assert secret not in told
    assert SECRET not in told


async def test_a_webhook_that_nobody_answers_is_told_with_what_to_look_at(
    desk: Desk, zalo: FakeZaloBot
) -> None:
    desk.env |= bot_env(zalo) | {"PUBLIC_URL": f"http://127.0.0.1:{free_port()}"}
    told = await desk.run("zalo", "setup", answers=[BOT, ENTER, WEBHOOK, ENTER, YES, NO])
    assert "Zalo đã lưu địa chỉ nhưng gọi thử chưa được" in told


async def test_a_webhook_in_the_way_of_polling_is_only_taken_away_when_asked(
    desk: Desk, zalo: FakeZaloBot
) -> None:
    desk.env |= bot_env(zalo)
    zalo.hook_url = "http://127.0.0.1:9/elsewhere"
    told = await desk.run("zalo", "setup", answers=[BOT, ENTER, POLLING, ENTER])
    assert "đang gửi tin về http://127.0.0.1:9/elsewhere" in told
    assert zalo.hook_url


async def test_an_account_from_its_keys_to_a_kept_pair(
    desk: Desk, database: Database, oa: FakeZaloOA
) -> None:
    desk.env |= oa_hosts(oa)
    typed = oa.tokens.refresh
    told = await desk.run(
        "zalo", "setup",
        answers=[ACCOUNT, "", "abc", oa.app_id, oa.app_secret, oa.oa_secret, typed, ENTER, NO],
    )  # fmt: skip
    assert 'OA "UBND xã Phù Lưu", cơ quan nhà nước (loại 4), đã xác thực, gói Nâng cao.' in told
    for line in (
        f"ZALO_OA_APP_ID={oa.app_id}", "ZALO_OA_APP_SECRET=<", "ZALO_OA_SECRET_KEY=<",
        f"ZALO_OA_ID={oa.oa_id}", "ZALO_OA_NAME=UBND xã Phù Lưu", "/zalo/oa",
    ):  # fmt: skip
        assert line in told
    assert CANARY not in told
    store = ZaloOaStore(database, oa.app_id)
    pair = await store.read()
    assert pair is not None
    assert (pair.access, pair.refresh) == (oa.tokens.newest, oa.tokens.refresh)
    assert oa.tokens.reused == 0
    # A line left in .env is older than the pair: no start takes it up again.
    assert not await store.seed(typed, Clock().now())


async def test_a_refused_refresh_token_leaves_the_kept_pair_as_it_was(
    desk: Desk, database: Database, oa: FakeZaloOA
) -> None:
    store, now = ZaloOaStore(database, oa.app_id), Clock().now()
    await store.put(oa.tokens.newest, oa.tokens.refresh, now + timedelta(hours=20), now)
    before = await store.read()
    stale = f"{CANARY}-a-token-that-was-spent"
    desk.env |= oa_env(oa) | {"ZALO_OA_REFRESH_TOKEN": stale}
    told = await desk.run(
        "zalo", "setup", answers=[ACCOUNT, ENTER, ENTER, ENTER, stale, ENTER, ENTER, NO]
    )
    assert "Đã có một cặp token" in told
    assert "Zalo không nhận" in told
    assert "ZALO_OA_REFRESH_TOKEN thì để trống" in told
    assert CANARY not in told
    assert await store.read() == before


async def test_an_accounts_test_message_through_the_running_program(
    desk: Desk, database: Database, oa: FakeZaloOA
) -> None:
    port = free_port()
    desk.env |= oa_env(oa) | {
        "ZALO_OA_REFRESH_TOKEN": oa.tokens.refresh,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    clerk = oa.person()
    oa.webhook.url = f"http://127.0.0.1:{port}/zalo/oa"
    async with running(desk, port), asyncio.TaskGroup() as group:
        await oa.until(lambda: oa.calls_of("getoa"), timeout=15)
        setting = group.create_task(
            desk.run(
                "zalo", "setup", answers=[ACCOUNT, ENTER, ENTER, ENTER, ENTER, ENTER, YES, ENTER]
            )
        )
        await oa.until(lambda: len(oa.calls_of("getoa")) > 1, timeout=30)
        clerk.says("Xin chào")
        heard = [(await clerk.hears()).text for _ in range(2)]
        told = await setting
    assert any(text.startswith("Tin thử") for text in heard)
    assert "Đã nhận lời chào và gửi tin thử" in told
    assert CANARY not in told
    assert len(oa.calls_of("access_token")) == 1
