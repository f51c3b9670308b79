"""The words that say whether a figure in a report was reached: of work, of loss, of what is to come.

Work done in a commune's jobs has many verbs, and a verb that is missing here costs a question.
"""

from __future__ import annotations

REACHED = ("được", "xong", "đã đạt", "đã hoàn thành", "đã thực hiện")
"""After these it does not matter what stood before; "cam kết hoàn thành 19" is no such thing."""
WORK = (
    # growing and keeping
    "trồng", "cấy", "gieo", "gieo sạ", "sạ", "xuống giống", "ươm", "ghép", "chăm sóc", "làm cỏ", "bón", "tưới", "phun", "tỉa",
    "thu hoạch", "gặt", "thả", "nuôi", "vỗ béo", "cày", "bừa", "làm đất", "khai hoang", "phục hoá", "sản xuất", "chuyển đổi",
    "thu mua", "tiêm", "khử trùng", "khoanh nuôi", "bảo vệ",
    # building and mending
    "xây", "dựng", "làm", "đổ", "đúc", "khoan", "đào", "đắp", "kè", "đóng", "lợp", "lát", "láng", "quét", "sơn", "lắp", "đặt", "kéo", "rải", "trải",
    "san", "ủi", "mở", "mở rộng", "nâng cấp", "cải tạo", "tu sửa", "tu bổ", "duy tu", "sửa", "chỉnh trang", "cứng hoá", "bê tông",
    "thi công", "nghiệm thu", "bàn giao", "giải phóng", "xoá", "di dời", "bố trí",
    # keeping clean
    "thu", "gom", "dọn", "nạo vét", "khơi thông", "phát quang", "tổng vệ sinh",
    # papers and offices
    "cấp", "trả kết quả", "giải quyết", "xử lý", "xử lí", "thẩm định", "thẩm tra", "xác minh", "xác nhận", "chứng thực",
    "ký", "duyệt", "phê duyệt", "ban hành", "niêm yết", "công khai", "rà soát", "kiểm tra", "giám sát", "kê khai",
    "cập nhật", "nhập", "số hoá", "cài", "kích hoạt", "đo", "cắm mốc", "chỉnh lý", "thống kê", "công nhận",
    # people
    "phát", "trao", "tặng", "thăm", "hỗ trợ", "chi trả", "nộp", "giải ngân", "cho vay", "quyên góp", "huy động", "hiến", "giao",
    "vận động", "tuyên truyền", "tập huấn", "hướng dẫn", "đào tạo", "bồi dưỡng", "dạy", "tư vấn", "khám", "hoà giải", "đối thoại",
    "tổ chức", "ra quân", "ra mắt", "thành lập", "kết nạp", "tuyển", "giới thiệu", "tham gia", "xuất cảnh", "đi làm",
    "tốt nghiệp", "giảm", "thoát",
)  # fmt: skip
LABELS = (
    "kết quả", "sản lượng", "luỹ kế", "cộng dồn", "tỷ lệ", "tỉ lệ", "ước", "tính", "tăng", "thêm", "lên", "từ", "bằng", "còn", "bc", "báo cáo",
    "việc", "nhiệm vụ", "hôm nay", "hôm qua", "trong tuần", "trong tháng", "trong kỳ", "trong ngày", "đầu năm", "sáng", "chiều", "toàn xã",
    "tất cả", "hiện", "vừa", "vẫn", "chỉ", "sau", "đúng", "diện tích", "lđ", "dân", "ảnh", "hình", "ok", "oke", "rùi", "nè", "đó", "tương đương", "như", "tầm", "cỡ", "chừng", "ngót", "xấp xỉ", "ít nhất",
    "kế hoạch", "kh", "chỉ tiêu", "của", "theo", "ngoài", "đợt", "tuần", "tháng", "ngày", "quý", "kỳ", "năm", "này",
)  # fmt: skip
PLACES = (
    "thôn",
    "bản",
    "xóm",
    "ấp",
    "xã",
    "phường",
    "khu",
    "tổ",
    "làng",
    "cụm",
    "nhóm",
    "đội",
    "tuyến",
    "chi bộ",
    "trường",
)
LOST = (
    "mất", "hỏng", "huỷ", "bỏ", "rút", "trả lại", "trả về", "thất lạc", "cháy", "chết", "hoãn", "lùi", "dừng", "nghỉ", "giải tán",
    "giải thể", "tan rã", "sai", "lỗi", "thiếu", "tồn", "dư", "thừa", "phát sinh", "tái nghèo", "từ chối", "thu hồi", "đình chỉ",
    "bị", "hụt", "sót", "hết hạn", "đổ bể", "phá sản", "ngừng", "khó", "sập", "tốc mái", "trôi", "ngập", "gãy",
)  # fmt: skip
NEEDS_MARKS = frozenset(
    {"co", "rang", "bo", "hoan", "du", "ton", "loi", "sot", "thua", "kho", "troi", "sap"}
)
BUT: dict[str, tuple[str, ...]] = {
    "thiếu": ("nhi", "niên", "nữ"),
    "bị": ("chậm", "trễ", "muộn", "vướng", "kẹt", "tắc", "ảnh"),
    "mất": ("bằng",),
    "khó": ("khăn",),
}
"""Words of loss that are others before these: thiếu nhi, "mat bang"; "bị chậm" is a situation."""
NOT = ("không", "chưa", "chẳng")
NOT_BUT = (
    "dưới", "quá", "ít", "kém", "hơn", "trên", "vượt", "đến", "tới", "vướng", "có", "gặp", "còn", "bị", "kể", "tính", "chỉ",
)  # fmt: skip
"""What a "không" before them does not deny: ``không dưới 12 hộ``, ``không vướng gì, 12 hộ``."""
NO_TROUBLE = (
    "vướng", "khó", "gì", "trở", "thay", "phát", "tồn", "vấn", "sai", "lỗi", "ai", "chi", "đơn", "kiến", "ảnh", "hình", "minh",
)  # fmt: skip
UNREAL = (
    "dự kiến", "dự tính", "dự định", "sẽ", "phấn đấu", "cố gắng", "hứa", "quyết tâm", "chuẩn bị", "sắp", "nếu", "giá mà", "giá như",
    "lẽ ra", "đáng lẽ", "đáng ra", "có thể", "mong", "muốn", "hẹn", "phải", "cần", "đề nghị", "yêu cầu", "mục tiêu",
    "cam kết", "nỗ lực", "ráng", "cố", "hướng tới", "tiến tới", "tranh thủ",
    "bao giờ", "khi nào", "lúc nào", "chừng nào", "làm sao", "còn lâu", "may ra", "để", "hả", "hỏi", "xin",
)  # fmt: skip
POLITE = (
    "báo cáo", "bc", "phép", "gửi", "nộp", "cảm ơn", "cám ơn", "trân trọng", "phản hồi", "trả lời", "thông báo", "được báo cáo", "chào",
)  # fmt: skip
"""Behind "xin" these ask for nothing."""
TO_COME = (
    "tuần sau", "tuần tới", "tháng sau", "tháng tới", "quý sau", "quý tới", "năm sau", "năm tới", "kỳ sau", "kỳ tới", "ngày mai", "mai",
)  # fmt: skip
NOT_YET = (*UNREAL, *TO_COME)
KNOWN = (*WORK, *LABELS)
TURNS = ("nhưng", "mà", "nay", "song", "thế mà")
ENDS = ("do", "vì", "nhưng", "còn", "tại", "mà")
NEW = (
    "trong", "ở", "tại", "như", "cho", "so", "bằng", "với", "của", "từ", "theo", "tính", "vào", "đến", "tới", "chậm", "đúng", "đang",
    "không", "chưa", "vướng", "kẹt", "và",
)  # fmt: skip
