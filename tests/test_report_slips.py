"""What is typed beside the point in a report: it is asked about or kept, never turned into a result."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.task import Task
from tests.village import Town, add_task, picture, town


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path / "media") as made:
        yield made


async def say(here: Town, who: str, *said: str) -> str:
    """All that is said, and what is heard at last."""
    chair, heard = here.sits(who), ""
    for one in said:
        heard = await chair.says(one)
    return heard


@pytest.mark.parametrize("said", ["50%", "7", "2 việc", "1,3", "3"])
async def test_a_job_is_done_or_not_done_and_nothing_between(here: Town, said: str) -> None:
    facts = {"measure": "yesno", "measure_unit": "", "target": Decimal(1)}
    await add_task(here, "NV-36", "pct-phu-luu", title="Ban hành quy chế", **facts)
    asked = "NV-36 đã xong chưa? 1. Đã xong  2. Chưa xong"
    assert await say(here, "pct-phu-luu", f"bc nv36 {said}") == asked
    assert 'trả lời "đã xong" hoặc "chưa xong"' in await say(here, "pct-phu-luu", said)


@pytest.mark.parametrize(
    ("said", "shown"),
    [("xong", "đã xong"), ("rồi", "đã xong"), ("100%", "đã xong"), ("1", "đã xong"),
     ("chưa", "chưa xong"), ("0%", "chưa xong"), ("2", "chưa xong")],
)  # fmt: skip
async def test_done_and_not_done_in_any_words(here: Town, said: str, shown: str) -> None:
    facts = {"measure": "yesno", "measure_unit": "", "target": Decimal(1)}
    await add_task(here, "NV-36", "pct-phu-luu", title="Ban hành quy chế", **facts)
    heard = await say(here, "pct-phu-luu", "bc nv36", said, "1", "bỏ qua")
    assert f"NV-36 · {shown} · đúng tiến độ" in heard


async def test_photos_stay_when_they_are_looked_at_again(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc nv03 2 tổ")
    await chair.sends_photo(picture("green"))
    await chair.sends_photo(picture("red"))
    there = 'Đang có 2 ảnh. Gửi thêm, gõ "bỏ hết" để gửi lại từ đầu, hoặc "xong" để giữ nguyên.'
    assert await say(here, "pct-phu-luu", "sửa", "4") == there
    assert "2 ảnh." in await chair.says("xong")
    assert "Đã ghi BC-0001" in await chair.says("gửi")
    assert await say(here, "pct-phu-luu", "sửa", "1", "2", "3") == there
    assert "Đã nhận 3 ảnh" in await chair.sends_photo(picture("blue"))
    assert "3 ảnh." in await chair.says("xong")
    assert "Gửi ảnh minh chứng" in await say(here, "pct-phu-luu", "sửa", "3", "bỏ hết")
    assert "Đã nhận 1 ảnh" in await chair.sends_photo(picture("white"))
    assert "1 ảnh." in await chair.says("xong")


@pytest.mark.parametrize("said", ["bc nv03 -2", "bc nv07 -5", "bc nv03 -2 tổ"])
async def test_a_result_below_zero_is_none(here: Town, said: str) -> None:
    heard = await say(here, "pct-phu-luu", said)
    assert "Kết quả là một số từ 0 trở lên." in heard
    assert "Kết quả đến hôm nay" in heard


async def test_a_dash_before_a_result_is_no_minus(here: Town) -> None:
    assert "2/2 tổ" in await say(here, "pct-phu-luu", "bc nv03 - 2 tổ")


async def test_what_stands_beside_the_result_is_kept(here: Town) -> None:
    heard = await say(here, "pct-phu-luu", "bc nv03 2 tổ 35 ha")
    assert "2/2 tổ" in heard
    assert "Ghi chú: 35 ha" in heard
    said = ("huỷ", "bc nv03", "1 tổ, đang làm tổ 2", "1", "xong")
    heard = await say(here, "pct-phu-luu", *said)
    assert "1/2 tổ" in heard
    assert "Ghi chú: đang làm tổ 2" in heard


async def test_done_means_the_target(here: Town) -> None:
    assert "NV-07 · 40% (100% kế hoạch)" in await say(here, "pct-phu-luu", "bc nv07 xong")
    said = ("huỷ", "bc nv07", "đạt", "1", "xong")
    assert "NV-07 · 40% (100% kế hoạch)" in await say(here, "pct-phu-luu", *said)


@pytest.mark.parametrize(
    "said", ["bc nv03 2 tổ; bc nv07 40%", "bc nv03 2 tổ, nv07 40%", "nv03 2 tổ bc nv07 40%"]
)
async def test_of_two_reports_in_one_message_the_second_is_named(here: Town, said: str) -> None:
    heard = await say(here, "pct-phu-luu", said)
    assert 'nv07 40%" chưa ghi, đồng chí gửi riêng giúp' in heard
    assert "NV-03 · 2/2 tổ (100%) · đúng tiến độ · không có ảnh. 1. Gửi" in heard


async def test_the_same_job_chosen_again_keeps_its_result(here: Town) -> None:
    heard = await say(here, "pct-phu-luu", "bc nv03 2 tổ", "sửa", "1", "1")
    assert "Xem lại: NV-03 · 2/2 tổ" in heard
    assert "bao nhiêu phần trăm?" in await say(here, "pct-phu-luu", "sửa", "1", "nv07")


async def test_who_can_help_is_asked_in_the_quick_form_too(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    assert "Ai tháo gỡ được?" in await chair.says("bc nv03 2 tổ vướng đất đai")
    assert "\nVướng mắc (chờ cấp trên): đất đai\n" in await chair.says("cấp trên")


async def test_an_obstacle_alone_begins_a_report(here: Town) -> None:
    assert "Báo cáo việc nào?" in await say(here, "pct-phu-luu", "vướng mắc")
    assert "Đang vướng ở đâu?" in await say(here, "pct-phu-luu", "1️⃣", "2")


@pytest.mark.parametrize("said", ["vướng mắc nv03 chưa có đất", "vm nv03: chưa có đất"])
async def test_what_is_stuck_may_come_first(here: Town, said: str) -> None:
    """ "chưa có đất" is what is stuck, and no result of 0."""
    assert "Kết quả đến hôm nay, tính bằng tổ?" in await say(here, "pct-phu-luu", said)
    heard = await say(here, "pct-phu-luu", "2", "cấp trên", "xong")
    assert "\nVướng mắc (chờ cấp trên): chưa có đất\n" in heard


async def test_a_note_can_be_emptied(here: Town) -> None:
    heard = await say(here, "pct-phu-luu", "bc nv03 2 tổ, đã họp dân", "sửa", "5", "xoá")
    assert "Ghi chú" not in heard


async def test_going_on_inside_a_question_asks_it_again(here: Town) -> None:
    asked = "Kết quả đến hôm nay, tính bằng tổ? (lần trước 12/11: 1)"
    assert await say(here, "pct-phu-luu", "bc nv03", "tiếp") == asked


async def test_a_missing_space_and_a_photo_out_of_the_blue(here: Town) -> None:
    assert "2/2 tổ" in await say(here, "pct-phu-luu", "bcnv03 2")
    await say(here, "pct-phu-luu", "huỷ")
    heard = await here.sits("pct-phu-luu").sends_photo(picture("green"))
    assert heard.startswith("Đã nhận 1 ảnh.\n\nBáo cáo việc nào?")


async def test_a_place_of_two_digits_is_a_place(here: Town) -> None:
    heard = await say(here, "pct-phu-luu", "bc nv03 2 tổ 22.05, 105.03")
    assert "2/2 tổ (100%) · đúng tiến độ · không có ảnh · có vị trí" in heard
    heard = await say(here, "pct-phu-luu", "huỷ", "bc nv03", "2", "1", "22.05, 105.03")
    assert "Đã nhận vị trí." in heard


async def close(here: Town, code: str) -> None:
    async with here.database.begin() as session:
        task = await session.get_one(Task, here.village.tasks[code])
        task.state, task.closed_on = "done", date(2026, 11, 20)


async def test_a_job_that_is_over_is_shown_and_not_reported_on(here: Town) -> None:
    await close(here, "NV-07")
    said = 'NV-07 đã kết thúc ngày 20/11/2026. Đồng chí gõ "nhiệm vụ" để xem việc đang mở.'
    assert await say(here, "pct-phu-luu", "bc nv07 41") == said
    for asked in ("nv07", "nhiệm vụ nv07"):
        heard = await say(here, "pct-phu-luu", asked)
        assert "39% (97,5% kế hoạch) · đã kết thúc ngày 20/11/2026" in heard
    assert "Không thấy NV-07" in await say(here, "pct-bach-xa", "nv07")


async def test_what_was_not_changed_is_not_sent_again(here: Town) -> None:
    heard = await say(here, "pct-phu-luu", "bc nv03 2 tổ", "gửi", "sửa", "1", "1")
    assert heard == "Chưa có gì thay đổi nên chưa gửi lại."
    assert "(lần 2)" in await say(here, "pct-phu-luu", "sửa", "1", "sửa", "1", "1", "gửi")


async def test_owner_and_clerk_hear_of_each_other(here: Town) -> None:
    await say(here, "van-phong", "bc nv03 2 tổ", "gửi")
    heard = here.sits("pct-phu-luu").hears()
    assert heard == ("Đồng chí Lê Thị V vừa báo cáo thay đồng chí, BC-0001 (NV-03): 2/2 tổ (100%).")
    await say(here, "pct-phu-luu", "sửa bc1", "sửa", "1", "1", "gửi")
    heard = here.sits("van-phong").hears()
    assert heard == "Đồng chí Nguyễn Văn A vừa sửa BC-0001 (NV-03): 1/2 tổ (50%)."


async def test_a_unit_narrows_the_tasks_of_one_code(here: Town) -> None:
    await add_task(here, "NV-03", "pct-bach-xa")
    for said in ("nv03 phù lưu", "nhiệm vụ nv03 xã Phù Lưu"):
        heard = await say(here, "bi-thu-tinh", said)
        assert heard.startswith("NV-03 Xây dựng 2 tổ sản xuất VietGAP\n"), said
    assert "Có 2 việc mang mã NV-03" in await say(here, "bi-thu-tinh", "nv03")
    heard = await say(here, "bi-thu-tinh", "nv03 ở Bạch Xa")
    assert heard.startswith("NV-03 Làm đường bê tông\n")


async def test_several_tasks_by_their_name_are_said_to_fit_it(here: Town) -> None:
    await add_task(here, "NV-03", "pct-bach-xa", title="Xây dựng 3 tổ sản xuất VietGAP")
    heard = await say(here, "bi-thu-tinh", "nhiệm vụ vietgap")
    assert heard.startswith('Có 2 việc khớp với "vietgap", đồng chí chọn một:')


@pytest.mark.parametrize("said", ["đánh giá", "đặt câu hỏi", "đã làm gì"])
async def test_only_thanks_are_thanks(here: Town, said: str) -> None:
    assert "Chưa rõ ý" in await say(here, "bi-thu-tinh", said)


@pytest.mark.parametrize("said", ["dạ", "dạ vâng", "cảm ơn đồng chí", "đã rõ", "ok"])
async def test_thanks_are_answered(here: Town, said: str) -> None:
    assert await say(here, "bi-thu-tinh", said) == "Vâng, cảm ơn đồng chí."


@pytest.mark.parametrize("said", ["nhắc qua", "nhac qua"])
async def test_where_to_be_reminded_with_a_space(here: Town, said: str) -> None:
    assert "mới kết nối một nơi" in await say(here, "pct-phu-luu", said)


async def test_a_report_of_others_is_said_to_be_a_report(here: Town) -> None:
    await say(here, "pct-phu-luu", "bc nv03 2 tổ", "gửi")
    said = "Báo cáo này không thuộc phạm vi của đồng chí."
    assert await say(here, "bi-thu-bach-xa", "BC-0001") == said


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("nghỉ đến 21/11", "Ngày 21/11 đã qua."),
        ("nghỉ 400 ngày", "Một kỳ nghỉ dài nhất 200 ngày."),
        ("nghỉ 0 ngày", "Đồng chí nghỉ đến hết ngày nào?"),
        ("đi làm lại", "Hiện đồng chí không có kỳ nghỉ nào."),
    ],
)
async def test_a_leave_that_cannot_be(here: Town, said: str, heard: str) -> None:
    assert (await say(here, "pct-phu-luu", said)).startswith(heard)


async def test_a_leave_is_written_down_from_its_first_day(here: Town) -> None:
    heard = await say(here, "pct-phu-luu", "nghỉ từ 30/11 đến 1/12", "1")
    assert "nghỉ từ Thứ Hai 30/11/2026 đến hết Thứ Ba 01/12/2026." in heard
    assert 'gõ "đi làm lại"' in heard
    assert "Đã bỏ kỳ nghỉ" in await say(here, "pct-phu-luu", "đi làm lại")


@pytest.mark.parametrize(
    "said", ["đồng ý", "gửi đi", "dạ đúng rồi ạ", "1 nhé", "vâng, gửi", "ok gửi luôn"]
)
async def test_what_people_say_where_one_is_meant_sends_the_report(here: Town, said: str) -> None:
    assert "Đã ghi BC-0001" in await say(here, "pct-phu-luu", "bc nv03 2 tổ", said)


@pytest.mark.parametrize("said", ["không", "chưa đúng", "xong", "không gửi", "ok", "dạ vâng ạ"])
async def test_what_is_no_consent_sends_nothing(here: Town, said: str) -> None:
    heard = await say(here, "pct-phu-luu", "bc nv03 2 tổ", said)
    assert "Đã ghi" not in heard
    assert "Xem lại: NV-03" in heard


async def test_a_thank_you_for_something_else_sends_nothing(here: Town) -> None:
    heard = await say(here, "pct-phu-luu", "bc nv03 2 tổ", "vâng")  # a reminder came in between
    assert heard.startswith('Báo cáo này chưa gửi. Đồng chí gõ "gửi" (hoặc 1) để gửi.')


async def test_a_part_is_named_with_the_word_that_corrects_it(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    await say(here, "pct-phu-luu", "bc nv07 39,5", "gửi")  # an earlier report is not meant
    asked = await say(here, "pct-phu-luu", "bc nv03 2 tổ", "sửa kết quả")
    assert asked.startswith("Kết quả đến hôm nay, tính bằng tổ?")
    assert "NV-03 · 1/2 tổ" in await chair.says("1")
    assert "Đã ghi BC-0002" in await chair.says("gửi")


@pytest.mark.parametrize("said", ["vuong mac do chua co dat", "vướng, chua co dat"])
async def test_what_is_stuck_is_not_asked_for_again(here: Town, said: str) -> None:
    heard = await say(here, "pct-phu-luu", "bc nv03", "2", said)
    assert heard.startswith("Ai tháo gỡ được?")
    heard = await say(here, "pct-phu-luu", "bỏ qua", "bỏ qua")
    assert "Vướng mắc (chưa rõ chờ ai): chua co dat" in heard


async def test_what_is_stuck_is_told_with_the_task_when_the_task_is_asked_for(here: Town) -> None:
    heard = await say(here, "pct-phu-luu", "vướng mắc", "vướng mắc nv07 chưa có xe", "39", "xã")
    assert "Gửi ảnh minh chứng" in heard
    heard = await here.sits("pct-phu-luu").says("bỏ qua")
    assert "Vướng mắc (chờ lãnh đạo đơn vị): chưa có xe" in heard


async def test_why_it_is_late_is_kept(here: Town) -> None:
    heard = await say(here, "pct-phu-luu", "bc nv03", "1", "chậm vì mưa lũ", "bỏ qua")
    assert "chậm · không có ảnh" in heard
    assert "Ghi chú: chậm vì mưa lũ" in heard


async def test_a_number_is_no_obstacle(here: Town) -> None:
    heard = await say(here, "pct-phu-luu", "bc nv03", "2", "3", "1")
    assert heard.startswith("Đồng chí ghi giúp bằng chữ.\n\nĐang vướng ở đâu?")


async def test_the_number_of_a_list_that_is_gone_is_no_report(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    await say(here, "pct-phu-luu", "bc nv03 2 tổ", "gửi")
    await say(here, "bi-thu-phu-luu", "kiểm tra bc1", "Duyệt và kết thúc việc")
    chair.hears()
    assert "Chưa rõ ý đồng chí." in await chair.says("2")  # 2 % of NV-07, which stands at 39 %
    assert "Xem lại: NV-07 · 39,5%" in await chair.says("39,5")


async def test_a_figure_in_another_unit_is_refused_in_words(here: Town) -> None:
    heard = await say(here, "pct-phu-luu", "bc nv03 50%")
    assert heard.startswith("Việc này tính bằng tổ. Đồng chí gõ con số theo tổ")
    assert heard.endswith("Kết quả đến hôm nay, tính bằng tổ? (lần trước 12/11: 1)")
