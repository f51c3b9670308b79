"""What people say: one conversation a file, put together here."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from bot.conversation import Event, Outcome, Reply, Router, State
from handlers import (
    check,
    choosing,
    connect,
    correction,
    draft,
    help,
    leave,
    link,
    other,
    photos,
    places,
    report,
    summary,
    tasks,
)
from handlers.help import commands_for
from handlers.world import World
from vietnamese.commands import Command, read_command
from vietnamese.filenames import words_of_name
from vietnamese.letters import fold
from vietnamese.marked import secrecy_mark

_GLUED = re.compile(r"^\s*(bc)(?=nv[-_.]?\d)", re.IGNORECASE)
""""bcnv03 2": the space was forgotten."""
_ACCEPTED = re.compile(r"nghiem thu (?:[a-z]+[-_.]?\d+ )?(?:xong |duoc )?\d+ \w")
""""nghiệm thu nv03 2 tổ": no command to check."""
_REPORT = re.compile(r"bc[-–](\d{3,9})|bc ?(0\d{3,8})|bc(\d{4,9})")


def command_in(text: str) -> Command | None:
    """The command in a message; a report's code by itself (BC-0042) asks to correct that report."""
    if code := _REPORT.fullmatch(fold(text).strip(" .")):
        return Command("sua", f"bc{code[1] or code[2] or code[3]}", whole=True)
    if leave.is_back(text):
        return Command("nghi", text)
    if _ACCEPTED.match(fold(text)):
        return None  # it tells of a result
    command = read_command(_GLUED.sub(r"\1 ", text))
    if command and choosing.is_code(command.rest):
        return replace(command, whole=True)  # "kiểm tra bc700" is no sentence
    return command


ROUTER: Router[World] = Router(
    talks=(
        link.talk,
        help.talk,
        tasks.talk,
        report.talk,
        photos.talk,
        correction.talk,
        summary.talk,
        summary.export,
        check.talk,
        leave.talk,
        connect.talk,
        connect.where,
        other.talk,
    ),
    commands={
        "batdau": help.talk,
        "trogiup": help.talk,
        "baocao": report.talk,
        "nhiemvu": tasks.talk,
        "tongket": summary.talk,
        "xuat": summary.export,
        "kiemtra": check.talk,
        "sua": correction.talk,
        "nghi": leave.talk,
        "ketnoi": connect.talk,
        "nhacqua": connect.where,
    },
    recognise=command_in,
    photos_to=photos.talk,
    other=other.talk,
    drafts=frozenset({"report", "correction", "leave", "photos"}),
    with_photos=frozenset({"report", "photos"}),
    unfinished=lambda place: place.talk == "leave" or draft.unfinished(place.data),
    aside=choosing.is_code,
    wishes=other.is_clear,
)
MARKED = (
    'Tài liệu có dấu "{mark}" không được gửi qua đây. '
    "Đồng chí gửi theo đường văn thư mật; ở đây chỉ báo cáo tiến độ bằng lời."
)


def marked(event: Event, state: State) -> Outcome | None:
    """State-secret papers never pass through here: whatever carries a mark is refused at any step."""
    sentence = marked_words(event.text, *(media.name for media in event.media))
    return ROUTER.refuse(state, sentence) if sentence else None


def marked_words(text: str, *names: str) -> str:
    """Why what is said, or a file of such a name, is refused; "" when no mark is on it."""
    marks = (secrecy_mark(words) for words in (text, *map(words_of_name, names)))
    mark = next((mark for mark in marks if mark), None)
    return MARKED.format(mark=mark) if mark else ""


async def hear(event: Event, state: State, world: World, media: tuple[int, ...]) -> Outcome:
    """One event of a chat: who is not connected yet is led to the code and nowhere else."""
    if world.who is None:
        if sentence := link.withheld(event, world):
            outcome = Outcome(state, [Reply(sentence)])
        else:
            outcome = await ROUTER.hear(event, state, world, photos=media, gate=link.talk)
        return await link.sparingly(outcome, state, world)
    talk_hears = partial(ROUTER.hear, world=world, photos=media)
    if event.kind not in ("text", "photo", "file"):
        return await talk_hears(event, state)
    if event.kind == "text" and places.is_short_link(event.text):
        return ROUTER.refuse(state, places.SHORT_LINK)
    return await places.with_place(ROUTER, talk_hears, event, state)


def takes_photos(talk: str) -> bool:
    """Whether a chat in the middle of this talk has a use for photos (see Router)."""
    return talk in ROUTER.with_photos or talk not in ROUTER.drafts


__all__ = ["ROUTER", "World", "commands_for", "hear", "marked", "marked_words", "takes_photos"]
