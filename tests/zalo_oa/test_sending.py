"""What goes out: texts, buttons, photos, files; and what every refusal means."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.base import SendFailed
from bot.channels.zalo_oa import ZaloOaChannel
from bot.clock import StillClock
from bot.conversation import Attachment, Choice
from bot.conversation.reply import bold
from services.zalo.oa import ZaloOaStore
from tests.fakes.zalo_oa import FakeZaloOA, Person
from tests.zalo_oa.helpers import START, Files, jpeg, make, to

CS = "message/cs"
PHOTO = Attachment("photo:1")


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


def choices(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(f"k{n}", f"Việc số {n}") for n in range(1, count + 1))


class TestTexts:
    async def test_marks_and_controls_are_left_out(
        self, channel: ZaloOaChannel, person: Person
    ) -> None:
        sent = await channel.send(to(person, f"{bold('TỔNG KẾT')} A < B & C\x07 😀\ud83d"))
        assert person.said[0].text == "TỔNG KẾT A < B & C 😀"
        assert sent == person.said[0].id

    async def test_p45_two_thousand_units_are_one_message(
        self, channel: ZaloOaChannel, person: Person
    ) -> None:
        await channel.send(to(person, "😀" * 1000))
        assert len(person.said) == 1

    async def test_an_empty_message_is_none(self, channel: ZaloOaChannel, person: Person) -> None:
        assert (await fails(channel, person, " \n")).reason == "the message is empty"


class TestButtons:
    async def test_the_first_five_choices_are_buttons(
        self, channel: ZaloOaChannel, person: Person
    ) -> None:
        text = "Việc nào?\n1. Việc số 1 …"
        await channel.send(to(person, text, choices=choices(8), menu=12))
        heard = person.said[0]
        assert heard.text == text
        assert heard.titles == [f"Việc số {n}" for n in range(1, 6)]
        assert heard.buttons[0].payload == "#m12:k1"

    async def test_a_long_label_is_cut_between_words(
        self, channel: ZaloOaChannel, person: Person
    ) -> None:
        label = "Xây dựng tổ sản xuất theo tiêu chuẩn VietGAP " * 4
        await channel.send(to(person, "Việc nào?", choices=(Choice("1", label),), menu=1))
        assert len(person.said[0].titles[0]) <= 100
        assert person.said[0].titles[0].endswith("…")

    async def test_where_zalo_takes_none_the_numbers_stand(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person, clock: StillClock
    ) -> None:
        oa.takes_buttons = False
        for _ in range(2):
            await channel.send(to(person, "1. Gửi", choices=choices(1), menu=1))
        assert [heard.titles for heard in person.said] == [[], []]
        assert len(oa.calls_of(CS)) == 3  # the second time it was not even tried
        assert channel.seen["buttons"] == "refused"
        oa.takes_buttons = True
        clock.move_to(clock.now() + timedelta(hours=2))
        await channel.send(to(person, "1. Gửi", choices=choices(1), menu=1))
        assert person.said[-1].titles == ["Việc số 1"]
        assert channel.seen["buttons"] == "taken"

    @pytest.mark.parametrize("code", [-201, -233, -210, -209, -1, -240])
    async def test_whatever_they_are_refused_with_the_words_go_alone(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person, code: int
    ) -> None:
        oa.takes_buttons, oa.buttons_error = False, code
        await channel.send(to(person, "1. Gửi", choices=choices(1), menu=1))
        assert [heard.text for heard in person.said] == ["1. Gửi"]
        assert channel.seen["buttons"] == "refused"

    @pytest.mark.parametrize("code", [-221, -224, -235, -213, -32, -230])
    async def test_what_is_not_about_the_message_is_not_asked_again_in_another_form(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person, code: int
    ) -> None:
        oa.takes_buttons, oa.buttons_error = False, code
        if code == -230:  # then the template goes
            await channel.send(to(person, "1. Gửi", choices=choices(1), menu=1))
        else:
            with pytest.raises(SendFailed):
                await channel.send(to(person, "1. Gửi", choices=choices(1), menu=1))
        assert len(oa.calls_of(CS)) == 1
        assert "buttons" not in channel.seen

    async def test_what_is_refused_without_them_too_is_not_blamed_on_them(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person
    ) -> None:
        oa.fail_next(CS, -201, times=2)
        with pytest.raises(SendFailed, match="-201"):
            await channel.send(to(person, "1. Gửi", choices=choices(1), menu=1))
        await channel.send(to(person, "1. Gửi", choices=choices(1), menu=1))
        assert person.said[0].titles == ["Việc số 1"]


class TestPhotos:
    async def test_a_photo_goes_with_its_words_and_is_uploaded_once(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person, files: Files
    ) -> None:
        files.held["photo:1"] = jpeg()
        for _ in range(3):
            await channel.send(to(person, "Ảnh 1/2", attachment=PHOTO))
        assert [(heard.text, heard.photo) for heard in person.said] == [("Ảnh 1/2", jpeg())] * 3
        assert oa.uploads == 1

    async def test_an_upload_that_has_grown_old_is_made_anew(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person, files: Files
    ) -> None:
        files.held["photo:1"] = jpeg()
        await channel.send(to(person, attachment=PHOTO))
        for stored in oa.images.values():
            stored.until = 0  # a day earlier than was said
        await channel.send(to(person, "Ảnh", attachment=PHOTO))
        assert person.said[1].photo == jpeg()
        assert (oa.uploads, channel.seen.get("caption")) == (2, "taken")

    async def test_where_words_may_not_stand_with_it_they_follow(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person, files: Files
    ) -> None:
        oa.takes_captions = False
        files.held["photo:1"] = jpeg()
        await channel.send(to(person, "Ảnh 1", attachment=PHOTO, choices=choices(1), menu=3))
        await channel.send(to(person, "Ảnh 2", attachment=PHOTO))
        assert [bool(heard.photo) for heard in person.said] == [True, False, True, False]
        assert [heard.text for heard in person.said] == ["", "Ảnh 1", "", "Ảnh 2"]
        assert person.said[1].titles == ["Việc số 1"]
        assert oa.uploads == 1

    @pytest.mark.parametrize("data", [b"GIF89a", jpeg() + b"\0" * 1024 * 1024])
    async def test_what_zalo_does_not_take_is_a_link(
        self, channel: ZaloOaChannel, person: Person, files: Files, data: bytes
    ) -> None:
        files.held["photo:1"] = data
        await channel.send(to(person, "Ảnh", attachment=Attachment("photo:1", name="a.jpg")))
        assert person.said[0].text == "Ảnh\nTải a.jpg tại: https://vi.du/a.jpg"

    async def test_a_photo_that_is_gone_is_told(
        self, channel: ZaloOaChannel, person: Person
    ) -> None:
        await channel.send(to(person, "Ảnh", attachment=PHOTO))
        assert person.said[0].text == "Ảnh\n(Ảnh hoặc tệp đi kèm hiện không còn trong kho.)"

    async def test_p34_a_store_that_is_away_means_later(
        self, channel: ZaloOaChannel, person: Person, files: Files
    ) -> None:
        files.failing = True
        with pytest.raises(SendFailed) as caught:
            await channel.send(to(person, "Ảnh", attachment=PHOTO))
        assert caught.value.retry_after == 60


class TestFiles:
    @pytest.mark.parametrize("name", ["bang.pdf", "Bảng tổng hợp.DOCX", "so-lieu.csv"])
    async def test_a_file_follows_its_words(
        self, channel: ZaloOaChannel, person: Person, files: Files, name: str
    ) -> None:
        files.held["document:1"] = b"%PDF"
        attachment = Attachment("document:1", "document", name)
        await channel.send(to(person, "Bảng theo mẫu:", attachment=attachment))
        text, file = person.said
        assert text.text == "Bảng theo mẫu:"
        assert file.file == (name, b"%PDF")

    @pytest.mark.parametrize("name", ["bang.xlsx", "lon.pdf", "khong-ten"])
    async def test_what_zalo_does_not_take_is_a_link(
        self, channel: ZaloOaChannel, person: Person, files: Files, name: str
    ) -> None:
        files.held["document:1"] = b"x" * (6 * 1024 * 1024 if name == "lon.pdf" else 10)
        attachment = Attachment("document:1", "document", name)
        await channel.send(to(person, "Bảng theo mẫu:", attachment=attachment))
        assert person.said[0].text == f"Bảng theo mẫu:\nTải {name} tại: https://vi.du/{name}"

    async def test_five_megabytes_go_out(
        self, channel: ZaloOaChannel, person: Person, files: Files
    ) -> None:
        files.held["document:1"] = b"x" * (5 * 1024 * 1024)
        await channel.send(to(person, attachment=Attachment("document:1", "document", "a.pdf")))
        assert person.said[0].file == ("a.pdf", b"x" * (5 * 1024 * 1024))

    async def test_an_upload_that_is_refused_is_a_link(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person, files: Files
    ) -> None:
        files.held["document:1"] = b"%PDF"
        attachment = Attachment("document:1", "document", "a.pdf")
        oa.fail_next("upload/file", -223)
        await channel.send(to(person, "Bảng:", attachment=attachment))
        oa.page("upload/file", 413)
        await channel.send(to(person, "Bảng:", attachment=attachment))
        assert [heard.text.split()[-1] for heard in person.said] == ["https://vi.du/a.pdf"] * 2

    async def test_without_links_the_web_is_named(
        self, oa: FakeZaloOA, store: ZaloOaStore, clock: StillClock, person: Person
    ) -> None:
        files = Files()
        files.held["document:1"] = b"PK"
        channel = make(oa, store, clock, read=files)
        attachment = Attachment("document:1", "document", "a.xlsx")
        await channel.send(to(person, "Bảng:", attachment=attachment))
        assert "mở trên trang web" in person.said[0].text
        await channel.close()

    async def test_what_has_gone_out_does_not_go_out_again(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person, files: Files
    ) -> None:
        files.held["document:1"] = b"%PDF"
        attachment = Attachment("document:1", "document", "a.pdf")
        sending = to(person, "Bảng:", 5, attachment=attachment)
        for _ in range(2):
            oa.fail_next(CS, -32, after=1 if not person.said else 0)
            with pytest.raises(SendFailed) as caught:
                await channel.send(sending)
            assert caught.value.retry_after
        await channel.send(sending)
        assert [bool(heard.file) for heard in person.said] == [False, True]

    @pytest.mark.parametrize("broken", ["lose_answer", "lose_request", "page"])
    async def test_a_broken_upload_reached_nobody(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person, files: Files, broken: str
    ) -> None:
        files.held["photo:1"] = jpeg()
        getattr(oa, broken)("upload/image")
        with pytest.raises(SendFailed) as caught:
            await channel.send(to(person, "Ảnh", attachment=PHOTO))
        assert (caught.value.retry_after, caught.value.unknown) == (1, False)
        await channel.send(to(person, "Ảnh", attachment=PHOTO))
        assert len(person.said) == 1


class TestRefusals:
    @pytest.mark.parametrize("code", [-201, -221, -224, -233, -235, -999])
    async def test_never_again(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person, code: int
    ) -> None:
        oa.fail_next(CS, code)
        failure = await fails(channel, person)
        assert (failure.retry_after, failure.gone, failure.unknown) == (None, False, False)
        assert failure.reason == f"zalo {code}: refused"
        assert (f"code {code}" in channel.seen) is (code != -201)

    async def test_p22_the_pace_is_everybodys_and_grows(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person, clock: StillClock
    ) -> None:
        oa.fail_next(CS, -32, times=2)
        failure = await fails(channel, person)
        assert (failure.retry_after, failure.whole_network) == (30, True)
        clock.move_to(clock.now() + timedelta(seconds=100))
        assert (await fails(channel, person)).retry_after == 100
        await channel.send(to(person, "một"))
        oa.page(CS, 429)
        assert (await fails(channel, person)).retry_after == 30

    async def test_p23_not_following_is_gone(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person
    ) -> None:
        person.unfollows()
        assert (await fails(channel, person)).gone

    @pytest.mark.parametrize(
        ("hour", "wait"), [(15, None), (22, 8 + 1 / 12), (2, 4 + 1 / 12)]
    )  # in Vietnam
    async def test_p26_at_night_it_waits_for_the_morning(
        self,
        oa: FakeZaloOA,
        channel: ZaloOaChannel,
        person: Person,
        clock: StillClock,
        hour: int,
        wait: float | None,
    ) -> None:
        clock.move_to(START.replace(hour=0) + timedelta(hours=(hour - 7) % 24))
        person.wrote_at = clock.now().timestamp()
        oa.fail_next(CS, -234)
        assert (await fails(channel, person)).retry_after == (wait and pytest.approx(wait * 3600))

    async def test_p21_a_lost_answer_is_unknown(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person
    ) -> None:
        await channel.account()
        for broken in (oa.lose_answer, oa.lose_request, oa.page):
            broken(CS)
            failure = await fails(channel, person)
            assert (failure.unknown, failure.retry_after) == (True, None)
        assert [heard.text for heard in person.said] == ["một"]

    @pytest.mark.parametrize("status", [302, 403, 404, 503])
    async def test_p8_a_proxys_page_passes(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person, status: int
    ) -> None:
        oa.page(CS, status)
        failure = await fails(channel, person)
        assert (failure.retry_after, failure.unknown) == (1, False)
        assert not oa.calls_of("elsewhere")  # where a redirect would have taken the token

    async def test_a_network_that_is_away_is_waited_for_longer_and_longer(
        self, oa: FakeZaloOA, channel: ZaloOaChannel, person: Person, clock: StillClock
    ) -> None:
        await channel.account()
        oa.page(CS, 503, times=None)
        waits = []
        for _ in range(4):
            failure = await fails(channel, person)
            assert failure.retry_after is not None
            waits.append(failure.retry_after)
            clock.move_to(clock.now() + timedelta(seconds=failure.retry_after))
        assert waits == [1, 1, 2, 4]
        assert failure.whole_network


async def test_the_account_says_what_it_is(oa: FakeZaloOA, channel: ZaloOaChannel) -> None:
    account = await channel.account()
    assert (account.id, account.oa_type, account.is_government) == (oa.oa_id, 4, True)
    assert channel.seen["oa_type"] == "4"
