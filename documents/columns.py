"""The four sheets of the workbook as data: what the template writes and the reader recognises.

A column's `field` is the name of the row's attribute in `services.loading.rows`; its choices are
what is stored → what is written, the label first and other ways to say it after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Literal

from services.loading.rows import SHEETS, Sheet

Reads = Literal[
    "text", "long", "code", "codes", "lines", "day", "number", "whole", "report_day", "choice"
]
"""long: a text of several lines; lines: one item a line (or by ;); whole: a whole number."""

UNIT_KINDS = {
    "province": "Tỉnh|Thành phố",
    "department": "Sở, ban, ngành|Sở|Ban|Ngành|Cơ quan",
    "district": "Huyện|Thị xã",
    "commune": "Xã",
    "ward": "Phường",
    "special_zone": "Đặc khu",
    "cluster": "Cụm xã|Cụm",
    "village": "Thôn|Bản|Xóm|Ấp",
    "neighbourhood": "Tổ dân phố|Khu phố",
    "office": "Phòng, ban|Phòng|Văn phòng",
    "other": "Khác",
}
POST_KINDS = {
    "leader": "Lãnh đạo",
    "supervisor": "Giám sát|Theo dõi",
    "cadre": "Cán bộ|Công chức|Chuyên viên",
    "clerk": "Văn thư|Văn phòng",
    "admin": "Quản trị",
}
HORIZONS = {"year": "Năm|Hằng năm|Hàng năm", "term": "Nhiệm kỳ|Cả nhiệm kỳ"}
ORIGINS = {"assigned": "Giao|Được giao", "registered": "Đăng ký", "added": "Giao thêm|Bổ sung"}
MEASURES = {
    "number": "Số lượng|Số",
    "percent": "Tỷ lệ %|%|Tỷ lệ|Tỉ lệ|Tỉ lệ %|Phần trăm",
    "yesno": "Có/không|Đạt/không đạt",
    "checklist": "Tiêu chí|Danh mục",
    "count": "Số lần|Số lượt",
    "milestones": "Mốc|Cột mốc",
}
DIRECTIONS = {"up": "Tăng", "down": "Giảm"}
CADENCES = {
    "none": "Không",
    "weekly": "Tuần|Hằng tuần|Hàng tuần",
    "monthly": "Tháng|Hằng tháng|Hàng tháng",
    "quarterly": "Quý|Hằng quý|Hàng quý",
}
TAGS = ("đột phá", "đổi mới", "việc khó", "điểm nghẽn", "tồn đọng", "thường xuyên")
"""The usual tags (mission §2); others, a field such as nông nghiệp, are welcome."""


@dataclass(frozen=True)
class Column:
    """One column: how it is called, read, explained."""

    field: str
    header: str
    reads: Reads
    note: str
    example: str
    required: bool = False
    width: int = 18
    limit: int = 255
    """The most letters."""
    choices: Mapping[str, str] = default(default_factory=dict)
    also: tuple[str, ...] = ()
    """Other headers people write."""
    refers: Sheet | None = None
    """Its codes stand in the first code column of this sheet."""
    suggests: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(words.split("|")[0] for words in self.choices.values())


@dataclass(frozen=True)
class SheetPlan:
    """One sheet: its columns, and which of them names the row for other sheets."""

    sheet: Sheet
    about: str
    code: str
    columns: tuple[Column, ...]

    @property
    def title(self) -> str:
        return SHEETS[self.sheet]


IGNORED = "Ghi chú"
"""A column for the clerk's own notes: never read."""

UNITS = SheetPlan(
    "units",
    "Mỗi dòng một đơn vị, cấp trên trước hay sau đều được. Hai đơn vị trùng tên phân biệt bằng mã.",
    "code",
    (
        Column("code", "Mã đơn vị", "code", "Ngắn, không trùng, không đổi về sau.", "X-PL", True, 14, 64, also=("Mã",)),
        Column("name", "Tên đơn vị", "text", "Tên đầy đủ.", "Xã Phù Lưu", True, 34, also=("Tên", "Đơn vị")),
        Column("kind", "Loại đơn vị", "choice", "Chọn trong danh sách.", "Xã", True, 16, choices=UNIT_KINDS, also=("Loại",)),
        Column("parent", "Mã đơn vị cấp trên", "code", "Để trống nếu là cấp cao nhất.", "T-TQ", False, 20, 64, also=("Cấp trên", "Trực thuộc", "Mã cấp trên"), refers="units"),
        Column("valid_from", "Hiệu lực từ", "day", "Ngày đơn vị bắt đầu hoạt động.", "01/07/2025", True, 14, also=("Từ ngày", "Ngày thành lập")),
        Column("valid_to", "Hiệu lực đến", "day", "Chỉ ghi khi đơn vị đã thôi hoạt động.", "", False, 14, also=("Đến ngày",)),
        Column("replaces", "Thay cho đơn vị", "codes", "Mã các đơn vị cũ được sáp nhập, đổi tên; cách nhau bằng dấu ;", "X-CU1; X-CU2", False, 22, 64, also=("Thay cho mã đơn vị", "Thay cho"), refers="units"),
    ),
)  # fmt: skip

