"""Which task a report is about: what is understood, what is refused, and what becomes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from models.task import Task
from tests.village import Town, add_task, picture, town


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path / "media") as made:
        yield made


async def close_task(here: Town, code: str) -> None:
    async with here.database.begin() as session:
        (await session.get_one(Task, here.village.tasks[code])).state = "done"


@pytest.mark.parametrize("said", ["bc nv03", "bc nv99", "bc tu1 5%", "bc nv03 5%"])
async def test_another_code_is_not_taken_for_the_only_task(here: Town, said: str) -> None:
    await close_task(here, "NV-03")
    heard = await here.sits("pct-phu-luu").says(said)
    code = {"bc nv99": "NV-99", "bc tu1 5%": "TU-01"}.get(said, "NV-03")
    assert heard.startswith(f"{code} không phải việc đang mở của đồng chí.")
    assert "NV-07 Thu gom rác thải nông thôn, hạn 30/11/2026." in heard
    assert heard.endswith("bao nhiêu phần trăm? (lần trước 12/11: 39%)")


async def test_what_was_refused_is_not_used_later(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    assert 'Chưa rõ "5" là việc nào.' in await chair.says("bc 5")
    assert (await chair.says("1")).startswith("Kết quả đến hôm nay")
    await chair.says("huỷ")
    await chair.says("bc")
    assert "Chưa thấy việc nào" in await chair.says("xong")
    assert (await chair.says("1")).startswith("Kết quả đến hôm nay")


async def test_a_number_behind_the_command_picks_from_the_list(here: Town) -> None:
    heard = await here.sits("pct-phu-luu").says("bc 2")
    assert heard.startswith("NV-07 Thu gom rác thải nông thôn.\n\nKết quả đến hôm nay")


async def test_one_word_that_only_one_task_has(here: Town) -> None:
    assert (await here.sits("pct-phu-luu").says("bc rac")).startswith("NV-07 Thu gom rác")
    await here.sits("pct-phu-luu").says("huỷ")
    assert "Kết quả: 39%" in await here.sits("pct-phu-luu").says("nhiem vu rac thai")


async def test_a_code_that_several_units_use_is_asked_with_the_units(here: Town) -> None:
    for owner in ("pct-bach-xa", "bi-thu-bach-xa", "bi-thu-phu-luu"):
        await add_task(here, "NV-03", owner)
    clerk, leader = here.sits("van-phong"), here.sits("bi-thu-tinh")
    for heard in (await clerk.says("bc nv03 2 km"), await leader.says("nv03")):
        assert heard.startswith("Có 4 việc mang mã NV-03, đồng chí chọn một:")
        assert "NV-03 Xây dựng 2 tổ sản xuất VietGAP (Xã Phù Lưu) — 1/2 tổ" in heard
        assert "NV-03 Làm đường bê tông (Xã Bạch Xa) — chưa có số liệu" in heard
    assert "Báo cáo thay" in await clerk.says("2")
    assert "trả lời bằng số từ 1 đến 4." in await leader.says("7")
    assert "Kết quả: 1/2 tổ" in await leader.says("1")


async def test_more_tasks_of_one_code_than_a_page_holds(here: Town) -> None:
    for owner in sorted(here.village.posts.keys() - {"bi-thu-tinh"}):
        await add_task(here, "NV-50", owner)
    await add_task(here, "NV-050", "pct-bach-xa")
    await add_task(here, "NV-0050", "pct-bach-xa", title="Việc thứ chín")
    heard = await here.sits("bi-thu-tinh").says("nhiem vu nv50")
    assert "8. NV-050 Làm đường" in heard
    assert "0. Xem tiếp (còn 1)" in heard
    assert "Việc thứ chín" in await here.sits("bi-thu-tinh").says("0")


async def test_a_clerk_sees_own_tasks_first_and_says_whose_report_it_is(here: Town) -> None:
    await add_task(here, "NV-25", "van-phong", title="Phòng họp không giấy")
    clerk = here.sits("van-phong")
    heard = await clerk.says("bc")
    assert heard.startswith("Báo cáo việc nào?\n1. NV-25 Phòng họp không giấy")
    assert "NV-21" not in heard
    assert "Còn 3 việc khác của đơn vị: gõ mã việc hoặc vài chữ trong tên việc." in heard
    assert "Chưa thấy việc nào" in await clerk.says("21")
    whose = "Báo cáo thay đồng chí Lê Văn D, Phó Chủ tịch UBND, Xã Bạch Xa."
    assert whose in await clerk.says("nv21")
    await clerk.says("huỷ")
    assert whose in await clerk.says("bc nv21 đã xong")
    await clerk.says("huỷ")
    assert "Báo cáo thay" not in await clerk.says("bc nv25")


async def test_a_code_answers_where_the_step_knows_no_codes(here: Town) -> None:
    leader = here.sits("bi-thu-phu-luu")
    await leader.says("/tongket")
    heard = await leader.says("nv07")
    assert heard.startswith("NV-07 Thu gom rác thải nông thôn")
    assert heard.endswith(
        "Xem gì?\n1 Quá hạn · 2 Vướng mắc · 3 Theo đơn vị · 4 Theo người · 5 Ảnh mới · 6 Xuất bảng · 7 Chưa báo cáo"
    )
    assert "Quá hạn" in await leader.says("1")
    assert "Không thấy NV-99" in await leader.says("nv99")
    cadre = here.sits("pct-phu-luu")
    for said in ("bc", "1", "2"):
        await cadre.says(said)
    assert "NV-07 Thu gom rác thải" in await cadre.says("nv07")
    assert (await cadre.says("tiếp")).endswith("Tình hình? 1. Đúng tiến độ  2. Chậm  3. Vướng mắc")


async def test_a_report_is_opened_by_its_code(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc nv03 2 tổ", "gửi", "bc nv07 39,5", "gửi", "sửa"):
        await chair.says(said)
    assert "Đây là BC-0001 như đã gửi." in await chair.says("BC-0001")
    for code in ("bc-0002", "bc 0002", "BC0002"):
        await chair.says("huỷ")
        assert "Đây là BC-0002 như đã gửi." in await chair.says(code)
    for number in ("bc -5", "bc 1200"):
        await chair.says("huỷ")
        assert "Báo cáo việc nào?" in await chair.says(number)


async def test_a_caption_about_no_task_is_a_note(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    assert (await chair.sends_photo(picture(), "ra mắt ở nhà văn hoá")).startswith("Báo cáo việc")
    for said in ("1", "2", "1"):
        await chair.says(said)
    assert "Ghi chú: ra mắt ở nhà văn hoá" in await chair.says("xong")


@pytest.mark.parametrize(
    "said", ["bc nv03 phù lưu 2 tổ", "bc nv03 xa phu luu: 2 tổ", "nv03 của xã Phù Lưu 2 tổ"]
)
async def test_a_clerk_names_the_unit_beside_the_code(here: Town, said: str) -> None:
    await add_task(here, "NV-03", "pct-bach-xa", measure_unit="tổ", target=Decimal(3))
    heard = await here.sits("van-phong").says(said)
    assert "Báo cáo thay đồng chí Nguyễn Văn A" in heard
    assert "NV-03 · 2/2 tổ (100%)" in heard
    assert "Ghi chú" not in heard


async def test_a_clerk_names_the_unit_beside_some_words_of_the_task(here: Town) -> None:
    await add_task(here, "NV-03", "pct-bach-xa", title="Sản xuất VietGAP", measure_unit="tổ")
    clerk = here.sits("van-phong")
    await clerk.says("bc")
    heard = await clerk.says("vietgap bạch xa")
    assert "Báo cáo thay đồng chí Lê Văn D" in heard
    assert "Kết quả đến hôm nay, tính bằng tổ?" in heard


async def test_a_code_that_several_bear_is_no_note_once_the_task_is_chosen(here: Town) -> None:
    await add_task(here, "NV-03", "pct-bach-xa", measure_unit="tổ", target=Decimal(3))
    clerk = here.sits("van-phong")
    assert "Có 2 việc mang mã NV-03" in await clerk.says("bc nv03 2 tổ")
    heard = await clerk.says("1")
    assert "NV-03 · 2/2 tổ (100%)" in heard
    assert "Ghi chú" not in heard


async def test_a_figure_said_first_stays_when_the_task_is_named_with_its_unit(here: Town) -> None:
    await add_task(here, "NV-10", "pct-phu-luu")
    await add_task(here, "NV-10", "pct-bach-xa")
    clerk = here.sits("van-phong")
    for said in ("nv10 phù lưu", "bê tông phù lưu"):
        await clerk.says("bc 5 km")
        heard = await clerk.says(said)
        assert "NV-10 · 5/7,5 km" in heard, said
        await clerk.says("huỷ")
