"""Kiểm tra, said and heard: what a checker sees, what they decide on, and what happens meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from models.organisation import Holding, Post
from models.queue import Chat
from models.report import Obstacle, Report
from models.task import Task
from services import access, checks
from services.errors import Refused
from tests.village import SINCE, Chair, Town, picture, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


@pytest.fixture
def cadre(here: Town) -> Chair:
    return here.sits("pct-phu-luu")


@pytest.fixture
def leader(here: Town) -> Chair:
    return here.sits("bi-thu-phu-luu")


async def says(chair: Chair, *lines: str) -> str:
    """Several things one after the other; what is heard in answer to the last."""
    heard = ""
    for line in lines:
        heard = await chair.says(line)
    return heard


async def in_force(here: Town) -> list[tuple[int, str | None]]:
    """Each report's value and how its check ended."""
    async with here.database.begin() as session:
        rows = await session.scalars(select(Report).where(Report.current).order_by(Report.number))
        return [(int(row.value or 0), row.outcome) for row in rows]


async def the_task(here: Town, code: str = "NV-03") -> Task:
    async with here.database.begin() as session:
        return await session.get_one(Task, here.village.tasks[code])


async def test_one_report_is_named_at_once(cadre: Chair, leader: Chair) -> None:
    await says(cadre, "bc nv03 2 tổ", "1", "bc nv07 39,5", "1")
    assert (await leader.says("kiểm tra bc2")).startswith("BC-0002 · NV-07")
    heard = await leader.says("kiểm tra bc3")
    assert heard.startswith("BC-0003 không có trong danh sách")
    assert "2 báo cáo chờ kiểm tra" in heard
    assert (await leader.says("bc1")).startswith("BC-0001 · NV-03")


async def test_what_was_corrected_meanwhile_is_shown_before_it_is_accepted(
    here: Town, cadre: Chair, leader: Chair
) -> None:
    await says(cadre, "bc nv03 2 tổ", "1")
    assert "2/2 tổ" in await leader.says("kiểm tra bc1")
    assert "(lần 2)" in await says(cadre, "sửa", "1", "sửa", "kết quả", "0", "đúng", "gửi")
    heard = await leader.says("duyệt")
    assert heard.startswith("BC-0001 vừa được người gửi sửa, đồng chí xem bản mới.")
    assert "0/2 tổ (0%)" in heard
    assert "kết thúc việc" not in heard
    assert await in_force(here) == [(0, None)]
    await says(leader, "trả lại")
    await says(cadre, "sửa bc1", "sửa", "kết quả", "1", "gửi")
    assert "1/2 tổ (50%)" in await leader.says("Chưa có tổ nào à?")
    assert await in_force(here) == [(1, None)]
    assert "✅ Đã duyệt BC-0001." in await leader.says("duyệt")


@pytest.mark.parametrize("decision", ["duyệt", "trả lại"])
async def test_what_a_colleague_decided_meanwhile_is_said_and_the_list_goes_on(
    here: Town, cadre: Chair, leader: Chair, decision: str
) -> None:
    await says(cadre, "bc nv03 1 tổ", "1", "bc nv07 39,5", "1")
    await leader.says("kiểm tra bc1")
    await says(here.sits("bi-thu-tinh"), "kiểm tra bc1", "duyệt")
    heard = await says(leader, *([decision, "Thiếu ảnh"] if decision == "trả lại" else [decision]))
    assert heard.startswith("BC-0001 đã được kiểm tra rồi.\n\n1 báo cáo chờ kiểm tra")
    assert (await leader.says("1")).startswith("BC-0002")


