"""Getting into the web, and staying in: codes, cookies, tries."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.account import Account, WebSession
from models.audit import Audit
from models.organisation import Person
from services import signin
from services.linking import LOCKED, WRONG
from tests.visitor import AS_SCRIPT, signed_in, visitor
from tests.webhouse import House, open_house


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def test_a_code_signs_in_once(house: House) -> None:
    code = await house.code_for("pct-phu-luu")
    async with visitor(house) as first, visitor(house) as second:
        answer = await first.enters(f" {code[:4]}-{code[4:]} ")
        assert (answer.status, answer.headers["Location"]) == (303, "/chat")
        assert "Nguyễn Văn A" in await first.opens("/chat")
        again = await second.enters(code)
        assert again.status == 400
        assert WRONG in await again.text()
    async with house.app.database.begin() as session:
        account = await session.scalar(select(Account).where(Account.chat_id == "pct-phu-luu"))
        assert account is not None
        assert account.channel == "web"
        rows = await session.scalars(select(WebSession))
        assert len(rows.all()) == 1
        actions = set(await session.scalars(select(Audit.action)))
        assert {"sign_in", "connect"} <= actions


async def test_a_link_is_used_up_only_by_saying_yes(house: House) -> None:
    code = await house.code_for("pct-phu-luu")
    async with visitor(house) as preview, visitor(house) as person:
        for _ in range(3):
            assert (await preview.client.get(f"/vao/{code}")).status == 200
        assert "Vào trang của tôi" in await person.opens(f"/vao/{code}")
        form = {"csrf": person.csrf, "code": code}
        answer = await person.client.post("/dang-nhap", data=form, allow_redirects=False)
        assert answer.status == 303


async def test_p44_wrong_used_and_expired_codes_answer_alike(house: House) -> None:
    used, expired = await house.code_for("pct-phu-luu"), await house.code_for("pct-bach-xa")
    async with visitor(house) as browser:
        await browser.enters(used)
    house.clock.move_to(house.clock.now() + timedelta(days=8))
    said = set()
    for code in ("00000000", used, expired, "\u202e<b>không phải mã"):
        async with visitor(house) as browser:
            answer = await browser.enters(code)
            assert answer.status == 400
            found = re.search(r'role="alert">(.*?)</p>', await answer.text())
            assert found
            said.add(found[1])
    assert said == {WRONG}


async def test_p44_five_wrong_codes_lock_the_door_for_fifteen_minutes(house: House) -> None:
    good = await house.code_for("pct-phu-luu")
    async with visitor(house) as browser:
        for _ in range(4):
            assert WRONG in await (await browser.enters("11111111")).text()
        assert LOCKED in await (await browser.enters("11111111")).text()
        assert LOCKED in await (await browser.enters(good)).text()
        house.clock.move_to(house.clock.now() + timedelta(minutes=16))
        assert (await browser.enters(good)).status == 303


async def test_p10_a_forged_forwarded_address_changes_nothing(house: House) -> None:
    async with visitor(house) as browser:
        for at in range(5):
            browser.client.session.headers["X-Forwarded-For"] = f"203.0.113.{at}"
            answer = await browser.enters("11111111")
        assert LOCKED in await answer.text()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_behind_our_own_proxy_only_its_own_entry_counts(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        open_house(database_url, tmp_path, trusted_proxies=1) as house,
        visitor(house) as browser,
    ):
        headers = browser.client.session.headers
        for at in range(5):
            headers["X-Forwarded-For"] = f"198.51.100.{at}, 203.0.113.7"
            answer = await browser.enters("11111111")
        assert LOCKED in await answer.text()
        headers["X-Forwarded-For"] = "203.0.113.7, 203.0.113.8"
        assert WRONG in await (await browser.enters("11111111")).text()


async def test_p44_two_at_once_with_one_code(house: House) -> None:
    code = await house.code_for("pct-phu-luu")
    async with visitor(house) as one, visitor(house) as two:
        await one.opens("/dang-nhap")
        await two.opens("/dang-nhap")
        answers = await asyncio.gather(
            *(
                browser.client.post(
                    "/dang-nhap", data={"csrf": browser.csrf, "code": code}, allow_redirects=False
                )
                for browser in (one, two)
            )
        )
        assert sorted(answer.status for answer in answers) == [303, 400]


# Staying in


async def test_the_cookie_is_kept_from_scripts_and_other_sites(house: House) -> None:
    async with visitor(house) as browser:
        answer = await browser.enters(await house.code_for("pct-phu-luu"))
        cookie = answer.cookies["phien"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        async with house.app.database.begin() as session:
            kept = await session.scalar(select(WebSession.hash))
        assert kept
        assert kept != cookie.value


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_over_https_cookies_are_bound_to_host_and_line(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        open_house(database_url, tmp_path, secure_cookies=True) as house,
        visitor(house) as browser,
    ):
        answer = await browser.client.get("/dang-nhap")
        cookie = answer.cookies["__Host-khach"]
        assert cookie["secure"]
        assert "max-age" in answer.headers["Strict-Transport-Security"]


async def test_the_token_is_replaced_daily_and_lasts_while_it_is_used(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        for _ in range(40):
            house.clock.move_to(house.clock.now() + timedelta(days=1, minutes=1))
            answer = await browser.client.get("/chat", allow_redirects=False)
            assert answer.status == 200
            assert answer.cookies["phien"].value
        # A page that was left open goes on: its token is not bound to the cookie replaced since.
        assert (await browser.says("?")).status == 200
        house.clock.move_to(house.clock.now() + timedelta(days=31))
        answer = await browser.client.get("/chat", allow_redirects=False)
        assert answer.headers["Location"] == "/dang-nhap"


async def test_a_lost_answer_does_not_sign_anybody_out(house: House) -> None:
    async with house.app.database.begin() as session:
        person = await session.get_one(Person, house.village.people["pct-phu-luu"])
        now = house.clock.now()
        token = await signin.sign_in(session, person, now)
        fresh = await signin.rotate(session, token, now + timedelta(days=2))
        assert fresh
        later = now + timedelta(days=2, hours=23)
        assert await signin.person_of(session, token, later)
        assert await signin.person_of(session, fresh, later)
        assert await signin.person_of(session, token, later + timedelta(hours=2)) is None
        assert await signin.person_of(session, "\x00 rác", now) is None
        await signin.sign_out(session, fresh, later)
        assert await signin.person_of(session, fresh, later) is None
        assert await signin.person_of(session, token, later) is None


async def test_signing_out_ends_it_here_and_on_the_server(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        jar = {cookie.key: cookie.value for cookie in browser.client.session.cookie_jar}
        await browser.client.post("/thoat", data={"csrf": browser.csrf}, allow_redirects=False)
        assert (await browser.client.get("/chat", allow_redirects=False)).status == 303
        stolen = await browser.client.get(
            "/chat", headers={"Cookie": f"phien={jar['phien']}"}, allow_redirects=False
        )
        assert stolen.headers["Location"] == "/dang-nhap"


@pytest.mark.parametrize("path", ["/chat", "/chat/dong?sau=0-0", "/chat/cu?truoc=9-9", "/tep/1"])
async def test_nobody_reads_without_signing_in(house: House, path: str) -> None:
    async with visitor(house) as browser:
        assert (await browser.client.get(path, allow_redirects=False)).status == 303
        assert (await browser.client.get(path, headers=AS_SCRIPT)).status == 401
