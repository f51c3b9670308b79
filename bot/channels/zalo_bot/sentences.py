"""What is said about what Zalo does not let through, and what to do instead."""

from __future__ import annotations

_AS_WORDS = "Đồng chí gõ thành chữ giúp."
STICKER = f"Nhãn dán thì tôi chưa hiểu. {_AS_WORDS}"
VOICE = f"Tôi chưa nghe được tin thoại. {_AS_WORDS}"
OTHER = "Loại tin này tôi chưa đọc được. Đồng chí gõ thành chữ, hoặc gửi ảnh giúp."
WITHHELD = (
    "Zalo không chuyển nội dung tin này đến tôi. Tệp, danh thiếp, vị trí đều như vậy; "
    "với một số tài khoản thì mọi tin đều như vậy. "
    "Đồng chí gõ thành chữ, gửi ảnh, hoặc dùng trang trò chuyện trên web giúp."
)
NO_PHOTO = "Ảnh vừa rồi chưa đến được. Đồng chí gửi lại giúp."

GONE_FILE = "(Ảnh hoặc tệp đi kèm hiện không còn trong kho.)"


def photo_at(link: str) -> str:
    return f"Xem ảnh tại: {link}"


def document_at(name: str, link: str) -> str:
    return f"Tải tệp {name} tại: {link}" if name else f"Tải tệp tại: {link}"
