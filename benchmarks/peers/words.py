"""What the peers say: the same questions, with the same choices, as ours."""

from __future__ import annotations

Buttons = tuple[tuple[str, str], ...]
"""(label, key), one row."""

TASKS: Buttons = (
    ("NV-01 Bê tông hoá đường trục thôn — 12/40 km (30%), hạn 31/12/2026", "t1"),
    ("NV-02 Thu gom rác thải nông thôn — 39% (97,5% kế hoạch), hạn 30/11/2026", "t2"),
)
SITUATIONS: Buttons = (("Đúng tiến độ", "on_track"), ("Chậm", "late"), ("Vướng mắc", "stuck"))
PHOTOS: Buttons = (("Xong", "enough"), ("Bỏ qua", "skip"))
REVIEW: Buttons = (("Gửi", "send"), ("Sửa", "edit"), ("Huỷ", "cancel"))

WHICH_TASK = (
    "Báo cáo việc nào?\n"
    + "\n".join(f"{at}. {label}" for at, (label, _) in enumerate(TASKS, start=1))
    + "\nTrả lời bằng số, hoặc gõ vài chữ trong tên việc."
)
WHICH_VALUE = "Kết quả đến hôm nay, tính bằng km? (lần trước 12/11: 12)"
WHICH_SITUATION = "Tình hình? 1. Đúng tiến độ  2. Chậm  3. Vướng mắc"
WHICH_PHOTOS = 'Gửi ảnh minh chứng (tối đa 10). Gõ "xong" khi đủ, "bỏ qua" nếu không có.'


def review(value: str) -> str:
    return f"Xem lại: NV-01 · {value}/40 km · đúng tiến độ · không có ảnh. 1. Gửi  2. Sửa  3. Huỷ"


def recorded(number: int) -> str:
    return f"✅ Đã ghi BC-{number:04d} lúc 16:32, Chủ Nhật 22/11/2026."
