"""The main dialogue, as in mission.md §5, and what people do instead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from models.queue import Chat
from models.report import Evidence, Obstacle, Report
from models.task import Task
from services import linking
from tests.village import SECRET, Town, picture, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


async def reports(here: Town) -> list[Report]:
    async with here.database.begin() as session:
        return list(await session.scalars(select(Report).order_by(Report.id)))


async def task(here: Town, code: str) -> Task:
    async with here.database.begin() as session:
        return await session.get_one(Task, here.village.tasks[code])


async def test_the_dialogue_of_the_mission(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    assert await chair.says("bao cao") == (
        "Báo cáo việc nào?\n"
        "1. NV-03 Xây dựng 2 tổ sản xuất VietGAP — 1/2 tổ (50%), hạn 31/12/2026\n"
        "2. NV-07 Thu gom rác thải nông thôn — 39% (97,5% kế hoạch), hạn 30/11/2026\n"
        "Trả lời bằng số, hoặc gõ vài chữ trong tên việc."
    )
    assert await chair.says("1") == "Kết quả đến hôm nay, tính bằng tổ? (lần trước 12/11: 1)"
    assert await chair.says("2") == "Tình hình? 1. Đúng tiến độ  2. Chậm  3. Vướng mắc"
    assert await chair.says("1") == (
        'Gửi ảnh minh chứng (tối đa 10). Gõ "xong" khi đủ, "bỏ qua" nếu không có.'
    )
    await chair.sends_photo(picture("green"))
    await chair.sends_photo(picture("blue"))
    assert await chair.says("xong") == (
        "Xem lại: NV-03 · 2/2 tổ (100%) · đúng tiến độ · 2 ảnh. 1. Gửi  2. Sửa  3. Huỷ"
    )
    assert await chair.says("1") == (
        "✅ Đã ghi BC-0001 lúc 16:30, Chủ Nhật 22/11/2026. Đồng chí Nguyễn Văn B sẽ kiểm tra."
    )
    done = await task(here, "NV-03")
    assert (done.value, done.percent) == (Decimal(2), Decimal(100))
    assert (done.bucket, done.state) == ("met", "open")
    assert (await here.sits("bi-thu-phu-luu").says("/tongket")).startswith(
        "TỔNG KẾT · Xã Phù Lưu · đến 16:30 22/11/2026"
    )


async def test_everything_in_one_message_with_a_photo(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    heard = await chair.sends_photo(caption="bc nv03 2 tổ, xong tổ chanh")
    assert "Xem lại: NV-03 · 2/2 tổ (100%) · đúng tiến độ · 1 ảnh." in heard
    assert "BC-0001" in await chair.says("1")


async def test_an_obstacle_is_a_normal_answer(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc", "2", "39,5", "vướng"):
        heard = await chair.says(said)
    assert heard.startswith("Đang vướng ở đâu?")
    await chair.says("3 hộ chưa ký cam kết")
    await chair.says("1")
    await chair.says("bỏ qua")
    await chair.says("gửi")
    async with here.database.begin() as session:
        obstacle = (await session.scalars(select(Obstacle))).one()
    assert (obstacle.text, obstacle.waits_for) == ("3 hộ chưa ký cam kết", "unit")
    assert (await task(here, "NV-07")).value == Decimal("39.5")


async def test_a_restart_in_mid_talk_goes_on(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc")
    await chair.says("1")
    await here.restarts()
    assert (await chair.says("2")).startswith("Tình hình?")


async def test_a_correction_keeps_every_version(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc nv03 2 tổ", "gửi", "sửa", "1", "2", "kết quả", "1", "1"):
        heard = await chair.says(said)
    assert "Đã sửa BC-0001 (lần 2)" in heard
    first, second = await reports(here)
    assert (first.value, first.current, first.version) == (Decimal(2), False, 1)
    assert (second.value, second.current, second.version) == (Decimal(1), True, 2)
    assert (await task(here, "NV-03")).value == 1


async def test_a_double_tap_has_one_effect(here: Town) -> None:  # p14
    chair = here.sits("pct-phu-luu")
    await chair.says("bc nv03 2 tổ")
    menu = await menu_of(here, "pct-phu-luu")
    await chair.picks("send", menu)
    heard = await chair.picks("send", menu)
    assert heard.startswith("Danh sách này đã cũ")
    assert len(await reports(here)) == 1


async def menu_of(here: Town, code: str) -> int:
    async with here.database.begin() as session:
        chat = await session.get_one(Chat, ("terminal", code))
    return int(chat.state["menu"])


async def test_p13_a_press_that_overtakes_the_photo_before_it(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc", "1", "2", "1"):
        await chair.says(said)
    await chair.sends_photo(picture("green"))
    await chair.says("xong")
    heard = await chair.sends_photo(picture("red"))
    assert "2 ảnh." in heard
    await chair.says("1")
    async with here.database.begin() as session:
        assert len((await session.scalars(select(Evidence))).all()) == 2


async def test_p12_a_shuffled_album_is_one_report_with_ten_photos(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    events = []
    for at in range(10):
        ref = await here.app.store.take_upload(picture(f"#{at * 20:02x}8040"), "anh.jpg")
        caption = "bc nv03 2 tổ" if at == 6 else ""
        events.append(chair.photo_event(ref, caption, "album-1"))
    await here.app.inbox.accept(events[:5])
    await here.app.drain()
    await here.restarts()
    await here.app.inbox.accept(events)
    await here.app.drain()
    assert chair.hears() == ""
    here.clock.move_to(here.now.replace(second=5))
    await here.app.drain()
    heard = chair.hears()
    assert heard.count("Xem lại") == 1
    assert "10 ảnh" in heard
    await chair.says("1")
    async with here.database.begin() as session:
        assert len((await session.scalars(select(Evidence))).all()) == 10
    assert len(await reports(here)) == 1


@pytest.mark.parametrize(
    "said",
    [
        "",
        "   ",
        "?",
        "x" * 10_000,
        "99",
        "-1",
        "😀😀",
        "\u202eabc\u202c",
        "2026",
        "/khongco",
        "a\x00b",
        "\ud83d",
    ],
)
async def test_bad_input_keeps_the_place(here: Town, said: str) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc")
    heard = await chair.says(said)
    assert "Báo cáo việc nào?" in heard
    assert (await chair.says("1")).startswith("Kết quả đến hôm nay")


async def test_p46_nobody_reports_on_what_is_not_theirs(here: Town) -> None:
    chair = here.sits("pct-bach-xa")
    await chair.says("bc")
    menu = await menu_of(here, "pct-bach-xa")
    heard = await chair.picks(f"t{here.village.tasks['NV-03']}", menu)
    assert "Danh sách này đã cũ" in heard
    assert "VietGAP" not in await chair.says("nhiệm vụ nv03")


async def code_of(here: Town, person: str) -> str:
    """A one-time code as the office gives it out."""
    async with here.database.begin() as session:
        return await linking.make_code(
            session, None, here.village.people[person],
            now=here.now, secret=SECRET.encode(), days=7,
        )  # fmt: skip


async def test_a_chat_that_nobody_connected_is_asked_for_its_code(here: Town) -> None:
    stranger = here.sits("stranger")
    assert "mã kết nối" in await stranger.says("bao cao")
    assert "không dùng được" in await stranger.says("1234 567 890")
    code = await code_of(here, "pct-bach-xa")
    assert "Lê Văn D" in await stranger.says(f"/start {code}")
    assert "Đã kết nối" in await stranger.says("1")
    assert "NV-21" in await stranger.says("bc")


async def test_five_wrong_codes_lock_the_chat(here: Town) -> None:
    stranger = here.sits("stranger")
    await stranger.says("xin chào")
    assert "không dùng được" in await stranger.says("1234567890")
    last = await stranger.says("1234567891")
    assert "không dùng được" in last
    assert "sai 5 lần thì phải đợi 15 phút" in last
    for at in range(2, 7):  # three answers an hour, and no more
        assert await stranger.says(f"123456789{at}") == ""
    code = await code_of(here, "pct-bach-xa")
    assert await stranger.says(code) == ""
    here.clock.move_to(here.now + timedelta(minutes=16))
    assert "Lê Văn D" in await stranger.says(code)


async def test_skipping_after_photos_throws_none_of_them_away(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc", "1", "2", "1"):
        await chair.says(said)
    await chair.sends_photo(picture("green"))
    assert "1 ảnh" in await chair.says("bỏ qua")


async def test_a_correction_shows_the_figure_before_the_report(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc nv03 2 tổ", "gửi", "sửa bc1", "sửa"):
        heard = await chair.says(said)
    assert heard == "Sửa phần nào? 1. Kết quả  2. Tình hình  3. Ảnh, tệp  4. Ghi chú"
    loaded = await chair.says("1")
    assert loaded == "Kết quả đến hôm nay, tính bằng tổ? (lần trước: 1)"
    assert "1/2 tổ (50%)" in await chair.says("không đổi")
    await chair.says("gửi")
    here.clock.move_to(here.now.replace(day=23))
    for said in ("bc nv03 2 tổ", "gửi", "sửa bc2", "sửa", "1"):
        heard = await chair.says(said)
    assert heard == "Kết quả đến hôm nay, tính bằng tổ? (lần trước 22/11: 1)"
