"""The site as a whole: forged requests, headers, the demo, what an administrator sees."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.visitor import AS_SCRIPT, events, settled, signed_in, visitor
from tests.webhouse import House, open_house
from web.parts import LOOPBACK


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def test_without_the_token_nothing_is_done(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as browser, visitor(house) as stranger:
        await stranger.opens("/dang-nhap")
        for token in ("", "0" * 64, stranger.csrf, "é"):
            headers = {**AS_SCRIPT, "X-CSRF": token.encode().decode("latin-1")}
            answer = await browser.client.post("/chat/gui", json={"text": "a"}, headers=headers)
            assert answer.status == 403
            form = {"csrf": token, "text": "a"}
            assert (await browser.client.post("/chat/gui", data=form)).status == 403
            assert (await browser.client.post("/thoat", data=form)).status == 403
            assert (await stranger.client.post("/dang-nhap", data={"csrf": ""})).status == 403
        assert await events(house) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://xau.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_page_cannot_post(house: House, headers: dict[str, str]) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        given = {**AS_SCRIPT, "X-CSRF": browser.csrf, **headers}
        answer = await browser.client.post("/chat/gui", json={"text": "a"}, headers=given)
        assert answer.status == 403
        assert await events(house) == []


@pytest.mark.parametrize("demo", [False, True])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_another_name_for_this_machine_is_refused(
    database_url: str, tmp_path: Path, demo: bool
) -> None:
    async with (
        open_house(database_url, tmp_path, demo=demo, hosts=LOOPBACK) as house,
        visitor(house) as browser,
    ):
        for host in ("xau.example", "127.0.0.1.xau.example:80", "", "["):
            answer = await browser.client.get("/", headers={"Host": host}, allow_redirects=False)
            assert answer.status in (400, 421)
        for host in ("localhost:8080", "127.0.0.1", "[::1]:9"):
            answer = await browser.client.get("/", headers={"Host": host}, allow_redirects=False)
            assert answer.status == 303
        assert (await browser.client.get("/healthz", headers={"Host": "x"})).status == 200


async def test_every_answer_carries_the_strict_headers(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        for path in ("/chat", "/khong-co", "/static/chat.js", "/dang-nhap", "/chat/dong?sau=0-0"):
            async with browser.client.get(path, allow_redirects=False) as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "frame-ancestors 'none'" in policy
                assert "unsafe" not in policy
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Referrer-Policy"] == "same-origin"
                kept = answer.headers["Cache-Control"]
                assert "immutable" in kept if "/static/" in path else kept == "no-store"
        page = await browser.opens("/chat")
        assert not re.search(r"<script(?![^>]+src=)|style=|\son\w+=|https?://", page)


async def test_the_first_page_is_small(house: House) -> None:
    async with visitor(house) as browser:
        page = await browser.opens("/dang-nhap")
        total = len(page.encode())
        for path in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page)):
            total += len(await (await browser.client.get(path)).read())
        assert total < 60_000
        assert (await browser.client.get("/static/..%2fsite.py")).status == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_figures_are_for_this_machine_or_with_a_token(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        open_house(database_url, tmp_path, metrics_token="bí-mật") as house,
        visitor(house) as browser,
    ):
        assert (await browser.client.get("/metrics")).status == 200
        outside = {"X-Forwarded-For": "203.0.113.7"}
        assert (await browser.client.get("/metrics", headers=outside)).status == 404
        wrong = {**outside, "Authorization": "Bearer x"}
        assert (await browser.client.get("/metrics", headers=wrong)).status == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_p42_an_error_of_ours_tells_nothing(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken(_events: Any) -> None:
        raise RuntimeError("canary-7f3a")

    async with (
        open_house(database_url, tmp_path, accept=broken) as house,
        signed_in(house, "pct-phu-luu") as browser,
    ):
        answer = await browser.says("a")
        assert answer.status == 500
        assert "canary" not in await answer.text()
        assert browser.csrf not in capsys.readouterr().out


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_demo_needs_no_sign_in_and_its_clock_goes_forward(
    database_url: str, tmp_path: Path
) -> None:
    async with open_house(database_url, tmp_path, demo=True) as house, visitor(house) as browser:
        assert "Chọn ghế" in await browser.opens("/")
        assert (await browser.client.get("/dang-nhap")).status == 404
        assert (await browser.client.get("/chat")).status == 404
        page = await browser.opens("/demo/ghe/pct-phu-luu?xem=bi-thu-tinh")
        assert page.count('<section class="pane"') == 2
        headers = {**AS_SCRIPT, "X-CSRF": browser.csrf}
        path = "/demo/ghe/pct-phu-luu/chat/gui"
        answer = await browser.client.post(path, json={"text": "bao cao"}, headers=headers)
        assert answer.status == 200
        assert (
            await browser.client.post(path, json={"text": "a"}, headers=AS_SCRIPT)
        ).status == 403
        await settled(house)
        assert "Báo cáo việc nào?" in await browser.opens("/demo/ghe/pct-phu-luu")
        for form, status in (
            ({"toi": "sang"}, 200),
            ({"toi": "gio"}, 200),
            ({"toi": "luc", "luc": "2026-11-25T09:15"}, 200),
            ({"toi": "luc", "luc": "2026-11-20T09:15"}, 400),
            ({"toi": "luc", "luc": "2036-11-20T09:15"}, 400),
            ({"toi": "luc", "luc": "ngày mai"}, 400),
        ):
            answer = await browser.client.post("/demo/gio", data=form, headers=headers)
            assert answer.status == status
        face = await (await browser.client.get("/demo/gio")).json()
        assert face["chu"] == "Thứ Tư 25/11/2026, 09:15"
        assert (await browser.client.get("/demo/ghe/khong-co")).status == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_without_the_demo_there_is_no_demo(house: House) -> None:
    async with visitor(house) as browser:
        for path in ("/demo", "/demo/gio", "/demo/ghe/pct-phu-luu", "/demo/ghe/pct-phu-luu/chat"):
            assert (await browser.client.get(path)).status == 404
