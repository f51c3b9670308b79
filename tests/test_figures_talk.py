"""Figures at the edge of sense, as they are said in a chat: too large, and one short of the plan."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from models.task import Task
from tests.village import Town, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


@pytest.mark.parametrize("figure", ["50.000.000.000.000 tổ", "20.000.001"])
async def test_a_figure_beyond_all_sense_is_asked_again(here: Town, figure: str) -> None:
    """2 tổ are planned: ten million times that is a slip, and no program error."""
    cadre = here.sits("pct-phu-luu")
    assert "Kết quả đến hôm nay, tính bằng tổ?" in await cadre.says(f"bc nv03 {figure}")
    assert "Số này lớn quá" in await cadre.says(figure)
    assert "Tình hình?" in await cadre.says("2")


async def test_one_dong_short_of_the_plan_closes_nothing(here: Town) -> None:
    async with here.database.begin() as session:
        task = await session.get_one(Task, here.village.tasks["NV-03"])
        task.target, task.measure_unit = Decimal(3_500_000_000), "đồng"
    cadre, leader = here.sits("pct-phu-luu"), here.sits("bi-thu-phu-luu")
    await cadre.says("bc nv03 3.499.999.999 đồng")
    assert "Đã ghi" in await cadre.says("1")
    picture = await leader.says("tong ket")
    assert "đạt 0" in picture
    assert "trên 70%: 2" in picture
    await leader.says("kiểm tra")
    heard = await leader.says("1")
    assert "(99,9%)" in heard
    assert "Duyệt" in heard
    assert "kết thúc" not in heard
