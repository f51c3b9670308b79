"""How a job is going, in the words people use: đúng tiến độ, chậm, vướng.

It is asked neutrally in every report (B09, E31). A denial ("không vướng gì") names no situation: what
is not stuck may still be late. Nor does a fear ("sợ chậm"), or what is said of people ("hộ khó khăn").
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from vietnamese.letters import fold_in_place, has_accents, may_stand_for
from vietnamese.tokens import prepare

Situation = Literal["on_track", "late", "stuck"]

NOT = r"(?:khong|ko|k|kg|hong|chua|het|chang|khg|hk)"
_TIME = r"(?:han|thoi han|tien do|td|tiendo|ke hoach|kh|lich)"
_VERY = r"(?:rat|kha|van|dang|co ban|co|la|duoc|deu|hoan toan)"
_WORDS: tuple[tuple[Situation, str], ...] = (
    (
        "on_track",
        rf"(?:dung|kip|truoc|vuot|som|som hon|theo|theo dung|theo kip) {_TIME}|(?:dam bao|bao dam|dat) (?:dung )?(?:tien do|td)"
        rf"|(?:tien do|tinh hinh|td)(?: ?: ?| )(?:{_VERY} )*(?:dung|ok|oke|tot|on|on ca|dam bao|bao dam|binh thuong)(?! (?:{_TIME}|dinh|ra|so|sai))"
        r"|thuan loi|on dinh|binh thuong|van on|on ca|on roi|dang on|(?:dang|van) (?:rat |kha )?tot(?! lanh)|^(?:rat |kha )?tot(?: a| roi)?$|^(?:co ban |cung |nhin chung |moi viec )?(?:deu )?on(?: a)?$|suon se|troi chay",
    ),
    (
        "late",
        rf"cham(?: tien do| td)?(?! nhat| soc| lo| chi| ngoi| dut)|tre (?:tien do|han|td|hen|ke hoach|so voi|\d)|(?:bi|dang|hoi) tre|^tre$"
        rf"|muon (?:tien do|han|td|so voi)|bi muon|{NOT} (?:(?:theo|dung|dat|dam bao|bao dam|kip|duoc) )+{_TIME}"
        r"|(?:khong|ko|chua|k) kip|qua han|le tien do|tut tien do|i ach|let det|re ra",
    ),
    (
        "stuck",
        r"vuong|(?:bi|dang|con|mac) ket|ket(?= \d+ (?:ho|thua|don|nguoi))|be tac|ach tac|gap kho khan|kho khan|gap kho|(?:bi|dang) tac"
        r"|ton tai vuong mac|diem nghen|tac nghen|dinh tre|dung banh",
    ),
)
_PATTERNS = tuple((name, re.compile(rf"\b(?:{pattern})(?!\w)")) for name, pattern in _WORDS)
_CHOKE = r"(?:ở |cái |về |do |vì |mỗi )?(?:chỗ|khâu|mặt bằng|giải phóng|thủ tục|nguồn|vốn|việc|hợp đồng|thẩm định|kinh phí|hồ sơ|đất)"
_MARKED: tuple[tuple[Situation, re.Pattern[str]], ...] = (
    ("stuck", re.compile(rf"\b(?:kẹt(?! xe)|(?:mắc|tắc) (?={_CHOKE}))", re.IGNORECASE)),
    ("stuck", re.compile(r"(?:^|(?<=đang )|(?<=còn )|(?<=rất )|(?<=hơi ))khó(?= )(?! khăn)", re.IGNORECASE)),
    ("late", re.compile(r"\btrễ(?!\w)", re.IGNORECASE)),
)  # fmt: skip
"""Words that are others as soon as their marks are left out (ket: kết, mac: mặc)."""
_SPELLED = {
    "vuong": "vướng", "cham": "chậm", "tre": "trễ", "muon": "muộn", "ket": "kẹt", "kho": "khó", "khan": "khăn", "on": "ổn", "dung": "đúng",
    "kip": "kịp", "han": "hạn", "tac": "tắc", "mac": "mắc", "dinh": "định", "tot": "tốt", "qua": "quá", "som": "sớm", "dat": "đạt",
    "vuot": "vượt", "le": "lỡ", "lich": "lịch", "gap": "gặp", "bi": "bị",
}  # fmt: skip
"""How the words are spelled that are others with other marks: vuông, chấm, khô khan."""
_OTHERWISE = {
    "dung": ("đứng",),
    "dinh": ("đình",),
    "tre": ("trệ",),
    "le": ("lệ", "lề", "lễ", "trễ"),
}
_DENIED = re.compile(
    rf"(?:{NOT}|da go|da thao go|thao go|giai quyet xong|go)(?: (?:co|con|bi|gap|he|phai|duoc|may|thay|gi|j|chi|xong|nhung|cac|phat sinh|xay ra|xuat hien|ghi nhan|kho khan|vuong mac|tro ngai|theo|dat))*$"
)
_PAST = re.compile(r"\btruoc(?: day| do| kia)?(?: (?:bi|co|con|gap|thi))*$")
_SOLVED = re.compile(
    r".{0,60}\b(?:da|duoc) (?:duoc )?(?:thao go|go|giai quyet|xu ly|khac phuc)(?: xong| roi| het| on| a)*\W*$"
)
_FEARED = re.compile(r"(?:nguy co|co the|\bso|sap|\blo|kheo|de)(?: (?:bi|se|la|rang|bi se))*$")
_OF_OTHERS = re.compile(
    r"(?:dac biet|hoan canh|\bho|gia dinh|\bxa|thon|vung|nguoi|hoc sinh|ba con|dia ban|hoi vien|doan vien|\bdon|\bno|ho so)(?: (?:con|co|gap|nhieu))*$"
)
"""``12 hộ khó khăn``, ``5 đơn quá hạn``: that is what those are, not how the job is going."""


@lru_cache(maxsize=256)
def situations_in(text: str) -> tuple[tuple[Situation, int, int], ...]:
    """Every situation named in the (prepared) text and not denied, with its place."""
    found = sorted(_named(text), key=lambda item: (item[1], -item[2]))
    return tuple(
        one for n, one in enumerate(found) if not any(one[1] < before[2] for before in found[:n])
    )


def _named(text: str) -> Iterator[tuple[Situation, int, int]]:
    plain = fold_in_place(text)
    for seen, patterns in ((plain, _PATTERNS), (text, _MARKED)):
        for name, pattern in patterns:
            for match in pattern.finditer(seen):
                start, end = match.span()
                meant = _spelled(text[start:end]) and not _is_name(text, start, end)
                if meant and not _denied(name, plain, start, end):
                    yield name, start, end


def _denied(name: Situation, plain: str, start: int, end: int) -> bool:
    """Whether the words around say: not so, not yet, no longer, or so of something else."""
    before = plain[max(start - 60, 0) : start].rstrip()
    if name == "late" and _FEARED.search(before):
        return True
    if name == "stuck" and (_PAST.search(before) or _SOLVED.match(plain[end:])):
        return True
    others = plain[start:end] in ("kho khan", "gap kho khan", "qua han")
    return bool(_DENIED.search(before) or (others and _OF_OTHERS.search(before)))


def _is_name(text: str, start: int, end: int) -> bool:
    """``tổ trưởng Vuong``, ``Vuong Van A``: a family name, not an obstacle."""
    word = text[start:end]
    if word != "Vuong":
        return False
    return bool(text[:start].strip()) or text[end:].lstrip()[:1].isupper()


def _spelled(words: str) -> bool:
    """Whether the marks that were typed are those of the words that were meant."""
    for word in words.split():
        bare = fold_in_place(word)
        if word.lower() == "vương":  # whoever types the letter types the tone too
            return False
        meant = (_SPELLED.get(bare, word), *_OTHERWISE.get(bare, ()))
        if has_accents(word) and not any(may_stand_for(word.lower(), one) for one in meant):
            return False
    return True


def read_situation(text: str) -> Situation | None:
    """The situation that was named; None when none was, or when two contradict each other.

    Being stuck explains being late, so "chậm do vướng mặt bằng" is stuck.
    """
    named = {name for name, _, _ in situations_in(prepare(text))}
    if "on_track" in named and len(named) > 1:
        return None
    return next((name for name in ("stuck", "late", "on_track") if name in named), None)