async def test_only_the_report_that_the_figure_rests_on_closes_the_task(
    here: Town, cadre: Chair, leader: Chair
) -> None:
    await says(cadre, "bc nv03 1 tổ", "1", "bc nv03 2 tổ", "1")
    heard = await leader.says("kiểm tra bc1")
    assert "Duyệt và kết thúc việc" not in heard
    assert "Việc này có báo cáo mới hơn là BC-0002, kết thúc việc ở báo cáo đó." in heard
    heard = await says(leader, "kiểm tra bc2", "Duyệt và kết thúc việc")
    assert "Việc đã kết thúc. Báo cáo còn chờ của việc này cũng được duyệt: BC-0001." in heard
    assert "Không có báo cáo nào chờ" in heard
    told = cadre.hears()
    assert told.count("BC-0002, BC-0001 (NV-03) đã được đồng chí Nguyễn Văn B duyệt") == 1
    assert await in_force(here) == [(1, "accepted"), (2, "accepted")]
    done = await the_task(here)
    assert (done.state, done.value, done.unchecked) == ("done", Decimal(2), 0)


async def test_a_task_is_not_closed_below_what_its_newest_report_says(
    here: Town, cadre: Chair, leader: Chair
) -> None:
    await says(cadre, "bc nv03 2 tổ", "1")
    await leader.says("kiểm tra bc1")
    await says(cadre, "bc nv03 1 tổ, đúng tiến độ", "1")
    heard = await leader.says("Duyệt và kết thúc việc")
    assert heard.startswith("Việc này có báo cáo mới hơn là BC-0002")
    assert "1. Duyệt  2. Trả lại" in heard.replace("\n", "  ")
    assert (await the_task(here)).state == "open"


async def test_nothing_of_a_closed_task_is_returned(
    here: Town, cadre: Chair, leader: Chair
) -> None:
    await says(cadre, "bc nv03 1 tổ", "1", "bc nv03 2 tổ", "1")
    await leader.says("kiểm tra bc1")
    await leader.says("trả lại")
    await says(here.sits("bi-thu-tinh"), "kiểm tra bc2", "Duyệt và kết thúc việc")
    assert "BC-0001 đã được kiểm tra rồi." in await leader.says("Thiếu ảnh")
    done = await the_task(here)
    assert (done.state, done.value) == ("done", Decimal(2))


async def test_nobody_checks_what_they_sent_themselves(here: Town, cadre: Chair) -> None:
    """D03, also for a secretary who is the commune's clerk as well."""
    async with here.database.begin() as session:
        post = Post(
            code="van-thu", unit_id=here.village.units["phu-luu"], title="Văn thư", kind="clerk"
        )
        session.add(post)
        await session.flush()
        person = here.village.people["bi-thu-phu-luu"]
        session.add(Holding(person_id=person, post_id=post.id, from_day=SINCE))
    leader = here.sits("bi-thu-phu-luu")
    await says(leader, "bc nv03 2 tổ", "1")
    assert "Không có báo cáo nào chờ" in await leader.says("kiểm tra")
    async with here.database.begin() as session:
        actor = await access.actor_at(session, "terminal", "bi-thu-phu-luu", here.now)
        assert actor
        for decide in (
            checks.accept(session, actor, 1, here.now, close=True),
            checks.give_back(session, actor, 1, here.now, comment="Thiếu ảnh"),
        ):
            with pytest.raises(Refused, match="không tự kiểm tra"):
                await decide
    # Nor are they settled by the way, when the secretary closes the task by another's report.
    await says(cadre, "bc nv03 2 tổ", "1")
    await says(leader, "kiểm tra bc2", "Duyệt và kết thúc việc")
    assert await in_force(here) == [(2, None), (2, "accepted")]
    heard = await says(here.sits("bi-thu-tinh"), "kiểm tra bc1")
    assert "Duyệt và kết thúc việc" not in heard
    heard = await says(here.sits("bi-thu-tinh"), "trả lại", "Thiếu ảnh")
    assert heard.startswith("NV-03 đã kết thúc nên không trả lại báo cáo nữa.")
    assert "✅ Đã duyệt BC-0001." in await says(here.sits("bi-thu-tinh"), "duyệt")


