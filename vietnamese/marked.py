"""Secrecy marks: Mật, Tối mật, Tuyệt mật as a stamp on a paper, never as ordinary words.

State-secret papers must not pass through the program (Luật 117/2025/QH15), so a caption or a text
that carries such a mark is refused. "bí mật", "mật độ", "mật ong", "đường mật", "mật khẩu" are no marks.
"""

import re

from vietnamese.letters import clean, fold_in_place
from vietnamese.telex import repair

_MARK = r"(?:(?P<degree>tuy[eêệ]t|tối)[\s\-]+)?mật"
_NO_MARK_AFTER = (
    r"(?![ \t]+(?:độ|ong|mía|khẩu|thiết|mã|vụ|danh(?! sách)|thư|lệnh|báo(?! cáo)|nghị(?! quyết)|hoa|ngọt|gấu|dụ|thám|đàm|ước|hiệu|bò|cá|lợn|dịch|"
    r"ngữ|gỗ|nhân(?! sự)|nhãn|vải|rừng|bạc hà|tự|ghi|sơn|ninh|phục|truyền|kín)\b)"
)
_PAPER = (
    r"(?:văn bản|tài liệu|công văn|báo cáo|hồ sơ|kế hoạch|nghị quyết|quyết định|thông báo|chỉ thị|tờ trình|bản đồ|"
    r"công điện|điện|số liệu|thông tin|danh sách|phụ lục|giấy tờ|bản|nội dung|giấy|đề án|phương án|file|vb|cv|tl)"
)
_LABEL = r"(?:độ|mức độ|mức|cấp độ|dấu|đóng dấu|đóng|con dấu|có dấu|dấu chỉ độ|loại|mang dấu|chế độ|thuộc diện|diện|thuộc loại)"
_GUARDED = (
    r"(?:diễn tập|phòng thủ|tác chiến|quân sự|quốc phòng|an ninh|tuyển quân|nhân sự|biên giới|quân báo|trinh sát|"
    r"thanh tra|điều tra|bảo vệ|công an|số\s+\d\S*)"
)
"""What papers that carry a mark are mostly about: ``kế hoạch diễn tập mật``."""
_LIKELY = re.compile(
    r"(?<!bí )(?<!bảo )(?<!thân )(?<!đường )(?<!ong )(?<!lấy )(?<!cơ )" + rf"mật\b{_NO_MARK_AFTER}"
)
_STAMPS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:^|\n)[\W_]*{_MARK}[\W_]*(?=\n|$)",
        rf"[(\[{{<«“\"'*]\s*(?:độ\s+)?{_MARK}\s*[)\]}}>»”\"'*]",
        rf"\b{_LABEL}\s*(?:mật\s*)?[:=\-–“\"'(\[]*\s*(?:là\s+)?{_MARK}\b{_NO_MARK_AFTER}",
        rf"\b{_PAPER}\s+(?:thuộc\s+|loại\s+|có\s+|độ\s+|đóng\s+|dấu\s+|này\s+|là\s+)*[“\"'(\[]?{_MARK}\b{_NO_MARK_AFTER}",
        rf"\b{_PAPER}\s+(?:[^\W_]+\s+){{0,3}}{_GUARDED}(?:\s+[^\W_]+){{0,2}}?\s+{_MARK}(?=\s*(?:[.,;:!?)\n]|$))",
        rf"(?:^|\n)[\W_]*{_MARK}\s*[:\-–—.,;!/|]",
        rf"[-–—|/.]\s*{_MARK}[\W_]*(?=\n|$)",
    )
)
_SHOUTED = re.compile(rf"\b(?:(?P<degree>TUYỆT|TỐI)\s+)?MẬT\b(?i:{_NO_MARK_AFTER})")
_DEGREE = re.compile(rf"\b(?P<degree>tuy[eêệ]t|tối)[\s\-]+mật\b{_NO_MARK_AFTER}")
_DENIED = re.compile(
    r"(?:không|chẳng|chưa|cấm|đừng|không phải|không phải là|không có|hết|đã giải|giải|gỡ|bỏ|xoá|xóa)"
    r"(?:\s+(?:phải|là|có|được|đăng|gửi|chụp|đưa|chuyển|chia sẻ|để lộ|lộ|các|thuộc|đóng|mang|độ|dấu|loại|diện|văn bản|tài liệu|danh mục|chế độ|công văn|hồ sơ|một|gì))*\s*[“\"'(]?$"
)
_ORDINARY_BEFORE = re.compile(
    r"(?:bí|bảo|cơ|thân|đường|túi|sỏi|mổ|viêm|rỉ|lấy|quay|thu|thu hoạch|bán|mua|lít|kg|chai|can|hũ|vị|ngọt|cây|nuôi|"
    r"trăng|ống|tiết|dịch|khai thác|nước|ong|vắt|nhiều|được|công thức|bí quyết|ăn|uống|tuần trăng|buổi|sáng|chiều|các|mỗi|xã|thôn|văn|thị)\s*$"
)
_BARE_STAMPS = re.compile(
    r"(?:^|\n)[\W_]*(?P<a>tuyet mat|toi mat)[\W_]*(?=\n|$)"
    r"|[(\[]\s*(?:do )?(?P<b>(?:tuyet |toi )?mat)\s*[)\]]"
    r"|\b(?:do mat|muc do mat|dong dau|con dau|co dau|dau do|dau chi do)\s*[:\-]?\s*(?:do )?(?P<c>(?:tuyet |toi )?mat)\b(?! (?:do|ong|khau|thiet|tien|dien|bang|cua))"
    r"|\b(?P<d>tuyet mat)\b(?! ong)"
    r"|\b(?:van ban|tai lieu|cong van|ho so) (?P<e>toi mat)\b"
    r"|\b(?:van ban|tai lieu|cong van|ho so|cv|vb|tl) (?P<g>mat) so \d"
    r"|(?:^|\n)[\W_]*(?P<f>MAT)[\W_]*(?=\n|$)"
)
_LAST_MARK = re.compile(rf"{_MARK}\W*$")
_BARE_LINE = re.compile(r"(?m)^\W*(?:(?i:dau)\W+)?(MAT|TOI MAT|TUYET MAT)\W*$")
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_] ){2,}[^\W\d_](?!\w)")
_NAMES = {"tuyet": "Tuyệt mật", "toi": "Tối mật"}
_BARE_PAPER = re.compile(
    r"(?m)\b(?i:van ban|tai lieu|cong van|ho so|bao cao|ke hoach)\s+((?:TOI |TUYET )?MAT)\W*$"
)
_LEFT_OVER = re.compile(r"ma(?:a[jt]{2}|j?at?j|[56]{2}t|6t5|t[56]{2}|5t6)(?!\w)")
"""Keystrokes of Telex and VNI for "mật", in whatever order the two of its mark came."""
_LOOKED_AT, _AROUND = 40, 110
"""Marks that are looked at one by one; a text with more of them is refused, that side being safe."""
_NO_DEGREE = re.compile(
    r"\b[đd][ộo] m[ậa]t\s*[:=\-–]\s*[\"“'(\[]?(?:th[ưu][ờo]ng|b[ìi]nh th[ưu][ờo]ng|kh[ôo]ng)"
    r"(?=[\"”')\]\s]*(?:[.,;–\-]|\n|$))(?![^\n]{0,20}?\bm[ậa]t\b)",
    re.IGNORECASE,
)
"""The field of a form, filled in with no degree: "Độ mật: Thường". It must say so and nothing else."""
_RANK = ("Mật", "Tối mật", "Tuyệt mật")


