"""Coordinates and addresses of maps in a talk: they are what a pin is, on every network."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.places import SHORT_LINK
from models.report import Report
from tests.street import Street, street

CADRE = ("terminal", "pct-phu-luu")
LEADER = ("terminal", "bi-thu-phu-luu")
HERE = "22.1234, 105.4321"
MAP = "https://www.google.com/maps/@22.1234,105.4321,17z"
SHORT = "https://maps.app.goo.gl/AbCdEf"


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Street]:
    async with street(sqlite_url, tmp_path) as made:
        yield made


@pytest.mark.parametrize("place", [HERE, "22,1234 105,4321", MAP])
async def test_at_the_photos_it_is_the_reports_place(here: Street, place: str) -> None:
    for said in ("bc nv03", "2", "1", place):
        await here.says(*CADRE, said)
    assert "· có vị trí" in await here.says(*CADRE, "xong")
    await here.says(*CADRE, "1")
    assert await kept(here) == ("22.123400,105.432100", "")


@pytest.mark.parametrize("place", [HERE, MAP])
async def test_with_other_words_both_are_taken(here: Street, place: str) -> None:
    heard = await here.says(*CADRE, f"bc nv03 2 tổ, {place}")
    assert "NV-03 · 2/2 tổ (100%)" in heard
    assert "có vị trí" in heard
    assert "Ghi chú" not in heard
    await here.says(*CADRE, "1")
    assert await kept(here) == ("22.123400,105.432100", "")


async def test_at_a_question_the_answer_counts_and_the_place_too(here: Street) -> None:
    await here.says(*CADRE, "bc nv03")
    heard = await here.says(*CADRE, f"2 tổ, vị trí {HERE}")
    assert "Đã nhận vị trí." in heard
    assert heard.endswith("Tình hình? 1. Đúng tiến độ  2. Chậm  3. Vướng mắc")
    await here.says(*CADRE, "3")
    await here.says(*CADRE, f"sạt lở chắn đường ở {HERE}")
    await here.says(*CADRE, "1")
    review = await here.says(*CADRE, "xong")
    assert "Vướng mắc (chờ lãnh đạo đơn vị): sạt lở chắn đường" in review
    assert "có vị trí" in review


async def test_at_the_look_again_the_place_goes_with_the_report(here: Street) -> None:
    await here.says(*CADRE, "bc nv03 2 tổ")
    heard = await here.says(*CADRE, f"1 {HERE}")
    assert "Đã ghi BC-0001" in heard
    assert "Báo cáo việc nào" not in heard
    assert await kept(here) == ("22.123400,105.432100", "")


async def test_a_report_of_another_task_takes_the_place_named_with_it(here: Street) -> None:
    await here.says(*CADRE, "bc nv03")
    await here.says(*CADRE, f"bc nv07 39,5% {HERE}")
    await here.says(*CADRE, "1")
    assert await kept(here) == ("22.123400,105.432100", "")


async def test_behind_a_list_a_report_takes_its_place(here: Street) -> None:
    await here.says(*CADRE, "nhiệm vụ")
    assert "có vị trí" in await here.says(*CADRE, f"bc nv03 2 tổ {HERE}")


async def test_in_the_reason_of_a_return_a_place_is_words(here: Street) -> None:
    for said in ("bc nv03 2 tổ", "1"):
        await here.says(*CADRE, said)
    for said in ("kiểm tra", "1", "2"):
        await here.says(*LEADER, said)
    reason = f"Vị trí {HERE} không phải tổ cam"
    heard = await here.says(*LEADER, reason)
    assert "Báo cáo việc nào" not in heard
    async with here.app.database.begin() as session:
        [report] = await session.scalars(select(Report))
        assert (report.outcome, report.comment) == ("returned", reason)


async def test_in_a_photos_caption(here: Street) -> None:
    ref = await here.app.store.take_upload(b"no picture", "a.jpg")
    heard = await here.says(*CADRE, f"bc nv03 2 tổ {HERE}", kind="photo", media=(ref,))
    assert "2/2 tổ (100%)" in heard
    assert "có vị trí" in heard


async def test_out_of_the_blue_a_place_begins_a_report(here: Street) -> None:
    assert "Báo cáo việc nào?" in await here.says(*CADRE, MAP)


async def test_a_short_link_is_not_opened_and_what_to_do_is_told(here: Street) -> None:
    assert await here.says(*CADRE, SHORT) == SHORT_LINK
    await here.says(*CADRE, "bc nv03")
    heard = await here.says(*CADRE, SHORT)
    assert heard.startswith(SHORT_LINK)
    assert "Kết quả đến hôm nay" in heard
    await here.says(*CADRE, "huỷ")
    heard = await here.says(*CADRE, f"bc nv03 2 tổ {SHORT}")
    assert SHORT_LINK in heard
    assert "2/2 tổ (100%)" in heard


async def kept(here: Street) -> tuple[str | None, str]:
    async with here.app.database.begin() as session:
        [report] = await session.scalars(select(Report))
        return report.place, report.text
