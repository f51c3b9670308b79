"""Where one talk meets another, or what was true a moment ago no longer is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.answers import unblocker
from handlers.draft import Draft
from handlers.leave import is_back
from handlers.review import HANDED_OVER
from models.organisation import Person, Post
from services import people
from tests.village import Chair, Town, picture, town
from vietnamese.zone import local_day


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


async def says(chair: Chair, *lines: str) -> str:
    heard = ""
    for line in lines:
        heard = await chair.says(line)
    return heard


@pytest.mark.parametrize(
    "said", ["đi làm lại", "Em đi làm lại rồi ạ", "hôm nay đi làm", "toi da di lam lai."]
)
def test_who_is_back_says_so(said: str) -> None:
    assert is_back(said)


@pytest.mark.parametrize(
    "said",
    ["Đi làm lại đường bê tông thôn Pác Cáp, dân góp 2 triệu", "Hôm nay đi làm lại mặt đường", "Em đi làm lại hồ sơ rồi ạ"],
)  # fmt: skip
def test_work_done_again_ends_no_leave(said: str) -> None:
    assert not is_back(said)


@pytest.mark.parametrize(
    ("said", "whom"),
    [
        ("cán bộ xã", "unit"), ("cán bộ địa chính xã", "unit"), ("lãnh đạo cơ sở", "unit"),
        ("bí thư xã, số 3", "unit"), ("tỉnh", "above"), ("sở nông nghiệp", "above"), ("Bộ", "above"),
        ("chủ tịch tỉnh", "above"), ("chưa rõ", "unknown"), ("hôm nào đó", ""),
    ],
)  # fmt: skip
def test_who_can_help_is_not_told_from_half_a_word(said: str, whom: str) -> None:
    draft = Draft()
    assert unblocker(draft, said, "") == bool(whom)
    assert draft.waits_for == whom


async def test_a_refused_figure_does_not_bring_back_an_old_one(here: Town) -> None:
    cadre = here.sits("pct-phu-luu")
    await says(cadre, "bc nv07 39,5%", "/nhiemvu")
    heard = await cadre.says("bc nv07 102%")
    assert "nhiều nhất là 100%" in heard
    assert "Xem lại" not in heard
    assert "Kết quả đến hôm nay" in heard


async def test_a_caption_can_be_the_answer_about_what_is_stuck(here: Town) -> None:
    cadre = here.sits("pct-phu-luu")
    await says(cadre, "bc nv03", "1", "3")
    heard = await cadre.sends_photo(picture(), "chờ giải phóng mặt bằng thôn 3")
    assert "Ai tháo gỡ được?" in heard


async def test_a_report_on_a_task_that_ended_meanwhile_is_over(here: Town) -> None:
    cadre, leader = here.sits("pct-phu-luu"), here.sits("bi-thu-phu-luu")
    await says(cadre, "bc nv07 40%, đúng tiến độ", "1", "bc nv07 41%")
    await says(leader, "kiểm tra bc1", "Duyệt và kết thúc việc")
    heard = await cadre.says("1")
    assert heard.endswith("NV-07 đã kết thúc, không cần báo cáo nữa.")
    assert "Xem lại" not in heard


@pytest.mark.parametrize("told", [("bc nv03",), ("bc nv03", "2"), ("bc nv03 2 tổ",)])
async def test_a_post_handed_over_in_mid_report_is_said_and_the_talk_is_over(
    here: Town, told: tuple[str, ...]
) -> None:
    cadre = here.sits("pct-phu-luu")
    await says(cadre, *told)
    async with here.database.begin() as session:
        held = await session.get_one(Post, here.village.posts["pct-phu-luu"])
        taker = await session.get_one(Person, here.village.people["pct-bach-xa"])
        today = local_day(here.now)
        await people.hand_over(session, None, held, taker, today, here.now)
    heard = await cadre.says("1")
    assert heard == HANDED_OVER
    assert "Hiện không có việc gì đang dở" in await cadre.says("huỷ")
    assert "NV-03" in await here.sits("pct-bach-xa").says("nhiệm vụ")
