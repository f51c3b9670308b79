"""How a job is going, in the words people use: đúng tiến độ, chậm, vướng.

It is asked neutrally in every report (B09, E31). A denial ("không vướng gì") names no situation: what
is not stuck may still be late.
"""

import re
from typing import Literal

from vietnamese.letters import fold_in_place
from vietnamese.tokens import prepare

Situation = Literal["on_track", "late", "stuck"]

NOT = r"(?:khong|ko|k|kg|hong|chua|het|chang|khg|hk)"
_WORDS: tuple[tuple[Situation, str], ...] = (
    (
        "on_track",
        r"dung (?:tien do|td|tiendo|han|thoi han|ke hoach|kh|lich)|dam bao (?:tien do|td)|bao dam tien do"
        r"|dat tien do|kip (?:tien do|han|td)|(?:truoc|vuot) (?:han|tien do|td|ke hoach)|theo (?:dung )?(?:ke hoach|tien do)"
        r"|thuan loi|on dinh|binh thuong|van on|on ca|on roi|dang on|tien do (?:rat |kha |van )?tot|(?:dang|van) (?:rat |kha )?tot(?! lanh)|^(?:rat |kha )?tot(?: a| roi)?$|suon se|troi chay",
    ),
    (
        "late",
        r"cham(?: tien do| td)?(?! nhat| soc| lo| chi| ngoi| dut)|tre (?:tien do|han|td|hen|ke hoach|so voi|\d)|bi tre|dang tre|hoi tre|tre$|muon (?:tien do|han|td|so voi)|bi muon"
        r"|(?:khong|ko|chua|k) (?:kip|dung (?:han|tien do|td|ke hoach))|(?:khong|ko|k) dam bao tien do|qua han|le tien do|tut tien do",
    ),
    (
        "stuck",
        r"vuong|bi ket|dang ket|con ket|ket(?= \d+ (?:ho|thua|don|nguoi))|mac ket|be tac|ach tac|gap kho khan|kho khan|gap kho|bi tac|dang tac|ton tai vuong mac|diem nghen|tac nghen",
    ),
)
_PATTERNS = tuple((name, re.compile(rf"\b(?:{pattern})(?!\w)")) for name, pattern in _WORDS)
_WITH_MARKS: tuple[tuple[Situation, str], ...] = (
    ("stuck", r"kẹt(?! xe)|mắc (?=chỗ|khâu|ở khâu|ở chỗ|mặt bằng|giải phóng|thủ tục|nguồn|vốn)"),
)
"""Words that are others as soon as their marks are left out (ket: kết, mac: mặc)."""
_MARKED = tuple(
    (name, re.compile(rf"\b(?:{pattern})", re.IGNORECASE)) for name, pattern in _WITH_MARKS
)
_DENIED = re.compile(
    rf"(?:{NOT}|da go|da thao go|thao go|giai quyet xong|go)(?: (?:co|con|bi|gap|he|phai|duoc|may|thay|gi|xong|nhung|cac|phat sinh|xay ra|xuat hien|ghi nhan|kho khan|vuong mac|tro ngai))*$"
)


def situations_in(text: str) -> tuple[tuple[Situation, int, int], ...]:
    """Every situation named in the (prepared) text and not denied, with its place."""
    plain = fold_in_place(text)
    found: list[tuple[Situation, int, int]] = []
    for seen, patterns in ((plain, _PATTERNS), (text, _MARKED)):
        found += [
            (name, match.start(), match.end())
            for name, pattern in patterns
            for match in pattern.finditer(seen)
            if not _DENIED.search(plain[: match.start()].rstrip()[-60:])
        ]
    found.sort(key=lambda item: item[1])
    return tuple(found)


def read_situation(text: str) -> Situation | None:
    """The situation that was named; None when none was, or when two contradict each other.

    Being stuck explains being late, so "chậm do vướng mặt bằng" is stuck.
    """
    named = {name for name, _, _ in situations_in(prepare(text))}
    if "on_track" in named and len(named) > 1:
        return None
    return next((name for name in ("stuck", "late", "on_track") if name in named), None)
