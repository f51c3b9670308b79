"""The web chat over HTTP: what is said, the stream of news, what bad input hears."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import FormData
from sqlalchemy import select

from bot.conversation import Address, Reply
from models.organisation import Person
from models.queue import Inbox, Outbox
from models.task import Task
from tests.visitor import AS_SCRIPT, News, events, sentence, settled, signed_in
from tests.webhouse import House, open_house
from web.uploads import MAX_LETTERS, NO_PLACE, NOTHING, TOO_LONG


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def test_what_is_said_is_kept_once_and_answered(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        for _ in range(3):
            assert (await browser.says("bao cao", id="cung-mot-tin-0001")).status == 200
        await settled(house)
        assert len(await events(house)) == 1
        page = await browser.opens("/chat")
        assert page.count("Báo cáo việc nào?") == 1
        assert page.index("bao cao") < page.index("Báo cáo việc nào?")


async def test_two_people_with_the_same_id_do_not_meet(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as one, signed_in(house, "pct-bach-xa") as two:
        for browser in (one, two):
            await browser.says("?", id="cung-mot-tin-0001")
        assert {row.chat_id for row in await events(house)} == {"pct-phu-luu", "pct-bach-xa"}


async def test_p15_a_choice_is_taken_by_key_and_only_the_last_menu_is_live(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        await browser.says("bao cao")
        await settled(house)
        page = await browser.opens("/chat")
        menu = int(re.findall(r'name="menu" value="(\d+)"', page)[-1])
        key = re.findall(r'name="key" value="([^"]+)">(?:<b>1\.</b>)', page)[-1]
        await browser.posts({"key": key, "menu": menu, "text": "chữ của kẻ khác"})
        await settled(house)
        page = await browser.opens("/chat")
        assert "chữ của kẻ khác" not in page
        assert re.search(r'<p class="text" dir="auto">NV-03 Xây dựng', page)
        assert re.search(rf'value="{re.escape(key)}" disabled', page)
        await browser.posts({"key": key, "menu": menu})
        await browser.posts({"key": "khong-co", "menu": 999})
        await settled(house)
        assert (await browser.opens("/chat")).count("Danh sách này đã cũ") == 2


async def test_bad_input_is_refused_in_words(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        for body, status, said in (
            ({"text": "x" * (MAX_LETTERS + 1)}, 413, TOO_LONG),
            ({"text": " \n "}, 400, NOTHING),
            ({}, 400, NOTHING),
            ({"text": ["a"]}, 400, NOTHING),
            ({"text": "a", "id": "../../x"}, 400, None),
            ({"text": "a", "menu": "x"}, 400, None),
            ({"place": [91, 0]}, 400, NO_PLACE),
            ({"place": ["a", "b", "c"]}, 400, NO_PLACE),
            ({"place": [float("nan"), 1]}, 400, NO_PLACE),
        ):
            answer = await browser.posts(body)
            assert answer.status == status
            told = await sentence(answer)
            assert told == said if said else "Đồng chí" in told
        headers = {**AS_SCRIPT, "X-CSRF": browser.csrf, "Content-Type": "application/json"}
        for raw in (b"{", b"[]", b"\xff", b"[" * 100_000, b"x" * 300_000):
            answer = await browser.client.post("/chat/gui", data=raw, headers=headers)
            assert answer.status in (400, 413)
        assert await events(house) == []
        assert (await browser.says("ă" * MAX_LETTERS)).status == 200


async def test_p45_what_no_database_keeps_is_taken_out(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        said = "a\x00b\x02đậm\x03 \ud800 \u202e</p><script>alert(1)</script> & 👩‍🌾"
        raw = json.dumps({"text": said}).encode()
        headers = {**AS_SCRIPT, "X-CSRF": browser.csrf, "Content-Type": "application/json"}
        answer = await browser.client.post("/chat/gui", data=raw, headers=headers)
        assert answer.status == 200
        await settled(house)
        page = await browser.opens("/chat")
        assert "abđậm" in page
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 👩‍🌾" in page
        assert not set(page) & set("\x00\x02\x03\u202e")


async def test_p45_names_and_labels_break_nothing(house: House) -> None:

    async with house.app.database.begin() as session:
        person = await session.get_one(Person, house.village.people["pct-phu-luu"])
        person.name = 'A "<img src=x onerror=alert(1)>" \u202e & Ã'
        task = await session.get_one(Task, house.village.tasks["NV-03"])
        task.title = "Vườn <b onclick='x'> & \u202e 'rừng' \" >"
    async with signed_in(house, "pct-phu-luu") as browser:
        await browser.says("bao cao")
        await settled(house)
        page = await browser.opens("/chat")
        assert "<img src=x" not in page
        assert "<b onclick" not in page
        assert "\u202e" not in page
        assert "&lt;img src=x onerror=alert(1)&gt;" in page


async def test_a_form_without_scripts_comes_back_with_the_answer(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        form = FormData()
        form.add_field("csrf", browser.csrf)
        form.add_field("text", "bao cao")
        form.add_field("anh", b"", filename="", content_type="application/octet-stream")
        answer = await browser.client.post("/chat/gui", data=form)
        assert answer.url.path == "/chat"
        await settled(house)
        assert "Báo cáo việc nào?" in await browser.opens("/chat")
        (event,) = await events(house)
        assert event.event["kind"] == "text"


async def test_news_come_as_a_stream_and_go_on_where_they_broke_off(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        async with browser.client.get(f"/chat/dong?sau={browser.last}") as answer:
            assert answer.content_type == "text/event-stream"
            await browser.says("bao cao")
            mark, first = await News(answer).until("Báo cáo việc nào?")
            assert len(first) == len(set(first)) == 2
        await browser.says("1")
        await settled(house)
        house.clock.move_to(house.clock.now() + timedelta(minutes=1))
        await browser.says("hai")
        await settled(house)
        headers = {"Last-Event-ID": mark}
        async with browser.client.get("/chat/dong?sau=0-0", headers=headers) as answer:
            missed: list[str] = []
            news = News(answer)
            async with house.app.database.begin() as session:
                rows = await session.scalars(select(Outbox.id).order_by(Outbox.id))
                wanted = {f"o{row}" for row in rows} | {
                    f"i{row}" for row in await session.scalars(select(Inbox.event_id))
                }
            while not wanted <= {*missed, *first}:
                _, data = await news.next()
                missed += [line["khoa"] for line in data["tin"]]
            assert len(missed) == len(set(missed))


async def test_a_page_that_is_closed_is_no_error(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        async with browser.client.get(f"/chat/dong?sau={browser.last}") as answer:
            await answer.content.readline()
            answer.close()
        for _ in range(5):
            await browser.says("bao cao")
            await settled(house)
        assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_stream_ends_with_the_sign_in(house: House) -> None:
    async with (
        signed_in(house, "pct-phu-luu") as browser,
        browser.client.get(f"/chat/dong?sau={browser.last}") as answer,
    ):
        await browser.client.post("/thoat", data={"csrf": browser.csrf})
        house.channel.wake("pct-phu-luu")
        async with asyncio.timeout(30):
            await answer.content.read()


async def test_p46_a_stream_tells_only_its_own_chat(house: House) -> None:
    async with (
        signed_in(house, "pct-phu-luu") as mine,
        signed_in(house, "pct-bach-xa") as other,
        mine.client.get(f"/chat/dong?sau={mine.last}") as answer,
    ):
        await other.says("bí mật của xã khác")
        async with house.app.database.begin() as session:
            address = Address("web", "pct-bach-xa")
            await house.app.outbox.put(session, address, [Reply("bí mật cho xã khác")])
        await settled(house)
        await mine.says("tin của tôi")
        news = News(answer)
        heard = ""
        while "tin của tôi" not in heard:
            heard += json.dumps((await news.next())[1], ensure_ascii=False)
        assert "bí mật" not in heard


async def test_older_lines_come_page_by_page_in_order(house: House) -> None:
    async with signed_in(house, "pct-phu-luu") as browser:
        async with house.app.database.begin() as session:
            for at in range(130):
                replies = [Reply(f"tin số {at:03d}.")]
                await house.app.outbox.put(session, Address("web", "pct-phu-luu"), replies)
        await settled(house)
        page = await browser.opens("/chat")
        heard = re.findall(r"tin số (\d{3})\.", page)
        before = re.findall(r'data-older="([\d-]+)"', page)[0]
        while before:
            answer = await browser.client.get(f"/chat/cu?truoc={before}", headers=AS_SCRIPT)
            data = await answer.json()
            said = json.dumps(data, ensure_ascii=False)
            heard = re.findall(r"tin số (\d{3})\.", said) + heard
            before = data["truoc"]
        assert heard == [f"{at:03d}" for at in range(130)]
        for mark in ("x", "1", "-", "٣-٤", "9" * 30 + "-1"):
            assert (await browser.client.get(f"/chat/cu?truoc={mark}")).status == 400
