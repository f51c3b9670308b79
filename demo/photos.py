"""Which reports of the demo carry photos, and the photos themselves."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from demo.pictures import Photo, Shot, take_photo
from demo.sentences import theme_of
from models.media import Media
from models.organisation import Person, Unit
from models.report import Evidence, Report
from models.task import Task
from vietnamese.formatting import day
from vietnamese.zone import local

_AT_HOME = 24
_ELSEWHERE = 18
_ALWAYS = ("NV-03", "NV-07")
"""Jobs of the vice-chair whose last report has photos, however old it is."""
_PER_TASK = 2


@dataclass
class Album:
    """The photos, and the rows that say whose evidence they are."""

    photos: dict[str, Photo] = field(default_factory=dict)
    """By SHA-256."""
    media: list[Media] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)


def take_photos(
    reports: list[Report],
    tasks: Mapping[int, Task],
    units: Mapping[int, Unit],
    people: Mapping[int, Person],
    channel: str,
    home: str,
) -> Album:
    """About forty photos for the newest reports, half of them from the unit `home` and below.

    One photo is sent a second time with a later report: the checker is to see that.
    """
    album = Album()
    sent: dict[int, list[str]] = {}
    for report, count in _chosen(reports, tasks, units, home):
        task = tasks[report.task_id]
        unit = units[task.unit_id]
        shas = []
        for at in range(count):
            where = f"{task.code} {unit.name.upper()}"
            shot = Shot(
                theme_of(task.title),
                (where, day(local(report.sent_at).date())),
                f"{report.number}/{at}",
            )
            photo = take_photo(shot)
            sha = hashlib.sha256(photo.data).hexdigest()
            album.photos[sha] = photo
            shas.append(sha)
        earlier = sent.setdefault(task.id, [])
        if earlier and task.code == "NV-10":
            shas.append(earlier[0])
        earlier += shas
        for position, sha in enumerate(shas, start=1):
            _attach(album, report, sha, position, people, channel)
    return album


def _chosen(
    reports: list[Report], tasks: Mapping[int, Task], units: Mapping[int, Unit], home: str
) -> Iterator[tuple[Report, int]]:
    """The reports that get photos and how many, oldest first."""
    chance = random.Random("photos")
    root = next(unit for unit in units.values() if unit.code == home)
    room = {True: _AT_HOME, False: _ELSEWHERE}
    per_task: dict[int, int] = {}
    chosen: list[tuple[Report, int]] = []
    for report in reversed(reports):
        task = tasks[report.task_id]
        at_home = units[task.unit_id].path.startswith(root.path)
        seen = per_task.get(task.id, 0)
        always = at_home and task.code in _ALWAYS and seen == 0
        if not report.current or seen >= (_PER_TASK if at_home else 1):
            continue
        if room[at_home] <= 0 and not always:
            continue
        count = 2 if always else chance.choice([1, 1, 2]) if at_home else 1
        count = count if always else min(count, room[at_home])
        room[at_home] -= count
        per_task[task.id] = seen + 1
        chosen.append((report, count))
    return reversed(chosen)


def _attach(
    album: Album,
    report: Report,
    sha: str,
    position: int,
    people: Mapping[int, Person],
    channel: str,
) -> None:
    photo = album.photos[sha]
    taken = report.sent_at - timedelta(minutes=4 - position)
    number = len(album.media) + 1
    album.media.append(
        Media(
            id=number,
            channel=channel,
            chat_id=people[report.author_id].code,
            person_id=report.author_id,
            ref=f"demo:{number}",
            name=f"anh-{position}.jpg",
            state="have",
            attempts=1,
            next_at=taken,
            created_at=taken,
            sha256=sha,
            mime=photo.prepared.picture.mime,
            size=len(photo.data),
            width=photo.prepared.picture.width,
            height=photo.prepared.picture.height,
            phash=photo.prepared.picture.phash,
            taken_at=local(taken).replace(microsecond=0).isoformat(),
        )
    )
    album.evidence.append(Evidence(report_id=report.id, media_id=number, position=position))
