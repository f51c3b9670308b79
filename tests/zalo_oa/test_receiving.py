"""What comes in: who may bring it, what it is, and when it is called received."""

from __future__ import annotations

import json
from datetime import timedelta

import aiohttp
import pytest
from prometheus_client import REGISTRY

from bot.channels.base import FetchFailed
from bot.channels.zalo_oa import ZaloOaChannel
from bot.clock import StillClock
from bot.conversation import Address, Choice
from bot.conversation.event import FILE_KEY
from services.zalo.oa import ZaloOaStore
from tests.fakes.zalo_oa import SIGNATURE_FORMS, SIGNATURE_HEADER, FakeZaloOA
from tests.zalo_oa.helpers import START, Taken, jpeg, make, running, serving, to

TIME = "X-ZEvent-Timestamp"
STAMP = "1763863200000"


async def post(url: str, body: bytes, mac: str | None) -> int:
    headers = {} if mac is None else {SIGNATURE_HEADER: mac}
    async with (
        aiohttp.ClientSession() as http,
        http.post(url, data=body, headers=headers) as answer,
    ):
        return answer.status


def spoken(oa: FakeZaloOA) -> dict[str, object]:
    """Somebody's words, as Zalo brings them."""
    return {
        "app_id": oa.app_id,
        "sender": {"id": "u1"},
        "recipient": {"id": oa.oa_id},
        "event_name": "user_send_text",
        "message": {"text": "chào", "msg_id": "m1"},
        "timestamp": STAMP,
    }


def refusals() -> float:
    return REGISTRY.get_sample_value("zalo_oa_webhook_refused_total") or 0


@pytest.fixture
async def here(oa: FakeZaloOA, receiving: ZaloOaChannel, taken: Taken) -> Taken:
    return taken


async def test_words(oa: FakeZaloOA, here: Taken, store: ZaloOaStore) -> None:
    person = oa.person()
    said = person.says("Báo cáo <b>😀</b>")
    await oa.delivered()
    [event] = here.events
    assert event.address == Address("zalo_oa", person.id)
    assert (event.kind, event.text, event.at) == ("text", "Báo cáo <b>😀</b>", START)
    assert event.id == f"m:{said['message']['msg_id']}"
    contact = await store.contact(person.id)
    assert contact is not None
    assert contact.heard_at == START


async def test_several_attachments_are_several_photos(
    oa: FakeZaloOA, here: Taken, receiving: ZaloOaChannel
) -> None:
    pictures = [jpeg(red=n) for n in range(3)]
    oa.person().sends_photos(*pictures, caption="bc nv03 2 tổ")
    await oa.delivered()
    [event] = here.events
    assert (event.kind, event.text, event.album) == ("photo", "bc nv03 2 tổ", "")
    assert [await receiving.fetch(media.ref) for media in event.media] == pictures


async def test_photos_one_by_one_are_an_album(
    oa: FakeZaloOA, here: Taken, clock: StillClock
) -> None:
    person, other = oa.person(), oa.person()
    for red in (1, 2, 3):
        person.sends_photos(jpeg(red=red))
        await oa.delivered()
    other.sends_photos(jpeg())
    await oa.delivered()
    first = here.events[0].id
    assert [event.album for event in here.events] == ["", first, first, ""]
    person.says("xong")
    person.sends_photos(jpeg(red=4))
    await oa.delivered()
    late = next(event for event in here.events[4:] if event.kind == "photo")
    assert late.album in ("", first)  # their order is not promised
    clock.move_to(clock.now() + timedelta(minutes=1))
    person.sends_photos(jpeg(red=5))
    await oa.delivered()
    assert here.events[-1].album == ""


async def test_a_maps_address_is_words_to_be_read(oa: FakeZaloOA, here: Taken) -> None:
    link = "https://maps.google.com/?q=22.1234,105.4321"
    oa.person().sends("user_send_link", {"attachments": [{"payload": {"url": link}}]})
    await oa.delivered()
    assert (here.events[0].kind, here.events[0].text) == ("text", link)


async def test_a_place(oa: FakeZaloOA, here: Taken) -> None:
    oa.person().sends_location(22.1234, 104.5)
    await oa.delivered()
    assert (here.events[0].kind, here.events[0].place) == ("location", (22.1234, 104.5))