async def test_a_correction_makes_nobody_late(here: Town, cadre: Chair, leader: Chair) -> None:
    """NV-07 is due on 30/11: it was there on 22/11, whatever was added or checked later."""
    await says(cadre, "bc nv07 40", "1")
    here.clock.move_to(here.now + timedelta(days=10))
    await says(
        cadre, "sửa bc1", "sửa", "ghi chú", "thêm số hộ", "gửi", "bc nv07 41, đúng tiến độ", "1"
    )
    await says(leader, "kiểm tra bc2", "Duyệt và kết thúc việc")
    assert (await the_task(here, "NV-07")).closed_on == date(2026, 11, 22)


@pytest.mark.parametrize("returned", [False, True])
async def test_what_was_not_there_yet_counts_from_when_it_was(
    here: Town, cadre: Chair, leader: Chair, returned: bool
) -> None:
    await says(cadre, "bc nv07 40" if returned else "bc nv07 39", "1")
    if returned:
        await says(leader, "kiểm tra bc1", "trả lại", "Chưa đủ hồ sơ")
    here.clock.move_to(here.now + timedelta(days=10))
    await says(cadre, "sửa bc1", "sửa", "kết quả", "40", "gửi")
    await says(leader, "kiểm tra bc1", "Duyệt và kết thúc việc")
    assert (await the_task(here, "NV-07")).closed_on == date(2026, 12, 2)


async def test_a_return_in_between_takes_nothing_from_what_was_there_before(
    here: Town, cadre: Chair, leader: Chair
) -> None:
    await says(cadre, "bc nv07 40", "1")
    here.clock.move_to(here.now + timedelta(days=1))
    await says(cadre, "bc nv07 40,5, đúng tiến độ", "1")
    await says(leader, "kiểm tra bc2", "trả lại", "Chưa đủ hồ sơ")
    here.clock.move_to(here.now + timedelta(days=9))
    await says(cadre, "bc nv07 41, đúng tiến độ", "1")
    await says(leader, "kiểm tra bc3", "Duyệt và kết thúc việc")
    assert (await the_task(here, "NV-07")).closed_on == date(2026, 11, 22)


async def test_correcting_an_older_report_leaves_the_newer_figure(here: Town, cadre: Chair) -> None:
    await says(cadre, "bc nv07 38", "1")
    here.clock.move_to(here.now + timedelta(days=1))
    await says(cadre, "bc nv07 39,5", "1")
    here.clock.move_to(here.now + timedelta(days=1))
    await says(cadre, "sửa bc1", "sửa", "kết quả", "38,5", "gửi")
    row = await the_task(here, "NV-07")
    assert (row.value, row.last_report_at) == (Decimal("39.5"), here.now)


async def test_the_checker_sees_what_is_stuck_and_is_warned_before_closing(
    here: Town, cadre: Chair, leader: Chair
) -> None:
    await says(cadre, "bc", "nv03", "2", "vướng", "chưa có đất", "cấp trên", "bỏ qua", "gửi")
    assert "Vướng mắc: chưa có đất (chờ cấp trên)" in await leader.says("kiểm tra bc1")
    heard = await leader.says("Duyệt và kết thúc việc")
    assert "Kết thúc việc thì vướng mắc cũng khép lại." in heard
    assert await in_force(here) == [(2, None)]
    assert "Việc đã kết thúc." in await leader.says("Vẫn kết thúc việc")
    async with here.database.begin() as session:
        assert (await session.scalars(select(Obstacle))).one().closed_at == here.now
    assert "Vướng mắc chờ tháo gỡ" not in await leader.says("/tongket")


async def test_a_reason_is_said_in_words(here: Town, cadre: Chair, leader: Chair) -> None:
    await says(cadre, "bc nv03 1 tổ", "1")
    assert "Đồng chí trả lời bằng số từ 1 đến 3." in await says(leader, "kiểm tra bc1", "9")
    await leader.says("trả lại")
    for none in ("1", "...", "?!"):
        heard = await leader.says(none)
        assert "cần bổ sung gì?" in heard, none
    assert await in_force(here) == [(1, None)]
    assert "Đã trả lại BC-0001" in await leader.says("Thiếu ảnh")


