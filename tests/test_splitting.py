"""A text that is too long is cut where nothing is broken."""

from __future__ import annotations

import pytest

from bot.conversation.reply import split_text, units

LETTERS = {
    "flag": "🇻🇳",
    "keycap": "1\ufe0f\u20e3",
    "family": "👨\u200d👩\u200d👧\u200d👦",
    "skin": "👍🏽",
    "composed": "ệ",
    "decomposed": "e\u0323\u0302",
    "tag flag": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "heart": "❤\ufe0f",
}


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_a_letter_of_several_signs_stays_whole(letter: str) -> None:
    for before in range(12):
        parts = split_text("x" * before + letter * 300, 400)
        assert all(units(part) <= 400 for part in parts)
        assert all(part.startswith(letter) for part in parts[1:])
        assert "".join(parts) == "x" * before + letter * 300


def test_what_has_no_end_is_cut_all_the_same() -> None:
    assert all(units(part) <= 50 for part in split_text("🇻" * 333, 50))
    assert all(units(part) <= 50 for part in split_text("\u0301" * 333, 50))
