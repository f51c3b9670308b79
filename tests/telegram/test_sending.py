"""What goes out, as a person sees it on Telegram; and what a failure means."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.base import SendFailed
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.writing import LABEL, keyboard
from bot.clock import StillClock
from bot.conversation import Attachment, Choice, bold
from bot.conversation.reply import units
from tests.fakes.telegram import FakeTelegram, Person
from tests.telegram.helpers import Files, Taken, jpeg, make, running, to

PHOTO = Attachment("a1", "photo")
REPORT = Attachment("b1", "document", 'Bảng "tháng 11".xlsx')


@pytest.fixture
def person(tg: FakeTelegram) -> Person:
    return tg.person("Nguyễn Văn A")


@pytest.mark.parametrize(
    "text",
    [
        "A < B & C > D &amp; </b><script>",
        '"nháy" \'đơn\' <a href="x">',
        "👩\u200d👧 \u202eđảo\u202c e\u0302\u0301",
        "_gạch_ *sao* [x](http://vi.du) `mã`",
        "dòng một\ndòng hai\ttab",
    ],
)
async def test_p45_text_stays_what_it_is(
    channel: TelegramChannel, person: Person, text: str
) -> None:
    await channel.send(to(person, text))
    heard = await person.hears()
    assert heard.text == text
    assert not [entity for entity in heard.entities if entity["type"] != "url"]


async def test_bold_is_bold_whatever_stands_in_it(channel: TelegramChannel, person: Person) -> None:
    await channel.send(to(person, f"Việc {bold('A < B')} xong \x02lẻ"))
    heard = await person.hears()
    assert heard.text == "Việc A < B xong lẻ"
    assert [(e["type"], e["offset"], e["length"]) for e in heard.entities] == [("bold", 5, 5)]


async def test_no_link_is_previewed(
    tg: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    await channel.send(to(person, "https://vi.du/bang"))
    [call] = tg.calls_of("sendMessage")
    assert json.loads(call.params["link_preview_options"]) == {"is_disabled": True}


async def test_the_number_of_the_message_comes_back(
    channel: TelegramChannel, person: Person
) -> None:
    assert await channel.send(to(person, "một")) == str((await person.hears()).id)


class TestButtons:
    async def test_carry_menu_and_key(self, channel: TelegramChannel, person: Person) -> None:
        choices = (Choice("1", "Gửi"), Choice("2", "Sửa"), Choice("3", "Huỷ"))
        await channel.send(to(person, "Gửi?", choices=choices, menu=12))
        message = await person.hears()
        assert [button.data for button in message.buttons] == ["12:1", "12:2", "12:3"]
        assert message.labels == ["Gửi", "Sửa", "Huỷ"]
        assert len(message.rows) == 1

    async def test_the_old_ones_are_taken_away(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person
    ) -> None:
        choices = (Choice("1", "Gửi"),)
        first = await channel.send(to(person, "một?", choices=choices, menu=1))
        await channel.send(to(person, "hai?", choices=choices, menu=2, retires=first))
        one, two = await person.hears(), await person.hears()
        assert (one.labels, two.labels) == ([], ["Gửi"])
        methods = [call.method for call in tg.calls]
        assert methods == ["sendMessage", "sendMessage", "editMessageReplyMarkup"]

    @pytest.mark.parametrize("status", [400, 403, 429, 500])
    async def test_failing_to_take_them_away_is_no_matter(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person, status: int
    ) -> None:
        tg.fail_next("editMessageReplyMarkup", status=status)
        assert await channel.send(to(person, "hai?", menu=2, retires="5"))

    async def test_a_429_for_it_is_waited_for_beside_the_receiving(
        self, tg: FakeTelegram, taken: Taken, channel: TelegramChannel, person: Person
    ) -> None:
        choices = (Choice("1", "Gửi"),)
        async with running(channel, taken):
            first = await channel.send(to(person, "một?", choices=choices, menu=1))
            await tg.called("getUpdates")
            tg.fail_next("editMessageReplyMarkup", status=429, retry_after=1)
            await channel.send(to(person, "hai?", choices=choices, menu=2, retires=first))
            assert (await person.hears()).labels == ["Gửi"]
            assert (await person.hears_edit()).labels == []

    def test_stand_in_rows_that_a_phone_can_show(self) -> None:
        def rows(*labels: str) -> list[list[str]]:
            made = keyboard([Choice(str(n), label) for n, label in enumerate(labels)], 1)
            assert made is not None
            return [[button.text for button in row] for row in made.inline_keyboard]

        assert rows("Đúng tiến độ", "Chậm", "Vướng mắc") == [
            ["Đúng tiến độ", "Chậm"],
            ["Vướng mắc"],
        ]
        assert rows("1", "2", "3", "4", "5") == [["1", "2", "3", "4"], ["5"]]
        long = "NV-03 Xây dựng 2 tổ sản xuất VietGAP"
        assert rows("Có", long, "Không") == [["Có"], [long], ["Không"]]

    def test_labels_are_cut_between_words(self) -> None:
        label = "NV-07 Thu gom rác thải nông thôn trên địa bàn toàn xã năm 2026"
        made = keyboard([Choice("1", bold(label) + "\nxuống dòng"), Choice("2", "\x02\x03")], 1)
        assert made is not None
        first, second = [button.text for row in made.inline_keyboard for button in row]
        assert units(first) <= LABEL
        assert label.startswith(first.removesuffix(" …"))
        assert label[len(first) - 2] == " "
        assert second == "2"

    def test_a_key_that_does_not_fit_has_no_button(self) -> None:
        fits = "đ" * 30 + "x"
        made = keyboard([Choice(fits, "vừa"), Choice(fits + "y", "quá")], 10)
        assert made is not None
        [[button]] = made.inline_keyboard
        assert button.callback_data == f"10:{fits}"
        assert len(f"10:{fits}".encode()) == 64
        assert keyboard([], 1) is None


class TestAttachments:
    async def test_a_photo_with_caption_and_buttons(
        self, channel: TelegramChannel, files: Files, person: Person
    ) -> None:
        files.held["a1"] = jpeg()
        text = f"{bold('BC-0042')} & ảnh"
        sent = await channel.send(
            to(person, text, choices=(Choice("1", "Đạt"),), menu=3, attachment=PHOTO)
        )
        heard = await person.hears()
        assert str(heard.id) == sent
        assert (heard.photo, heard.text, heard.labels) == (jpeg(), "BC-0042 & ảnh", ["Đạt"])
        assert heard.entities[0]["type"] == "bold"

    async def test_a_document_keeps_its_name(
        self, channel: TelegramChannel, files: Files, person: Person
    ) -> None:
        files.held["b1"] = b"PK\x03\x04"
        await channel.send(to(person, "Bảng đây", attachment=REPORT))
        document = (await person.hears()).document
        assert document is not None
        assert (document.name, document.data) == ("Bảng _tháng 11_.xlsx", b"PK\x03\x04")

    async def test_a_text_too_long_for_a_caption_follows(
        self, channel: TelegramChannel, files: Files, person: Person
    ) -> None:
        files.held["a1"] = jpeg()
        await channel.send(
            to(person, "dài " * 300, choices=(Choice("1", "Đạt"),), menu=3, attachment=PHOTO)
        )
        first, second = await person.hears(), await person.hears()
        assert (first.photo, first.text, first.labels) == (jpeg(), "", [])
        assert (second.text, second.labels) == (("dài " * 300).strip(), ["Đạt"])

    async def test_a_file_is_not_sent_twice_when_its_text_has_to_wait(
        self, tg: FakeTelegram, channel: TelegramChannel, files: Files, person: Person
    ) -> None:
        files.held["a1"] = jpeg()
        tg.fail_next("sendMessage", status=429, retry_after=3)
        sending = to(person, "dài " * 300, 17, attachment=PHOTO)
        with pytest.raises(SendFailed) as failed:
            await channel.send(sending)
        assert failed.value.retry_after == 3
        await channel.send(sending)
        assert [message.method for message in tg.sent] == ["sendPhoto", "sendMessage"]

    async def test_what_telegram_takes_for_no_photo_goes_as_a_file(
        self, channel: TelegramChannel, files: Files, person: Person
    ) -> None:
        files.held["a1"] = b"II*\x00 a TIFF, say"
        await channel.send(to(person, "ảnh", attachment=PHOTO))
        heard = await person.hears()
        assert heard.document is not None
        assert heard.document.data == files.held["a1"]
        assert heard.text == "ảnh"

    async def test_a_photo_over_10_mb_goes_as_a_file(
        self, tg: FakeTelegram, channel: TelegramChannel, files: Files, person: Person
    ) -> None:
        files.held["a1"] = jpeg() + bytes(10 * 1024 * 1024)
        await channel.send(to(person, "ảnh", attachment=PHOTO))
        assert (await person.hears()).document is not None
        assert not tg.calls_of("sendPhoto")

    async def test_p8_too_large_is_never_tried_again(
        self, tg: FakeTelegram, channel: TelegramChannel, files: Files, person: Person
    ) -> None:
        files.held["b1"] = bytes(50 * 1024 * 1024 + 1)
        await refused(channel, to(person, "tệp", attachment=REPORT))
        assert not tg.calls
        files.held["b1"] = b"x"
        tg.fail_next("sendDocument", status=413)
        failure = await refused(channel, to(person, "tệp", attachment=REPORT))
        assert (failure.retry_after, failure.unknown) == (None, False)

    async def test_a_file_that_is_gone_does_not_take_the_text_with_it(
        self, channel: TelegramChannel, person: Person
    ) -> None:
        await channel.send(to(person, "Báo cáo đây.", attachment=PHOTO))
        heard = await person.hears()
        assert heard.text == "Báo cáo đây.\n(Ảnh hoặc tệp đi kèm hiện không còn trong kho.)"

    async def test_a_store_that_is_away_is_waited_for(
        self, channel: TelegramChannel, files: Files, person: Person
    ) -> None:
        files.failing = True
        failure = await refused(channel, to(person, "ảnh", attachment=PHOTO))
        assert failure.retry_after
        assert not failure.unknown


async def refused(channel: TelegramChannel, sending: Any) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        await channel.send(sending)
    return failed.value


class TestFailures:
    async def test_p22_all_of_retry_after(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person
    ) -> None:
        tg.fail_next("sendMessage", status=429, retry_after=37)
        failure = await refused(channel, to(person, "một"))
        assert (failure.retry_after, failure.whole_network, failure.unknown) == (37, False, False)

    async def test_p23_blocked_is_gone(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person
    ) -> None:
        person.blocks_bot()
        failure = await refused(channel, to(person, "một"))
        assert failure.gone
        assert failure.retry_after is None
        stranger = tg.person(started=False)
        assert (await refused(channel, to(stranger, "một"))).gone
        unknown_chat = to(stranger, "một")
        tg.chats.pop(stranger.id)
        assert (await refused(channel, unknown_chat)).gone

    async def test_p17_a_group_that_moved_says_where(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person
    ) -> None:
        group = tg.group()
        sending = to(group.seat(person), "một")
        new_id = group.becomes_supergroup()
        failure = await refused(channel, sending)
        assert failure.moved_to == str(new_id)
        assert not failure.gone
        assert not failure.unknown

    @pytest.mark.parametrize("status", [500, 502, 503])
    async def test_p8_passing_trouble_is_tried_again(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person, status: int
    ) -> None:
        tg.fail_next("sendMessage", status=status)
        failure = await refused(channel, to(person, "một"))
        assert failure.retry_after is not None
        assert not failure.unknown

    async def test_p8_a_502_page_is_passing_trouble(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person
    ) -> None:
        tg.html_502("sendMessage")
        failure = await refused(channel, to(person, "một"))
        assert failure.retry_after is not None
        assert not failure.unknown
        await channel.send(to(person, "một"))
        assert [message.text for message in tg.sent] == ["một"]

    async def test_a_proxys_403_page_is_not_a_block(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person
    ) -> None:
        page = tg.html_502("sendMessage")
        page.status = 403
        failure = await refused(channel, to(person, "một"))
        assert not failure.gone
        assert failure.retry_after is not None

    async def test_p21_a_lost_answer_is_unknown(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person
    ) -> None:
        tg.lose_answer("sendMessage")
        failure = await refused(channel, to(person, "một"))
        assert failure.unknown
        assert failure.retry_after is None
        assert len(tg.sent) == 1
        tg.lose_request("sendMessage")
        assert (await refused(channel, to(person, "một"))).unknown

    @pytest.mark.parametrize("done", [True, False])
    async def test_p21_no_answer_in_time_is_unknown(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person, done: bool
    ) -> None:
        channel._session.timeout = 0.2
        tg.time_out("sendMessage", done=done)
        failure = await refused(channel, to(person, "một"))
        assert (failure.unknown, failure.retry_after) == (True, None)

    async def test_p21_504_is_unknown_and_so_is_trouble_after_an_upload(
        self, tg: FakeTelegram, channel: TelegramChannel, files: Files, person: Person
    ) -> None:
        tg.fail_next("sendMessage", status=504)
        assert (await refused(channel, to(person, "một"))).unknown
        files.held["a1"] = jpeg()
        tg.html_502("sendPhoto")
        assert (await refused(channel, to(person, "một", attachment=PHOTO))).unknown

    async def test_never_connected_is_certain(self) -> None:
        async with FakeTelegram() as gone:
            channel = make(gone)
            sending = to(gone.person(), "một")
        first = await refused(channel, sending)
        assert first.retry_after is not None
        assert not first.unknown
        assert not first.whole_network
        await channel.close()

    async def test_lasting_trouble_holds_everybody_longer_and_longer(
        self, tg: FakeTelegram, person: Person
    ) -> None:
        clock = StillClock(datetime(2026, 11, 23, tzinfo=UTC))
        channel = make(tg, clock=clock)
        tg.html_502("sendMessage", times=4)
        waits = []
        for seconds in (0, 1, 30, 3000):
            clock.move_to(datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=seconds))
            failure = await refused(channel, to(person, "một"))
            waits.append((failure.retry_after, failure.whole_network))
        assert waits == [(1, False), (1, True), (30, True), (300, True)]
        await channel.send(to(person, "một"))
        tg.html_502("sendMessage")
        failure = await refused(channel, to(person, "một"))
        assert (failure.retry_after, failure.whole_network) == (1, False)
        await channel.close()

    async def test_a_refused_token_stops_everybody(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person
    ) -> None:
        tg.fail_next("sendMessage", status=401)
        failure = await refused(channel, to(person, "một"))
        assert failure.whole_network
        assert failure.retry_after

    async def test_other_refusals_are_final(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person
    ) -> None:
        for sending in (to(person, " \n "), to(person, "x" * 4097)):
            failure = await refused(channel, sending)
            assert (failure.retry_after, failure.unknown, failure.gone) == (None, False, False)
        assert not tg.sent

    async def test_html_that_is_refused_goes_out_plain(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person
    ) -> None:
        words = "Bad Request: can't parse entities: unsupported start tag"
        tg.fail_next("sendMessage", status=400, description=words)
        await channel.send(to(person, f"{bold('A < B')} & C"))
        heard = await person.hears()
        assert (heard.text, heard.entities) == ("A < B & C", [])
        tg.fail_next("sendMessage", status=400, description="Bad Request: BUTTON_DATA_INVALID")
        await channel.send(to(person, "Gửi?\n1. Gửi", choices=(Choice("1", "Gửi"),), menu=1))
        assert (await person.hears()).labels == []

    async def test_no_refusal_is_repeated_for_ever(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person
    ) -> None:
        words = "Bad Request: can't parse entities"
        tg.fail_next("sendMessage", status=400, description=words, times=None)
        failure = await refused(channel, to(person, "một"))
        assert failure.retry_after is None
        assert len(tg.calls_of("sendMessage")) == 2

    async def test_a_success_of_a_new_shape_is_a_success(
        self, tg: FakeTelegram, channel: TelegramChannel, person: Person
    ) -> None:
        answer = {"ok": True, "result": {"message_id": 77, "chat": "now a word"}}
        fault = tg.fail_next("sendMessage")
        fault.status, fault.body = 200, json.dumps(answer).encode()
        assert await channel.send(to(person, "một")) == "77"


async def test_menus_by_person_and_for_everybody(
    tg: FakeTelegram, taken: Taken, person: Person
) -> None:
    channel = make(tg, menu=(("batdau", "Bắt đầu"), ("/trogiup", "Trợ giúp")))
    async with running(channel, taken):
        await tg.called("setMyCommands")
        assert person.menu() == {"batdau": "Bắt đầu", "trogiup": "Trợ giúp"}
        chat, mine = str(person.id), (("baocao", "Báo cáo"),)
        assert await channel.set_menu(chat, mine)
        assert await channel.set_menu(chat, mine)
        assert person.menu() == {"baocao": "Báo cáo"}
        assert len(tg.calls_of("setMyCommands")) == 2
        tg.fail_next("setMyCommands", status=500)
        assert not await channel.set_menu(chat, ())
        assert await channel.set_menu(chat, ())
        assert person.menu() == {"batdau": "Bắt đầu", "trogiup": "Trợ giúp"}
    await channel.close()


async def test_many_chats_at_once(tg: FakeTelegram, channel: TelegramChannel) -> None:
    people = [tg.person() for _ in range(50)]
    await asyncio.gather(*(channel.send(to(person, f"chào {person.id}")) for person in people))
    for person in people:
        assert (await person.hears()).text == f"chào {person.id}"
