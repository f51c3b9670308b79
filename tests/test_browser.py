"""The pages in a real browser: a phone, a desk, light, dark, and without scripts."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, Page, expect

from bot.conversation import Address, Reply
from tests.browser import DESK, PHONE, Scheme, open_browser, open_page, picture_of, runs_over
from tests.webhouse import House, open_house

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with open_browser() as opened:
        yield opened


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def demo(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path, demo=True) as opened:
        yield opened


def jpeg(name: str, colour: str) -> FilePayload:
    """A photo as a phone would give it to the page."""
    picture = Image.linear_gradient("L").resize((900, 700)).convert("RGB")
    picture.paste(colour, (225, 175, 450, 350))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


async def sign_in(page: Page, house: House, person: str) -> None:
    await page.goto(house.url(f"/vao/{await house.code_for(person)}"))
    await page.get_by_role("button", name="Vào trang của tôi").click()
    await expect(page.get_by_label("Nội dung tin")).to_be_visible()


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Nội dung tin").fill(text)
    await page.get_by_role("button", name="Gửi", exact=True).click()


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")])
async def test_a_report_with_two_photos(
    browser: Browser, house: House, size: tuple[int, int], scheme: Scheme
) -> None:
    name = f"{scheme}-{size[0]}"
    async with open_page(browser, size, scheme) as page:
        await page.goto(house.url("/"))
        await expect(page).to_have_url(house.url("/dang-nhap"))
        await picture_of(page, f"signin-{name}")
        await sign_in(page, house, "pct-phu-luu")
        await picture_of(page, f"empty-{name}")
        log = page.get_by_role("log")
        await say(page, "bao cao")
        await expect(log).to_contain_text("Báo cáo việc nào?")
        await expect(log.locator(".options button").first).to_be_enabled()
        await picture_of(page, f"which-{name}")
        await log.locator(".options button", has_text="NV-03").click()
        await expect(log).to_contain_text("Kết quả")
        await expect(log.locator(".options button:enabled", has_text="NV-03")).to_have_count(0)
        await say(page, "2")
        await expect(log).to_contain_text("Tình hình?")
        await picture_of(page, f"how-{name}")
        await log.get_by_role("button", name="Đúng tiến độ").click()
        await expect(log).to_contain_text("Gửi ảnh minh chứng")
        await page.locator("input[type=file]").set_input_files(
            [jpeg("vuon.jpg", "green"), jpeg("to.jpg", "orange")]
        )
        await picture_of(page, f"tray-{name}")
        await page.get_by_role("button", name="Gửi", exact=True).click()
        await expect(log.locator("a.shot img")).to_have_count(2, timeout=20_000)
        for shot in await log.locator("a.shot img").all():
            await expect(shot).to_have_js_property("complete", True)
            assert await shot.evaluate("img => img.naturalWidth") > 100
        await expect(log).to_contain_text("Đã nhận 2 ảnh")
        await say(page, "xong")
        await expect(log).to_contain_text("Xem lại")
        await log.locator(".options button:enabled", has_text="Gửi").click()
        await expect(log).to_contain_text("Đã ghi BC-")
        await expect(log.locator(".options button:enabled")).to_have_count(0)
        await picture_of(page, f"done-{name}")
        assert await runs_over(page) == 0
        # What was said is there again after a reload, once, in the same order.
        before = await log.locator(".line .text").all_inner_texts()
        await page.reload()
        assert await page.get_by_role("log").locator(".line .text").all_inner_texts() == before


@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")]
)
async def test_the_demo_has_two_chairs_and_a_clock(
    browser: Browser, demo: House, size: tuple[int, int], scheme: Scheme
) -> None:
    name = f"{scheme}-{size[0]}"
    phone = size == PHONE
    async with open_page(browser, size, scheme) as page:
        await page.goto(demo.url("/"))
        await picture_of(page, f"demo-start-{name}")
        await page.get_by_role("link", name="Phó Chủ tịch UBND Nguyễn Văn A ·").click()
        mine, other = page.locator(".column.mine"), page.locator(".column.other")
        await mine.locator("textarea").fill("bao cao")
        await mine.get_by_role("button", name="Gửi", exact=True).click()
        await expect(mine.get_by_role("log")).to_contain_text("Báo cáo việc nào?")
        await picture_of(page, f"demo-mine-{name}")
        if phone:
            await page.get_by_text("Đang xem", exact=True).first.click()
        await other.locator("textarea").fill("/tongket")
        await other.get_by_role("button", name="Gửi", exact=True).click()
        await expect(other.get_by_role("log")).to_contain_text("TỔNG KẾT")
        await picture_of(page, f"demo-other-{name}")
        if phone:
            await page.locator("label[for=tab-side]").click()
        await page.get_by_role("button", name="Tới sáng làm việc kế tiếp").click()
        await expect(page.locator(".face")).to_have_text("Thứ Ba 24/11/2026, 08:00")
        await picture_of(page, f"demo-side-{name}")
        assert await runs_over(page) == 0


async def test_the_chat_works_without_scripts(browser: Browser, house: House) -> None:
    async with open_page(browser, PHONE, scripts=False) as page:
        await sign_in(page, house, "pct-phu-luu")
        await say(page, "bao cao")
        await expect(page.get_by_role("log")).to_contain_text("Báo cáo việc nào?")
        await picture_of(page, "no-scripts")
        await page.locator(".options button", has_text="NV-03").click()
        await expect(page.get_by_role("log")).to_contain_text("Kết quả")
        assert await runs_over(page) == 0


async def test_a_message_written_while_the_line_is_down_arrives_later(
    browser: Browser, house: House
) -> None:
    async with open_page(browser) as page:
        await sign_in(page, house, "pct-phu-luu")
        await page.context.set_offline(True)
        await say(page, "/trogiup")
        await expect(page.get_by_role("log")).to_contain_text("sẽ tự gửi lại")
        await page.context.set_offline(False)
        await expect(page.locator(".line.out")).to_have_count(1, timeout=30_000)
        await expect(page.locator(".line.in")).to_have_count(1)


async def test_the_narrowest_phone_and_the_longest_words(browser: Browser, house: House) -> None:
    async with open_page(browser, (320, 560)) as page:
        await sign_in(page, house, "pct-phu-luu")
        await say(page, "W" * 400 + " <b>A & B</b> \u202e ngược")
        await expect(page.locator(".line.out")).not_to_have_count(0)
        await expect(page.locator(".line.in .text").first).to_contain_text("<b>A & B</b>")
        await say(page, "bao cao")
        await expect(page.get_by_role("log")).to_contain_text("Báo cáo việc nào?")
        await picture_of(page, "narrow")
        assert await runs_over(page) == 0


async def test_a_long_message_moves_the_list_and_never_the_page(
    browser: Browser, house: House
) -> None:
    async with house.app.database.begin() as session:
        replies = [Reply(f"tin số {at:02d}.") for at in range(20)]
        await house.app.outbox.put(session, Address("web", "pct-phu-luu"), replies)
    async with open_page(browser) as page:
        await sign_in(page, house, "pct-phu-luu")
        log = page.get_by_role("log")
        await expect(log).to_contain_text("tin số 19.")
        async with house.app.database.begin() as session:
            long = "\n".join(["Dòng đầu.", *["một dòng nữa"] * 80])
            await house.app.outbox.put(session, Address("web", "pct-phu-luu"), [Reply(long)])
        house.app.outbox.notify()
        await expect(log.get_by_text("Dòng đầu.")).to_be_in_viewport()
        assert await page.evaluate("window.scrollY") == 0
        below = "document.documentElement.scrollHeight - window.innerHeight"
        assert await page.evaluate(below) <= 0  # nothing lies under what is written into
        await expect(page.get_by_label("Nội dung tin")).to_be_in_viewport()


async def test_older_lines_are_fetched_and_new_ones_announced(
    browser: Browser, house: House
) -> None:
    async with house.app.database.begin() as session:
        replies = [Reply(f"tin số {at:02d}.") for at in range(70)]
        await house.app.outbox.put(session, Address("web", "pct-phu-luu"), replies)
    async with open_page(browser) as page:
        await sign_in(page, house, "pct-phu-luu")
        log = page.get_by_role("log")
        await expect(log).to_contain_text("tin số 69.")
        await page.reload()
        await expect(log).not_to_contain_text("tin số 19.")
        await page.get_by_role("link", name="Xem tin cũ hơn").click()
        await expect(log).to_contain_text("tin số 00.")
        said = await log.locator(".line .text").all_inner_texts()
        assert said == [f"tin số {at:02d}." for at in range(70)]
        await expect(log.locator(".day")).to_have_count(1)
        # Somebody who reads old lines is not torn away, but told.
        await page.locator(".scroll").evaluate("el => { el.scrollTop = 0; }")
        async with house.app.database.begin() as session:
            address = Address("web", "pct-phu-luu")
            await house.app.outbox.put(session, address, [Reply("tin mới nhất.")])
        house.app.outbox.notify()
        jump = page.get_by_role("button", name="Tin mới")
        await expect(jump).to_be_visible()
        assert await page.locator(".scroll").evaluate("el => el.scrollTop") < 100
        await jump.click()
        await expect(jump).to_have_count(0)
        await expect(log.get_by_text("tin mới nhất.")).to_be_in_viewport()
