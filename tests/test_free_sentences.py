"""Sentences in a person's own words: what is opened, what is asked, and that no draft is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.village import Town, town

VALUE = "Kết quả đến hôm nay, tính bằng tổ?"
SITUATION = "Tình hình? 1. Đúng tiến độ  2. Chậm  3. Vướng mắc"
KEPT = 'Việc đang dở vẫn được giữ. Gõ "tiếp" để làm tiếp.'


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path / "media") as made:
        yield made


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("em cần cập nhật tiến độ nv03 ạ", VALUE),
        ("gửi ảnh cho nv03", VALUE),
        ("update nv03 2 tổ", "Xem lại: NV-03 · 2/2 tổ (100%)"),
        ("hôm nay em phải làm những việc gì", "việc đang mở"),
        ("nhiệm vụ tháng 12", "việc đang mở"),
        ("nhiệm vụ quá hạn", "việc đang mở"),
        ("nv03 đến đâu rồi", "Chủ trì:"),
        ("em chưa rành, anh chỉ giúp", "Không cần gõ dấu."),
        ("em ốm, xin nghỉ hôm nay", "Nghỉ Chủ Nhật 22/11/2026?"),
        ("thôi huỷ giúp em cái này", "Hiện không có việc gì đang dở."),
        ("cho em lùi hạn nv03 sang 15/12", "Xin gia hạn chưa làm được ở đây."),
    ],
)
async def test_a_free_sentence_opens_what_it_asks_for(here: Town, said: str, heard: str) -> None:
    assert heard in await here.sits("pct-phu-luu").says(said)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("ai đang chậm việc?", "Theo người"),
        ("anh muốn xem nhanh tình hình xã Phù Lưu", "TỔNG KẾT · Xã Phù Lưu"),
        ("có báo cáo nào chờ duyệt không em", "báo cáo nào chờ"),
        ("anh giao việc nhé em", "Giao việc chưa làm được ở đây."),
        ("chỉ đạo nv07 làm xong trước 30/11", "Cho ý kiến chỉ đạo chưa làm được ở đây."),
    ],
)
async def test_a_leaders_sentence_too(here: Town, said: str, heard: str) -> None:
    assert heard in await here.sits("bi-thu-phu-luu").says(said)


async def test_what_may_be_two_things_is_asked_and_answered_by_its_number(here: Town) -> None:
    leader = here.sits("bi-thu-phu-luu")
    heard = await leader.says("việc nào đang chậm")
    assert heard == "Ý đồng chí là:\n1. Xem việc được giao\n2. Xem tổng kết\n3. Xem hướng dẫn"
    assert "TỔNG KẾT" in await leader.says("2")


async def test_what_a_person_may_not_use_is_not_offered(here: Town) -> None:
    assert "việc đang mở" in await here.sits("pct-phu-luu").says("việc nào đang chậm")


async def test_another_sentence_answers_the_question_as_well(here: Town) -> None:
    leader = here.sits("bi-thu-phu-luu")
    await leader.says("việc nào đang chậm")
    assert "TỔNG KẾT" in await leader.says("cho anh nắm tình hình chung của xã")


async def test_mere_talk_is_told_what_can_be_typed(here: Town) -> None:
    heard = await here.sits("pct-phu-luu").says("bà con đang gặt lúa")
    assert heard == (
        'Chưa rõ ý đồng chí. Đồng chí gõ "báo cáo" để báo cáo việc, hoặc "?" để xem có thể làm gì.'
    )


async def test_a_look_at_something_else_keeps_the_draft(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    assert VALUE in await chair.says("bc nv03")
    heard = await chair.says("anh ơi em còn mấy việc nữa")
    assert KEPT in heard
    assert "việc đang mở" in heard
    assert VALUE in await chair.says("tiếp")
    assert SITUATION in await chair.says("2")
    assert "việc đang mở" in await chair.says("cho em xem danh sách công việc với")
    assert SITUATION in await chair.says("tiếp")


@pytest.mark.parametrize(
    "said", ["em gõ nhầm rồi", "thôi để em xem đã", "em đang gặp khó khăn quá", "trời mưa to"]
)
async def test_a_doubtful_sentence_neither_leaves_nor_changes_the_draft(
    here: Town, said: str
) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc nv03")
    assert VALUE in await chair.says(said)
    assert SITUATION in await chair.says("2")


async def test_a_sentence_at_the_photos_is_a_note_and_the_draft_stays(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for said in ("bc nv03", "2", "1"):
        await chair.says(said)
    assert "Đã ghi chú" in await chair.says("bà con xin thêm giống")
    assert "NV-03 · 2/2 tổ (100%)" in await chair.says("xong")


async def test_in_the_midst_of_a_summary_another_thing_is_opened(here: Town) -> None:
    leader = here.sits("bi-thu-phu-luu")
    await leader.says("tổng kết")
    assert "báo cáo nào chờ" in await leader.says("có báo cáo nào chờ duyệt không em")