POSTS = SheetPlan(
    "posts",
    "Mỗi dòng một người giữ một chức vụ. Người kiêm nhiệm ghi nhiều dòng, cùng mã người. Chức vụ còn trống thì bỏ trống mã người và họ tên.",
    "post",
    (
        Column("person", "Mã người", "code", "Mã công chức hoặc số thứ tự; không dùng số căn cước.", "CB-0012", False, 18, 64, also=("Mã cán bộ",)),
        Column("name", "Họ và tên", "text", "Như trong hồ sơ.", "Nguyễn Văn A", False, 26, also=("Họ tên", "Tên")),
        Column("post", "Mã chức vụ", "code", "Mỗi chức vụ ở mỗi đơn vị một mã.", "X-PL-PCT", True, 16, 64),
        Column("title", "Chức vụ", "text", "Tên chức vụ.", "Phó Chủ tịch UBND xã", True, 28, also=("Tên chức vụ", "Chức danh")),
        Column("unit", "Mã đơn vị", "code", "Đơn vị của chức vụ.", "X-PL", True, 14, 64, also=("Đơn vị",), refers="units"),
        Column("kind", "Vai trò", "choice", "Chọn trong danh sách.", "Cán bộ", True, 14, choices=POST_KINDS, also=("Loại chức vụ",)),
        Column("start", "Từ ngày", "day", "Ngày nhận chức vụ; để trống: từ ngày nạp.", "01/07/2025", False, 14, also=("Giữ từ ngày",)),
        Column("end", "Đến ngày", "day", "Chỉ ghi khi đã thôi giữ chức vụ.", "", False, 14, also=("Giữ đến ngày",)),
        Column("oversees", "Phụ trách đơn vị", "codes", "Mã các đơn vị được giao theo dõi; cách nhau bằng dấu ;", "X-PL; X-YB", False, 24, 64, also=("Phụ trách", "Phụ trách các đơn vị"), refers="units"),
    ),
)  # fmt: skip

PROGRAMMES = SheetPlan(
    "programmes",
    "Mỗi dòng một văn bản giao việc (chương trình, kế hoạch).",
    "number",
    (
        Column("number", "Số hiệu", "code", "Số và ký hiệu văn bản.", "12-KH/ĐU", True, 16, 64, also=("Số, ký hiệu", "Số hiệu văn bản", "Số ký hiệu")),
        Column("issued_on", "Ngày ban hành", "day", "Ngày ký văn bản.", "15/01/2026", True, 15, also=("Ngày", "Ngày ký")),
        Column("unit", "Mã đơn vị ban hành", "code", "Đơn vị ký văn bản.", "X-PL", True, 20, 64, also=("Đơn vị ban hành", "Mã đơn vị", "Đơn vị"), refers="units"),
        Column("title", "Tên văn bản", "long", "Trích yếu.", "Kế hoạch giao việc đột phá, đổi mới", True, 44, 4000, also=("Trích yếu", "Tên", "Tên chương trình")),
        Column("theme", "Chủ đề", "long", "Nếu có.", "", False, 26, 4000),
        Column("motto", "Phương châm", "long", "Nếu có.", "5 rõ", False, 26, 4000),
        Column("horizon", "Thời kỳ", "choice", "Năm hay cả nhiệm kỳ; để trống: năm.", "Năm", False, 12, choices=HORIZONS),
        Column("year", "Năm", "whole", "Năm thực hiện; nhiệm kỳ thì ghi năm đầu.", "2026", True, 13),
        Column("above", "Thực hiện văn bản", "code", "Số hiệu văn bản cấp trên; trùng số thì ghi thêm @ mã đơn vị.", "111-KH/TU @ T-TQ", False, 22, 130, also=("Văn bản cấp trên", "Số hiệu cấp trên")),
    ),
)  # fmt: skip

