"""The talks, one script each. A script knows people and words, and nothing of networks.

It checks what matters in what is heard; that all else is the same everywhere is checked by
whoever plays it (test_talks.py).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from services.linking import LOCKED, WRONG
from tests.papers import office
from tests.parity.networks import Scene
from tests.village import picture

CADRE, LEADER, CLERK = "pct-phu-luu", "bi-thu-phu-luu", "van-phong"
SIZE = (400, 300)
"""Larger than any preview that a network makes."""
GREEN, BLUE, RED = (picture(colour, SIZE) for colour in ("green", "blue", "red"))
BOOK = office(main="xl/workbook.xml")
PLACE = (22.05, 105.03)

Script = Callable[[Scene], Awaitable[None]]


async def link_by_code(scene: Scene) -> None:
    """Wrong codes, too many of them, somebody else's used one; then one's own."""
    cadre = scene.stranger(CADRE)
    assert "NV-03" not in await cadre.says("cho xem nhiệm vụ")
    for wrong in ("0000000000", "12345", "1111 111 111", "2222222222"):
        assert is_told(await cadre.gives_code(wrong), WRONG)
    assert is_told(await cadre.gives_code("3333333333"), LOCKED)
    code = await scene.house.code_for(CADRE)
    assert is_told(await cadre.gives_code(code), LOCKED)
    scene.house.clock.move_to(scene.house.now + timedelta(minutes=16))
    await cadre.gives_code(f"{code[:4]} {code[4:7]} {code[7:]}")
    assert "NV-03" in await cadre.says("/nhiemvu")
    leader = scene.stranger(LEADER)
    assert await leader.gives_code(code) == WRONG
    await leader.gives_code(await scene.house.code_for(LEADER))
    assert "TỔNG KẾT" in await leader.says("/tongket")


def is_told(heard: str, sentence: str) -> bool:
    """In a chat, three answers an hour are what somebody gets who has no good code."""
    return heard.startswith(sentence) or not heard


async def help_by_role(scene: Scene) -> None:
    """Nobody is shown what they may not use."""
    asked = "?", "trợ giúp", "/trogiup", "xin chào"
    cadre, leader = await scene.person(CADRE), await scene.person(LEADER)
    clerk, supervisor = await scene.person(CLERK), await scene.person("giam-sat")
    for text in asked:
        heard = await cadre.says(text)
        assert "báo cáo" in heard
        assert "tổng kết" not in heard
    assert "tổng kết" in await leader.says("?")
    assert "cấp mã" in await clerk.says("?")
    assert "kiểm tra" in await supervisor.says("?")
    assert "tổng kết" in await (await scene.person("bi-thu-tinh")).says("?")


async def my_tasks(scene: Scene) -> None:
    """The list, one task, back, a task by its words, and a report begun from there."""
    cadre = await scene.person(CADRE)
    assert "Đồng chí có 2 việc đang mở:" in await cadre.says("nhiem vu")
    assert "Chủ trì: Nguyễn Văn A" in await cadre.picks("NV-07")
    assert "2 việc đang mở" in await cadre.picks("Về danh sách")
    assert "NV-03 Xây dựng" in await cadre.says("vietgap")
    assert "tính bằng tổ?" in await cadre.picks("Báo cáo việc này")
    assert await cadre.says("huỷ") == "Đã huỷ, chưa ghi gì."
    assert "NV-21" not in await cadre.says("nhiệm vụ nv21")


async def report(scene: Scene) -> None:
    """Mission §5, with a pin of the place."""
    cadre = await scene.person(CADRE)
    assert "Trả lời bằng số, hoặc gõ vài chữ trong tên việc." in await cadre.says("bao cao")
    assert "(lần trước 12/11: 1)" in await cadre.picks("NV-03")
    assert (await cadre.says("2")).startswith("Tình hình?")
    assert "Gửi ảnh minh chứng (tối đa 10)." in await cadre.picks("Đúng tiến độ")
    assert "Đã nhận 1 ảnh." in await cadre.sends_photo(GREEN)
    assert "Đã nhận 2 ảnh." in await cadre.sends_photo(BLUE)
    await cadre.sends_place(*PLACE)
    review = await cadre.says("xong")
    assert "NV-03 · 2/2 tổ (100%) · đúng tiến độ · 2 ảnh" in review
    assert ("có vị trí" in review) == cadre.takes_places
    sent = await cadre.picks("Gửi")
    assert "✅ Đã ghi BC-0001 lúc 16:30, Chủ Nhật 22/11/2026." in sent
    assert "Đồng chí Nguyễn Văn B sẽ kiểm tra." in sent


async def report_with_an_album(scene: Scene) -> None:
    """Photos chosen at once are one report's, and asked about once they are all there."""
    cadre = await scene.person(CADRE)
    for said in ("bc", "nv03", "2", "1"):
        await cadre.says(said)
    await cadre.sends_photos(GREEN, BLUE, RED)
    assert "· 3 ảnh" in await cadre.picks("Xong")
    assert "BC-0001" in await cadre.picks("Gửi")


