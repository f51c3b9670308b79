"""Photos, places and captions on their way into a draft: what counts, and how it is told."""

from __future__ import annotations

import re

from bot.conversation import Choice
from handlers import draft as kept
from handlers.draft import Draft
from handlers.world import Turn
from services.photos import lost_photos
from services.reports import MAX_PHOTOS
from vietnamese.letters import fold

WITH_PHOTOS = (Choice("enough", "Xong"),)
WITHOUT = (*WITH_PHOTOS, Choice("skip", "Bỏ qua"))
ALBUM_QUIET = 1.5
"""Seconds without a new photo after which an album is taken to be whole."""
_ENOUGH = re.compile(
    r"(?:xong|du|het)(?: (?:het|anh|roi|a))*|ok|(?:bo qua|(?:khong|ko|k|chua)(?: (?:co|con|gui))?)"
    r"(?: them)?(?: (?:tam )?(?:anh|hinh))?(?: nao)?(?: (?:ca|het|dau|a|roi))*"
)

_NONE_OF_THEM = re.compile(
    r"(?:bo|xoa) (?:het|tat ca|toan bo)(?: (?:anh|hinh))?(?: (?:cu|nay|di|roi))*"
)


async def usable(turn: Turn, photos: list[int]) -> list[int]:
    """Those that are there or may still come."""
    lost = await lost_photos(turn.world.session, photos) if photos else ()
    return [photo for photo in photos if photo not in lost]


async def take(turn: Turn) -> None:
    """Keep the photos and the place of this turn, as far as there is room."""
    draft = kept.load(turn)
    if turn.said.place:
        draft.place = "{:.6f},{:.6f}".format(*turn.said.place)
    room = MAX_PHOTOS - len(await usable(turn, draft.photos))
    new = [photo for photo in turn.said.photos if photo not in draft.photos]
    draft.photos = [*draft.photos, *new[:room]]
    draft.too_many += len(new[room:])
    kept.save(turn, draft)


def quiet(turn: Turn) -> float:
    """Of an album the question waits until the last photo is there."""
    return ALBUM_QUIET if turn.said.album and turn.said.photos else 0


def is_enough(text: str) -> bool:
    """ "xong", "đủ rồi", "bỏ qua", "không có ảnh nào": no more photos; those that came are kept."""
    return _ENOUGH.fullmatch(fold(text).strip(" .!,")) is not None


async def counted(turn: Turn, draft: Draft) -> str:
    """ "Đã nhận 2 ảnh; 1 ảnh chưa dùng được, đồng chí gửi lại giúp." "" when nothing came."""
    good = len(await usable(turn, draft.photos))
    lost = len(draft.photos) - good
    if not draft.photos:
        return ""
    parts = [f"Đã nhận {good} ảnh" if good else "Chưa nhận được ảnh nào"]
    if lost:
        parts.append(f"{lost} ảnh chưa dùng được, đồng chí gửi lại giúp")
    if draft.too_many:
        parts.append(f"một báo cáo có tối đa {MAX_PHOTOS} ảnh nên {draft.too_many} ảnh không nhận")
    return "; ".join(parts) + "."


async def question(turn: Turn, draft: Draft) -> str:
    """What is asked at the photo step."""
    if not draft.photos:
        return 'Gửi ảnh minh chứng (tối đa 10). Gõ "xong" khi đủ, "bỏ qua" nếu không có.'
    rest = 'Gõ "xong" để đi tiếp.' if draft.too_many else 'Gửi tiếp, hoặc gõ "xong" khi đủ.'
    if not await usable(turn, draft.photos):
        rest = 'Gõ "bỏ qua" nếu không có ảnh khác.'
    return f"{await counted(turn, draft)} {rest}"


async def again(turn: Turn, draft: Draft) -> str:
    """What is asked when the photos are to be changed: those that are there stay."""
    if not draft.photos:
        return ""
    there = await in_review(turn, draft)
    return f'Đang có {there}. Gửi thêm, gõ "bỏ hết" để gửi lại từ đầu, hoặc "xong" để giữ nguyên.'


def is_none_of_them(text: str) -> bool:
    """ "bỏ hết": the photos that came are dropped, to be sent anew."""
    return _NONE_OF_THEM.fullmatch(fold(text).strip(" .!,")) is not None


async def in_review(turn: Turn, draft: Draft) -> str:
    """ "2 ảnh", "1 ảnh; 1 ảnh chưa dùng được", "không có ảnh"."""
    good = len(await usable(turn, draft.photos))
    lost = len(draft.photos) - good
    nothing = "chưa có ảnh" if lost else "không có ảnh"
    parts = [f"{good} ảnh" if good else nothing]
    if lost:
        parts.append(f"{lost} ảnh chưa dùng được")
    if draft.too_many:
        parts.append(f"{draft.too_many} ảnh quá số, không nhận")
    return "; ".join(parts)
