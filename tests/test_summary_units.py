"""Which unit is meant behind tổng kết, xuất bảng, ảnh mới and kiểm tra: a type that is named counts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models.organisation import Post
from tests.test_summary_groups import add_unit
from tests.village import Town, town


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path / "media") as made:
        yield made


@pytest.mark.parametrize(
    "typed", ["huyện Phù Lưu", "cum xa phu luu", "thị trấn Phù Lưu", "tp phù lưu"]
)
async def test_the_commune_does_not_stand_for_a_district_of_its_name(
    here: Town, typed: str
) -> None:
    secretary = here.sits("bi-thu-tinh")
    heard = await secretary.says(f"tổng kết {typed}")
    assert f'Không thấy đơn vị "{typed}"' in heard
    assert 'Xã Phù Lưu có trong phạm vi của đồng chí: gõ "tổng kết xã Phù Lưu".' in heard
    assert "TỔNG KẾT · Tỉnh Tuyên Quang" in heard
    heard = await secretary.says(f"xuất bảng {typed}")
    assert 'gõ "xuất bảng xã Phù Lưu"' in heard
    assert "xlsx" not in heard


@pytest.mark.parametrize(
    "typed", ["tỉnh", "toàn tỉnh", "tỉnh Tuyên Quang", "toàn bộ", "đơn vị tôi"]
)
async def test_the_province_is_the_whole_of_the_province(here: Town, typed: str) -> None:
    async with here.database.begin() as session:
        await add_unit(session, here, "mx", "Phường Minh Xuân", "tinh")
    heard = await here.sits("bi-thu-tinh").says(f"tổng kết {typed}")
    assert heard.startswith("TỔNG KẾT · Tỉnh Tuyên Quang")


async def test_a_commune_s_leader_and_the_words_for_more_or_less(here: Town) -> None:
    leader = here.sits("bi-thu-phu-luu")
    assert (await leader.says("tổng kết toàn xã")).startswith("TỔNG KẾT · Xã Phù Lưu")
    assert 'Không thấy đơn vị "tỉnh"' in await leader.says("tổng kết tỉnh")


async def test_the_supervisor_s_own_cluster_is_all_they_oversee(here: Town) -> None:
    async with here.database.begin() as session:
        post = await session.get_one(Post, here.village.posts["giam-sat"])
        post.title = "Uỷ viên phụ trách cụm xã Bạch Xa"
        await add_unit(session, here, "ban", "Bản Mới", "bach-xa")
    supervisor = here.sits("giam-sat")
    for typed in ("cụm xã Bạch Xa", "cụm", "cum xa"):
        heard = await supervisor.says(f"tổng kết {typed}")
        assert heard.startswith("TỔNG KẾT · Phạm vi được giao theo dõi")
    assert "Không thấy đơn vị" in await supervisor.says("tổng kết cụm xã Yên Bình")
    assert (await supervisor.says("tổng kết xã Bạch Xa")).startswith("TỔNG KẾT · Xã Bạch Xa")


async def test_an_unknown_name_is_said_to_be_one_with_and_without_an_open_menu(here: Town) -> None:
    leader = here.sits("bi-thu-tinh")
    for typed in ("Hoàng Văn Đ", "thành phố Hà Giang", "nv03"):
        for _ in range(2):
            assert f'Không thấy đơn vị "{typed}"' in await leader.says(f"tổng kết {typed}")
        await leader.says("huỷ")


async def test_the_table_of_a_unit_and_a_period(here: Town) -> None:
    leader = here.sits("bi-thu-tinh")
    heard = await leader.says("xuất bảng tháng 10 xã Phù Lưu")
    assert "tong-ket-2026-10-31.xlsx" in heard
    assert "số liệu đến hết 31/10/2026." in heard
    assert "số liệu đến 16:30 22/11/2026." in await leader.says("xuất bảng")
    assert "tong-ket-2026-09-30" in await leader.says("xuất báo cáo quý 3")
    assert 'Chưa rõ kỳ "quý 7"' in await leader.says("xuất bảng quý 7")


async def test_new_photos_of_one_unit(here: Town) -> None:
    cadre = here.sits("pct-phu-luu")
    await cadre.says("bc nv03 2 tổ")
    await cadre.sends_photo()
    await cadre.says("1")
    leader = here.sits("bi-thu-tinh")
    for said in ("ảnh mới xã Phù Lưu", "xem anh", "anh moi xa phu luu"):
        assert "BC-0001" in await leader.says(said)
    assert "chưa có ảnh nào" in await leader.says("ảnh mới Bạch Xa")
    assert "Không thấy đơn vị" in await leader.says("ảnh mới huyện Phù Lưu")
    assert "Chưa rõ ý" in await leader.says("anh mới gửi rồi mà")
    await leader.says("tổng kết")
    assert "BC-0001" in await leader.says("ảnh mới xã Phù Lưu")


async def test_what_waits_of_one_task_or_unit(here: Town) -> None:
    for code, said in (
        ("pct-phu-luu", "bc nv03 2 tổ"),
        ("pct-phu-luu", "bc nv07 41"),
        ("pct-bach-xa", "bc nv21 xong"),
    ):
        chair = here.sits(code)
        await chair.says(said)
        await chair.says("1")
    leader = here.sits("bi-thu-phu-luu")
    heard = await leader.says("kiểm tra nv7")
    assert "1 báo cáo chờ kiểm tra" in heard
    assert "NV-07" in heard
    assert "2 báo cáo" in await leader.says("kiểm tra xã Phù Lưu")
    assert "2 báo cáo" in await leader.says("kiểm tra báo cáo")
    heard = await leader.says("kiểm tra nv21")
    assert heard.startswith('Không có báo cáo nào của "nv21" đang chờ. Dưới đây là tất cả.')
    assert "2 báo cáo" in heard
    assert "Không có báo cáo nào của" in await leader.says("kiểm tra xã Bạch Xa")


async def test_a_period_to_come_and_a_day_that_is_none(here: Town) -> None:
    leader = here.sits("bi-thu-tinh")
    for typed in ("tháng 10/2027", "đến 1/1/2030"):
        assert "Kỳ này chưa đến; dưới đây" in await leader.says(f"tổng kết {typed}")
    assert "Tháng 11/2026 chỉ có 30 ngày" in await leader.says("tổng kết đến 31/11")
    assert "chưa đến" not in await leader.says("tổng kết tháng 11")


@pytest.mark.parametrize("typed", ["toàn tỉnh", "toàn bộ", "tỉnh"])
async def test_the_whole_is_named_at_the_menu_too(here: Town, typed: str) -> None:
    leader = here.sits("bi-thu-tinh")
    assert "TỔNG KẾT · Xã Phù Lưu" in await leader.says("tổng kết xã Phù Lưu")
    assert (await leader.says(typed)).startswith("TỔNG KẾT · Tỉnh Tuyên Quang")


async def test_several_units_of_a_name_are_asked_about_at_the_menu_too(here: Town) -> None:
    async with here.database.begin() as session:
        await add_unit(session, here, "nl1", "Thôn Nậm Lương", "phu-luu")
        await add_unit(session, here, "nl2", "Thôn Nậm Lương", "bach-xa")
    leader = here.sits("bi-thu-tinh")
    await leader.says("tổng kết")
    heard = await leader.says("nậm lương")
    assert heard.startswith("Có mấy đơn vị gần giống nhau, đồng chí chọn một.")
    assert "Thôn Nậm Lương" in await leader.says("1")


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("việc quá hạn xã Phù Lưu", "Quá hạn"),
        ("xã Phù Lưu quá hạn", "Quá hạn"),
        ("nhiệm vụ quá hạn xã phù lưu", "Quá hạn"),
        ("vướng mắc xã Phù Lưu", "Vướng mắc chờ tháo gỡ"),
        ("vuong mac o xa phu luu", "Vướng mắc chờ tháo gỡ"),
        ("chưa báo cáo xã Phù Lưu", "Chưa báo cáo"),
    ],
)
async def test_a_list_of_one_unit(here: Town, typed: str, title: str, begun: bool) -> None:
    leader = here.sits("bi-thu-tinh")
    if begun:
        await leader.says("tổng kết")
    heard = await leader.says(typed)
    assert heard.startswith(f"{title} · Xã Phù Lưu")
    assert "Xem thêm:" in heard


async def test_a_list_of_a_unit_that_is_not_there(here: Town) -> None:
    heard = await here.sits("bi-thu-tinh").says("việc quá hạn huyện Phù Lưu")
    assert 'gõ "việc quá hạn xã Phù Lưu"' in heard


@pytest.mark.parametrize("typed", ["xã nào chưa báo cáo", "ai chưa báo cáo"])
async def test_a_question_for_units_names_none(here: Town, typed: str) -> None:
    leader = here.sits("bi-thu-tinh")
    for _ in range(2):
        assert (await leader.says(typed)).startswith("Chưa báo cáo")
