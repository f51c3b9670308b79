"""A place in the words: coordinates and addresses of maps are heard as a pin is, on every network."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.conversation import Event, Outcome, Reply, Router, State
from handlers import report
from handlers.world import World
from vietnamese.letters import clean
from vietnamese.places import find_place, has_short_link

SHORT_LINK = (
    "Đường dẫn bản đồ rút gọn thì tôi không mở được. Trên bản đồ, đồng chí giữ tay ở chỗ cần báo, "
    "chép dãy toạ độ hiện ra (ví dụ: 22.1234, 105.4321) rồi gửi cho tôi."
)

Hears = Callable[[Event, State], Awaitable[Outcome]]
"""The talk's step, in the surroundings of this event."""


async def with_place(router: Router[World], hears: Hears, event: Event, state: State) -> Outcome:
    """A text, a photo or a file that may name a place, and other words beside it.

    Only a report has a use for places: what another talk asks for is heard as it was typed.
    """
    found = find_place(clean(event.text))
    if found is None:
        outcome = await hears(event, state)
        # A map's short address says nothing until it is opened, and we open nothing.
        if has_short_link(event.text) and outcome.state.talk == report.talk.name:
            outcome.replies.append(Reply(SHORT_LINK))
        return outcome
    takes = state.talk in router.with_photos
    words, pin = replace(event, text=found.rest), (found.north, found.east)
    if event.kind in ("photo", "file"):
        return await hears(event if state.free and not takes else replace(words, place=pin), state)
    command = router.opens(found.rest, state)
    reports = command.name == "baocao" if command else not state.talk
    if not takes and not reports and (found.rest or state.free):
        return await hears(event, state)
    place = replace(event, kind="location", text="", place=pin)
    if not found.rest:
        return await hears(place, state)
    if takes and command is None:  # the words may be the last: "1" sends the report
        return await _one_by_one(hears, await hears(place, state), words)
    first = await hears(words, state)
    if first.state.talk in router.with_photos or not command:
        return await _one_by_one(hears, first, place)
    return first


async def _one_by_one(hears: Hears, first: Outcome, event: Event) -> Outcome:
    second = await hears(event, first.state)
    second.replies = [*first.replies, *second.replies]
    return second


def is_short_link(text: str) -> bool:
    """Whether the text is a map's short address and nothing else."""
    return len(text.split()) == 1 and has_short_link(text)
