"""Coordinates and addresses of maps, as they are typed and pasted."""

from __future__ import annotations

import pytest

from vietnamese.places import find_place, has_short_link

HERE = (22.1234, 105.4321)


@pytest.mark.parametrize(
    "text",
    [
        "22.1234, 105.4321",
        "22,1234 105,4321",
        "22,1234, 105,4321",
        "22.1234,105.4321",
        "22.1234; 105.4321",
        "22.1234° N, 105.4321° E",
        "(22.1234, 105.4321)",
        "Toạ độ: 22.1234, 105.4321.",
        "https://www.google.com/maps/@22.1234,105.4321,17z",
        "https://maps.google.com/?q=22.1234,105.4321",
        "https://www.google.com/maps/search/?api=1&query=22.1234%2C105.4321",
        "https://www.google.com/maps/search/22.1234,+105.4321?entry=tts",
        "https://www.google.com/maps/place/X/@21.9,105.9,17z/data=!3m1!4b1!4m5!8m2!3d22.1234!4d105.4321",
    ],
)
def test_a_place_alone(text: str) -> None:
    found = find_place(text)
    assert found is not None
    assert (found.north, found.east, found.rest) == (*HERE, "")


@pytest.mark.parametrize(
    "text",
    [
        "21°46'35.6\"N 105°12'30\"E",
        "21°46′35,6″N, 105°12′30″E",
        "21° 46' 35.6'' B 105° 12' 30'' Đ",
    ],
)
def test_minutes_and_seconds(text: str) -> None:
    found = find_place(text)
    assert found is not None
    assert (found.north, found.east) == pytest.approx((21.776556, 105.208333), abs=1e-6)
    assert found.rest == ""


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("bc nv03 2 tổ, 22.1234, 105.4321", "bc nv03 2 tổ"),
        ("bc nv03 2 tổ tại 22,1234 105,4321, xong", "bc nv03 2 tổ, xong"),
        ("bc nv03 2 tổ (vị trí 22.1234, 105.4321) xong tổ chanh", "bc nv03 2 tổ, xong tổ chanh"),
        ("https://maps.google.com/?q=22.1234,105.4321 bc nv03 2 tổ", "bc nv03 2 tổ"),
    ],
)
def test_the_other_words_stay(text: str, rest: str) -> None:
    found = find_place(text)
    assert found is not None
    assert (found.north, found.east, found.rest) == (*HERE, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "22,5 104,5",  # two results, perhaps
        "22,123 105,432",
        "22.5, 105.4",
        "22.05 105.03",
        "nv03 22.1234 tấn",
        "105.4321, 22.1234",  # the wrong way round: nobody knows
        "48.8566, 2.3522",
        "1022.1234, 105.4321",
        "22.1234, 105.4321000000000000000000",
        "0912345678, 0912345679",
        "12.500.0000 đồng",
        "https://maps.app.goo.gl/AbCdEf",
        "https://baotuyenquang.com.vn/22.1234",
        "đạt 98,3000 và 39,1000",
    ],
)
def test_what_is_no_certain_place(text: str) -> None:
    assert find_place(text) is None


def test_short_links_are_known_and_nothing_more() -> None:
    assert has_short_link("đây: https://maps.app.goo.gl/AbCdEf")
    assert has_short_link("https://goo.gl/maps/AbCdEf")
    assert not has_short_link("https://www.google.com/maps/@22.1234,105.4321,17z")


def test_a_long_text_costs_nothing() -> None:
    assert find_place("1.1234 " * 1500) is None
    assert find_place("22°" * 3000) is None
    assert find_place("https://a/" + "@22.1234," * 1000) is None
