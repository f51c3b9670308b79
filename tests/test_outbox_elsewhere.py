"""A network that refuses: what is meant for a person takes another way, and somebody hears of it."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select, update

from bot.channels.base import Features, SendFailed
from bot.conversation import Address, Reply
from bot.outbox import OutboxWorker
from models.account import Account
from models.database import Database, Session
from models.nudge import Digest
from models.queue import Outbox
from tests.test_outbox import House, Network
from tests.village import START, Village, build_village

DEAD = SendFailed("zalo -216: token", retry_after=300, whole_network=True)
CADRE, OTHER = "pct-phu-luu", "pct-bach-xa"


class TwoNetworks(House):
    """Everybody is on Zalo's account; the first cadre on the web, too."""

    village: Village

    def __init__(self, database: Database) -> None:
        super().__init__(database, Network())
        self.web = Network()
        self.network.name, self.web.name = "zalo_oa", "web"
        self.outbox = OutboxWorker(
            database, self.clock, {"zalo_oa": self.network, "web": self.web},
            self.compose, self.on_trouble,
        )  # fmt: skip

    async def build(self) -> TwoNetworks:
        async with self.database.begin() as session:
            self.village = await build_village(session, "zalo_oa")
            person = self.village.people[CADRE]
            session.add(
                Account(
                    channel="web", chat_id="w", person_id=person, connected_at=START,
                    changed_at=START,
                )
            )  # fmt: skip
        return self

    def dies(self, *chats: str) -> None:
        for chat in chats:
            self.network.failures[chat] = [DEAD] * 1000

    async def remind(self, *codes: str) -> None:
        async with self.database.begin() as session:
            for code in codes:
                digest = Digest(
                    person_id=self.village.people[code], day=START.date(), kind="morning",
                    planned_at=START,
                )  # fmt: skip
                session.add(digest)
                await session.flush()
                session.add(
                    Outbox(
                        channel="zalo_oa", chat_id=code, message={}, digest_id=digest.id,
                        created_at=START, not_before=START,
                    )
                )  # fmt: skip

    async def minutes(self, number: int, step: int = 1) -> None:
        for _ in range(0, number, step):
            await self.drain()
            self.wait(60 * step)

    async def digests(self) -> list[tuple[str, str]]:
        async with self.database.begin() as session:
            rows = await session.scalars(select(Digest).order_by(Digest.id))
            return [(row.state, row.reason.split(":")[0]) for row in rows]


@pytest.fixture
async def house(database: Database) -> TwoNetworks:
    return await TwoNetworks(database).build()


async def test_a_dead_token_sends_reminders_another_way_after_half_an_hour(
    house: TwoNetworks,
) -> None:
    house.dies(CADRE, OTHER)
    await house.remind(CADRE, OTHER)
    await house.minutes(25)
    assert house.web.arrived == []
    assert house.alarms == []
    await house.minutes(20)
    assert [chat for chat, _ in house.web.arrived] == ["w"]
    # The other one has no other way: it waits, and the ledger says for what.
    assert await house.digests() == [("sent", ""), ("planned", "network")]
    house.network.failures.clear()  # the token was mended
    await house.minutes(6)
    assert [chat for chat, _ in house.network.arrived] == [OTHER]
    assert await house.digests() == [("sent", ""), ("sent", "")]


async def test_reminders_behind_the_pause_go_another_way_as_well(house: TwoNetworks) -> None:
    """The network is left in peace: most of what waits for it has never been refused itself."""
    house.dies(OTHER)
    await house.remind(OTHER)
    await house.minutes(33)
    await house.remind(CADRE)
    await house.minutes(1)
    assert [chat for chat, _ in house.web.arrived] == ["w"]


async def test_the_administrators_hear_of_it_once_a_day_on_a_network_that_works(
    house: TwoNetworks,
) -> None:
    house.dies(OTHER)
    await house.remind(OTHER)
    await house.minutes(23 * 60, step=20)
    [(text, networks)] = house.alarms
    assert text.startswith("Kênh Zalo OA đang không gửi được tin")
    assert "python -m bot doctor" in text
    assert networks == ["web"]
    await house.minutes(3 * 60, step=20)
    assert len(house.alarms) == 2


