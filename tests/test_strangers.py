"""People whom the program does not know: how they get in, and how little they can use up."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.channels.zalo_bot import sentences
from bot.conversation.event import FILE_KEY
from models.account import Account
from services.linking import WRONG
from services.zalo.quota import people_on
from tests.street import Street, street
from tests.village import START

URL = "https://giaoviec.example.vn"
WITHHELD = {"text": sentences.WITHHELD, "kind": "unsupported", "key": FILE_KEY}


async def test_a_person_whose_every_word_is_withheld_is_led_to_the_web(
    database_url: str, tmp_path: Path
) -> None:
    async with street(database_url, tmp_path, public_url=URL) as here:
        heard = await here.says("zalo_bot", "p", **WITHHELD)
        assert heard == (
            "Zalo không chuyển tin này đến tôi. "
            f"Đồng chí mở {URL}/dang-nhap trên điện thoại, nhập mã trên giấy mời."
        )
        # Whoever can type goes on where they were.
        assert "mã kết nối" in await here.says("zalo_bot", "p", "xin chào")
        code = await here.code_for("pct-phu-luu")
        assert "Đồng chí là Nguyễn Văn A" in await here.says("zalo_bot", "p", code)
        assert "Đã kết nối" in await here.says("zalo_bot", "p", "1")
        heard = await here.says("zalo_bot", "p", **WITHHELD)
        assert heard.startswith(sentences.WITHHELD)
        assert f"{URL}/gui-anh/" in heard
        assert f"Trang trò chuyện: {URL}/dang-nhap" in heard


async def test_a_stranger_cannot_use_up_a_bots_month(database_url: str, tmp_path: Path) -> None:
    async with street(database_url, tmp_path, public_url=URL) as here:
        heard = [await here.says("zalo_bot", "s", "hello") for _ in range(30)]
        assert [bool(one) for one in heard] == [True] * 3 + [False] * 27
        assert heard[2].endswith("hoặc gọi văn phòng.")
        heard = [await here.says("zalo_bot", "t", **WITHHELD) for _ in range(10)]
        assert sum(map(bool, heard)) <= 3
        assert await here.says("zalo_bot", "u", "xin chào"), "others are answered"
        # A right code is taken whatever was said before.
        code = await here.code_for("pct-phu-luu")
        assert "Đồng chí là Nguyễn Văn A" in await here.says("zalo_bot", "s", code)
        assert "Đã kết nối" in await here.says("zalo_bot", "s", "Đúng")
        assert "NV-03" in await here.says("zalo_bot", "s", "nhiệm vụ")
        here.app.clock.move_to(START + timedelta(minutes=61))
        assert await here.says("zalo_bot", "t", "xin chào")


async def test_wrong_codes_are_answered_as_sparingly(database_url: str, tmp_path: Path) -> None:
    async with street(database_url, tmp_path) as here:
        heard = [await here.says("zalo_bot", "s", f"{n:010}") for n in range(8)]
        assert [one.startswith(WRONG) for one in heard] == [True] * 3 + [False] * 5
        assert heard[3:] == [""] * 5
        # Five wrong ones lock the chat, told or not.
        code = await here.code_for("pct-phu-luu")
        assert await here.says("zalo_bot", "s", code) == ""
        here.app.clock.move_to(START + timedelta(minutes=16))
        assert "Đồng chí là" in await here.says("zalo_bot", "s", code)


async def test_a_group_is_told_once_for_an_album(database_url: str, tmp_path: Path) -> None:
    async with street(database_url, tmp_path) as here:
        await connected(here, "pct-phu-luu", "a")
        said = {"group": True, "speaker": "a"}
        for _ in range(6):
            await here.app.inbox.accept([here.event("zalo_bot", "g", "nhiệm vụ", **said)])
        await here.app.drain()
        phone = here.phones["zalo_bot"]
        assert phone.take("g") == ["Tôi đã trả lời riêng đồng chí."]
        assert len(phone.take("a")) == 6
        stranger = {"group": True, "speaker": "s"}
        here.app.clock.move_to(START + timedelta(minutes=2))
        for _ in range(6):
            await here.app.inbox.accept([here.event("zalo_bot", "g", "số liệu?", **stranger)])
        await here.app.drain()
        assert len(phone.take("g")) == 1


async def test_of_two_who_answer_at_once_one_gets_the_last_place(
    database_url: str, tmp_path: Path
) -> None:
    async with street(database_url, tmp_path, zalo_bot_people=2) as here:
        await connected(here, "giam-sat", "c")
        for chat, person in (("a", "pct-phu-luu"), ("b", "pct-bach-xa")):
            code = await here.code_for(person)
            assert "Đồng chí là" in await here.says("zalo_bot", chat, code)
        await here.app.inbox.accept([here.event("zalo_bot", chat, "1") for chat in "ab"])
        await asyncio.gather(here.app.inbox.work_once(), here.app.inbox.work_once())
        await here.app.drain()
        heard = ["\n".join(here.phones["zalo_bot"].take(chat)) for chat in "ab"]
        assert sorted("Đã kết nối" in one for one in heard) == [False, True]
        other = next(one for one in heard if "Đã kết nối" not in one)
        assert 'Đồng chí tìm "Bot Hai" trên Zalo' in other
        assert "Mã vẫn dùng được" in other
        async with here.app.database.begin() as session:
            assert (await people_on(session, ["zalo_bot"]))["zalo_bot"] == 2


async def connected(here: Street, person: str, chat: str) -> None:
    async with here.app.database.begin() as session:
        session.add(
            Account(
                channel="zalo_bot", chat_id=chat, person_id=here.village.people[person],
                connected_at=START, changed_at=START,
            )
        )  # fmt: skip
