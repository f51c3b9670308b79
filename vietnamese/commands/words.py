"""The words each command answers to, folded; the commands themselves are listed in mission §5."""

import re

from vietnamese.letters import fold

_OWNERS = ("tôi", "em", "mình", "cháu", "con", "tui")
_NO_MORE = tuple(
    f"{no} {wish}{verb} nữa{surely}"
    for surely in ("", " đâu")
    for wish in ("", "muốn ")
    for no in ("không", "ko", "k")
    for verb in ("làm", "gửi", "báo cáo", "bc", "nhập")
)

_SPOKEN: dict[str, tuple[str, ...]] = {
    "batdau": ("bắt đầu", "batdau", "start", "khởi động"),
    "baocao": ("báo cáo tiến độ", "báo cáo kết quả", "báo cáo công việc", "báo cáo việc", "báo cáo kq", "bc kq", "báo cáo", "baocao", "bc", "bc tiến độ", "bc kết quả", "bc công việc", "b/c", "bcáo", "bao cao nhanh", "b cáo", "b.cáo", "b.c"),
    "nhiemvu": ("nhiệm vụ", "nhiemvu", "nhiệm vụ của tôi", "nhiệm vụ của em", "nhiệm vụ của mình", "nv của tôi", "nv của em", "nv của mình", "danh sách việc", "danh sách nhiệm vụ", *(f"việc của {who}" for who in _OWNERS), "xem việc", "các việc", "nv", "việc được giao", "nhiệm vụ được giao", "ds việc", "list việc", "dsnv", "ds nv", "được giao việc gì", "được giao những việc gì", "ds nhiệm vụ", "việc phải làm", "việc cần làm", "việc đc giao", "việc dc giao", "có việc gì", "có việc nào", "có những việc gì", "còn việc gì", "còn việc nào", "còn những việc gì", "còn những việc nào", "việc nào", "những việc nào"),
    "tongket": ("tổng kết", "tongket", "tổng hợp", "tonghop", "tk", "báo cáo tổng hợp", "báo cáo tổng kết", "bảng tổng kết", "bản tổng kết", "bản tổng hợp", "tình hình chung", "t/kết"),
    "giaoviec": ("giao việc", "giaoviec", "giao nhiệm vụ", "giao thêm việc", "gv"),
    "dangky": ("đăng ký", "đăng kí", "dangky", "dangki", "đk", "dky", "đky", "đăng ký việc", "đăng ký nhiệm vụ", "đăng kí việc", "đăng kí nhiệm vụ", "đk việc"),
    "vuongmac": ("vướng mắc", "vuongmac", "báo vướng mắc", "báo vướng", "báo khó khăn", "khó khăn vướng mắc", "vm", "bị vướng", "bị vướng mắc", "gặp vướng mắc", "đang vướng"),
    "chidao": ("chỉ đạo", "chidao", "ý kiến chỉ đạo", "cho ý kiến"),
    "giahan": ("gia hạn", "giahan", "xin gia hạn", "lùi hạn", "xin lùi hạn", "gh", "gia hạn thêm", "ra hạn", "xin ra hạn", "xin thêm hạn"),
    "nghi": ("nghỉ", "xin nghỉ", "nghỉ phép", "xin nghỉ phép", "báo nghỉ", "huỷ nghỉ", "huỷ nghỉ phép", "bỏ nghỉ", "bỏ nghỉ phép", "bỏ lịch nghỉ", "huỷ lịch nghỉ"),
    "xuat": ("xuất", "xuất bảng", "xuất file", "xuất excel", "xuất báo cáo", "xuatbang", "tải bảng", "tải file", "tải excel", "file excel", "bảng excel", "in bảng", "xuất số liệu"),
    "trogiup": ("trợ giúp", "trogiup", "hướng dẫn", "help", "giúp đỡ", "hd", "giúp", "cách dùng", "hướng dẫn sử dụng", "cách sử dụng", "dùng thế nào", "sử dụng thế nào", "làm thế nào", "các lệnh", "danh sách lệnh", "có lệnh gì", "có những lệnh gì", "không biết dùng", "ko biết dùng", "không biết cách dùng", "dùng sao", "làm sao", "dùng như thế nào", "làm như thế nào"),
    "huy": ("huỷ bỏ", "hủy bỏ", "huỷ lệnh", "huỷ", "hủy", "cancel", "thoát", "thoát ra", "dừng lại", "thôi không làm nữa", *_NO_MORE, "bỏ đi", "thôi bỏ", "thôi bỏ đi", "thôi để sau", "thôi để lúc khác", "stop", "thôi"),
    "ketnoi": ("kết nối", "ketnoi", "liên kết tài khoản", "cấp mã", "cấp mã kết nối", "tạo mã", "tạo mã kết nối", "gửi mã", "gửi mã kết nối"),
    "nhacqua": ("nhacqua", "nhắc qua", "chọn nơi nhận nhắc việc", "đổi nơi nhận nhắc việc"),
    "sua": ("sửa lại báo cáo", "sửa báo cáo", "sửa bc", "sửa lại bc", "sửa lại", "sửa", "đính chính", "đính chính báo cáo", "suabaocao"),
    "kiemtra": ("kiểm tra báo cáo", "kiểm tra", "kiemtra", "duyệt báo cáo", "duyệt bc", "kiểm tra bc", "duyệt", "ktra", "nghiệm thu", "báo cáo chờ duyệt", "báo cáo chờ kiểm tra", "báo cáo chưa kiểm tra"),
}  # fmt: skip

PHRASES: dict[str, tuple[str, ...]] = {
    name: tuple(dict.fromkeys(fold(phrase) for phrase in phrases))
    for name, phrases in _SPOKEN.items()
}
"""Command → the folded phrases it answers to."""

ACCENTED = {fold(phrase): phrase for phrases in _SPOKEN.values() for phrase in phrases}

COMMANDS: tuple[tuple[str, str], ...] = tuple(
    sorted(
        ((phrase, name) for name, phrases in PHRASES.items() for phrase in phrases),
        key=lambda pair: -len(pair[0]),
    )
)
"""(folded phrase, command), longest first."""

FINISHED = re.compile(
    r"\b(?:da|xong|roi|hoan thanh|duoc \d|vua|dang(?! uy| bo| vien)|chua|se|khong|ko|bi(?! thu)|van (?:con|chua|dang|khong|bi|nhu)"
    r"|sau khi|truoc khi)\b"
)
"""Words of telling, not of asking."""

TELLING = {
    "da": "đã", "xong": "xong", "roi": "rồi", "hoan": "hoàn", "duoc": "được", "vua": "vừa", "dang": "đang", "chua": "chưa",
    "se": "sẽ", "khong": "không", "ko": "ko", "bi": "bị", "van": "vẫn", "sau": "sau", "truoc": "trước",
}  # fmt: skip
"""The first word of each, with its marks: "đảng" is no "đang"."""
