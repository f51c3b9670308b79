"""The figures, one a row, with what was asked of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure. `at_least` or `at_most`: what was asked for, in the same unit."""

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def is_good(self) -> bool:
        """True where nothing was asked for."""
        if self.at_least is not None and self.value < self.at_least:
            return False
        return self.at_most is None or self.value <= self.at_most

    @property
    def target(self) -> str:
        if self.at_least is not None:
            return f"≥ {_short(self.at_least)} {self.unit}".rstrip()
        return f"≤ {_short(self.at_most)} {self.unit}".rstrip() if self.at_most is not None else ""

    @property
    def verdict(self) -> str:
        if not self.target:
            return ""
        return "yes" if self.is_good else "NO"


def middle(values: Sequence[float]) -> float:
    """The median: the machine is never quite idle, and a mean would take over its worst moment."""
    return statistics.median(values)


def spread(values: Sequence[float]) -> str:
    """The least and the most of the repetitions, to see how far the median can be trusted."""
    return f"{_short(min(values))} to {_short(max(values))} in {len(values)}"


def write_table(figures: Sequence[Figure]) -> str:
    """The table as plain text."""
    head = ("", "figure", "target", "ok?", "")
    rows = [
        (one.name, f"{_short(one.value)} {one.unit}".rstrip(), one.target, one.verdict, one.note)
        for one in figures
    ]
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(4)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at == 1 else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, [*widths, 0], strict=True))
        ).rstrip()
        for row in [head, *rows]
    )


def _short(value: float) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    shown = f"{value:,.{digits}f}"
    return shown.rstrip("0").rstrip(".") if digits else shown
