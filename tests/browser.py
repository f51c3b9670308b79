"""A real browser: the system's Chromium, driven by Playwright, kept on this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, async_playwright

OUTPUT = Path(__file__).parent / "output"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING = (
    "Browser tests need Chromium: run `apt-get install chromium`, or set CHROMIUM to its path."
)
PHONE = (360, 740)
DESK = (1280, 800)

Scheme = Literal["light", "dark"]


def chromium_path() -> str:
    """Where Chromium is; the test fails, and is never skipped, where there is none."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found or not Path(found).exists():
        pytest.fail(MISSING, pytrace=False)
    return found


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """A headless browser that talks to nobody but the page."""
    options = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-domain-reliability",
        "--disable-sync",
        "--no-first-run",
        "--disable-dev-shm-usage",
        "--disable-gpu",
    ]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    path = chromium_path()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=options)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def open_page(
    browser: Browser,
    size: tuple[int, int] = PHONE,
    scheme: Scheme = "light",
    *,
    scripts: bool = True,
) -> AsyncIterator[Page]:
    """A page of its own, with nothing remembered. What fails in its scripts fails the test."""
    phone = size[0] < 700
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        java_script_enabled=scripts,
        has_touch=phone,
        is_mobile=phone,
        device_scale_factor=2 if phone else 1,
    )
    faults: list[str] = []
    page = await context.new_page()
    page.set_default_timeout(30_000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if _is_fault(said.text) else None)
    try:
        yield page
    finally:
        await context.close()
    assert not faults, faults


def _is_fault(text: str) -> bool:
    """What the content policy refused, or a script got wrong."""
    return "Content Security Policy" in text or "Uncaught" in text


async def picture_of(page: Page, name: str) -> Path:
    """A screenshot, to be looked at (tests/output is not kept)."""
    OUTPUT.mkdir(exist_ok=True)
    path = OUTPUT / f"{name}.png"
    await page.screenshot(path=path)
    return path


async def runs_over(page: Page) -> int:
    """By how many pixels the page is wider than the screen; 0 is right."""
    wide: int = await page.evaluate(
        "Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"
    )
    return wide