async def report_with_a_file(scene: Scene) -> None:
    """A workbook beside a photo; the checker is handed it, each network in its way."""
    cadre, leader = await scene.person(CADRE), await scene.person(LEADER)
    for said in ("bc", "nv03", "2", "1"):
        await cadre.says(said)
    await cadre.sends_photo(GREEN)
    heard = await cadre.sends_file(BOOK, "so-lieu.xlsx")
    assert "dấu Mật" in heard
    assert heard.endswith('Đã nhận 1 ảnh, 1 tệp. Gửi tiếp, hoặc gõ "xong" khi đủ.')
    assert "· 1 ảnh, 1 tệp." in await cadre.picks("Xong")
    assert "BC-0001" in await cadre.picks("Gửi")
    await leader.says("kiểm tra bc1")
    assert [one.what for one in leader.last] == ["photo", "document", ""]


async def quick_report(scene: Scene) -> None:
    """Everything in the caption of one photo; the same in words; a second photo comes late."""
    cadre = await scene.person(CADRE)
    review = await cadre.sends_photo(GREEN, "bc nv03 2 tổ, xong tổ chanh")
    assert "NV-03 · 2/2 tổ (100%) · đúng tiến độ · 1 ảnh" in review
    assert "xong tổ chanh" in review
    assert "BC-0001" in await cadre.says("gửi")
    assert "Ảnh này dùng vào đâu?" in await cadre.sends_photo(BLUE)
    assert "nay có 2 ảnh" in await cadre.picks("Gắn vào BC-0001")
    assert "NV-07 · 39,5% (98,8% kế hoạch)" in await cadre.says("bao cao nv-07 39,5%")
    assert "BC-0002" in await cadre.picks("Gửi")


async def obstacle(scene: Scene) -> None:
    """What is stuck, and who can help; the leader sees it."""
    cadre, leader = await scene.person(CADRE), await scene.person(LEADER)
    for said in ("bc", "nv07", "như kỳ trước"):
        await cadre.says(said)
    assert "Đang vướng ở đâu?" in await cadre.picks("Vướng mắc")
    assert "Ai tháo gỡ được?" in await cadre.says("Chưa có xe chở rác, A < B & C")
    await cadre.picks("Cấp trên")
    review = await cadre.says("bỏ qua")
    assert "Vướng mắc (chờ cấp trên): Chưa có xe chở rác, A < B & C" in review
    await cadre.picks("Gửi")
    assert "chờ cấp trên 1" in await leader.says("tong ket")
    assert "Chưa có xe chở rác" in await leader.picks("Vướng mắc")


async def correction(scene: Scene) -> None:
    """Every part can be changed after sending; each version is kept."""
    cadre = await scene.person(CADRE)
    assert "Không có báo cáo nào sửa được" in await cadre.says("sửa")
    await cadre.says("bc nv03 1 tổ, mới họp dân")
    await cadre.picks("Gửi")
    assert "Sửa báo cáo nào?" in await cadre.says("sua")
    await cadre.picks("BC-0001")
    assert "Sửa phần nào?" in await cadre.picks("Sửa")
    await cadre.picks("Kết quả")
    await cadre.says("2")
    await cadre.picks("Sửa")
    await cadre.picks("Ghi chú")
    assert "xong tổ chanh" in await cadre.says("xong tổ chanh")
    assert "Đã sửa BC-0001 (lần 2)" in await cadre.picks("Gửi")


async def leave(scene: Scene) -> None:
    """Read back with weekday and full date, changed, and ended."""
    cadre = await scene.person(CADRE)
    assert "hết ngày nào?" in await cadre.says("nghi")
    assert "chỉ có 28 ngày" in await cadre.says("30/2")
    assert "Thứ Hai 30/11/2026" in await cadre.says("đến 30/11")
    await cadre.picks("Gõ lại")
    assert "Thứ Sáu 04/12/2026" in await cadre.says("từ 1/12 đến 4/12")
    assert "đến hết Thứ Sáu 04/12/2026. Trong" in await cadre.picks("Đúng")
    leader = await scene.person(LEADER)
    await leader.says("nghỉ đến 25/11")
    await leader.picks("Đúng")
    await leader.says("/nghi")
    assert "Đã bỏ kỳ nghỉ" in await leader.picks("Đi làm lại")


