"""What a workbook of the organisation says, row by row, and what is wrong with it.

Reading a file into these rows is the work of `documents.workbook`; here they are plain facts with
the place each was read at, so that a fault can name its sheet, row and column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from vietnamese.letters import clean

Sheet = Literal["units", "posts", "programmes", "tasks"]
SHEETS: dict[Sheet, str] = {
    "units": "Đơn vị",
    "posts": "Người và chức vụ",
    "programmes": "Chương trình",
    "tasks": "Nhiệm vụ",
}
"""The four sheets by the names the clerk sees."""


@lru_cache(maxsize=65536)
def key(code: str) -> str:
    """The form two codes are compared in: NFC, single spaces, no difference of case."""
    return " ".join(clean(code).split()).casefold()


def plain(value: Any) -> Any:
    """A value as the audit's JSON gives it back, so that two loadings can be compared."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value


UNREAD = "\uffff"
"""How a code begins that stands for one which could not be read; XML lets no cell hold it."""


def is_unread(code: str) -> bool:
    return code.startswith(UNREAD)


@dataclass(frozen=True)
class Place:
    """Where a row stands, and which of its sheet's columns the file has."""

    sheet: Sheet
    row: int
    columns: Mapping[str, tuple[str, str]]
    """The field's name → the column's letter and header."""
    unread: frozenset[str] = frozenset()
    """Fields whose cell could not be read, each a fault of its own: nothing more is said of them."""

    def has(self, name: str) -> bool:
        """Whether the file has the column: a missing column changes nothing, an empty cell does."""
        return name in self.columns


@dataclass(frozen=True)
class Remark:
    """A fault or a warning: where, what is wrong, what was expected."""

    wrong: str
    expected: str = ""
    sheet: str = ""
    row: int | None = None
    letter: str = ""
    header: str = ""

    @property
    def line(self) -> str:
        """One readable line for the clerk."""
        place = f"Trang “{self.sheet}”" if self.sheet else ""
        if self.row is not None:
            place += f", dòng {self.row}"
        if self.letter:
            place += f", cột {self.letter}"
        if self.header:
            place += f" “{self.header}”" if self.letter else f", cột “{self.header}”"
        wrong = f"{place}: {self.wrong}" if place else self.wrong
        return f"{wrong}. Cần: {self.expected}." if self.expected else f"{wrong}."


@dataclass
class Findings:
    """Collects all faults and all warnings: the clerk mends them in one go."""

    faults: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    def fault(self, at: Place, name: str, wrong: str, expected: str, *others: str) -> None:
        """`others`: fields it follows from as well. Where one could not be read, nothing follows."""
        if at.unread.isdisjoint((name, *others)):
            self.faults.append(remark(at, name, wrong, expected))

    def warn(self, at: Place, name: str, wrong: str, expected: str = "") -> None:
        if name not in at.unread:
            self.warnings.append(remark(at, name, wrong, expected))


def remark(at: Place, name: str, wrong: str, expected: str) -> Remark:
    letter, header = at.columns.get(name, ("", ""))
    return Remark(wrong, expected, SHEETS[at.sheet], at.row, letter, header)


def in_order(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """By sheet, row and column, each once."""
    sheets = list(SHEETS.values())

    def place(item: Remark) -> tuple[int, int, int, str]:
        at = sheets.index(item.sheet) if item.sheet in sheets else -1
        return at, item.row or 0, len(item.letter), item.letter

    return tuple(sorted(dict.fromkeys(remarks), key=place))


@dataclass(frozen=True)
class UnitRow:
    """A unit (đơn vị)."""

    at: Place
    code: str
    name: str
    kind: str
    valid_from: date
    parent: str = ""
    valid_to: date | None = None
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True)
class PostRow:
    """A post (chức vụ) and, if anybody, who holds it in a span of days."""

    at: Place
    post: str
    title: str
    unit: str
    kind: str
    person: str = ""
    name: str = ""
    start: date | None = None
    """None: from the day of loading on."""
    end: date | None = None
    oversees: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProgrammeRow:
    """A programme (chương trình, kế hoạch)."""

    at: Place
    number: str
    issued_on: date
    unit: str
    title: str
    year: int
    theme: str = ""
    motto: str = ""
    horizon: str = "year"
    above: str = ""
    """A number, or "number @ unit code" where two units issued the same number."""


@dataclass(frozen=True)
class TaskRow:
    """A task (việc, nhiệm vụ, chỉ tiêu); posts and programmes by their codes."""

    at: Place
    programme: str
    code: str
    title: str
    owner: str
    measure: str
    product: str = ""
    tags: tuple[str, ...] = ()
    origin: str = "assigned"
    supporting: tuple[str, ...] = ()
    focal: tuple[str, ...] = ()
    director: tuple[str, ...] = ()
    advising: tuple[str, ...] = ()
    measure_unit: str = ""
    direction: str = "up"
    baseline: Decimal | None = None
    target: Decimal | None = None
    criteria: tuple[str, ...] = ()
    start: date | None = None
    due: date | None = None
    cadence: str = "none"
    cadence_day: int | None = None
    value: Decimal | None = None


@dataclass(frozen=True)
class Workbook:
    """All rows, and what could not be read in them.

    A row with such a cell is here too, so that everything else in it is checked in the same go.
    """

    units: tuple[UnitRow, ...] = ()
    posts: tuple[PostRow, ...] = ()
    programmes: tuple[ProgrammeRow, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    faults: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()


@dataclass
class Tally:
    """How many rows of a table were added, changed, left as they were."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def count(self, what: Literal["added", "changed", "unchanged"]) -> None:
        setattr(self, what, getattr(self, what) + 1)


@dataclass(frozen=True)
class LoadResult:
    """What loading did: a tally for units, people, posts, holdings, programmes and tasks."""

    tallies: Mapping[str, Tally]
    warnings: tuple[Remark, ...]

    @property
    def changes(self) -> int:
        return sum(tally.added + tally.changed for tally in self.tallies.values())


class LoadRefused(Exception):
    """The workbook has faults; nothing was changed."""

    def __init__(self, faults: tuple[Remark, ...], warnings: tuple[Remark, ...]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults
        self.warnings = warnings
