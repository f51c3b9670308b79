"""Any text as the text of an Excel cell: never a formula, a link or a number (pitfall 39)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from vietnamese.letters import clean

MOST = 32_000
"""Excel refuses a cell with more than 32.767 letters (UTF-16 units)."""
CUT = " … (còn nữa)"
_NOT_IN_XML = re.compile("[\ufffe\uffff]")

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
"""For xlsxwriter.Workbook: what is given as a text stays a text."""


def cell_text(text: str) -> str:
    """The text without signs that XML cannot hold, and short enough, never cut inside a letter."""
    plain = _NOT_IN_XML.sub("", clean(text))
    if len(plain.encode("utf-16-le")) // 2 <= MOST:
        return plain
    cut = plain.encode("utf-16-le")[: MOST * 2].decode("utf-16-le", "ignore")
    # A combining mark, a skin tone or a variation sign belongs to the letter before it.
    while plain[len(cut)] in "\ufe0e\ufe0f" or unicodedata.category(plain[len(cut)]) in (
        "Mn",
        "Sk",
    ):
        cut = cut[:-1]
    return cut + CUT


def put(sheet: Any, row: int, column: int, text: str, style: Any = None) -> None:
    """Write a text as a text."""
    sheet.write_string(row, column, cell_text(text), style)
