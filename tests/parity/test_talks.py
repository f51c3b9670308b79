"""Every talk on every network: the same words heard, the same database afterwards."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.parity.house import Heard, Turn
from tests.parity.networks import scene
from tests.parity.records import Facts, facts
from tests.parity.talks import (
    PLACE,
    TALKS,
    Script,
    check,
    link_by_code,
    report,
    report_with_an_album,
)

PLACES = [
    ("telegram", "sqlite"),
    ("zalo_bot", "sqlite"),
    ("zalo_oa", "sqlite"),
    ("web", "sqlite"),
    ("telegram", "postgresql"),
    ("zalo_bot", "postgresql"),
]


WITHOUT_PLACES = ("zalo_bot",)


@dataclass(frozen=True)
class Played:
    """What was heard, turn by turn, and what is kept."""

    turns: Sequence[Turn]
    kept: Facts


async def play(talk: Script, network: str, database_url: str, folder: Path) -> Played:
    async with scene(network, database_url, folder) as stage:
        await talk(stage)
        await stage.house.until_quiet()
        async with stage.house.database.looking() as session:
            return Played(stage.house.turns, await facts(session, network))


_terminal: dict[str, Played] = {}


async def in_the_terminal(talk: Script, template: Path, folder: Path) -> Played:
    """The talk in the terminal, which the others are held against; played once a process."""
    if talk.__name__ not in _terminal:
        folder.mkdir()
        shutil.copy(template, folder / "test.db")
        url = f"sqlite:///{folder / 'test.db'}"
        _terminal[talk.__name__] = await play(talk, "terminal", url, folder)
    return _terminal[talk.__name__]


@pytest.mark.parametrize(
    ("network", "database_url"),
    PLACES,
    indirect=["database_url"],
    ids=["-".join(place) for place in PLACES],
)
@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.__name__)
async def test_a_talk_is_the_same_everywhere(
    talk: Script, network: str, database_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    await is_the_same(talk, network, database_url, sqlite_template, tmp_path)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("talk", [link_by_code, report, check], ids=lambda talk: talk.__name__)
async def test_the_official_account_keeps_its_memory_on_postgresql_too(
    talk: Script, database_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    """Three talks: what is the account's own there (tokens, windows, albums) is in each of them."""
    await is_the_same(talk, "zalo_oa", database_url, sqlite_template, tmp_path)


async def is_the_same(
    talk: Script, network: str, database_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    wanted = await in_the_terminal(talk, sqlite_template, tmp_path / "terminal")
    found = await play(talk, network, database_url, tmp_path)
    loose = {turn.did for turn in found.turns if turn.loose}
    assert words_of(found.turns, network, loose) == words_of(wanted.turns, network, loose)
    for table, rows in wanted.kept.items():
        ours, theirs = (without_places(one, network) for one in (found.kept[table], rows))
        if table == "evidence" and talk is report_with_an_album:
            ours, theirs = without_positions(ours), without_positions(theirs)
        assert ours == theirs, table


def words_of(turns: Sequence[Turn], network: str, loose: set[str]) -> list[Turn]:
    """What was done and heard, in the words that must be the same; the form is the network's.

    The web shows the numbered choices as things to pick, so its lines and dots stand elsewhere.
    """
    return [
        Turn(turn.who, turn.did, tuple(_form_aside(one, network) for one in turn.heard))
        for turn in turns
        if not turn.loose and turn.did not in loose
    ]


def _form_aside(heard: Heard, network: str) -> Heard:
    text = heard.text
    if network == "web":
        text = re.sub(r"[\s·.]+", " ", text).strip()
    if network in WITHOUT_PLACES:
        text = text.replace(" · có vị trí", "")
    return Heard(text, heard.what)


def without_positions(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """No network promises to bring the photos of an album in their order."""
    return sorted((*row[:2], *row[3:]) for row in rows)


def without_places(rows: list[tuple[str, ...]], network: str) -> list[tuple[str, ...]]:
    """A pin never comes through on some networks: all else is the same."""
    if network not in WITHOUT_PLACES:
        return rows
    lat, lon = (f"{degree:.6f}" for degree in PLACE)
    return [
        tuple(
            "-" if word == f"{lat},{lon}" else word.replace(f"place={lat},{lon}", "place=None")
            for word in row
        )
        for row in rows
    ]