async def test_a_press_is_a_choice(
    oa: FakeZaloOA, here: Taken, receiving: ZaloOaChannel, store: ZaloOaStore
) -> None:
    person = oa.person()
    person.says("bc")
    await oa.delivered()
    await receiving.send(to(person, "Gửi?", choices=(Choice("/huy", "Thôi"),), menu=4))
    person.presses("Thôi")
    await oa.delivered()
    event = here.events[1]
    assert (event.kind, event.menu, event.key) == ("choice", 4, "/huy")
    assert receiving.seen["press"]
    assert "press" in (await store.standing(START)).facts


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("user_send_sticker", "Nhãn dán"),
        ("user_send_audio", "tin thoại"),
        ("user_send_video", "video"),
        ("user_send_gif", "Ảnh động"),
        ("user_send_link", "Đường dẫn"),
        ("user_send_business_card", "mã kết nối"),
        ("user_send_image", "Ảnh vừa gửi"),  # without any attachment
        ("user_send_location", "chưa đọc được"),  # without a place
        ("user_send_something_new", "chưa đọc được"),
    ],
)
async def test_what_cannot_be_used_is_answered_kindly(
    oa: FakeZaloOA, here: Taken, name: str, words: str
) -> None:
    oa.person().sends(name, {"attachments": [{"payload": None}, 5]})
    await oa.delivered()
    [event] = here.events
    assert event.kind == "unsupported"
    assert words in event.text


async def test_files(oa: FakeZaloOA, here: Taken, receiving: ZaloOaChannel) -> None:
    person = oa.person()
    person.sends_file(b"PK", "bao-cao.xlsx")
    person.sends_file(jpeg(), "IMG_1.JPG")
    await oa.delivered()
    person.sends("user_send_file", {"attachments": [{"payload": None}]})
    await oa.delivered()
    sheet, photo, lost = sorted(here.events, key=lambda event: event.kind)
    assert (sheet.kind, sheet.media[0].name) == ("file", "bao-cao.xlsx")
    assert await receiving.fetch(sheet.media[0].ref) == b"PK"
    assert (lost.kind, lost.key) == ("unsupported", FILE_KEY)
    assert (photo.kind, photo.media[0].name) == ("photo", "IMG_1.JPG")
    assert await receiving.fetch(photo.media[0].ref) == jpeg()


async def test_following_and_leaving(oa: FakeZaloOA, here: Taken, store: ZaloOaStore) -> None:
    person = oa.person(follows=False)
    event = person.follows()
    await oa.delivered()
    assert (here.events[0].kind, here.events[0].text) == ("text", "/batdau")
    oa.redeliver(event)
    person.unfollows()
    await oa.delivered()
    assert [event.kind for event in here.events] == ["text", "blocked"]


async def test_personal_data_of_a_form_are_not_kept(oa: FakeZaloOA, here: Taken) -> None:
    oa.person().submits_info("Nguyễn Văn A", "84900000001")
    await oa.delivered()
    assert here.events[0].kind == "unsupported"
    assert "84900000001" not in repr(here.events)


@pytest.mark.parametrize(
    "name", ["oa_send_text", "user_seen_message", "user_send_group_text", "", "\n", "x" * 300]
)
async def test_what_nobody_said_to_us_is_taken_and_no_more(
    oa: FakeZaloOA, here: Taken, name: str
) -> None:
    oa.person().sends(name)
    await oa.delivered()
    assert here.events == []
    assert [attempt.status for attempt in oa.webhook.attempts] == [200]


async def test_p3_the_same_event_again_is_one(oa: FakeZaloOA, here: Taken) -> None:
    event = oa.person().says("một")
    await oa.delivered()
    oa.redeliver(event)
    oa.redeliver({**event, "timestamp": oa.millis()})
    await oa.delivered()
    assert len(here.events) == 1


async def test_p1_p34_what_is_not_committed_is_brought_again(oa: FakeZaloOA, here: Taken) -> None:
    here.failing = True
    oa.person().says("một")
    await oa.until(lambda: here.refused == 2)
    here.failing = False
    await oa.delivered()
    assert [attempt.status for attempt in oa.webhook.attempts] == [500, 500, 200]
    assert len(here.events) == 1


