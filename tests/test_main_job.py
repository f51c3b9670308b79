"""The main job, end to end, as a newcomer tries it: the demo as it is started by hand, a browser.

A vice-chair reports with two photos, the clock is moved to the next working morning and the reminder
appears, the secretary's /tongket shows the new figure.
"""

from __future__ import annotations

import asyncio
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.browser import DESK, open_browser, open_page, picture_of

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def demo() -> AsyncIterator[str]:
    """`python -m bot demo`, from its first line to Ctrl+C."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--port", str(port), cwd=ROOT
    )
    try:
        async with asyncio.timeout(30):
            while not await answers(port):  # noqa: ASYNC110 - the other process tells nobody
                await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 30) == 0


async def answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


def photo(name: str) -> FilePayload:
    data = (ROOT / "tests" / "data" / name).read_bytes()
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


async def says(column: Locator, text: str) -> None:
    await column.locator("textarea").fill(text)
    await column.locator(".send").click()


async def met(column: Locator) -> int:
    """How many tasks have reached their plan, by the last summary in this chat."""
    text = await column.get_by_text("So kế hoạch").last.inner_text()
    found = re.search(r"đạt (\d+)", text)
    assert found
    return int(found[1])


async def test_the_main_job_in_the_demo() -> None:
    async with demo() as address, open_browser() as browser, open_page(browser, DESK) as page:
        await page.goto(f"{address}/demo/ghe/pct-phu-luu?xem=bi-thu-phu-luu")
        mine, other = page.locator(".column.mine"), page.locator(".column.other")
        await says(other, "/tongket")
        await expect(other.get_by_text("TỔNG KẾT · Xã Phù Lưu").last).to_be_visible()
        before = await met(other)
        await report(mine)
        await next_working_morning(page)
        await expect(mine.get_by_text("Thứ Tư 25/11/2026").last).to_be_visible()
        await expect(mine.get_by_text("NV-07").last).to_be_visible()
        await says(other, "/tongket")
        await expect(other.get_by_text("25/11/2026").last).to_be_visible()
        await expect(
            other.get_by_text("TỔNG KẾT · Xã Phù Lưu · đến 08:00 25/11/2026")
        ).to_be_visible()
        assert await met(other) == before + 1
        await picture_of(page, "main-job")


async def report(mine: Locator) -> None:
    await says(mine, "bao cao")
    await mine.get_by_text("NV-03 Xây dựng 2 tổ sản xuất VietGAP").last.click()
    await expect(mine.get_by_text("tính bằng tổ?").last).to_be_visible()
    await says(mine, "2")
    await mine.get_by_role("button", name="Đúng tiến độ").click()
    await expect(mine.get_by_text("Gửi ảnh minh chứng").last).to_be_visible()
    await mine.locator("input[type=file]").set_input_files([photo("anh.jpg"), photo("anh2.jpg")])
    await mine.locator(".send").click()
    await expect(mine.locator("a.shot img")).to_have_count(2, timeout=20_000)
    await expect(mine.get_by_text("Đã nhận 2 ảnh").last).to_be_visible(timeout=15_000)
    await says(mine, "xong")
    await expect(mine.get_by_text("đúng tiến độ · 2 ảnh").last).to_be_visible()
    await says(mine, "1")
    await expect(mine.get_by_text("✅ Đã ghi BC-").last).to_be_visible()


async def next_working_morning(page: Page) -> None:
    await page.get_by_text("Tới sáng làm việc kế tiếp").click()
