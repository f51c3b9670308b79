"""A value typed by a person, read into figures, or into one question.

``39/40`` · ``còn 12/400`` · ``gần 4.000 m2`` · ``hai tổ`` · ``tổ cam 1, tổ chanh 1`` · ``không đổi``.
The grammar: `numerals` reads one number, `figures` the words around it, and this file decides which
figure is the answer. Where two figures could be, the person is asked.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from vietnamese.letters import clean
from vietnamese.meaning import Ask, Reading
from vietnamese.quantities.beside import (
    added_later,
    continued,
    like_a_date,
    of_a_period,
    of_something_else,
    same_unit,
    without_breakdown,
    without_its_parts,
    without_other_things,
)
from vietnamese.quantities.figures import MANY, Figure, find_figures
from vietnamese.quantities.ordinals import follows_a_name, is_one_of, is_ordinal, names_a_place
from vietnamese.quantities.progress_words import Progress, read_progress
from vietnamese.quantities.quantity import Quantity as Quantity
from vietnamese.quantities.quantity import plain, told
from vietnamese.quantities.sums import added
from vietnamese.quantities.units import Unit, convert, is_whole, known
from vietnamese.tokens import READ_AT_MOST, Token, cut, prepare, starts

_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")
_HAS_DIGIT = re.compile(r"\d")


def read_quantity(
    text: str, *, unit: str | None = None, previous: Decimal | None = None
) -> Quantity | Ask[Quantity] | None:
    """The amount that was typed.

    `unit` is the unit the task is measured in; it decides what ``3.500`` may mean and which of two
    figures is the answer. `previous` is the last reported value, for ``không đổi``.
    """
    expected = known(unit)
    tokens = cut(prepare(text))
    progress, whole = read_progress(tokens, unit)
    if whole:
        return _without_number(progress, previous, expected)
    figures = find_figures(tokens, expected)
    meaning = _decide(tokens, figures, expected)
    many = len(figures) > 1 and (len(figures) >= MANY or _HAS_DIGIT.search(text, READ_AT_MOST))
    if isinstance(meaning, Quantity) and (many or _doubted(tokens, figures, meaning, expected)):
        return _ask([meaning])
    if progress == "same" and isinstance(meaning, Quantity):
        if previous is None or meaning.value == previous:
            return told(replace(meaning, same=True))
        same = told(Quantity(value=previous, same=True))
        return _ask([same, meaning])
    return meaning


def _doubted(
    tokens: Sequence[Token], figures: Sequence[Figure], meaning: Quantity, expected: Unit | None
) -> bool:
    """Whether the reading is shown and not taken."""
    own = [f for f in figures if meaning.value in f.readings]
    if any(_roughly(tokens, f) for f in figures) or any(
        continued(tokens, a, b) for a, b in pairwise(figures)
    ):
        return True
    if (meaning.change and meaning.total is not None) or _too_fine(meaning, expected):
        return True  # "giảm 1/3"
    if expected is None:
        return False
    bare = meaning.unit is None
    return (
        _of_another_kind(meaning, expected)
        or (bare and any(of_something_else(tokens, f) for f in own))
        or (bare and len(figures) == 1 and any(follows_a_name(tokens, f, expected) for f in own))
        or (not expected.is_money and any(f.millions for f in own))
    )


def _of_another_kind(meaning: Quantity, expected: Unit) -> bool:
    """``họp 2 lần`` for a task counted in tổ: a number, but hardly the one that was asked for."""
    if meaning.unit in (None, expected.name, "%", "điểm %") or meaning.value is None:
        return False
    return convert(meaning.value, meaning.unit, expected.name) is None


def _too_fine(meaning: Quantity, expected: Unit | None) -> bool:
    """``12,13 hộ``: rather 12 or 13 than a hundredth of a household (but ``1,5 tổ`` is said)."""
    unit = meaning.unit or (expected.name if expected else None)
    if meaning.value is None or meaning.change or not is_whole(unit):
        return False
    return meaning.value * 10 % 1 != 0


def _roughly(tokens: Sequence[Token], figure: Figure) -> bool:
    """``hơn trăm hộ``, ``chừng chục hộ``: a size rather than a number."""
    at = figure.start
    round_number = figure.value.normalize().as_tuple().digits == (1,)
    named = tokens[at].may_be("chục", "trăm", "nghìn", "ngàn", "triệu", "tỷ")
    return named and round_number and not starts(tokens, at + 1, "phần")


def _without_number(
    progress: Progress | None, previous: Decimal | None, expected: Unit | None
) -> Quantity | None:
    if progress == "same":
        return told(Quantity(value=previous, same=True))
    in_percent = expected is not None and expected.name == "%"
    if progress == "done":
        return Quantity(
            value=_HUNDRED if in_percent else None,
            percent=_HUNDRED,
            unit="%" if in_percent else None,
            read_as="đã xong (100%)",
        )
    if progress == "nothing":
        return Quantity(value=Decimal(0), percent=Decimal(0), read_as="chưa làm (0)")
    return None


def _decide(
    tokens: Sequence[Token], figures: Sequence[Figure], expected: Unit | None
) -> Quantity | Ask[Quantity] | None:
    named = [f for f in figures if f.role in ("done", "left") and is_ordinal(tokens, f)]
    counted = [f for f in figures if f not in named]
    counted = without_other_things(tokens, counted, expected)
    if not counted:
        named = [f for f in named if not names_a_place(tokens, f, expected)]
        return _ask([_quantity(f, expected) for f in named]) if named else None
    if all(f.unit == "%" for f in counted) and any(is_one_of(tokens, f, expected) for f in named):
        return _ask([_quantity(f, expected, v) for f in counted for v in f.readings])
    counted = without_breakdown(tokens, counted)
    done = [f for f in counted if f.role == "done"]
    refused = any(f.role == "left" and starts(tokens, f.end, "không") for f in counted)
    if any(f.role == "each" for f in counted) or (done and refused):
        return _ask([_quantity(f, expected, v) for f in counted for v in f.readings])
    sums = [f for f in counted if f.role == "sum"]
    shares = [f for f in counted if f.role == "plan"]
    if len(done) > 1 and expected and any(f.unit == expected.name for f in done):
        done = [f for f in done if f.unit in (expected.name, None)]
    share = shares[0].readings if shares else ()
    if not share and len(done) == 2 and not (expected and expected.name == "%"):
        percents = [f for f in done if f.unit == "%" and f.total is None]
        if len(percents) == 1:
            share = percents[0].readings
            done = [f for f in done if f not in percents]
    done = without_its_parts(tokens, done)
    if len(done) > 1:
        totals = [f for f in counted if f.role == "total"]
        return _several(tokens, done, [*sums, *totals], expected)
    if done and (more := added_later(tokens, counted, done[0])):
        grown = replace(done[0], readings=(done[0].value + more.value,), end=more.end)
        return _ask([_quantity(done[0], expected), _quantity(grown, expected)])
    if done:
        whole = next((f for f in counted if f.role == "total" and same_unit(f, done[0])), None)
        if whole and of_a_period(tokens, done[0]):
            so_far = _quantity(replace(whole, role="done"), expected)
            return _ask([so_far, _quantity(done[0], expected)])
        return _one(done[0], expected, whole, share)
    return _without_done(tokens, counted, sums, shares, expected)


def _without_done(
    tokens: Sequence[Token],
    counted: Sequence[Figure],
    sums: Sequence[Figure],
    shares: Sequence[Figure],
    expected: Unit | None,
) -> Quantity | Ask[Quantity] | None:
    """No figure says plainly how much is done: a change, a rest, a total, a share of the plan."""
    first = counted[0]
    if len(sums) == 1 and len(counted) == 1:
        return _one(replace(first, role="done"), expected, None, ())
    if len(shares) == 1 and len(counted) == 1:
        options = [told(Quantity(percent=p, qualifier=first.qualifier)) for p in first.readings]
        return options[0] if len(options) == 1 else _ask(options)
    beyond = [f for f in counted if f.role == "beyond"]
    if len(beyond) == 1 and len(counted) == 1:
        excess = beyond[0]
        over = [told(Quantity(percent=_HUNDRED + v)) for v in excess.readings]
        plainly = [_quantity(excess, expected, v) for v in excess.readings]
        return _ask([*(over if excess.unit == "%" else ()), *plainly])
    changes = [f for f in counted if f.role in ("more", "less")]
    if len(changes) == 1 and not any(f.role in ("left", "total") for f in counted):
        return _one(changes[0], expected, None, ())
    if len(changes) == len(counted) > 1 and len({f.role for f in changes}) == 1:
        total, listed = added(tokens, changes, expected)
        if total is not None and listed:
            return told(replace(total, change="+" if first.role == "more" else "-"))
    short = [f for f in counted if f.role == "negated"]
    if len(short) == 1 and len(counted) == 1:
        return _one(short[0], expected, None, ())
    rests = [f for f in counted if f.role == "left"]
    wholes = [f for f in counted if f.role == "total"]
    if len(rests) == 1 and len(counted) - len(wholes) == 1:
        rest = rests[0]
        if rest.total is None and len(wholes) == 1 and same_unit(rest, wholes[0]):
            rest = replace(rest, total=wholes[0].value)
        if rest.total is not None:
            return _left_of(rest, expected)
        remaining = [
            told(replace(_quantity(rest, expected, v), value=None, left=v)) for v in rest.readings
        ]
        reached = [_quantity(rest, expected, v) for v in rest.readings]
        return _ask([*remaining, *reached], "Đó là số còn lại hay số đã đạt ạ?")
    return _ask([_quantity(f, expected, v) for f in counted for v in f.readings])


def _left_of(rest: Figure, expected: Unit | None) -> Quantity | Ask[Quantity] | None:
    """C07: ``còn 12/400`` says that 388 of 400 are done."""
    total = rest.total
    if total is None or rest.value > total or len(rest.readings) > 1:
        return _ask([_quantity(rest, expected, v) for v in rest.readings])
    return _quantity(replace(rest, role="done"), expected, total - rest.value)


def _one(
    figure: Figure, expected: Unit | None, whole: Figure | None, share: tuple[Decimal, ...]
) -> Quantity | Ask[Quantity] | None:
    if figure.total is None and whole is not None and len(whole.readings) == 1:
        figure = replace(figure, total=whole.value)
    if figure.total == 0:
        return None
    options = [_quantity(figure, expected, value) for value in figure.readings]
    if figure.role == "negated":
        below = [told(replace(q, qualifier="dưới")) for q in options]
        return _ask([*below, *options])
    own = options[0].percent
    if share and own is not None and abs(share[0] - own) > 1:
        return _ask([*options, told(Quantity(percent=share[0]))])
    if share and len(share) == 1:
        options = [
            q if q.percent is not None else told(replace(q, percent=share[0])) for q in options
        ]
    if like_a_date(figure):
        return _ask(options)
    if _half_of_a_measure(figure):
        half = replace(figure, total=None, readings=(Decimal("0.5"),))
        return _ask([_quantity(half, expected), *options])
    return options[0] if len(options) == 1 else _ask(options)


def _half_of_a_measure(figure: Figure) -> bool:
    """``1/2 km``: rather the half of one than one of two."""
    measure = known(figure.unit)
    fractional = measure is not None and measure.fractional and measure.name not in ("%", "điểm %")
    return fractional and figure.value == 1 and figure.total == 2


def _several(
    tokens: Sequence[Token], done: Sequence[Figure], sums: Sequence[Figure], expected: Unit | None
) -> Quantity | Ask[Quantity] | None:
    """Several figures for what is done: a labelled list is added up, anything else is asked."""
    total, plainly = added(tokens, done, expected)
    if total is not None and (plainly or sums) and all(s.value == total.value for s in sums):
        return total
    options = [_quantity(f, expected, v) for f in (*done, *sums) for v in f.readings]
    if total is not None:
        options.insert(0, total)
    if joined := _spaced_thousands(tokens, done):
        if len(done) > 2:  # "1 234 567" is no list of three numbers
            return _quantity(replace(done[-1], start=done[0].start), expected, joined)
        options.insert(0, _quantity(replace(done[-1], start=done[0].start), expected, joined))
    return _ask(options)


def _spaced_thousands(tokens: Sequence[Token], done: Sequence[Figure]) -> Decimal | None:
    """``4 028``: perhaps one number with a space between thousands."""
    texts = [tokens[f.start].text for f in done]
    together = all(a.end == b.start and a.unit is None for a, b in pairwise(done))
    if together and len(texts[0]) <= 3 and all(t.isdigit() for t in texts):
        return Decimal("".join(texts)) if all(len(t) == 3 for t in texts[1:]) else None
    return None


def _quantity(figure: Figure, expected: Unit | None, value: Decimal | None = None) -> Quantity:
    amount = figure.value if value is None else value
    unit, total = figure.unit, figure.total
    in_money = unit == "đồng" or (figure.scaled and unit is None)
    if in_money and expected and expected.scale > 1:
        amount, unit = amount / expected.scale, expected.name
        total = total / expected.scale if total is not None else None
    share = None
    if total:
        share = plain((amount / total * _HUNDRED).quantize(_CENT))
    change = {"more": "+", "less": "-"}.get(figure.role)
    return told(
        Quantity(
            value=plain(amount),
            total=None if total is None else plain(total),
            percent=share,
            unit=unit,
            qualifier=figure.qualifier,
            change=change,
        )
    )


def _ask(
    options: Sequence[Quantity], question: str = "Đồng chí muốn ghi số nào ạ?"
) -> Ask[Quantity] | None:
    different = {q.read_as: q for q in options}
    if not different:
        return None
    if len(different) == 1:
        question = f"Có phải {clean(next(iter(different)))} không ạ?"
    return Ask(question, tuple(Reading(label, q) for label, q in list(different.items())[:6]))