async def summary(scene: Scene) -> None:
    """The whole picture, and every way further in: lists, photos, the table."""
    cadre, leader = await scene.person(CADRE), await scene.person(LEADER)
    await cadre.sends_photo(GREEN, "bc nv03 2 tổ")
    await cadre.picks("Gửi")
    assert "TỔNG KẾT · Xã Phù Lưu · đến 16:30 22/11/2026" in await leader.says("/tongket")
    assert "Quá hạn: không có." in await leader.picks("Quá hạn")
    assert "Vướng mắc" in await leader.picks("Vướng mắc")
    assert "Xã Phù Lưu: 2 việc" in await leader.picks("Theo đơn vị")
    assert "Nguyễn Văn A" in await leader.picks("Theo người")
    assert "BC-0001 · NV-03" in await leader.picks("Ảnh mới")
    assert [one.what for one in leader.last].count("photo") == 1
    assert "Bảng theo mẫu, số liệu đến" in await leader.picks("Xuất bảng")
    assert [one.what for one in leader.last].count("document") == 1
    province = await scene.person("bi-thu-tinh")
    assert "quá hạn 1" in await province.says("tổng kết tháng 11")
    assert "NV-21 quá hạn 6 ngày" in await province.picks("Quá hạn")
    assert "Xã Bạch Xa" in await province.says("tổng kết xã bạch xa")


async def check(scene: Scene) -> None:
    """The checker sees the photos; accepting closes, returning says why; the author hears both."""
    cadre, leader = await scene.person(CADRE), await scene.person(LEADER)
    assert "Không có báo cáo nào chờ" in await leader.says("kiểm tra")
    await cadre.sends_photo(GREEN, "bc nv03 2 tổ")
    await cadre.says("1")
    await cadre.says("bc nv07 38%")
    await cadre.says("1")
    assert "2 báo cáo chờ kiểm tra" in await leader.says("kiem tra")
    await leader.picks("BC-0001")
    assert [one.what for one in leader.last] == ["photo", ""]
    assert "Việc đã kết thúc" in await leader.picks("Duyệt và kết thúc việc")
    assert "BC-0001 (NV-03) đã được đồng chí Nguyễn Văn B duyệt" in await cadre.hears()
    await leader.picks("BC-0002")
    assert "cần bổ sung gì?" in await leader.picks("Trả lại")
    assert "Đã trả lại BC-0002" in await leader.says("Thiếu ảnh, đồng chí chụp thêm")
    heard = await cadre.hears()
    assert "Thiếu ảnh, đồng chí chụp thêm" in heard
    assert '"sửa"' in heard
    await cadre.says("sửa bc2")
    await cadre.sends_photo(BLUE)
    assert "(lần 2)" in await cadre.picks("Gửi")
    assert "NV-03" not in await cadre.says("bc")


async def cancel_and_ask(scene: Scene) -> None:
    """Anywhere: "?" asks the same again, another look keeps the place, "huỷ" leaves no trace."""
    cadre = await scene.person(CADRE)
    for steps in (["bc"], ["bc", "1"], ["bc", "1", "2"], ["bc nv03 2 tổ"]):
        for said in steps:
            last = await cadre.says(said)
        assert last.splitlines()[-1] in await cadre.says("?")
        assert await cadre.says("huy") == "Đã huỷ, chưa ghi gì."
    assert "Hiện không có việc gì đang dở" in await cadre.says("/huy")
    await cadre.says("bc nv03")
    assert 'Gõ "tiếp" để làm tiếp.' in await cadre.says("/nhiemvu")
    assert "tính bằng tổ?" in await cadre.says("tiếp")
    await cadre.says("2")
    await cadre.picks("Chậm")
    assert "· chậm · không có ảnh" in await cadre.picks("Bỏ qua")
    assert await cadre.picks("Huỷ") == "Đã huỷ, chưa ghi gì."


async def bad_input(scene: Scene) -> None:
    """Each gets one plain sentence, and the question again; nothing is written."""
    cadre = await scene.person(CADRE)
    assert "Chưa rõ ý đồng chí" in await cadre.says("trời hôm nay đẹp quá")
    assert "TỔNG KẾT" not in await cadre.says("/tongket")
    await cadre.says("báo cáo")
    for said in ("9", "khong co viec nay", "😀", "<b>&amp;</b>"):
        assert "Đồng chí trả lời bằng số từ 1 đến 2" in await cadre.says(said)
    await cadre.says("nv-03")
    assert "Chưa rõ con số" in await cadre.says("nhiều lắm")
    assert "Việc này tính bằng tổ" in await cadre.says("5 ha")
    await cadre.says("1.5")
    await cadre.says("huỷ")
    await cadre.says("bc nv03")
    assert "Số này lớn quá" in await cadre.says("5000000 tỷ tổ")
    await cadre.says("2")
    assert "Đồng chí trả lời bằng số từ 1 đến 3." in await cadre.says("7")
    await cadre.says("1")
    assert "văn thư mật" in await cadre.says("Tài liệu MẬT")
    assert "thứ nhất" in await cadre.sends_photo(BLUE[: len(BLUE) // 2])
    await cadre.says("huỷ")
    leader = await scene.person(LEADER)
    assert await leader.says("kiểm tra bc999")
    assert "Không có báo cáo nào chờ" in await leader.says("kiểm tra")


TALKS: tuple[Script, ...] = (
    link_by_code,
    help_by_role,
    my_tasks,
    report,
    report_with_an_album,
    report_with_a_file,
    quick_report,
    obstacle,
    correction,
    leave,
    summary,
    check,
    cancel_and_ask,
    bad_input,
)
