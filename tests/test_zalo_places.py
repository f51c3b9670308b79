"""People are spread over the bots: codes say where to write to, and a full bot sends elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.settings import Settings
from documents.invitations import Invitation, write_invitations
from models.account import Account
from models.database import Database
from services.zalo.bots import ZaloPlace, ZaloPlaces, is_full, place_for, places_for
from tests.street import BOTS, street
from tests.village import START, build_village, settings_for
from tests.zalo_desk import Desk

ONE, TWO = ZaloPlace("zalo_bot", "Bot Một"), ZaloPlace("zalo_bot_2", "Bot Hai")
OFFICIAL = ZaloPlace("zalo_oa", "UBND xã Phù Lưu")


async def test_people_are_spread_and_stay_where_they_are(database: Database) -> None:
    places = ZaloPlaces((ONE, TWO), None, people=3)
    async with database.begin() as session:
        village = await build_village(session, None)
        people = list(village.people.values())
        for person in people[:2]:
            session.add(
                Account(
                    channel="zalo_bot", chat_id=str(person), person_id=person,
                    connected_at=START, changed_at=START,
                )
            )  # fmt: skip
        await session.flush()
        found = await places_for(session, places, people)
        assert [place.channel if place else None for place in found.values()] == [
            "zalo_bot", "zalo_bot", "zalo_bot_2", "zalo_bot_2", "zalo_bot", "zalo_bot_2",
            None, None,
        ]  # fmt: skip
        with_account = ZaloPlaces((ONE, TWO), OFFICIAL, people=2)
        assert await place_for(session, with_account, people[0]) == ONE
        assert await place_for(session, ZaloPlaces((ONE,), OFFICIAL, people=2), people[4]) == OFFICIAL  # fmt: skip
        assert await place_for(session, ZaloPlaces(), people[4]) is None
        assert not await is_full(session, with_account, "zalo_bot", people[0])
        assert await is_full(session, with_account, "zalo_bot", people[4])
        assert not await is_full(session, with_account, "zalo_bot_2", people[4])
        assert not await is_full(session, with_account, "web", people[4])


async def test_a_full_bot_sends_a_good_code_to_one_with_room(
    database_url: str, tmp_path: Path
) -> None:
    async with street(database_url, tmp_path, zalo_bot_people=1) as here:
        first = await here.code_for("pct-phu-luu")
        assert "Đồng chí là Nguyễn Văn A" in await here.says("zalo_bot", "a", first)
        assert "Đã kết nối" in await here.says("zalo_bot", "a", "1")
        second = await here.code_for("pct-bach-xa")
        # Whoever has no good code learns nothing about who is where.
        assert "không dùng được" in await here.says("zalo_bot", "b", "0000000000")
        told = await here.says("zalo_bot", "b", second)
        assert 'tìm "Bot Hai" trên Zalo rồi nhắn lại mã này' in told
        assert "https://zalo.me/2222" in told
        assert "Đồng chí là Lê Văn D" in await here.says("zalo_bot_2", "b", second)
        assert "Đã kết nối" in await here.says("zalo_bot_2", "b", "1")
        third = await here.code_for("giam-sat")
        told = await here.says("zalo_bot_2", "c", third)
        assert "đã đủ 1 người" in told
        assert f"/vao/{third}" in told
        assert "Zalo 2" in await here.says("zalo_bot_2", "b", "/nhacqua")
        # Who is on the bot may take a new code there, from a new phone too.
        again = await here.code_for("pct-phu-luu")
        assert "Đồng chí là Nguyễn Văn A" in await here.says("zalo_bot", "new", again)


async def test_a_clerks_code_says_which_bot_to_write_to(database_url: str, tmp_path: Path) -> None:
    async with street(database_url, tmp_path, zalo_bot_people=1) as here:
        await here.says("terminal", "van-phong", "kết nối")
        await here.says("terminal", "van-phong", "le van d")
        told = await here.says("terminal", "van-phong", "1")
        assert 'Trên Zalo: tìm "Bot Một" rồi nhắn mã này.' in told
        for person, channel in (("pct-phu-luu", "zalo_bot"), ("giam-sat", "zalo_bot_2")):
            await here.says(channel, person, await here.code_for(person))
            await here.says(channel, person, "1")
        await here.says("terminal", "van-phong", "kết nối le van d")
        told = await here.says("terminal", "van-phong", "1")
        assert "Trên Zalo: các bot đã đủ 1 người, mời dùng trang web." in told


async def test_the_sheet_of_invitations_spreads_people(
    database_url: str, database: Database, tmp_path: Path
) -> None:
    async with database.begin() as session:
        await build_village(session, None)
    desk = Desk(database_url, tmp_path)
    desk.env |= {name.upper(): value for name, value in BOTS.items()} | {"ZALO_BOT_PEOPLE": "3"}
    told = await desk.run("invite")
    sheet = (tmp_path / "ma-ket-noi.html").read_text("utf-8")
    assert sheet.count("“<bdi>Bot Một</bdi>”") == 3
    assert sheet.count("“<bdi>Bot Hai</bdi>”") == 3
    assert sheet.count("<figcaption>Zalo</figcaption>") == 3
    assert (
        sheet.count(
            "Đồng chí quét một trong các mã bằng điện thoại hoặc nhắn dãy số này trên Zalo."
        )
        == 3
    )
    assert (
        sheet.count("Đồng chí quét mã vuông bằng điện thoại hoặc nhắn dãy số này trên Zalo.") == 3
    )
    # Those for whom there is no room on Zalo have the web, and are told of nothing else.
    assert sheet.count("/dang-nhap rồi nhập dãy số này.") == 2
    assert "2 giấy mời không có chỗ trên Zalo" in told


def test_a_card_with_three_squares_keeps_room_for_the_code() -> None:
    at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    card = Invitation("Nguyễn Văn A", "", "", "4729183651", at, "Bot <Một>", "https://zalo.me/1")
    page = write_invitations([card], bot_name="giaoviec_bot", public_url="https://x.vn")
    assert page.count("<svg") == 3
    assert 'class="codes three"' in page
    assert "Bot &lt;Một&gt;" in page


def test_names_and_links_go_with_the_tokens_in_order(tmp_path: Path) -> None:
    def settings(**more: object) -> Settings:
        return settings_for("sqlite:///x.db", tmp_path, **(BOTS | more))

    assert settings().zalo_bot_signs == [
        ("zalo_bot", "Bot Một", ""), ("zalo_bot_2", "Bot Hai", "https://zalo.me/2222"),
    ]  # fmt: skip
    assert settings(zalo_bot_names="", zalo_bot_links="").zalo_bot_signs[1] == ("zalo_bot_2", "", "")  # fmt: skip
    with pytest.raises(ValueError, match="ZALO_BOT_NAMES"):
        settings(zalo_bot_names="a,b,c")
    with pytest.raises(ValueError, match="https://"):
        settings(zalo_bot_links="javascript:alert(1)")
