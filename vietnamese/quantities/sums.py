"""Lists that add up: ``tổ cam 1, tổ chanh 1`` is two."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from vietnamese.formatting import number
from vietnamese.letters import fold
from vietnamese.quantities.figures import Figure
from vietnamese.quantities.quantity import Quantity, plain, words
from vietnamese.quantities.units import Unit, known
from vietnamese.tokens import Token

_NAMELESS = frozenset(
    {
        "em", "da", "duoc", "xong", "roi", "lam", "o", "tai", "co", "la", "a", "dat", "va", "ngay", "hom", "nay",
    }
)  # fmt: skip
_WHEN = frozenset({"", "dot", "thang", "tuan", "quy", "nam", "ky", "lan", "ngay", "hom"})
"""Heads of names that tell when: counts of different months may already contain each other."""
_PLACES = frozenset({"thôn", "xã", "phường", "bản", "xóm", "ấp", "khu", "khu phố", "tỉnh", "cụm"})


def added(
    tokens: Sequence[Token], done: Sequence[Figure], expected: Unit | None
) -> tuple[Quantity | None, bool]:
    """The sum of figures in one unit, and whether the message plainly is such a list.

    It is when the parts are joined by "và" or "+", or when their names begin alike (tổ cam 1, tổ
    chanh 1). "5 hộ đồng ý, 3 hộ từ chối" is not.
    """
    gaps = [tokens[a.end : b.start] for a, b in pairwise(done)]
    plus = all(any(t.text == "+" or t.may_be("cộng") for t in gap) for gap in gaps)
    listed = all(any(t.text == "+" or t.may_be("và", "cộng") for t in gap) for gap in gaps)
    units: set[str | None] = {f.unit for f in done if f.unit} or {None}
    simple = all(len(f.readings) == 1 and f.total is None and f.qualifier is None for f in done)
    if len(units) > 1 or not simple or units <= {"%", "điểm %"}:
        return None, False
    names = [_name_of(tokens, done, n) for n in range(len(done))]
    said = any(names) or all(f.unit for f in done)
    joined = plus or (said and listed)
    heads = {name.split(" ")[0] for name in names}
    parted = all(any(t.kind != "word" or t.may_be("và") for t in gap) for gap in gaps)
    if not parted:
        return None, False
    alike = len(heads) == 1 and not heads & _WHEN and len(set(names)) == len(names)
    # "5 dv, 2 dv chờ duyệt": what the names have in common is only what is counted.
    unknown = (tokens[f.end : f.end + 1] for f in done if f.unit is None)
    alike = alike and not any(t.folded in heads for following in unknown for t in following)
    # "12 + 15 + 8 hộ": the last unit is that of all.
    if not (plus or alike) and any((f.unit is None) != (done[0].unit is None) for f in done):
        return None, False
    unit = next(iter(units)) or _head_unit(heads, expected)
    value = sum((f.value for f in done), Decimal(0))
    parts = " + ".join(number(f.value) for f in done)
    total = Quantity(value=plain(value), unit=unit)
    return replace(total, read_as=f"{parts} = {words(total)}"), alike or joined


def _name_of(tokens: Sequence[Token], done: Sequence[Figure], n: int) -> str:
    """The words that go with the n-th figure: those before it, or else those behind it."""
    first = done[n - 1].end if n else 0
    last = done[n + 1].start if n + 1 < len(done) else len(tokens)
    own: list[str] = []
    for token in reversed(tokens[first : done[n].start]):
        if token.kind != "word" and token.text != ":" and not token.text.isdigit():
            break
        own.insert(0, fold(token.text))
    if n and own and not any(t.kind != "word" for t in tokens[first : done[n].start]):
        own = own[own.index("va") + 1 :] if "va" in own else []
    behind: list[str] = []
    for token in tokens[done[n].end : last]:
        if (token.kind != "word" and not token.text.isdigit()) or token.may_be("và"):
            break
        behind.append(fold(token.text))
    kept = [w for w in own if w not in _NAMELESS]
    return " ".join(kept or [word for word in behind if word not in _NAMELESS]).strip(" :")


def _head_unit(heads: set[str], expected: Unit | None) -> str | None:
    """In ``tổ cam 1, tổ chanh 1`` the names begin with the unit."""
    unit = known(next(iter(heads))) if len(heads) == 1 and "" not in heads else None
    if unit is None:
        return None
    if expected is not None and fold(expected.name) == fold(unit.name):
        return expected.name
    listed = unit.name != fold(unit.name) or unit.name in {"km", "ha"}
    return unit.name if expected is None and listed and unit.name not in _PLACES else None
