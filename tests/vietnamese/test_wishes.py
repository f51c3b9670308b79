"""Free sentences: the words that carry the wish, and those that make doubt of it."""

import pytest

from vietnamese.commands import Command
from vietnamese.commands.wishes import LABELS, read_wish
from vietnamese.meaning import Ask


@pytest.mark.parametrize(
    ("said", "name", "rest"),
    [
        ("em cần cập nhật tiến độ việc thu gom rác", "baocao", "việc thu gom rác"),
        ("gửi kết quả nv12: 35 ha", "baocao", "nv12: 35 ha"),
        ("ghi giúp em nv03 được 2 tổ", "baocao", "nv03 được 2 tổ"),
        ("bao coa nv03", "baocao", "nv03"),
        ("xem lại việc thu gom rác nông thôn", "nhiemvu", "thu gom rác nông thôn"),
        ("nv03 đến đâu rồi", "nhiemvu", "nv03"),
        ("tui còn mấy việc nữa hè", "nhiemvu", ""),
        ("anh muốn xem nhanh tình hình xã Bạch Xa", "tongket", "xã Bạch Xa"),
        ("xã nào chậm nhất?", "tongket", ""),
        ("tkết quý 3", "tongket", "quý 3"),
        ("nới hạn nv12 giúp em", "giahan", "nv12"),
        ("hoãn hạn nv05 tới tết được không anh", "giahan", "nv05 tới tết"),
        ("giao cho anh Hùng làm 3 km đường", "giaoviec", "anh Hùng làm 3 km đường"),
        ("chiều nay con em ốm em xin nghỉ", "nghi", "chiều nay"),
        ("mai tui nghỉ bữa nha", "nghi", "mai"),
        ("xin nghỉ thì gõ thế nào", "trogiup", ""),
        ("mất mã rồi, cho em mã khác", "ketnoi", ""),
        ("có báo cáo nào chờ duyệt không", "kiemtra", ""),
        ("em gửi sai số liệu nv03", "sua", ""),
        ("nhắc em bằng zalo thôi nhé", "nhacqua", ""),
    ],
)  # fmt: skip
def test_a_sentence_in_free_words(said: str, name: str, rest: str) -> None:
    assert read_wish(said) == Command(name, rest)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("việc nào đang chậm", {"nhiemvu", "tongket"}),
        ("em gõ nhầm", {"huy", "sua"}),
        ("em phải làm gì", {"nhiemvu", "trogiup"}),
        ("em nhập số liệu thu gom rác", {"baocao"}),
        ("có vướng mắc cần lãnh đạo gỡ", {"vuongmac"}),
    ],
)
def test_what_may_be_meant_in_two_ways_or_is_told_with_strange_words_is_asked(
    said: str, names: set[str]
) -> None:
    wish = read_wish(said)
    assert isinstance(wish, Ask)
    assert {one.meaning.name for one in wish.readings} == names
    assert all(one.label == LABELS[one.meaning.name] for one in wish.readings)


@pytest.mark.parametrize(
    "said",
    [
        "sửa nhà cho 2 hộ nghèo", "tỉnh giao chỉ tiêu cao quá", "dân không báo cáo nữa", "hôm qua em nghỉ ốm",
        "bí thư chỉ đạo sát sao lắm", "mạng yếu không kết nối được wifi", "xe đang sửa ngoài gara",
        "anh Huy", "cấp mã số vùng trồng", "có việc gì đâu", "em đang trên đường", "xem " * 60,
        "chưa rõ", "em không biết", "cách đây 2 tuần", "mai em bc nv03 nhé", "chuyen doi so", "hiến đất làm đường",
    ],
)  # fmt: skip
def test_mere_talk_wishes_for_nothing(said: str) -> None:
    assert read_wish(said) is None
