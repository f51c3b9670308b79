"""How long an obstacle lasts, and photos that outlive a correction by somebody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit import Audit
from models.report import Evidence, Obstacle, Report
from tests.village import START, Town, picture, town

STUCK = ("bc", "nv07", "38", "vướng", "chưa có xe", "cấp trên", "bỏ qua", "gửi")


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


async def cadre_says(here: Town, *lines: str) -> str:
    heard = ""
    for line in lines:
        heard = await here.sits("pct-phu-luu").says(line)
    return heard


def a_day_later(here: Town) -> datetime:
    here.clock.move_to(here.now + timedelta(days=1))
    return here.now


async def obstacles(here: Town) -> list[tuple[str, int | None, datetime, datetime | None]]:
    async with here.database.begin() as session:
        rows = await session.scalars(select(Obstacle).order_by(Obstacle.id))
        return [(row.text, row.report_number, row.raised_at, row.closed_at) for row in rows]


async def test_a_correction_that_leaves_its_words_leaves_its_clock(here: Town) -> None:
    await cadre_says(here, *STUCK)
    a_day_later(here)
    assert "lần 2" in await cadre_says(here, "sửa", "1", "sửa", "ghi chú", "gọi rồi", "gửi")
    assert await obstacles(here) == [("chưa có xe", 1, START, None)]
    then = a_day_later(here)
    other = ("sửa", "1", "sửa", "tình hình", "vướng", "chưa có lái xe", "cấp trên", "gửi")
    assert "lần 3" in await cadre_says(here, *other)
    assert await obstacles(here) == [
        ("chưa có xe", 1, START, then), ("chưa có lái xe", 1, then, None),
    ]  # fmt: skip


async def test_it_is_over_when_the_next_report_no_longer_says_so(here: Town) -> None:
    await cadre_says(here, *STUCK)
    a_day_later(here)
    # Said in one line, it is asked how it goes: nobody takes the obstacle to be gone.
    assert (await cadre_says(here, "bc nv07 38,5")).startswith("Tình hình?")
    await cadre_says(here, "vướng", "chưa có xe", "cấp trên", "gửi")
    assert await obstacles(here) == [("chưa có xe", 2, START, None)]
    then = a_day_later(here)
    await cadre_says(here, "bc nv07 39", "chậm", "gửi")
    assert await obstacles(here) == [("chưa có xe", 2, START, then)]
    assert "Vướng mắc chờ tháo gỡ" not in await here.sits("bi-thu-phu-luu").says("/tongket")


async def test_correcting_an_older_report_touches_no_later_obstacle(here: Town) -> None:
    await cadre_says(here, "bc nv07 37", "1", *STUCK)
    a_day_later(here)
    await cadre_says(here, "sửa bc1", "sửa", "tình hình", "chậm", "gửi")
    assert await obstacles(here) == [("chưa có xe", 2, START, None)]
    then = a_day_later(here)
    await cadre_says(here, "bc nv07 39", "1", "gửi")
    a_day_later(here)
    await cadre_says(here, "sửa bc2", "sửa", "ghi chú", "gọi rồi", "gửi")
    assert [row[3] is None for row in await obstacles(here)].count(True) == 0
    assert (await obstacles(here))[0] == ("chưa có xe", 2, START, then)


async def test_an_obstacle_that_a_later_report_names_too_is_still_the_earlier_one_s(
    here: Town,
) -> None:
    for _ in range(2):
        await cadre_says(here, "bc nv03 1 tổ vướng mặt bằng", "1", "1")
        a_day_later(here)
    assert "Vướng mắc (chờ lãnh đạo đơn vị): mặt bằng" in await cadre_says(here, "sửa bc-0001")
    then = await obstacles(here)
    await cadre_says(here, "sửa", "ghi chú", "gọi rồi", "gửi")
    assert await obstacles(here) == then


async def test_p7_the_audit_tells_what_was_stuck_and_what_ended_it(here: Town) -> None:
    await cadre_says(here, "bc nv03 1 tổ vướng mặt bằng", "1", "1")
    changed = ("sửa bc-0001", "sửa", "tình hình", "vướng", "thiếu tiền", "cấp trên", "gửi")
    await cadre_says(here, *changed, "bc nv03 1 tổ đúng tiến độ", "gửi")
    await cadre_says(here, "bc nv03 2 tổ vướng đường", "1", "1")
    leader = here.sits("bi-thu-phu-luu")
    for said in ("kiểm tra", "3", "Duyệt và kết thúc việc", "1"):
        await leader.says(said)
    async with here.database.begin() as session:
        lines = (await session.scalars(select(Audit).order_by(Audit.id))).all()
    told = [
        (line.action, *((at or {}).get("obstacle", "") for at in (line.before, line.after)),
         (line.after or {}).get("over"))
        for line in lines if "report" in line.action
    ]  # fmt: skip
    assert told == [
        ("submit_report", "", "mặt bằng", []),
        ("correct_report", "mặt bằng", "thiếu tiền", []),
        ("submit_report", "", "", [2]),
        ("submit_report", "", "đường", []),
        ("accept_report", "", "", [3]),
    ]


async def test_p7_an_accepted_report_changes_no_figure_in_the_audit(here: Town) -> None:
    await cadre_says(here, "bc nv03 1 tổ", "1")
    leader = here.sits("bi-thu-phu-luu")
    for said in ("kiểm tra", "1", "1"):
        await leader.says(said)
    async with here.database.begin() as session:
        [line] = await session.scalars(select(Audit).where(Audit.action == "accept_report"))
    assert line.before
    assert line.after
    assert line.before["percent"] == line.after["percent"] == "50"


async def test_photos_stay_when_somebody_else_corrects_the_report(here: Town) -> None:
    clerk = here.sits("van-phong")
    await clerk.sends_photo(picture(), caption="bc nv03 2 tổ")
    await clerk.says("1")
    assert "1 ảnh" in await cadre_says(here, "sửa", "1")
    await cadre_says(here, "sửa", "ghi chú", "đã họp dân", "gửi")
    async with here.database.begin() as session:
        kept = await session.scalars(
            select(Evidence.media_id).join(Report).where(Report.current, Report.version == 2)
        )
        assert len(kept.all()) == 1
