"""Whom the account may write to: the seven days after a person's last word, and templates."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.base import SendFailed
from bot.channels.zalo_oa import WINDOW, ZaloOaChannel
from bot.clock import StillClock
from services.zalo.oa import ZaloOaStore
from tests.fakes.zalo_oa import FakeZaloOA, Person
from tests.zalo_oa.helpers import START, Taken, make, running, serving, to

CS = "message/cs"


@pytest.fixture
async def person(oa: FakeZaloOA, store: ZaloOaStore) -> Person:
    """Somebody who has just written."""
    made = oa.person()
    made.says("chào")
    await store.heard(made.id, START)
    return made


async def fails(channel: ZaloOaChannel, person: Person, text: str = "một") -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await channel.send(to(person, text, 7))
    return caught.value


class TestWindows:
    async def silent(
        self, oa: FakeZaloOA, store: ZaloOaStore, clock: StillClock, days: float
    ) -> Person:
        """Somebody who wrote so many days ago."""
        person = oa.person()
        person.says("chào")
        await store.heard(person.id, clock.now())
        clock.move_to(clock.now() + timedelta(days=days))
        return person

    async def test_within_seven_days_it_goes_out(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, store: ZaloOaStore, clock: StillClock
    ) -> None:
        person = await self.silent(oa, store, clock, 6.9)
        await channel.send(to(person, "một"))
        assert person.said[0].text == "một"

    async def test_after_them_by_template_once_in_half_a_day(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, store: ZaloOaStore, clock: StillClock
    ) -> None:
        person = await self.silent(oa, store, clock, 7.1)
        sent = await channel.send(to(person, f"Nhắc việc:\n{'việc quá hạn ' * 30}"))
        [heard] = person.said
        assert heard.id == sent
        assert heard.template is not None
        name, data = heard.template
        assert (name, data["ngay"]) == ("T-1", "30/11/2026")
        assert data["noi_dung"].startswith("Nhắc việc: việc quá hạn")
        assert len(data["noi_dung"]) <= 200
        assert (await fails(channel, person)).reason == WINDOW  # a digest's second part
        clock.move_to(clock.now() + timedelta(hours=13))
        await channel.send(to(person, "mai lại nhắc"))
        assert len(person.said) == 2
        assert not oa.calls_of(CS)

    @pytest.mark.parametrize("code", [-230, -232])
    async def test_zalos_word_closes_a_window_until_the_next_word(
        self,
        oa: FakeZaloOA,
        store: ZaloOaStore,
        clock: StillClock,
        person: Person,
        code: int,
    ) -> None:
        channel = make(oa, store, clock)  # without a template
        oa.fail_next(CS, code)
        failure = await fails(channel, person)
        assert (failure.reason, failure.retry_after, failure.gone) == (WINDOW, None, False)
        assert (await fails(channel, person)).reason == WINDOW
        assert len(oa.calls_of(CS)) == 1
        clock.move_to(clock.now() + timedelta(seconds=1))
        await store.heard(person.id, clock.now())
        await channel.send(to(person, "lại được"))
        await channel.close()

    async def test_whose_last_word_nobody_knows_it_is_tried(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, clock: StillClock
    ) -> None:
        person = oa.person()
        await channel.send(to(person, "chào đồng chí"))  # Zalo says -230: a template
        assert person.said[0].template is not None

    async def test_a_template_that_is_refused_or_lost(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, store: ZaloOaStore, clock: StillClock
    ) -> None:
        person = await self.silent(oa, store, clock, 8)
        oa.fail_next("message/template", -201)
        assert "-201" in (await fails(channel, person)).reason
        oa.lose_answer("message/template")
        assert (await fails(channel, person)).unknown


async def test_a_window_that_one_replica_found_closed_opens_with_a_word_to_another(
    oa: FakeZaloOA, store: ZaloOaStore, clock: StillClock
) -> None:
    one, two = make(oa, store, clock), make(oa, store, clock)
    person = oa.person()
    async with serving(oa, one), running(one, Taken()):
        person.says("một")
        await oa.delivered()
        oa.fail_next("message/cs", -230)
        clock.move_to(clock.now() + timedelta(minutes=1))
        with pytest.raises(SendFailed, match=WINDOW):
            await two.send(to(person, "hai", 1))
        clock.move_to(clock.now() + timedelta(minutes=1))
        person.says("ba")
        await oa.delivered()
        for replica in (one, two):
            await replica.send(to(person, "bốn", 2))
    assert [heard.text for heard in person.said] == ["bốn", "bốn"]
    for replica in (one, two):
        await replica.close()
