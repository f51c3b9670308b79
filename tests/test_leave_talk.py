"""Leave in the words people use, codes for a unit's people, and who is shown which command."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.calendar import Leave
from tests.village import Town, add_task, town


@pytest.fixture
async def here(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Town]:
    shutil.copy(sqlite_template, tmp_path / "test.db")
    async with town(f"sqlite:///{tmp_path / 'test.db'}", tmp_path / "media") as made:
        yield made


@pytest.mark.parametrize(
    ("lines", "first", "last"),
    [
        (["nghi mai"], 23, 23),
        (["nghi 24/11"], 24, 24),
        (["nghỉ đến 24/11"], 22, 24),
        (["nghi 3 ngay"], 22, 24),
        (["nghi 1 tuan"], 22, 28),
        (["nghi", "24/11"], 22, 24),
        (["nghi", "từ 24/11 đến 26/11"], 24, 26),
    ],
)
async def test_which_days(here: Town, lines: list[str], first: int, last: int) -> None:
    chair = here.sits("pct-phu-luu")
    for said in lines:
        heard = await chair.says(said)
    assert heard.endswith("? 1. Đúng  2. Gõ lại")
    await chair.says("1")
    async with here.database.begin() as session:
        leave = (await session.scalars(select(Leave))).one()
    assert (leave.from_day, leave.to_day) == (date(2026, 11, first), date(2026, 11, last))


@pytest.mark.parametrize("said", ["di lam lai", "tôi đã đi làm lại"])
async def test_back_at_work(here: Town, said: str) -> None:
    chair = here.sits("pct-phu-luu")
    for line in ("nghỉ đến 30/11", "1"):
        await chair.says(line)
    assert "Đã bỏ kỳ nghỉ" in await chair.says(said)
    assert "Hiện đồng chí không có kỳ nghỉ nào" in await chair.says(said)


async def test_a_leave_that_is_too_long_asks_the_day_again(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("nghi")
    heard = await chair.says("31/12/2099")
    assert "dài nhất 200 ngày" in heard
    assert "hết ngày nào?" in heard


async def test_one_reading_of_a_date_can_be_denied(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("nghi")
    assert (await chair.says("1")).endswith("01/12/2026? 1. Đúng  2. Gõ lại")
    assert "hết ngày nào?" in await chair.says("2")


@pytest.mark.parametrize("said", ["phu luu", "xã phù lưu", "pho chu tich phu luu"])
async def test_the_people_of_a_unit(here: Town, said: str) -> None:
    heard = await here.sits("van-phong").says(f"kết nối {said}")
    assert "Nguyễn Văn A, Phó Chủ tịch UBND, Xã Phù Lưu" in heard
    assert "Bạch Xa" not in heard


async def test_words_that_stand_together_come_first(here: Town) -> None:
    heard = await here.sits("quan-tri").says("kết nối bí thư đảng uỷ")
    assert "Nguyễn Văn B" in heard
    assert "Trần Thị C" in heard
    assert "Tỉnh uỷ" not in heard


async def test_a_code_of_ones_own(here: Town) -> None:
    heard = await here.sits("pct-phu-luu").says("kết nối")
    assert heard.startswith("Mã kết nối thêm của đồng chí: ")
    assert "Đồng chí nhắn mã này ở nơi mới" in heard


async def test_the_wrong_person_can_be_denied(here: Town) -> None:
    clerk = here.sits("van-phong")
    await clerk.says("kết nối lê văn d")
    assert "Cấp mã cho ai?" in await clerk.says("2")


async def test_who_owns_no_task_is_shown_no_report(here: Town) -> None:
    leader = here.sits("bi-thu-phu-luu")
    heard = await leader.says("?")
    assert "• báo cáo" not in heard
    assert "• sửa" not in heard
    assert "• tổng kết — xem toàn bộ tình hình đến lúc này" in heard
    await add_task(here, "NV-40", "bi-thu-phu-luu")
    heard = await leader.says("?")
    assert "• báo cáo" in heard
    assert "• sửa" in heard
    assert "• kết nối — lấy mã để dùng thêm nơi khác" in await here.sits("pct-phu-luu").says("?")


async def test_the_clerk_hears_that_nobody_is_called_so(here: Town) -> None:
    for said in ("xyz", "Hoàng Thị Không Có"):
        heard = await here.sits("van-phong").says(f"kết nối {said}")
        assert heard.startswith(f'Không thấy ai tên "{said}" trong đơn vị của đồng chí.')
    assert "Chưa rõ ý" in await here.sits("bi-thu-tinh").says("kết nối xyz")


@pytest.mark.parametrize("said", ["hôm nay nghỉ", "hom nay toi nghi", "nghỉ hôm nay"])
async def test_today_may_stand_before_or_behind(here: Town, said: str) -> None:
    heard = await here.sits("pct-phu-luu").says(said)
    assert heard.startswith("Nghỉ Chủ Nhật 22/11/2026?")
