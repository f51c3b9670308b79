"""The upload page in a real browser, as a phone shows it: with scripts and without."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, expect

from tests.browser import PHONE, Scheme, open_browser, open_page, picture_of, runs_over
from tests.uploader import phone_house, phone_of
from tests.webhouse import House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with open_browser() as opened:
        yield opened


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with phone_house(database_url, tmp_path) as opened:
        yield opened


def jpeg(name: str, colour: str) -> FilePayload:
    picture = Image.linear_gradient("L").resize((1200, 900)).convert("RGB")
    picture.paste(colour, (300, 225, 600, 450))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


PDF: FilePayload = {
    "name": "ke-hoach-phat-trien-san-xuat-vu-dong-nam-2026-ban-cuoi.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n",
}
OLD: FilePayload = {
    "name": "bien-ban.doc",
    "mimeType": "application/msword",
    "buffer": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
}


@pytest.mark.parametrize(("scripts", "scheme"), [(True, "light"), (False, "dark")])
async def test_photos_by_the_page_on_a_phone(
    browser: Browser, house: House, scripts: bool, scheme: Scheme
) -> None:
    phone = phone_of(house)
    await phone.at_the_photos()
    path = await phone.gets_link()
    name = "upload" if scripts else "upload-plain"
    async with open_page(browser, PHONE, scheme, scripts=scripts) as page:
        await page.goto(house.url(path))
        await expect(page.get_by_role("heading", name="Gửi ảnh, tệp, vị trí")).to_be_visible()
        await picture_of(page, f"{name}-empty")
        assert await runs_over(page) == 0
        chosen = page.get_by_label("Chọn ảnh, tệp (tối đa 10 ảnh, 5 tệp)")
        await chosen.set_input_files(
            [jpeg("vuon.jpg", "green"), jpeg("to.jpg", "orange"), jpeg("ruong.jpg", "blue")]
        )
        await page.get_by_role("button", name="Gửi ảnh").click()
        await expect(page.get_by_role("heading", name="Đã nhận 3 ảnh")).to_be_visible()
        photos = page.locator(".shot img")
        await expect(photos).to_have_count(3)
        for photo in await photos.all():
            await expect(photo).to_have_js_property("complete", True)
            assert await photo.evaluate("img => img.naturalWidth") > 100
        await picture_of(page, f"{name}-received")
        await page.get_by_label("Thêm ảnh, tệp (còn 7 ảnh, 5 tệp)").set_input_files(
            [PDF, OLD, jpeg("nha.jpg", "red")]
        )
        await page.get_by_role("button", name="Gửi ảnh").click()
        await expect(page.get_by_role("alert")).to_contain_text("Loại tệp này chưa nhận được")
        await expect(photos).to_have_count(4)
        await expect(page.get_by_role("heading", name="Đã nhận 4 ảnh, 1 tệp")).to_be_visible()
        await expect(page.locator("p.file")).to_contain_text(PDF["name"])
        await picture_of(page, f"{name}-refused")
        assert await runs_over(page) == 0
        await page.get_by_role("button", name="Xong").click()
        await expect(page.get_by_role("status")).to_have_text("Đồng chí quay lại Zalo, gõ xong.")
        await expect(photos).to_have_count(4)
        await picture_of(page, f"{name}-done")
        assert "4 ảnh, 1 tệp" in await phone.says("xong")
        await phone.says("1")
        await page.reload()
        await expect(page.get_by_role("heading", name="Trang này đã đóng")).to_be_visible()
        await picture_of(page, f"{name}-over")


async def test_a_phone_sends_its_place(browser: Browser, house: House) -> None:
    phone = phone_of(house)
    await phone.at_the_photos()
    path = await phone.gets_link()
    async with open_page(browser, PHONE) as page:
        await page.goto(house.url(path))
        send = page.get_by_role("button", name="Gửi vị trí")
        await send.click()
        await expect(page.locator("form.pin .state")).to_contain_text("Chưa lấy được vị trí.")
        await picture_of(page, "upload-no-place")
        await page.context.grant_permissions(["geolocation"])
        await page.context.set_geolocation({"latitude": 22.1234, "longitude": 105.4321})
        chosen = page.get_by_label("Chọn ảnh, tệp (tối đa 10 ảnh, 5 tệp)")
        await chosen.set_input_files([jpeg("vuon.jpg", "green")])
        await send.click()
        await expect(page.locator("form.pin b")).to_have_text("Đã nhận vị trí.")
        await picture_of(page, "upload-place")
        assert await runs_over(page) == 0
        assert await chosen.evaluate("input => input.files.length") == 1
        await page.get_by_role("button", name="Gửi ảnh").click()
        await expect(page.get_by_role("heading", name="Đã nhận 1 ảnh")).to_be_visible()
        await expect(page.get_by_role("button", name="Gửi lại vị trí")).to_be_visible()
        await picture_of(page, "upload-place-and-photo")
        assert "1 ảnh · có vị trí" in await phone.says("xong")


async def test_a_broken_line_is_told_and_what_is_sent_again_counts_once(
    browser: Browser, house: House
) -> None:
    phone = phone_of(house)
    await phone.at_the_photos()
    path = await phone.gets_link()
    async with open_page(browser) as page:
        await page.goto(house.url(path))
        await page.get_by_label("Chọn ảnh, tệp").set_input_files([jpeg("vuon.jpg", "green")])
        await page.context.set_offline(True)
        await page.get_by_role("button", name="Gửi ảnh").click()
        await expect(page.get_by_role("status")).to_contain_text("Mạng yếu nên chưa gửi được")
        await picture_of(page, "upload-offline")
        await page.context.set_offline(False)
        await page.get_by_role("button", name="Gửi lại").click()
        await expect(page.get_by_role("heading", name="Đã nhận 1 ảnh")).to_be_visible()
