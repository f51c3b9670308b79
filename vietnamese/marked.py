"""Secrecy marks: Mật, Tối mật, Tuyệt mật as a stamp on a paper, never as ordinary words.

State-secret papers must not pass through the program (Luật 117/2025/QH15), so a caption or a text
that carries such a mark is refused. "bí mật", "mật độ", "mật ong", "đường mật", "mật khẩu" are no marks.
"""

import re
from itertools import islice

from vietnamese.letters import clean, fold_in_place
from vietnamese.telex import repair

_MARK = r"(?:(?P<degree>tuyệt|tối)\s+)?mật"
_NO_MARK_AFTER = (
    r"(?![ \t]+(?:độ|ong|mía|khẩu|thiết|mã|vụ|danh|thư|lệnh|báo|nghị|hoa|ngọt|gấu|dụ|thám|đàm|ước|hiệu|bò|cá|lợn|dịch|"
    r"ngữ|gỗ|nhân|nhãn|vải|rừng|bạc hà|tự|ghi|sơn|ninh|phục|truyền|kín)\b)"
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
_PLAIN = re.compile(rf"mật\b{_NO_MARK_AFTER}", re.IGNORECASE)
_LIKELY = re.compile(
    r"(?<!bí )(?<!bảo )(?<!thân )(?<!đường )(?<!ong )(?<!lấy )(?<!cơ )" + _PLAIN.pattern,
    re.IGNORECASE,
)
_STAMPS = tuple(
    re.compile(pattern, re.IGNORECASE)
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
_DEGREE = re.compile(rf"\b(?P<degree>tuyệt|tối)\s+mật\b{_NO_MARK_AFTER}", re.IGNORECASE)
_DENIED = re.compile(
    r"(?:không|chẳng|chưa|không phải|không phải là|không có|hết|đã giải|giải|gỡ|bỏ|xoá|xóa)"
    r"(?:\s+(?:phải|là|có|thuộc|đóng|mang|độ|dấu|loại|diện|văn bản|tài liệu|danh mục|chế độ|công văn|hồ sơ|một|gì))*\s*[“\"'(]?$",
    re.IGNORECASE,
)
_ORDINARY_BEFORE = re.compile(
    r"(?:bí|bảo|cơ|thân|đường|túi|sỏi|mổ|viêm|rỉ|lấy|quay|thu|thu hoạch|bán|mua|lít|kg|chai|can|hũ|vị|ngọt|cây|nuôi|"
    r"trăng|ống|tiết|dịch|khai thác|nước|ong|vắt|nhiều|được|công thức|bí quyết|ăn|uống|tuần trăng|buổi|sáng|chiều|các|mỗi|xã|thôn|văn|thị)\s*$",
    re.IGNORECASE,
)
_BARE_STAMPS = re.compile(
    r"(?:^|\n)[\W_]*(?P<a>tuyet mat|toi mat)[\W_]*(?=\n|$)"
    r"|[(\[]\s*(?:do )?(?P<b>(?:tuyet |toi )?mat)\s*[)\]]"
    r"|\b(?:do mat|muc do mat|dong dau|con dau|co dau|dau do|dau chi do)\s*[:\-]?\s*(?:do )?(?P<c>(?:tuyet |toi )?mat)\b(?! (?:do|ong|khau|thiet|tien|dien|bang|cua))"
    r"|\b(?P<d>tuyet mat)\b(?! ong)"
    r"|\b(?:van ban|tai lieu|cong van|ho so) (?P<e>toi mat)\b"
    r"|(?:^|\n)[\W_]*(?P<f>MAT)[\W_]*(?=\n|$)"
)
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_] ){2,}[^\W\d_](?!\w)")
_NAMES = {"tuyệt": "Tuyệt mật", "tối": "Tối mật", "tuyet": "Tuyệt mật", "toi": "Tối mật"}
_LOOKED_AT, _AROUND = 40, 110
"""Marks that are looked at one by one; a text with more of them is refused, that side being safe."""
_RANK = ("Mật", "Tối mật", "Tuyệt mật")


def secrecy_mark(text: str) -> str | None:
    """``Mật``, ``Tối mật`` or ``Tuyệt mật`` when the text carries it as a stamp; otherwise None.

    The whole text is looked at, however long; the highest mark is returned.
    """
    typed = _SPACED.sub(lambda m: m[0].replace(" ", ""), clean(text))
    plain = fold_in_place(typed)
    if "mat" not in plain and "maajt" not in plain and "ma65t" not in plain:
        return None
    found: set[str] = set()
    found |= _bare_stamps(typed, plain)
    if _PLAIN.search(typed):
        found |= _stamps(typed)
    if "maajt" in plain or "ma65t" in plain:
        found |= _stamps(repair(typed))
    return max(found, key=_RANK.index, default=None)


def _stamps(text: str) -> set[str]:
    found = set()
    shouting = _all_shouted(text)
    places = [m.start() for m in islice(_LIKELY.finditer(text), _LOOKED_AT + 1)]
    if len(places) > _LOOKED_AT:
        return {"Mật"}
    for window in _windows(text, places):
        found |= _stamps_in(window, shouting)
    return found


def _windows(text: str, places: list[int]) -> list[str]:
    """The lines' parts around each likely mark; apart from them nothing needs to be looked at."""
    windows: list[tuple[int, int]] = []
    for place in places:
        start, end = max(place - _AROUND, 0), min(place + 40, len(text))
        if windows and windows[-1][1] >= start:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    # A cut must not look like the beginning or the end of a line, which is where stamps stand.
    return [
        ("x" if start and text[start - 1] != "\n" else "")
        + text[start:end]
        + ("x" if end < len(text) and text[end] != "\n" else "")
        for start, end in windows
    ]


def _stamps_in(text: str, shouting: bool) -> set[str]:
    found = set()
    shouted = [] if shouting else list(_SHOUTED.finditer(text))
    stamps = [match for pattern in _STAMPS for match in pattern.finditer(text)]
    for match in (*stamps, *shouted, *_DEGREE.finditer(text)):
        before = text[max(match.start() - 60, 0) : match.start()]
        mark = re.search(rf"{_MARK}\W*$", match[0], re.IGNORECASE)
        head = before + (match[0][: mark.start()] if mark else "")
        if _DENIED.search(head) or _DENIED.search(before):
            continue
        if (match in shouted or match.re is _DEGREE) and _ORDINARY_BEFORE.search(head):
            continue
        degree = match["degree"]
        found.add(_NAMES[degree.lower()] if degree else "Mật")
    return found


def _bare_stamps(text: str, plain: str) -> set[str]:
    """Without accents ``mat`` is mostly mất, mặt or mắt: only the plainest stamps count."""
    if len(plain) != len(text):
        return set()
    found = set()
    for match in _BARE_STAMPS.finditer(plain):
        group = next(name for name, value in match.groupdict().items() if value)
        start, end = match.span(group)
        if text[start:end].lower() != plain[start:end] or _DENIED.search(text[:start][-40:]):
            continue
        found.add(_NAMES.get(match[group].split()[0], "Mật"))
    for line in re.finditer(r"(?m)^\W*(MAT|TOI MAT|TUYET MAT)\W*$", text):
        found.add(_NAMES.get(line[1].split()[0].lower(), "Mật"))
    return found


def _all_shouted(text: str) -> bool:
    """A text all in capitals: capitals say nothing then."""
    return not any(c.islower() for c in text)
