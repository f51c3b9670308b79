"""What is said about a message that cannot be used: what it is, and what to send instead."""

from __future__ import annotations

_AS_WORDS = "Đồng chí gõ thành chữ giúp."
OTHER = "Loại tin này tôi chưa đọc được. Đồng chí gõ thành chữ, hoặc gửi ảnh giúp."
NO_PICTURE = "Ảnh vừa gửi chưa đến nơi. Đồng chí gửi lại giúp."
SUBMITTED = (
    "Thông tin vừa gửi không được lưu lại. "
    "Để kết nối, đồng chí gõ mã kết nối do văn phòng cấp giúp."
)

SENTENCES = {
    "user_send_sticker": f"Nhãn dán thì tôi chưa hiểu. {_AS_WORDS}",
    "user_send_gif": "Ảnh động này tôi chưa xem được. Đồng chí gửi ảnh chụp giúp.",
    "user_send_audio": f"Tôi chưa nghe được tin thoại. {_AS_WORDS}",
    "user_send_video": "Tôi chưa xem được video. Đồng chí gửi ảnh chụp giúp.",
    "user_send_file": "Tệp vừa gửi chưa đến nơi. Đồng chí gửi lại giúp, hoặc gõ thành chữ.",
    "user_send_link": f"Đường dẫn thì tôi chưa đọc được. {_AS_WORDS}",
    "user_send_business_card": (
        "Danh thiếp chưa dùng để kết nối được. Đồng chí gõ mã kết nối do văn phòng cấp giúp."
    ),
    "user_submit_info": SUBMITTED,
}
"""By event."""

GONE_FILE = "(Ảnh hoặc tệp đi kèm hiện không còn trong kho.)"
ON_THE_WEB = "Tải {name} tại: {url}"
NO_LINK = "({name} không gửi qua Zalo được. Đồng chí mở trên trang web.)"
