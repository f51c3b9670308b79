"""What is said about a message that cannot be used: what it is, and what to send instead."""

from __future__ import annotations

from aiogram.enums import ContentType
from aiogram.types import Message

_AS_WORDS = "Đồng chí gõ thành chữ giúp."
_AS_PHOTO = "Đồng chí gửi ảnh chụp giúp."
OTHER = "Loại tin này tôi chưa đọc được. Đồng chí gõ thành chữ, hoặc gửi ảnh giúp."
_OWN_CARD = "Danh thiếp chưa dùng để kết nối được. Đồng chí gõ mã kết nối do văn phòng cấp giúp."
_OTHERS_CARD = (
    "Danh thiếp của người khác thì không dùng được. Mỗi người tự gõ mã kết nối của mình giúp."
)
_CAPTION_TOO = " Phần chữ đi kèm cũng chưa được ghi, đồng chí gõ lại giúp."

SENTENCES: dict[str, str] = {
    ContentType.VOICE: f"Tôi chưa nghe được tin thoại. {_AS_WORDS}",
    ContentType.AUDIO: f"Tôi chưa nghe được tệp âm thanh. {_AS_WORDS}",
    ContentType.VIDEO: f"Tôi chưa xem được video. {_AS_PHOTO}",
    ContentType.VIDEO_NOTE: f"Tôi chưa xem được video. {_AS_PHOTO}",
    ContentType.ANIMATION: f"Tôi chưa xem được ảnh động. {_AS_PHOTO}",
    ContentType.STICKER: f"Nhãn dán thì tôi chưa hiểu. {_AS_WORDS}",
    ContentType.DICE: f"Biểu tượng này thì tôi chưa hiểu. {_AS_WORDS}",
    ContentType.POLL: f"Phiếu thăm dò thì tôi chưa đọc được. {_AS_WORDS}",
    ContentType.CHECKLIST: f"Danh sách đánh dấu thì tôi chưa đọc được. {_AS_WORDS}",
    ContentType.CONTACT: _OTHERS_CARD,
    ContentType.LIVE_PHOTO: f"Ảnh động này tôi chưa xem được. {_AS_PHOTO}",
    ContentType.STORY: OTHER,
    ContentType.GAME: OTHER,
    ContentType.INVOICE: OTHER,
    ContentType.PAID_MEDIA: OTHER,
    ContentType.GIVEAWAY: OTHER,
    ContentType.PASSPORT_DATA: OTHER,
    ContentType.RICH_MESSAGE: OTHER,
    ContentType.UNKNOWN: OTHER,
}
"""By kind of message. A kind that is not here is a notice of Telegram's own (somebody joined,
a title changed): nobody said anything, so nothing is answered."""


def unsupported(message: Message) -> str | None:
    """The sentence about a message that is not words, a photo or a place; None: nobody spoke."""
    sentence = SENTENCES.get(message.content_type)
    if sentence is None:
        return None
    owner = message.contact.user_id if message.contact else None
    if owner and message.from_user and owner == message.from_user.id:
        sentence = _OWN_CARD
    return sentence + (_CAPTION_TOO if message.caption else "")
