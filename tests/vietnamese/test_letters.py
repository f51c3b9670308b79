"""Letters: one word, however it was typed."""

import unicodedata

import pytest

from vietnamese.letters import clean, fold, fold_in_place, may_stand_for, word_key
from vietnamese.telex import repair


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_p48_composition_does_not_matter(form: str) -> None:
    text = "Đảng uỷ xã Phù Lưu hoàn thành tiến độ"
    typed = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    assert clean(typed) == text
    assert fold(typed) == "dang uy xa phu luu hoan thanh tien do"


@pytest.mark.parametrize("letter", ["đ", "Đ", "ð", "Ð"])
def test_p48_all_forms_of_d_fold_alike(letter: str) -> None:
    assert fold(f"{letter}ường") == "duong"


@pytest.mark.parametrize(
    ("old", "new"), [("hoà", "hòa"), ("thuý", "thúy"), ("khoẻ", "khỏe"), ("uỷ", "ủy")]
)
def test_p48_tone_placement_does_not_matter(old: str, new: str) -> None:
    assert fold(old) == fold(new)
    assert word_key(old) == word_key(new)
    assert may_stand_for(old, new)


def test_unseen_signs_are_dropped_and_lines_kept() -> None:
    assert (
        clean("\u200e2\u00a0tổ\u0002\u0003\u202e\ufeff\r\ndòng 2\u2028dòng 3")
        == "2 tổ\ndòng 2\ndòng 3"
    )


def test_full_width_digits_become_plain() -> None:
    assert clean("１２／１１　２０２６，９８％") == "12/11 2026,98%"


def test_emoji_stay() -> None:
    assert clean("xong 👍🏽✅") == "xong 👍🏽✅"


def test_lone_surrogates_are_dropped() -> None:
    assert clean("a\ud800b") == "ab"


def test_folding_in_place_keeps_every_offset() -> None:
    text = "Đường 가 ÀẢ ß ﬁ"
    assert len(fold_in_place(text)) == len(text)


def test_marks_left_out_are_allowed_and_wrong_ones_are_not() -> None:
    assert all(may_stand_for(typed, "tổ") for typed in ("to", "tô", "tổ", "TỔ"))
    assert not any(may_stand_for(typed, "tổ") for typed in ("tờ", "tỏ", "tố", "tôi"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tieens ddooj", "tiến độ"),
        ("tie61n d9o65", "tiến độ"),
        ("baos caos", "báo cáo"),
        ("ba1o ca1o", "báo cáo"),
        ("dduwowcj 2 toor", "được 2 tổ"),
        ("ddwowcj 2 toor", "được 2 tổ"),
        ("d9u7o7c5 2 to63", "được 2 tổ"),
        ("chuwa lamf", "chưa làm"),
    ],
)
def test_left_overs_of_typing_are_repaired(typed: str, meant: str) -> None:
    assert repair(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "nv03 2 to",
        "m2",
        "t6",
        "to 3",
        "has 2 to",
        "bc nv7",
        "thon3a",
        "xoong",
        "km2",
        "for max 5",
        "Zalo OA",
        "h1n1",
    ],
)
def test_what_may_be_meant_is_left_alone(typed: str) -> None:
    assert repair(typed) == typed


def test_an_address_of_a_page_is_no_left_over_of_typing() -> None:
    said = "bc nv03 2 tổ, https://maps.app.goo.gl/AbCdEf tieens ddooj"
    assert repair(said) == "bc nv03 2 tổ, https://maps.app.goo.gl/AbCdEf tiến độ"