async def test_what_waited_for_the_network_until_its_hour_was_over_has_failed(
    house: TwoNetworks,
) -> None:
    house.dies(OTHER)
    await house.remind(OTHER)
    await house.minutes(40)
    house.true = False  # its hour is over
    await house.minutes(6)
    assert await house.digests() == [("failed", "network")]


async def test_a_short_trouble_moves_nothing_and_alarms_nobody(house: TwoNetworks) -> None:
    house.network.failures[CADRE] = [DEAD] * 4
    await house.remind(CADRE)
    await house.minutes(40)
    assert [chat for chat, _ in house.network.arrived] == [CADRE]
    # Hours later there is another one: it does not count from the first.
    house.wait(3 * 3600)
    house.network.failures[OTHER] = [DEAD]
    await house.remind(OTHER)
    await house.minutes(10)
    assert [chat for chat, _ in house.network.arrived] == [CADRE, OTHER]
    assert house.web.arrived == []
    assert house.alarms == []


async def test_a_success_in_between_begins_the_half_hour_anew(house: TwoNetworks) -> None:
    house.network.failures[OTHER] = [DEAD]
    await house.remind(OTHER)
    await house.drain()
    house.wait(10 * 60)
    await house.drain()
    house.wait(23 * 60)
    house.network.failures[CADRE] = [DEAD]
    await house.remind(CADRE)
    await house.drain()
    assert (house.web.arrived, house.alarms) == ([], [])
    house.wait(301)
    await house.drain()
    assert [chat for chat, _ in house.network.arrived] == [OTHER, CADRE]


async def test_a_long_reminder_goes_another_way_as_a_whole(house: TwoNetworks) -> None:
    house.network.features = Features(60, per_second=0, per_chat_second=0)
    text = "\n".join(f"dòng số {n} của bản tin nhắc việc" for n in range(4))

    async def compose(session: Session, digest_id: int, now: datetime) -> Reply | None:
        return Reply(text)

    house.outbox._compose = compose
    house.network.failures[CADRE] = [SendFailed("window")]
    await house.remind(CADRE)
    await house.drain()
    assert house.network.arrived == []
    assert house.web.arrived == [("w", text)]


async def test_what_is_told_to_a_person_goes_to_their_next_network(house: TwoNetworks) -> None:
    house.network.failures[CADRE] = [SendFailed("window"), SendFailed("window")]
    async with house.database.begin() as session:
        person = house.village.people[CADRE]
        await house.outbox.put(
            session, Address("zalo_oa", CADRE), [Reply("BC-0001 gửi lại")], person_id=person
        )
        # An answer in the chat belongs to the chat.
        await house.outbox.put(session, Address("zalo_oa", CADRE), [Reply("Báo cáo việc nào?")])
    await house.drain()
    assert house.web.arrived == [("w", "BC-0001 gửi lại")]
    assert await house.states() == ["failed", "failed", "sent"]


async def test_what_is_told_to_one_who_blocked_us_goes_to_their_next_network(
    house: TwoNetworks,
) -> None:
    house.network.failures[CADRE] = [SendFailed("blocked", gone=True)]
    async with house.database.begin() as session:
        for text in ("một", "hai"):
            await house.outbox.put(
                session, Address("zalo_oa", CADRE), [Reply(text)],
                person_id=house.village.people[CADRE],
            )  # fmt: skip
    await house.drain()
    assert house.web.arrived == [("w", "một"), ("w", "hai")]


async def test_the_network_chosen_for_reminders_comes_first_and_none_is_tried_twice(
    house: TwoNetworks,
) -> None:
    async with house.database.begin() as session:
        await session.execute(update(Account).where(Account.chat_id == "w").values(state="blocked"))
    house.network.failures[CADRE] = [SendFailed("window")]
    await house.remind(CADRE)
    await house.drain()
    assert await house.digests() == [("failed", "window")]
