"""Photos, files, places and captions on their way into a draft: what counts, and how it is told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.conversation import Choice
from handlers import draft as kept
from handlers.draft import Draft
from handlers.words import pieces_in_words
from handlers.world import Turn
from services.evidence import MAX_FILES, MAX_PHOTOS, Piece, lost, pieces
from vietnamese.letters import fold

WITH_PHOTOS = (Choice("enough", "Xong"),)
WITHOUT = (*WITH_PHOTOS, Choice("skip", "Bỏ qua"))
ALBUM_QUIET = 1.5
"""Seconds without a new photo after which an album is taken to be whole."""
_ENOUGH = re.compile(
    r"(?:xong|du|het)(?: (?:het|anh|tep|roi|a))*|ok|(?:bo qua|(?:khong|ko|k|chua)(?: (?:co|con|gui))?)"
    r"(?: them)?(?: (?:tam )?(?:anh|hinh|tep|file))?(?: nao)?(?: (?:ca|het|dau|a|roi))*"
)

_NONE_OF_THEM = re.compile(
    r"(?:bo|xoa) (?:het|tat ca|toan bo)(?: (?:anh|hinh|tep|file))?(?: (?:cu|nay|di|roi))*"
)


UNMARKED = "Tài liệu có dấu Mật, Tối mật, Tuyệt mật thì không gửi qua đây, đồng chí lưu ý giúp."
"""Said with the first file: what is stamped inside one, nobody sees before it has been kept."""


async def usable(turn: Turn, photos: Sequence[int]) -> list[int]:
    """Those that are there or may still come."""
    gone = await lost(turn.world.session, photos) if photos else ()
    return [photo for photo in photos if photo not in gone]


async def take(turn: Turn) -> None:
    """Keep the photos, files and the place of this turn, as far as there is room."""
    draft = kept.load(turn)
    if turn.said.place:
        draft.place = "{:.6f},{:.6f}".format(*turn.said.place)
    there = await _pieces(turn, draft.photos)
    new = [photo for photo in turn.said.photos if photo not in draft.photos]
    came = await pieces(turn.world.session, new)
    draft.photos = [*draft.photos, *_fitting(draft, came, there)]
    if not draft.warned and any(piece.is_file for piece in came):
        turn.say(UNMARKED)
        draft.warned = True
    kept.save(turn, draft)


async def with_room(turn: Turn, draft: Draft, before: Sequence[int]) -> list[int]:
    """Those of the draft that a report which holds `before` has room for."""
    there = await pieces(turn.world.session, before)
    return _fitting(draft, await _pieces(turn, draft.photos), there)


def _fitting(draft: Draft, came: Sequence[Piece], there: list[Piece]) -> list[int]:
    """Those for which there is room beside what is there; of the others the draft keeps the count."""
    photos, files = _counts(there)
    fitting = []
    for piece in came:
        if piece.is_file and files >= MAX_FILES:
            draft.files_too_many += 1
        elif not piece.is_file and photos >= MAX_PHOTOS:
            draft.too_many += 1
        else:
            fitting.append(piece.media_id)
            files, photos = files + piece.is_file, photos + (not piece.is_file)
    return fitting


async def _pieces(turn: Turn, media_ids: Sequence[int], *, gone: bool = False) -> list[Piece]:
    """Those that are there or may still come; with `gone`, those that came to nothing."""
    found = await pieces(turn.world.session, media_ids)
    return [piece for piece in found if (piece.state == "failed") is gone]


def _counts(among: list[Piece]) -> tuple[int, int]:
    """How many photos, and how many files."""
    files = sum(piece.is_file for piece in among)
    return len(among) - files, files


async def in_words(turn: Turn, media_ids: Sequence[int], *, gone: bool = False) -> str:
    """ "2 ảnh, 1 tệp" of what is usable (with `gone`: of what is not); "" when nothing is."""
    return pieces_in_words(*_counts(await _pieces(turn, media_ids, gone=gone)))


async def noun(turn: Turn, media_ids: Sequence[int]) -> str:
    """What these are called together: "ảnh", "tệp" or "ảnh, tệp"."""
    photos, files = _counts(await pieces(turn.world.session, media_ids))
    return ", ".join([*["ảnh"] * bool(photos or not files), *["tệp"] * bool(files)])


def quiet(turn: Turn) -> float:
    """Of an album the question waits until the last photo is there."""
    return ALBUM_QUIET if turn.said.album and turn.said.photos else 0


def is_enough(text: str) -> bool:
    """ "xong", "đủ rồi", "bỏ qua", "không có ảnh nào": no more photos; those that came are kept."""
    return _ENOUGH.fullmatch(fold(text).strip(" .!,")) is not None


async def counted(turn: Turn, draft: Draft) -> str:
    """ "Đã nhận 2 ảnh; 1 ảnh chưa dùng được, đồng chí gửi lại giúp." "" when nothing came."""
    if not draft.photos:
        return ""
    if good := await in_words(turn, draft.photos):
        parts = [f"Đã nhận {good}"]
    else:
        parts = [f"Chưa nhận được {await noun(turn, draft.photos)} nào"]
    if broken := await in_words(turn, draft.photos, gone=True):
        parts.append(f"{broken} chưa dùng được, đồng chí gửi lại giúp")
    for count, most, word in too_many(draft):
        parts.append(f"một báo cáo có tối đa {most} {word} nên {count} {word} không nhận")
    return "; ".join(parts) + "."


async def question(turn: Turn, draft: Draft) -> str:
    """What is asked at the photo step."""
    if not draft.photos:
        return 'Gửi ảnh minh chứng (tối đa 10). Gõ "xong" khi đủ, "bỏ qua" nếu không có.'
    rest = 'Gõ "xong" để đi tiếp.' if any(too_many(draft)) else 'Gửi tiếp, hoặc gõ "xong" khi đủ.'
    if not await usable(turn, draft.photos):
        rest = f'Gõ "bỏ qua" nếu không có {await noun(turn, draft.photos)} khác.'
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
    good = await in_words(turn, draft.photos)
    broken = await in_words(turn, draft.photos, gone=True)
    nothing = f"chưa có {await noun(turn, draft.photos)}" if broken else "không có ảnh"
    parts = [good or nothing, *([f"{broken} chưa dùng được"] if broken else [])]
    parts += [f"{count} {word} quá số, không nhận" for count, _, word in too_many(draft)]
    return "; ".join(parts)


def too_many(draft: Draft) -> list[tuple[int, int, str]]:
    """What came when there was enough: how many, the most, of what."""
    each = (draft.too_many, MAX_PHOTOS, "ảnh"), (draft.files_too_many, MAX_FILES, "tệp")
    return [one for one in each if one[0]]
