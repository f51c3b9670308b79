"""Which unit of the area was meant behind "tổng kết", "xuất bảng", "ảnh mới"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.words import short
from services import Session
from services.access import Actor
from services.summary_groups import Unit, units_below
from vietnamese.letters import fold
from vietnamese.names import Candidate, Found, Several, find
from vietnamese.names.scores import bare_name

_ALL = frozenset(
    [
        "toan bo",
        "tat ca",
        "chung",
        "don vi",
        "tinh hinh",
        "nhiem vu",
        "viec",
        "ket qua",
        "so lieu",
        "tien do",
    ]
)
_MINE = re.compile(r"(?:toan|ca) (?!bo\b)| (?:cua )?(?:toi|em|minh|ta|nay)$")
_CLUSTER = re.compile(r"cum(?: xa)?(?: (?P<name>.+))?")


@dataclass(frozen=True)
class Everything:
    """The whole area of the person who asks."""


@dataclass(frozen=True)
class Nowhere:
    """No unit of the area. `close`: units of the same name and another type (xã, huyện …)."""

    words: str
    close: tuple[str, ...] = ()

    def sentence(self, command: str) -> str:
        """What to say, and what to type instead: `command` and the unit that there is."""
        said = f'Không thấy đơn vị "{short(self.words, 40)}" trong phạm vi của đồng chí.'
        if not self.close:
            return said
        first = self.close[0]
        names, typed = ", ".join(self.close), f"{first[:1].lower()}{first[1:]}"
        return f'{said} {names} có trong phạm vi của đồng chí: gõ "{command} {typed}".'


async def unit_meant(
    session: Session, actor: Actor, text: str
) -> Unit | list[Unit] | Everything | Nowhere:
    """The unit meant, several that it may be, the whole area, or none.

    A type that is named must be the unit's own: the district Sơn Dương of old is not the commune
    that kept its name (mission §1), and no cụm xã is one of its communes.
    """
    units = await units_below(session, actor, actor.day)
    kind = _kind(text)
    fitting = [unit for unit in units if kind is None or _kind(unit.name) in (kind, None)]
    if _is_cluster(text):
        fitting = [unit for unit in units if _is_cluster(unit.name)]
    found = find(text, [Candidate(str(unit.id), unit.name) for unit in fitting])
    if not (isinstance(found, Found) and found.sure) and _whole_area(text, actor):
        return Everything()
    if isinstance(found, Found):
        return next(unit for unit in units if str(unit.id) == found.id)
    if isinstance(found, Several):
        return [unit for unit in units if str(unit.id) in found.ids]
    return Nowhere(text, _of_that_name(text, units))


def _kind(name: str) -> str | None:
    return bare_name(fold(name))[1]


def _is_cluster(name: str) -> bool:
    return fold(name).split()[:1] == ["cum"]


def _whole_area(text: str, actor: Actor) -> bool:
    """ "tỉnh" of the province, "toàn xã" of a commune, "cụm xã Hàm Yên" of who has it in charge."""
    said = fold(text).strip(" .,")
    said = said if said in _ALL else _MINE.sub("", said).strip()
    if said in _ALL:
        return True
    if cluster := _CLUSTER.fullmatch(said):
        name = cluster["name"] or ""
        own = re.compile(rf"\bcum(?: xa)? {re.escape(name)}(?!\w)" if name else r"\bcum\b")
        return any(
            post.kind == "supervisor" and own.search(fold(post.title)) for post in actor.posts
        )
    led = [post for post in actor.posts if post.kind in ("leader", "clerk", "admin")]
    top = min(led, key=lambda post: len(post.unit_path), default=None)
    return top is not None and bool(said) and fold(top.unit_name).startswith(f"{said} ")


def _of_that_name(text: str, units: Sequence[Unit]) -> tuple[str, ...]:
    """The units called so, whatever their type; none where the text names no type."""
    folded = fold(text)
    name = re.sub(r"^cum (?:xa )?", "", folded) if _is_cluster(text) else bare_name(folded)[0]
    if name == folded:
        return ()
    bare = " ".join(text.split()[-len(name.split()) :])
    found = find(bare, [Candidate(str(unit.id), unit.name) for unit in units])
    ids = found.ids if isinstance(found, Several) else (found.id,) if found else ()
    same = [one for one in units if str(one.id) in ids and bare_name(fold(one.name))[0] == name]
    return tuple(dict.fromkeys(unit.name for unit in same))
