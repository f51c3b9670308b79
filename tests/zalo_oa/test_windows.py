"""Whom the account may write to: the seven days after a person's last word, and templates."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.base import SendFailed
from bot.channels.zalo_oa import WINDOW, Template, ZaloOaChannel
from bot.clock import StillClock
from services.zalo_oa import ZaloOaStore
from tests.fakes.zalo_oa import FakeZaloOA, Person
from tests.zalo_oa.helpers import START, make, to

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

    async def test_by_phone_where_a_number_is_known(
        self, oa: FakeZaloOA, store: ZaloOaStore, clock: StillClock
    ) -> None:
        known, unknown = [await self.silent(oa, store, clock, 8) for _ in range(2)]
        oa.phones["84900000001"] = known.id
        clock.move_to(clock.now() + timedelta(days=8))

        async def phone_of(chat: str) -> str | None:
            return "84900000001" if chat == known.id else None

        template = Template("T-1", {"noi_dung": "{text}", "ngay": "{date}"}, 50)
        channel = make(oa, store, clock, template=template, phone_of=phone_of)
        await channel.send(to(known, "một", 9))
        await channel.send(to(unknown, "hai"))
        paths = [call.path for call in oa.calls if call.path.endswith("template")]
        assert paths == ["/message/template", "/v3.0/oa/message/template"]
        assert oa.calls_of("template")[0].body["tracking_id"] == "outbox-9"
        await channel.close()

    async def test_a_template_that_is_refused_or_lost(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, store: ZaloOaStore, clock: StillClock
    ) -> None:
        person = await self.silent(oa, store, clock, 8)
        oa.fail_next("message/template", -201)
        assert "-201" in (await fails(channel, person)).reason
        oa.lose_answer("message/template")
        assert (await fails(channel, person)).unknown
