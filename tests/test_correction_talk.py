"""Sửa: which report is meant, and a part of one that is half done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.village import Town, town


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path / "media") as made:
        yield made


async def say(here: Town, *said: str) -> str:
    """All that is said, and what is heard at last."""
    chair, heard = here.sits("pct-phu-luu"), ""
    for one in said:
        heard = await chair.says(one)
    return heard


@pytest.mark.parametrize(
    "said",
    ["sửa kết quả thành 1", "sửa lại kết quả là 1 tổ", "sua ket qua 1", "sửa số liệu: 1",
     "sửa thành 1 tổ", "sửa lại 1 tổ"],
)  # fmt: skip
async def test_the_result_is_changed_where_it_is_told_with_the_word(here: Town, said: str) -> None:
    heard = await say(here, "bc nv03 2 tổ", said)
    assert heard.startswith("Xem lại: NV-03 · 1/2 tổ (50%)")
    assert "Đã ghi BC-0001" in await say(here, "gửi")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("sửa tình hình", "Tình hình?"),
        ("sửa tiến độ", "Tình hình?"),
        ("sửa phần tình hình", "Tình hình?"),
        ("sửa ghi chú", "Đồng chí gõ lại ghi chú."),
        ("sửa việc", "Báo cáo việc nào?"),
        ("sửa con số", "Kết quả đến hôm nay"),
        ("sửa lại ảnh", "Gửi ảnh minh chứng"),
    ],
)
async def test_every_part_is_asked_anew_by_its_name(here: Town, said: str, asked: str) -> None:
    assert asked in await say(here, "bc nv03 2 tổ", said)


async def test_a_part_is_changed_in_the_middle_of_a_report_too(here: Town) -> None:
    heard = await say(here, "bc nv03", "2", "1", "sửa kết quả thành 1")
    assert "Gửi ảnh minh chứng" in heard
    heard = await say(here, "sửa tình hình", "chậm")
    assert "Gửi ảnh minh chứng" in heard  # it is not left out for that
    assert "NV-03 · 1/2 tổ (50%) · chậm" in await say(here, "bỏ qua")
    assert "· đúng tiến độ ·" in await say(here, "sửa tình hình thành đúng tiến độ")
    assert "Ghi chú: đã họp Dân" in await say(here, "sửa ghi chú thành đã họp Dân")


async def test_what_is_no_longer_stuck_has_no_obstacle(here: Town) -> None:
    assert "Vướng mắc (" in await say(here, "bc nv03 2 tổ, vướng mặt bằng", "cấp trên")
    heard = await say(here, "sửa tình hình thành chậm")
    assert "· chậm ·" in heard
    assert "Vướng mắc" not in heard


async def test_a_task_s_code_opens_its_last_report(here: Town) -> None:
    await say(here, "bc nv07 39,5", "gửi", "bc nv03 2 tổ", "gửi", "bc nv07 39,6", "gửi")
    heard = await say(here, "sửa nv07 40%")
    assert heard.startswith("Sửa BC-0003.")
    assert "NV-07 · 40%" in heard
    assert "Đã sửa BC-0003 (lần 2)" in await say(here, "gửi")
    assert "Đây là BC-0002 như đã gửi." in await say(here, "sửa việc nv 03")
    await say(here, "huỷ")
    assert "NV-03 · 1/2 tổ" in await say(here, "sửa báo cáo nv03 kết quả thành 1")


async def test_a_code_without_a_report_says_what_to_do(here: Town) -> None:
    await say(here, "bc nv03 2 tổ", "gửi")
    heard = await say(here, "sửa nv07 40%")
    expected = 'NV-07 chưa có báo cáo nào sửa được. Đồng chí gõ "bc nv07" để gửi báo cáo mới.'
    assert heard == expected
    assert "NV-99 không phải việc đang mở của đồng chí." in await say(here, "sửa nv99")


@pytest.mark.parametrize("said", ["sửa bc1", "sửa bc-0001", "sửa báo cáo số 1", "sửa 1"])
async def test_a_number_alone_is_a_report_s(here: Town, said: str) -> None:
    await say(here, "bc nv03 2 tổ", "gửi")
    assert "Đây là BC-0001 như đã gửi." in await say(here, said)


async def test_a_figure_without_a_report_in_hand_is_no_report_s_number(here: Town) -> None:
    await say(here, "bc nv03 2 tổ", "gửi")
    assert "Sửa báo cáo nào?" in await say(here, "sửa kết quả thành 3")


async def test_a_sent_report_keeps_its_task(here: Town) -> None:
    heard = await say(here, "bc nv03 2 tổ", "gửi", "sửa bc1", "sửa việc")
    assert "không chuyển sang việc khác được" in heard
    assert "Xem lại: NV-03" in heard
    assert "NV-03 · 1/2 tổ" in await say(here, "sửa kết quả thành 1")


async def test_photos_stay_when_another_part_is_changed(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc nv03 2 tổ")
    await chair.sends_photo()
    assert "1/2 tổ (50%) · đúng tiến độ · 1 ảnh" in await chair.says("sửa kết quả thành 1")


@pytest.mark.parametrize("said", ["xin 2 tổ", "khảo sát 2 tổ", "họp 2 tổ", "2 tổ đăng ký"])
async def test_what_is_asked_for_or_only_prepared_is_asked_about(here: Town, said: str) -> None:
    assert "Xem lại" not in await say(here, f"bc nv03 {said}")


@pytest.mark.parametrize(
    "said",
    ["xin báo cáo nv03 2 tổ", "em xin báo cáo nv03 2 tổ", "em xin phép báo cáo nv03 2 tổ",
     "bc nv03 em xin báo cáo 2 tổ", "bc nv03 2 tổ em xin cảm ơn", "bc nv03 thành lập 2 tổ"],
)  # fmt: skip
async def test_a_polite_word_takes_nothing_back(here: Town, said: str) -> None:
    assert "Xem lại: NV-03 · 2/2 tổ (100%)" in await say(here, said)