def secrecy_mark(text: str) -> str | None:
    """``Mật``, ``Tối mật`` or ``Tuyệt mật`` when the text carries it as a stamp; otherwise None.

    The whole text is looked at, however long; the highest mark is returned.
    """
    typed = _NO_DEGREE.sub("độ thường", clean(text))
    plain = fold_in_place(typed)
    if "m a t" in plain:
        typed = _SPACED.sub(lambda m: m[0].replace(" ", ""), typed)
        plain = fold_in_place(typed)
    left_over = [m.start() for m in _LEFT_OVER.finditer(plain)][:_LOOKED_AT]
    if "mat" not in plain and not left_over:
        return None
    found = _bare_stamps(typed, plain) | _stamps(typed, plain)
    for start, end in _around(left_over, len(typed)):
        mended = _NO_DEGREE.sub("độ thường", repair(_piece(typed, start, end)))
        found |= _stamps(mended, fold_in_place(mended))
    return max(found, key=_RANK.index, default=None)


def _stamps(text: str, plain: str) -> set[str]:
    lower = text.replace("İ", "i").lower()
    places = [p for p in _places(plain) if _LIKELY.match(lower, p)]
    if len(places) > _LOOKED_AT:
        return {"Mật"}
    found = set()
    shouting = _all_shouted(text)
    for start, end in _around(places, len(text)):
        piece = _piece(text, start, end)
        found |= _stamps_in(piece.replace("İ", "i").lower(), "" if shouting else piece)
    return found


