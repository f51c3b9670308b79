"""Answers without a number: ``xong``, ``chưa làm``, ``không đổi``, ``như kỳ trước``."""

import re
from collections.abc import Sequence
from typing import Literal

from vietnamese.letters import fold
from vietnamese.quantities.units import is_listed
from vietnamese.tokens import Token, is_polite

Progress = Literal["same", "done", "nothing"]

_NOT = r"(?:khong|ko|k|kg|hong|hok|chua)"
_PERIOD = r"(?:ky|lan|thang|tuan|dot|quy|hom|bua|bao cao|bc)"
_LAST = r"(?:(?:bao cao )?(?:ky|lan|thang|tuan|dot|quy|hom|bua)? ?(?:truoc|vua roi|roi|da qua)|cu)"
_STILL = r"(?:van |hien van |van con |cu |cung |thi )*"

_SAME = re.compile(
    rf"{_STILL}(?:"
    rf"(?:hien )?{_NOT} (?:co )?(?:gi )?(?:thay )?doi(?: gi)?(?: (?:so(?: voi)?|hon) {_LAST})?"
    rf"|{_NOT} (?:co )?(?:gi )?(?:moi|khac)(?: gi)?(?: (?:so(?: voi)?|hon) {_LAST})?"
    rf"|{_NOT} (?:co )?(?:thay doi|bien dong|tang them|them)(?: gi| nao| chi)?(?: het| ca)?"
    rf"|{_NOT} tang {_NOT} giam"
    rf"|(?:y )?(?:nhu|bang|giong|theo|tuong tu|giong nhu|y het|y chang)(?: so| ket qua| muc)? {_LAST}"
    rf"|(?:y |giu )?nguyen(?: (?:nhu )?(?:cu|vay|the|muc cu|so cu)| nhu {_LAST})?"
    rf"|(?:giu |lay )?(?:so|muc|so lieu) (?:{_PERIOD} truoc|cu)"
    r"|(?:nhu )?(?:vay|the)|dam chan tai cho"
    r")(?: (?:thoi|day|ma|rui|roi|luon))*"
)
_WHOLE = r"(?:het|ca|tat ca|toan bo|xuoi|tat|hoan toan|du|ke hoach|chi tieu|nhiem vu|viec|muc tieu|roi|dung han|dut diem)"
_DONE = re.compile(
    r"(?:da |vua |moi |cung |viec |viec nay |ok |oke |roi )*(?:lam |thuc hien |hoan thanh |trien khai )?"
    rf"(?:xong|hoan thanh|hoan tat|dat|du|ht)(?: {_WHOLE})*"
)
_VERB = r"(?:lam|trien khai|bat dau|thuc hien|khoi dong|tien hanh|co|duoc|dat)"
_NOTHING = re.compile(
    rf"(?:hien |van |hien van |den nay )*{_NOT}(?: {_VERB})+(?: gi| ket qua| viec gi)?(?: ca| het| dau)?"
    rf"|(?:hien |van |den nay )*{_NOT}(?: {_VERB})* (?P<noun>(?!con\b)\w+(?: \w+)?) nao(?: ca| het)?"
    r"|chua(?: (?!sot|thieu|vuong|bo|cham|mat|gap|kho|loi)\w+){1,2} (?P<noun2>\w+(?: \w+)?) nao(?: ca| het)?"
    r"|zero"
)
_LONGEST = 40
"""Words and signs of the longest answer that is looked at; more than that tells of something."""
_AMBIGUOUS = frozenset(
    {"khong co", "khong lam", "khong duoc", "khong dat", "khong thuc hien", "chua dat", "chua duoc"}
)


def read_progress(tokens: Sequence[Token], unit: str | None = None) -> tuple[Progress | None, bool]:
    """What the words say, and whether they are the whole message (figures may follow otherwise).

    `unit` is the task's own, as in "chưa có trụ sở nào"; nouns that nobody counts in are ignored.
    """
    if len(tokens) > _LONGEST:
        return None, False
    words = [t for t in tokens if t.kind != "line" and not (t.kind == "sign" and t.text in ".!,;…")]
    kept = " ".join(t.folded for t in words if not is_polite(t))
    every = " ".join(t.folded for t in words)
    for text in (every, kept):
        text = re.sub(r"^(?:ko|k|kg|hong|hok)\b", "khong", text)
        if text in _AMBIGUOUS:
            return None, True
        if _SAME.fullmatch(text):
            return "same", True
        if _DONE.fullmatch(text):
            return "done", True
        if none := _NOTHING.fullmatch(text):
            noun = none["noun"] or none["noun2"]
            return (
                ("nothing", True)
                if noun is None or is_listed(noun) or noun == fold(unit or "")
                else (None, True)
            )
    if found := _SAME.match(kept):
        rest = kept[found.end() :]
        if re.fullmatch(r" (?:van |la |dat |o muc |van la )*[\d.,/]+(?: \S+)?(?: \S+)?", rest):
            return "same", False
    return None, False
