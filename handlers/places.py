"""A place in the words: coordinates and addresses of maps are heard as a pin is, on every network."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.conversation import Event, Outcome, Reply, State
from handlers import report
from vietnamese.letters import clean
from vietnamese.places import find_place, has_short_link

SHORT_LINK = (
    "Đường dẫn bản đồ rút gọn thì tôi không mở được. Trên bản đồ, đồng chí giữ tay ở chỗ cần báo, "
    "chép dãy toạ độ hiện ra (ví dụ: 22.1234, 105.4321) rồi gửi cho tôi."
)

Hears = Callable[[Event, State], Awaitable[Outcome]]
"""The talk's step, in the surroundings of this event."""


async def with_place(hears: Hears, event: Event, state: State) -> Outcome:
    """A text, or words with a photo or file, that may name a place; other words are heard first."""
    found = find_place(clean(event.text))
    if found is None:
        outcome = await hears(event, state)
        # A map's short address says nothing until it is opened, and we open nothing.
        if has_short_link(event.text) and outcome.state.talk == report.talk.name:
            outcome.replies.append(Reply(SHORT_LINK))
        return outcome
    place = found.north, found.east
    if event.kind in ("photo", "file"):
        return await hears(replace(event, text=found.rest, place=place), state)
    pin = replace(event, kind="location", text="", place=place)
    if not found.rest:
        return await hears(pin, state)
    first = await hears(replace(event, text=found.rest), state)
    second = await hears(pin, first.state)
    second.replies = [*first.replies, *second.replies]
    return second


def is_short_link(text: str) -> bool:
    """Whether the text is a map's short address and nothing else."""
    return len(text.split()) == 1 and has_short_link(text)
