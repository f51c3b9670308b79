"""Answers that only sound like one of the choices do nothing that was not meant."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversation import Choice, Reply
from bot.conversation.choices import any_of
from tests.village import Town, town


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path / "media") as made:
        yield made


CHECK = Reply(
    "BC-0001",
    choices=(
        Choice("accept", "Duyệt"),
        Choice("return", "Trả lại"),
        Choice("list", "Để sau"),
        Choice("close", "Duyệt và kết thúc việc"),
    ),
)
YES_NO = Reply("Nghỉ?", choices=(Choice("yes", "Đúng"), Choice("no", "Không phải")))


@pytest.mark.parametrize(
    ("reply", "said", "key"),
    [
        (CHECK, "dạ 4 ạ", "close"),
        (CHECK, "đã 4", None),
        (CHECK, "duyet", "accept"),
        (CHECK, "dạ duyệt nhé", "accept"),
        (CHECK, "đã duyệt", None),
        (CHECK, "duyệt à", None),
        (CHECK, "đã duyệt và kết thúc việc", None),
        (CHECK, "tra lai", "return"),
        (YES_NO, "dung", "yes"),
        (YES_NO, "Đúng ạ", "yes"),
        (YES_NO, "dừng", None),
        (YES_NO, "đừng", None),
        (YES_NO, "dùng", None),
    ],
)
def test_marks_that_were_typed_are_read(reply: Reply, said: str, key: str | None) -> None:
    found = any_of(reply, said)
    assert (found.key if found else None) == key


@pytest.mark.parametrize("said", ["dừng", "đừng", "dừng đi", "dung", "dùng", "đã gửi", "gửi rồi"])
async def test_what_is_no_yes_sends_no_report(here: Town, said: str) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc nv03 2 to")
    heard = await chair.says(said)
    assert "Đã ghi" not in heard
    assert "Xem lại: NV-03 · 2/2 tổ" in heard


@pytest.mark.parametrize("said", ["dừng", "dạ vâng ạ"])
async def test_what_says_nothing_of_the_work_is_no_note(here: Town, said: str) -> None:
    chair = here.sits("pct-phu-luu")
    for before in ("bc nv03", "2", "1"):
        await chair.says(before)
    assert (await chair.says(said)).startswith("Chưa rõ ý đồng chí.")
    assert "Ghi chú" not in await chair.says("xong")


@pytest.mark.parametrize("said", ["gửi", "gui", "gữi", "đúng", "đúng rồi ạ", "dạ gửi ạ", "ok gửi"])
async def test_what_is_a_yes_sends_it(here: Town, said: str) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc nv03 2 to")
    assert "Đã ghi BC-" in await chair.says(said)


@pytest.mark.parametrize(
    "said", ["trả lại được không?", "trả lại chưa", "trả lại thôi", "tra lai khong"]
)
async def test_a_question_gives_nothing_back(here: Town, said: str) -> None:
    chair, leader = here.sits("pct-phu-luu"), here.sits("bi-thu-phu-luu")
    await chair.says("bc nv03 2 to")
    await chair.says("gui")
    await leader.says("kiem tra")
    await leader.says("1")
    assert "Đã trả lại" not in await leader.says(said)
    assert "Đã trả lại BC-0001" in await leader.says("trả lại: thiếu ảnh tổ chanh")


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("dạ nv03 2 tổ ạ", "Xem lại: NV-03 · 2/2 tổ"),
        ("ok nv03 2 to", "Xem lại: NV-03 · 2/2 tổ"),
        ("vâng nv07 đạt 40%", "Xem lại: NV-07 · 40%"),
        ("ok em đã làm xong nv03", "Xem lại: NV-03 · 2/2 tổ"),
        ("dạ em cảm ơn anh nhiều", "Vâng, cảm ơn đồng chí."),
        ("vâng em nhớ rồi ạ", "Vâng, cảm ơn đồng chí."),
        ("xin lùi nv07 sang tháng 12, mới 38%", "Xem lại: NV-07 · 38%"),
        ("xin lùi nv07 sang tháng 12, mới 38%", "Xin gia hạn chưa làm được ở đây."),
        ("nghiệm thu nv03 2 tổ", "Xem lại: NV-03 · 2/2 tổ"),
    ],
)
async def test_a_report_with_courtesies_around_it_is_no_thanks(
    here: Town, said: str, heard: str
) -> None:
    assert heard in await here.sits("pct-phu-luu").says(said)