def _places(plain: str) -> list[int]:
    """Where the folded text has the word, whatever its marks: mật, mất, mặt …"""
    return [m.start() for m in re.finditer(r"mat(?!\w)", plain)]


def _around(places: list[int], length: int) -> list[tuple[int, int]]:
    """The stretches around likely marks; apart from them nothing needs to be looked at."""
    windows: list[tuple[int, int]] = []
    for place in places:
        start, end = max(place - _AROUND, 0), min(place + 40, length)
        if windows and windows[-1][1] >= start:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    return windows


def _piece(text: str, start: int, end: int) -> str:
    """A stretch of the text. A cut must not look like the end of a line, where stamps stand."""
    lead = "x" if start and text[start - 1] != "\n" else ""
    tail = "x" if end < len(text) and text[end] != "\n" else ""
    return lead + text[start:end] + tail


def _stamps_in(lower: str, typed: str) -> set[str]:
    """The marks in a piece of the text, in lower case and as it was typed (empty: all in capitals)."""
    found = set()
    stamps = [match for pattern in _STAMPS for match in pattern.finditer(lower)]
    spoken = [*_SHOUTED.finditer(typed), *_DEGREE.finditer(lower)]
    for match in (*stamps, *spoken):
        start, end = match.span()
        before = lower[max(start - 60, 0) : start]
        mark = _LAST_MARK.search(lower[start:end])
        head = before + (lower[start : start + mark.start()] if mark else "")
        if _DENIED.search(head) or _DENIED.search(before):
            continue
        if match in spoken and _ORDINARY_BEFORE.search(head):
            continue
        degree = mark["degree"] if mark else None
        found.add(_NAMES[fold_in_place(degree)] if degree else "Mật")
    return found


def _bare_stamps(text: str, plain: str) -> set[str]:
    """Without accents ``mat`` is mostly mất, mặt or mắt: only the plainest stamps count."""
    if len(plain) != len(text):
        return set()
    found = set()
    places = [p for p in _places(plain) if text[p : p + 3].lower() == "mat"]
    for start, end in _around(places, len(plain)):
        typed, seen = _piece(text, start, end), _piece(plain, start, end)
        for match in _BARE_STAMPS.finditer(seen):
            group = next(name for name, value in match.groupdict().items() if value)
            first, last = match.span(group)
            if typed[first:last].lower() != seen[first:last] or _DENIED.search(typed[:first][-40:]):
                continue
            found.add(_NAMES.get(match[group].split()[0], "Mật"))
        papers = () if _all_shouted(text) else _BARE_PAPER.finditer(typed)
        for line in (*_BARE_LINE.finditer(typed), *papers):
            found.add(_NAMES.get(line[1].split()[0].lower(), "Mật"))
    return found


def _all_shouted(text: str) -> bool:
    """A text all in capitals: capitals say nothing then."""
    return not any(c.islower() for c in text)
