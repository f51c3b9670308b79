"""What people say: one conversation a file, put together here."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.conversation import Event, Outcome, Reply, Router, State
from handlers import (
    check,
    connect,
    correction,
    help,
    leave,
    link,
    other,
    photos,
    report,
    summary,
    tasks,
)
from handlers.help import commands_for
from handlers.world import World
from vietnamese.commands import read_command
from vietnamese.letters import clean
from vietnamese.places import find_place, has_short_link

SHORT_LINK = (
    "Đường dẫn bản đồ rút gọn thì tôi không mở được. Trên bản đồ, đồng chí giữ tay ở chỗ cần báo, "
    "chép dãy toạ độ hiện ra (ví dụ: 22.1234, 105.4321) rồi gửi cho tôi."
)

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
    recognise=read_command,
    photos_to=photos.talk,
    other=other.talk,
    drafts=frozenset({"report", "correction", "leave"}),
    with_photos=frozenset({"report", "photos"}),
)


async def hear(event: Event, state: State, world: World, media: tuple[int, ...]) -> Outcome:
    """One event of a chat: who is not connected yet is led to the code and nowhere else."""
    if world.who is None:
        if sentence := link.withheld(event, world):
            outcome = Outcome(state, [Reply(sentence)])
        else:
            outcome = await ROUTER.hear(event, state, world, photos=media, gate=link.talk)
        return await link.sparingly(outcome, state, world)
    if event.kind not in ("text", "photo"):
        return await ROUTER.hear(event, state, world, photos=media)
    return await _with_place(event, state, world, media)


async def _with_place(event: Event, state: State, world: World, media: tuple[int, ...]) -> Outcome:
    """Coordinates and addresses of maps are places, as a pin is; other words are heard first."""
    text = clean(event.text)
    found = find_place(text)
    if found is None:
        return await _with_short_link(event, state, world, media)
    place = found.north, found.east
    if event.kind == "photo":
        return await ROUTER.hear(
            replace(event, text=found.rest, place=place), state, world, photos=media
        )
    pin = replace(event, kind="location", text="", place=place)
    if not found.rest:
        return await ROUTER.hear(pin, state, world)
    first = await ROUTER.hear(replace(event, text=found.rest), state, world)
    second = await ROUTER.hear(pin, first.state, world)
    second.replies = [*first.replies, *second.replies]
    return second


async def _with_short_link(
    event: Event, state: State, world: World, media: tuple[int, ...]
) -> Outcome:
    """A map's short address says nothing until it is opened, and we open nothing."""
    outcome_of = partial(ROUTER.hear, event, state, world, photos=media)
    if not has_short_link(event.text):
        return await outcome_of()
    if event.kind == "text" and len(event.text.split()) == 1:
        return ROUTER.refuse(state, SHORT_LINK)
    outcome = await outcome_of()
    if outcome.state.talk == report.talk.name:
        outcome.replies.append(Reply(SHORT_LINK))
    return outcome


def takes_photos(talk: str) -> bool:
    """Whether a chat in the middle of this talk has a use for photos (see Router)."""
    return talk in ROUTER.with_photos or talk not in ROUTER.drafts


__all__ = ["ROUTER", "World", "commands_for", "hear", "takes_photos"]
