"""Check, leave, codes, help, and what people do in between."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from bot.conversation import Event
from handlers import commands_for
from models.audit import Audit
from models.calendar import Leave
from models.organisation import Person, Post
from models.report import Report
from models.task import Task
from services import access, people
from services.errors import Refused
from tests.village import Town, picture, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


async def reported(here: Town, line: str = "bc nv03 2 tổ") -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says(line)
    await chair.says("gửi")


async def test_accepting_closes_the_task_and_the_author_hears(here: Town) -> None:
    await reported(here)
    leader = here.sits("bi-thu-phu-luu")
    assert "BC-0001" in await leader.says("kiem tra")
    heard = await leader.says("1")
    assert "1. Duyệt\n2. Trả lại\n3. Để sau\n4. Duyệt và kết thúc việc" in heard
    assert "Việc đã kết thúc" in await leader.says("4")
    assert "đã được đồng chí Nguyễn Văn B duyệt" in here.sits("pct-phu-luu").hears()
    async with here.database.begin() as session:
        task = await session.get_one(Task, here.village.tasks["NV-03"])
        assert (task.state, task.closed_on, task.unchecked) == ("done", date(2026, 11, 22), 0)
        actions = (await session.scalars(select(Audit.action).order_by(Audit.id))).all()
    assert "accept_report" in actions
    assert "NV-03" not in await here.sits("pct-phu-luu").says("bc")


async def test_returning_takes_the_figure_back_and_the_author_hears(here: Town) -> None:
    await reported(here)
    leader = here.sits("bi-thu-phu-luu")
    for said in ("kiem tra", "1", "trả lại"):
        await leader.says(said)
    await leader.says("Ảnh mờ, đồng chí chụp lại")
    heard = here.sits("pct-phu-luu").hears()
    assert "Ảnh mờ, đồng chí chụp lại" in heard
    assert '"sửa"' in heard
    async with here.database.begin() as session:
        task = await session.get_one(Task, here.village.tasks["NV-03"])
        assert task.unchecked == 0
        assert task.value is None or task.value == 1


async def test_two_checkers_at_once_have_one_effect(here: Town) -> None:
    await reported(here)
    leader, province = here.sits("bi-thu-phu-luu"), here.sits("bi-thu-tinh")
    for chair in (leader, province):
        await chair.says("kiem tra")
        await chair.says("1")
    await leader.says("1")
    assert "đã được kiểm tra rồi" in await province.says("4")


async def test_nobody_checks_their_own_or_a_foreign_report(here: Town) -> None:
    await reported(here)
    for code in ("pct-phu-luu", "bi-thu-bach-xa", "giam-sat"):
        assert "Không có báo cáo nào" in await here.sits(code).says("kiem tra")


async def test_leave_is_read_back_with_weekday_and_full_date(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    heard = await chair.says("nghỉ đến 30/11")
    assert "Thứ Hai 30/11/2026" in heard
    assert "✅" in await chair.says("đúng")
    async with here.database.begin() as session:
        leave = (await session.scalars(select(Leave))).one()
    assert (leave.from_day, leave.to_day) == (date(2026, 11, 22), date(2026, 11, 30))
    await chair.says("nghi")
    assert "Đã bỏ kỳ nghỉ" in await chair.says("2")


async def test_p50_a_date_that_does_not_exist_is_told_so(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    assert "chỉ có 28 ngày" in await chair.says("nghỉ đến 30/2")
    assert "Thứ Hai 30/11/2026" in await chair.says("30/11")


async def test_help_shows_only_what_this_person_may_use(here: Town) -> None:
    assert "tổng kết" not in await here.sits("pct-phu-luu").says("?")
    assert "tổng kết" in await here.sits("bi-thu-phu-luu").says("?")
    assert "cấp mã" in await here.sits("van-phong").says("?")
    async with here.database.begin() as session:
        actor = await access.actor_at(session, "terminal", "pct-phu-luu", here.now)
    names = [name for name, _ in commands_for(actor)]
    assert "baocao" in names
    assert "tongket" not in names
    assert "kiemtra" not in names


async def test_a_clerk_gives_a_code(here: Town) -> None:
    assert "Cấp mã cho ai?" in await here.sits("van-phong").says("kết nối")
    assert await here.sits("van-phong").says("le van d") == (
        "Cấp mã cho đồng chí Lê Văn D, Phó Chủ tịch UBND, Xã Bạch Xa? 1. Đúng  2. Không phải"
    )
    assert "Mã kết nối" in await here.sits("van-phong").says("1")


async def test_a_clerk_names_a_post_by_its_first_letters(here: Town) -> None:
    heard = await here.sits("van-phong").says("ket noi pct bach xa")
    assert heard.startswith("Cấp mã cho đồng chí Lê Văn D, Phó Chủ tịch UBND, Xã Bạch Xa?")
    assert "Đồng chí chọn một người:" in await here.sits("quan-tri").says("kết nối bt")


async def test_a_clerk_enters_for_the_unit(here: Town) -> None:
    clerk = here.sits("van-phong")
    assert "NV-21" in await clerk.says("bc")
    await clerk.says("nv21")
    await clerk.says("đã xong")
    await clerk.says("1")
    await clerk.says("bỏ qua")
    await clerk.says("gửi")
    async with here.database.begin() as session:
        report = (await session.scalars(select(Report))).one()
    assert report.author_id == here.village.people["van-phong"]
    assert report.post_id == here.village.posts["pct-bach-xa"]


async def test_a_draft_is_kept_while_something_else_is_looked_at(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc", "1"):
        await chair.says(said)
    assert '"tiếp"' in await chair.says("/nhiemvu")
    assert "tính bằng tổ" in await chair.says("tiếp")
    assert (await chair.says("2")).startswith("Tình hình?")


async def test_cancelling_and_asking_work_anywhere(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for steps in (["bc"], ["bc", "1"], ["bc", "1", "2"], ["bc", "1", "2", "1"], ["bc nv03 2 tổ"]):
        for said in steps:
            last = await chair.says(said)
        assert last in await chair.says("?")
        assert await chair.says("huỷ") == "Đã huỷ, chưa ghi gì."
    assert "Hiện không có việc gì đang dở" in await chair.says("huy")


async def test_marked_papers_are_refused(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    heard = await chair.sends_photo(picture(), caption="MẬT - bc nv03 2 tổ")
    assert "văn thư mật" in heard
    async with here.database.begin() as session:
        assert (await session.scalars(select(Report))).all() == []


async def test_p36_a_broken_photo_is_named_by_its_number(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc", "1", "2", "1"):
        await chair.says(said)
    await chair.sends_photo(picture("green"))
    heard = await chair.sends_photo(picture("blue", (640, 480))[:700])
    assert "thứ 2" in heard
    assert "1 ảnh; 1 ảnh chưa dùng được" in await chair.says("xong")


@pytest.mark.parametrize("kind", ["unsupported", "edited", "location", "file"])
async def test_other_things_get_one_plain_sentence(here: Town, kind: str) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc")
    event = Event(
        chair.address, here.next_id(), kind, here.now,  # type: ignore[arg-type] # a kind from the list
        "Tôi chưa xem được nhãn dán." if kind == "unsupported" else "",
        place=(22.0, 105.0) if kind == "location" else None,
    )  # fmt: skip
    heard = await chair.does(event)
    assert "Báo cáo việc nào?" in heard


async def test_p15_a_forged_key_is_refused(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc")
    for key in ("send", "t999", "/khongco", "", "x" * 500):
        heard = await chair.picks(key, 1)
        assert heard
    async with here.database.begin() as session:
        assert (await session.scalars(select(Report))).all() == []


async def test_p45_odd_letters_come_back_whole(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    note = 'bc nv03 2 tổ, ghi chú <b>A & B</b> "x" 👨\u200d👩\u200d👧 \u202eabc'
    heard = await chair.says(note)
    assert "Xem lại" in heard
    assert "\u202e" not in heard


async def test_what_people_say_in_between(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    assert "gõ:" in await chair.says("em chào anh ạ")
    assert await chair.says("cảm ơn nhé") == "Vâng, cảm ơn đồng chí."
    assert (await chair.says("nv07")).startswith("NV-07 Thu gom rác thải nông thôn")
    heard = await chair.says("bc nv99 5")
    assert "NV-99 không phải việc đang mở của đồng chí." in heard
    assert "Báo cáo việc nào?" in heard
    assert (await chair.says("huỷ")) == "Đã huỷ, chưa ghi gì."


async def test_a_number_typed_before_the_task_is_not_lost(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    assert "Báo cáo việc nào?" in await chair.says("bc 39,5%")
    assert "Xem lại: NV-07 · 39,5% (98,8% kế hoạch)" in await chair.says("2")


async def test_a_slip_in_choosing_is_not_taken_for_a_result(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc")
    assert "Báo cáo việc nào?" in await chair.says("5")
    assert (await chair.says("1")).startswith("Kết quả đến hôm nay")


async def test_a_photo_sent_before_is_shown_to_the_checker_without_blame(here: Town) -> None:
    scene = scenery()
    chair = here.sits("pct-phu-luu")
    for caption in ("bc nv07 39,2", "bc nv07 39,5"):
        await chair.sends_photo(scene, caption=caption)
        await chair.says("gửi")
    leader = here.sits("bi-thu-phu-luu")
    await leader.says("kiem tra")
    assert "giống ảnh đã gửi trong BC-0001" in await leader.says("2")
    await leader.says("kiem tra")
    assert "giống ảnh" not in await leader.says("1")


def scenery() -> bytes:
    """A picture with something on it: even colours all look alike."""
    out = io.BytesIO()
    Image.radial_gradient("L").resize((320, 240)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


async def test_the_newest_photos_by_a_word(here: Town) -> None:
    await here.sits("pct-phu-luu").sends_photo(scenery(), caption="bc nv07 39,2")
    await here.sits("pct-phu-luu").says("gửi")
    assert "BC-0001" in await here.sits("bi-thu-phu-luu").says("ảnh mới")


async def test_handing_a_post_over_takes_its_tasks_along(here: Town) -> None:
    async with here.database.begin() as session:
        post = await session.get_one(Post, here.village.posts["pct-phu-luu"])
        taker = await session.get_one(Person, here.village.people["pct-bach-xa"])
        before = await people.hand_over(session, None, post, taker, date(2026, 11, 22), here.now)
        assert before
        assert before.id == here.village.people["pct-phu-luu"]
    assert "NV-03" in await here.sits("pct-bach-xa").says("nhiệm vụ")
    assert "không có việc nào" in await here.sits("pct-phu-luu").says("nhiệm vụ")
    async with here.database.begin() as session:
        with pytest.raises(Refused):
            await people.hand_over(session, None, post, taker, date(2026, 12, 1), here.now)


async def test_a_leave_that_cannot_be_is_not_read_back(here: Town) -> None:
    heard = await here.sits("pct-phu-luu").says("nghỉ đến hôm qua")
    assert "không trước ngày đầu" in heard
    assert "Nghỉ từ" not in heard


async def test_a_leave_whose_ends_have_changed_places_is_asked_about(here: Town) -> None:
    heard = await here.sits("pct-phu-luu").says("nghỉ từ 5/12 đến 1/12")
    assert "1. Thứ Ba 01/12/2026 đến Thứ Bảy 05/12/2026" in heard
    assert "Nghỉ từ" not in heard


async def test_what_was_no_value_is_no_note(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc", "1", "9999999999999999", "1e5", "35 ha"):
        assert "tính bằng tổ" in await chair.says(said) or said == "bc"
    assert "−5" not in await chair.says("-5")
    for said in ("gõ lại", "2", "1", "xong"):
        heard = await chair.says(said)
    assert "Ghi chú" not in heard
    assert "2/2 tổ" in heard