TASKS = SheetPlan(
    "tasks",
    "Mỗi dòng một việc, đúng một chức vụ chủ trì. Sửa dòng rồi nạp lại tệp là sửa việc.",
    "code",
    (
        Column("programme", "Số hiệu chương trình", "code", "Như ở trang Chương trình; trùng số thì ghi thêm @ mã đơn vị, hoặc năm 2026.", "12-KH/ĐU", True, 18, 130, also=("Chương trình", "Số hiệu", "Số hiệu văn bản", "Kế hoạch"), refers="programmes"),
        Column("code", "Mã việc", "code", "Không trùng trong một chương trình.", "NV-03", True, 13, 32, also=("Mã nhiệm vụ", "Mã")),
        Column("title", "Tên nhiệm vụ", "long", "Việc gì, một câu.", "Xây dựng 2 tổ sản xuất VietGAP", True, 44, 4000, also=("Tên việc", "Nhiệm vụ", "Nội dung nhiệm vụ", "Nội dung")),
        Column("product", "Sản phẩm", "long", "Khi xong thì có gì.", "2 tổ sản xuất được chứng nhận", False, 30, 4000),
        Column("tags", "Nhãn", "lines", "Cách nhau bằng dấu ; — " + ", ".join(TAGS) + "; lĩnh vực.", "đột phá; nông nghiệp", False, 28, 64, also=("Loại việc", "Tính chất"), suggests=TAGS),
        Column("origin", "Hình thức", "choice", "Để trống: giao.", "Đăng ký", False, 12, choices=ORIGINS, also=("Nguồn",)),
        Column("owner", "Chủ trì", "code", "Mã chức vụ chịu trách nhiệm, đúng một.", "X-PL-PCT", True, 16, 64, also=("Mã chức vụ chủ trì", "Chức vụ chủ trì"), refers="posts"),
        Column("supporting", "Phối hợp", "codes", "Mã các chức vụ; cách nhau bằng dấu ;", "X-PL-NN; X-PL-VH", False, 18, 64, also=("Chức vụ phối hợp",), refers="posts"),
        Column("focal", "Theo dõi", "codes", "Mã chức vụ đầu mối theo dõi.", "X-PL-VP", False, 16, 64, also=("Đầu mối", "Đầu mối theo dõi"), refers="posts"),
        Column("director", "Chỉ đạo", "codes", "Mã chức vụ chỉ đạo.", "X-PL-BT", False, 16, 64, also=("Chức vụ chỉ đạo",), refers="posts"),
        Column("advising", "Tham mưu", "codes", "Mã chức vụ tham mưu.", "", False, 16, 64, also=("Chức vụ tham mưu",), refers="posts"),
        Column("measure", "Cách đo", "choice", "Chọn trong danh sách.", "Số lượng", True, 12, choices=MEASURES, also=("Loại chỉ tiêu", "Loại đo")),
        Column("measure_unit", "Đơn vị tính", "text", "Cần khi đo bằng số lượng, số lần.", "tổ", False, 12, 64, also=("ĐVT",)),
        Column("direction", "Chiều", "choice", "Tăng hay giảm là tốt; để trống: tăng.", "Tăng", False, 13, choices=DIRECTIONS, also=("Chiều tốt",)),
        Column("baseline", "Số gốc", "number", "Mức lúc bắt đầu, nếu tính từ đó.", "", False, 11, also=("Hiện trạng", "Mức xuất phát")),
        Column("target", "Chỉ tiêu", "number", "Chỉ ghi số; phẩy là phần lẻ, chấm là hàng nghìn.", "2", False, 17, also=("Mục tiêu", "Số chỉ tiêu", "Kế hoạch giao")),
        Column("criteria", "Tiêu chí hoặc mốc", "lines", "Mỗi dòng một tiêu chí (Alt+Enter), hoặc cách nhau bằng dấu ;", "", False, 30, 500, also=("Tiêu chí", "Mốc", "Các mốc")),
        Column("start", "Bắt đầu", "day", "Để trống: ngày ban hành văn bản.", "", False, 13, also=("Ngày bắt đầu", "Từ ngày")),
        Column("due", "Thời hạn", "day", "Để trống: không thời hạn.", "31/12/2026", False, 13, also=("Hạn", "Hạn hoàn thành", "Thời hạn hoàn thành", "Đến ngày")),
        Column("cadence", "Báo cáo định kỳ", "choice", "Để trống: không.", "Tháng", False, 14, choices=CADENCES, also=("Kỳ báo cáo", "Định kỳ")),
        Column("cadence_day", "Ngày báo cáo", "report_day", "Tuần: 2 (thứ Hai) đến 8 (Chủ Nhật). Tháng, quý: ngày trong tháng, 31 là ngày cuối.", "25", False, 24, also=("Ngày định kỳ",)),
        Column("value", "Đã đạt", "number", "Mức đã đạt lúc nạp lần đầu; sau đó số lấy từ báo cáo.", "1", False, 19, also=("Kết quả hiện tại", "Giá trị hiện tại", "Thực hiện")),
    ),
)  # fmt: skip

PLANS = (UNITS, POSTS, PROGRAMMES, TASKS)