async def test_p3_an_answer_that_comes_too_late_does_no_harm(oa: FakeZaloOA, here: Taken) -> None:
    here.slow = 2.3
    oa.person().says("một")
    await oa.until(lambda: oa.webhook.attempts)
    here.slow = 0
    await oa.delivered()
    assert [attempt.status for attempt in oa.webhook.attempts] == [None, 200]
    assert len(here.events) == 1


class TestSignature:
    @pytest.mark.parametrize("form", SIGNATURE_FORMS)
    async def test_each_form_is_found_and_kept(
        self,
        oa: FakeZaloOA,
        here: Taken,
        receiving: ZaloOaChannel,
        store: ZaloOaStore,
        form: str,
    ) -> None:
        oa.webhook.form = form
        for text in ("một", "hai"):
            oa.person().says(text)
        await oa.delivered()
        assert len(here.events) == 2
        assert receiving.seen["signature"] == form
        assert (await store.standing(START)).facts["signature"] == f"{form} (2026-11-23)"

    async def test_without_the_accounts_id_the_body_names_it(
        self, oa: FakeZaloOA, store: ZaloOaStore, clock: StillClock, taken: Taken
    ) -> None:
        channel = make(oa, store, clock, oa_id="")
        oa.webhook.form = "oa+body+time"
        async with serving(oa, channel), running(channel, taken):
            oa.person().says("một")
            await oa.delivered()
        assert len(taken.events) == 1
        await channel.close()

    async def test_another_form_than_before_is_told(
        self, oa: FakeZaloOA, here: Taken, receiving: ZaloOaChannel
    ) -> None:
        for form in SIGNATURE_FORMS[:2]:
            oa.webhook.form = form
            oa.person().says(form)
            await oa.delivered()
        assert len(here.events) == 2
        assert receiving.seen["signature"] == SIGNATURE_FORMS[1]

    async def test_the_time_may_stand_in_a_header(
        self, oa: FakeZaloOA, here: Taken, receiving: ZaloOaChannel
    ) -> None:
        body = json.dumps(spoken(oa)).encode()
        headers = {SIGNATURE_HEADER: oa.webhook.sign(body, "1763863200123"), TIME: "1763863200123"}
        async with (
            aiohttp.ClientSession() as http,
            http.post(oa.webhook.url, data=body, headers=headers) as answer,
        ):
            assert answer.status == 200
        assert receiving.seen["signature"] == "app+body+time@header"
        assert len(here.events) == 1

    @pytest.mark.parametrize(
        ("written", "signed"),
        [
            ("1763863200000", "1763863200000"),
            ("1763863200000.0", "1763863200000.0"),
            ("1.7638632e12", "1.7638632e12"),
            ("1763863200000.0", "1763863200000"),
            ("1.7638632e12", "1763863200000"),
        ],
    )
    async def test_the_time_may_be_written_as_a_number(
        self, oa: FakeZaloOA, here: Taken, written: str, signed: str
    ) -> None:
        body = json.dumps(spoken(oa)).replace(f'"{STAMP}"', written).encode()
        assert await post(oa.webhook.url, body, oa.webhook.sign(body, signed)) == 200
        assert len(here.events) == 1

    async def test_p9_what_is_forged_is_refused_counted_and_not_logged(
        self,
        oa: FakeZaloOA,
        here: Taken,
        capsys: pytest.CaptureFixture[str],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        event = oa.person().says("thật")
        await oa.delivered()
        body = json.dumps(event | {"secret-words": "giả"}).encode()
        good = oa.webhook.sign(body, event["timestamp"])
        later = oa.webhook.sign(body, "1795305753000")
        before, capsys_before = refusals(), capsys.readouterr()
        macs = (
            None, "", "mac=", "mac=" + "0" * 64, good.upper()[:-1], good[:-1] + "x", later,
            f"mac={good}", "bí-mật", "mac=" + "f" * 5000,
        )  # fmt: skip
        for mac in macs:
            assert await post(oa.webhook.url, body, mac) == 401
        for junk in (b"", b"{", b"[]", b"\xff\xfe", b"null", b'{"timestamp":{}}', b"[" * 5000):
            assert await post(oa.webhook.url, junk, good) == 401
        assert refusals() == before + len(macs) + 7
        assert len(here.events) == 1
        printed = capsys.readouterr()
        assert "giả" not in printed.out + printed.err + caplog.text
        assert await post(oa.webhook.url, body, good) == 200
        assert capsys_before is not None

    async def test_p10_another_accounts_event_is_none_of_ours(
        self, oa: FakeZaloOA, here: Taken
    ) -> None:
        event = oa.person().says("một")
        await oa.delivered()
        other = event | {"recipient": {"id": "999"}, "message": {"text": "x", "msg_id": "9"}}
        body = json.dumps(other).encode()
        assert await post(oa.webhook.url, body, oa.webhook.sign(body, event["timestamp"])) == 200
        assert len(here.events) == 1

    @pytest.mark.parametrize(
        "wrong", [{"oa_secret": ""}, {"app_id": ""}, {"app_secret": ""}, {"webhook_path": "oa"}]
    )
    async def test_p9_settings_of_no_use_stop_the_start(
        self, oa: FakeZaloOA, store: ZaloOaStore, clock: StillClock, wrong: dict[str, str]
    ) -> None:
        with pytest.raises(ValueError, match="the ") as caught:
            make(oa, store, clock, **wrong)
        assert "canary" not in repr(caught.value)


async def test_before_it_runs_zalo_is_asked_to_wait(
    oa: FakeZaloOA, channel: ZaloOaChannel, taken: Taken
) -> None:
    async with serving(oa, channel):
        oa.person().says("một")
        await oa.until(lambda: oa.webhook.attempts)
        assert oa.webhook.attempts[0].status == 503
        async with running(channel, taken):
            await oa.delivered()
    assert len(taken.events) == 1


async def test_a_busy_person_is_noted_as_heard_now_and_then(
    oa: FakeZaloOA, here: Taken, store: ZaloOaStore, clock: StillClock
) -> None:
    person = oa.person()
    for minutes in (0, 5, 11):
        clock.move_to(START + timedelta(minutes=minutes))
        person.says("một")
        await oa.delivered()
        contact = await store.contact(person.id)
        assert contact is not None
        assert contact.heard_at == START + timedelta(minutes=11 if minutes == 11 else 0)


async def test_a_window_that_zalo_has_closed_opens_with_the_next_word(
    oa: FakeZaloOA, here: Taken, receiving: ZaloOaChannel, store: ZaloOaStore, clock: StillClock
) -> None:
    person = oa.person()
    person.says("một")
    await oa.delivered()
    clock.move_to(START + timedelta(minutes=1))
    oa.fail_next("message/cs", -232)
    await receiving.send(to(person, "trả lời"))  # by template
    clock.move_to(START + timedelta(minutes=2))
    person.says("hai")
    await oa.delivered()
    await receiving.send(to(person, "trả lời"))
    assert [heard.text for heard in person.said] == ["", "trả lời"]


class TestFetching:
    async def test_an_address_that_is_over(
        self, oa: FakeZaloOA, here: Taken, receiving: ZaloOaChannel
    ) -> None:
        oa.person().sends_photos(jpeg())
        await oa.delivered()
        [media] = here.events[0].media
        for break_it in (oa.page, oa.lose_answer):
            break_it(media.ref.rpartition("/")[2], times=2)  # a question may be asked again
            with pytest.raises(FetchFailed) as caught:
                await receiving.fetch(media.ref)
            assert not caught.value.final
            oa.faults.clear()
        oa.expire_media()
        with pytest.raises(FetchFailed, match="không còn trên Zalo") as caught:
            await receiving.fetch(media.ref)
        assert caught.value.final

    async def test_more_than_twenty_megabytes(
        self, oa: FakeZaloOA, here: Taken, receiving: ZaloOaChannel
    ) -> None:
        oa.person().sends_photos(b"x" * (20 * 1024 * 1024 + 1))
        await oa.delivered()
        with pytest.raises(FetchFailed, match="20 MB") as caught:
            await receiving.fetch(here.events[0].media[0].ref)
        assert caught.value.final

    @pytest.mark.parametrize(
        "url",
        [
            "http://vi.du/a.jpg", "https://127.0.0.1/a", "https://localhost/a", "https://[::1]/a",
            "file:///etc/passwd", "https://10.0.0.1/", "https://2130706433/", "", "https://[", "x",
            "https://vi.du:8443/a",
        ],
    )  # fmt: skip
    async def test_only_what_the_public_reaches(self, receiving: ZaloOaChannel, url: str) -> None:
        with pytest.raises(FetchFailed) as caught:
            await receiving.fetch(url)
        assert caught.value.final
