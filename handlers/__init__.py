"""What people say: one conversation a file, put together here."""

from __future__ import annotations

from bot.conversation import Event, Outcome, Router, State
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
    gate = link.talk if world.who is None else None
    return await ROUTER.hear(event, state, world, photos=media, gate=gate)


__all__ = ["ROUTER", "World", "commands_for", "hear"]
