"""Faults of the settings in words: which one, and what is expected of it."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

_WORDS = {
    "missing": "chưa đặt",
    "int_parsing": "cần một số nguyên",
    "int_from_float": "cần một số nguyên",
    "float_parsing": "cần một số, ví dụ 1.5",
    "bool_parsing": "cần true hoặc false",
    "greater_than_equal": "cần số từ {ge:g} trở lên",
    "less_than_equal": "cần số nhiều nhất là {le:g}",
    "finite_number": "cần một số, ví dụ 1.5",
    "too_short": "cần ít nhất {min_length} ký tự",
    "string_too_short": "cần ít nhất {min_length} ký tự",
    "literal_error": "cần một trong: {choices}",
}
_MORE = {
    "secret_key": ('; tạo bằng lệnh: python3 -c "import secrets; print(secrets.token_urlsafe(48))"')
}


def faults_of(error: ValidationError) -> tuple[list[str], set[str]]:
    """All of them, a line each, and the settings that could not be read themselves."""
    lines: list[str] = []
    bad: set[str] = set()
    for fault in error.errors():
        if not fault["loc"]:
            lines += fault["msg"].removeprefix("Value error, ").splitlines()
            continue
        name = str(fault["loc"][0])
        if name not in bad:
            lines.append(f"{name.upper()}: {_words(fault)}{_MORE.get(name, '')}")
        bad.add(name)
    return lines, bad


def _words(fault: Any) -> str:
    known = _WORDS.get(fault["type"])
    if known is None:
        return str(fault["msg"].removeprefix("Value error, "))
    given = fault.get("ctx", {})
    choices = ", ".join(re.findall(r"'([^']*)'", str(given.get("expected", ""))))
    return known.format(**given, choices=choices)