async def test_a_photo_instead_of_a_reason_keeps_the_place(
    here: Town, cadre: Chair, leader: Chair
) -> None:
    await says(cadre, "bc nv03 1 tổ", "1")
    await says(leader, "kiểm tra bc1", "trả lại")
    heard = await leader.sends_photo(picture())
    assert "cần một câu bằng chữ" in heard
    assert "cần bổ sung gì?" in heard
    heard = await leader.sends_photo(picture("blue"), caption="Chụp rõ như ảnh này")
    assert "Đã trả lại BC-0001" in heard
    assert "Chụp rõ như ảnh này" in cadre.hears()


async def test_an_old_menu_decides_nothing_though_the_new_one_offers_the_same(
    here: Town, cadre: Chair, leader: Chair
) -> None:
    """p14, p15: "Duyệt" under BC-0001 is not "Duyệt" under BC-0002."""
    await says(cadre, "bc nv03 1 tổ", "1", "bc nv07 39,5", "1")
    await leader.says("kiểm tra bc1")
    async with here.database.begin() as session:
        old = int((await session.get_one(Chat, ("terminal", leader.code))).state["menu"])
    await leader.says("kiểm tra bc2")
    heard = await leader.picks("accept", old)
    assert heard.startswith("Danh sách này đã cũ.")
    assert "BC-0002" in heard
    assert [outcome for _, outcome in await in_force(here)] == [None, None]
    await leader.picks("accept", old + 2)
    assert [outcome for _, outcome in await in_force(here)] == [None, "accepted"]


@pytest.mark.parametrize("said", ["nv03", "kiểm tra bc700", "bc700"])
async def test_a_code_is_no_reason_for_returning(here: Town, said: str) -> None:
    await here.sits("pct-phu-luu").says("bc nv03 2 tổ")
    await here.sits("pct-phu-luu").says("gửi")
    leader = here.sits("bi-thu-phu-luu")
    await leader.says("kiểm tra bc1")
    assert "cần bổ sung gì" in await leader.says("trả lại")
    heard = await leader.says(said)
    assert "Đã trả lại" not in heard
    if said == "nv03":
        assert "NV-03 Xây dựng" in heard
        assert "cần bổ sung gì" in heard


async def test_a_code_is_no_obstacle(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc nv07", "40", "vướng mắc"):
        heard = await chair.says(said)
    assert "Đang vướng ở đâu?" in heard
    assert "NV-03 Xây dựng" in await chair.says("nv03")
    assert "Đang vướng ở đâu?" in await chair.says("thôi")


async def test_the_number_that_returns_a_report_never_ends_a_task(
    here: Town, cadre: Chair, leader: Chair
) -> None:
    await says(cadre, "bc nv03 1 tổ", "1", "bc nv07 40", "1")
    assert "2. Trả lại" in await leader.says("kiểm tra bc1")
    heard = await leader.says("kiểm tra bc2")
    assert "2. Trả lại" in heard
    assert "4. Duyệt và kết thúc việc" in heard
    assert "cần bổ sung gì" in await leader.says("2")
    assert (await the_task(here, "NV-07")).state == "open"


@pytest.mark.parametrize(
    "said", ["trả lại: thiếu ảnh tổ chanh", "tra lai vi thiếu ảnh tổ chanh", "Trả lại, thiếu ảnh tổ chanh"]
)  # fmt: skip
async def test_a_report_is_returned_with_its_reason_in_one_message(
    here: Town, cadre: Chair, leader: Chair, said: str
) -> None:
    await says(cadre, "bc nv03 2 tổ", "1")
    assert "Đã trả lại BC-0001" in await says(leader, "kiểm tra bc1", said)
    assert "gửi lại để bổ sung: thiếu ảnh tổ chanh\n" in cadre.hears()
    assert await in_force(here) == [(2, "returned")]


async def test_the_checker_sees_where_it_was(cadre: Chair, leader: Chair) -> None:
    await says(cadre, "bc nv03 2 tổ", "22.05, 105.03", "1")
    assert "Vị trí đã gửi: 22.05, 105.03 (" in await leader.says("kiểm tra bc1")
