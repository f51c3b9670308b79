"""Which Zalo somebody writes to: people are spread over the bots, so many on each (50 on the free
plan), and the Official Account, which has no such limit, takes the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from models.account import Account
from models.database import Session
from models.queue import locked_network
from services.zalo.quota import FREE_PEOPLE, people_on


@dataclass(frozen=True)
class ZaloPlace:
    """A bot or an Official Account. `name`: what people look for in Zalo; `link`: opens it.

    Either is "" where the administrator has not told us.
    """

    channel: str
    name: str = ""
    link: str = ""


@dataclass(frozen=True)
class ZaloPlaces:
    """All that is configured. `people`: how many a bot may have."""

    bots: tuple[ZaloPlace, ...] = ()
    account: ZaloPlace | None = None
    people: int = FREE_PEOPLE


async def places_for(
    session: Session, places: ZaloPlaces, people: Sequence[int]
) -> dict[int, ZaloPlace | None]:
    """Where each of these people is to write.

    Who is on a bot stays there; the others go one by one to the bot with the fewest people (those
    just sent there included), and to the Official Account when all are full. None: no room.
    """
    by_name = {bot.channel: bot for bot in places.bots}
    rows = await session.execute(
        select(Account.person_id, Account.channel).where(
            Account.person_id.in_(people),
            Account.channel.in_(by_name),
            Account.state == "connected",
        )
    )
    already = dict(rows.all())
    count = await people_on(session, list(by_name))
    found: dict[int, ZaloPlace | None] = {}
    for person in people:
        channel = already.get(person) or min(by_name, key=lambda one: count[one], default="")
        if not channel or (person not in already and count[channel] >= places.people):
            found[person] = places.account
            continue
        count[channel] += person not in already
        found[person] = by_name[channel]
    return found


async def place_for(session: Session, places: ZaloPlaces, person_id: int) -> ZaloPlace | None:
    """Where this person is to write; None: no Zalo, or no room in any."""
    return (await places_for(session, places, [person_id]))[person_id]


async def takes(session: Session, places: ZaloPlaces, channel: str, person_id: int) -> bool:
    """Whether a person may come onto this bot now. Of two who ask for the last place at once, the
    second waits until the first has it or has not."""
    if channel in {bot.channel for bot in places.bots}:
        await locked_network(session, channel)
    return not await is_full(session, places, channel, person_id)


async def is_full(session: Session, places: ZaloPlaces, channel: str, person_id: int) -> bool:
    """Whether this bot has no room for a person who is not on it yet."""
    if channel not in {bot.channel for bot in places.bots}:
        return False
    here = await session.scalar(
        select(Account.id).where(Account.person_id == person_id, Account.channel == channel)
    )
    return here is None and (await people_on(session, [channel]))[channel] >= places.people
