"""What people send, as the events it becomes. Over HTTP, from the fake Bot API server."""

from __future__ import annotations

import pytest

from bot.channels.telegram import TelegramChannel
from bot.conversation import Choice
from tests.fakes.telegram import FakeTelegram, Person
from tests.telegram.helpers import Taken, jpeg, to

pytestmark = pytest.mark.usefixtures("polling")


@pytest.fixture
def person(tg: FakeTelegram) -> Person:
    return tg.person("Nguyễn Văn A")


async def test_words(person: Person, taken: Taken) -> None:
    update = await person.says("báo cáo <b>&")
    [event] = await taken.until(1)
    assert (event.kind, event.text, event.group) == ("text", "báo cáo <b>&", False)
    assert (event.address.channel, event.address.chat_id) == ("telegram", str(person.id))
    assert event.at.utcoffset() is not None
    assert event.at.timestamp() == update["message"]["date"]


async def test_a_link_brings_its_code(person: Person, taken: Taken) -> None:
    await person.starts("ABC-123")
    [event] = await taken.until(1)
    assert (event.kind, event.text) == ("text", "/start ABC-123")


async def test_the_largest_size_of_a_photo_with_its_caption(
    person: Person, taken: Taken, channel: TelegramChannel
) -> None:
    picture = jpeg((1280, 960))
    update = await person.sends_photo(picture, "bc nv03 2 tổ")
    [event] = await taken.until(1)
    sizes = update["message"]["photo"]
    assert len(sizes) == 2
    assert (event.kind, event.text) == ("photo", "bc nv03 2 tổ")
    assert [media.ref for media in event.media] == [sizes[-1]["file_id"]]
    assert event.media[0].size == len(picture)
    assert await channel.fetch(event.media[0].ref) == picture


@pytest.mark.parametrize(
    ("name", "mime", "is_photo"),
    [
        ("IMG_1.JPG", "image/jpeg", True),
        ("IMG_1.heic", "application/octet-stream", True),
        ("IMG_1.HEIF", "image/heif", True),
        ("bieu-do.svg", "image/svg+xml", False),
        ("bao-cao.pdf", "application/pdf", False),
        ("anh.jpg.exe", "application/x-msdownload", False),
        ("so-lieu.xlsx", "application/octet-stream", False),
    ],
)
async def test_a_picture_or_a_paper_sent_as_a_file(
    person: Person, taken: Taken, name: str, mime: str, is_photo: bool
) -> None:
    update = await person.sends_document(jpeg(), name, "hai tổ", mime=mime)
    [event] = await taken.until(1)
    if is_photo:
        assert (event.kind, event.text) == ("photo", "hai tổ")
    else:
        assert (event.kind, event.text) == ("file", "hai tổ")
    assert event.media[0].ref == update["message"]["document"]["file_id"]
    assert event.media[0].name == name


async def test_p12_an_album_is_many_events_of_one_album(person: Person, taken: Taken) -> None:
    pictures = [jpeg(red=number) for number in range(10)]
    updates = await person.sends_album(pictures, "mười ảnh", shuffled=True)
    events = await taken.until(10)
    assert {event.album for event in events} == {updates[0]["message"]["media_group_id"]}
    assert len({event.id for event in events}) == 10
    assert sorted(event.text for event in events) == [""] * 9 + ["mười ảnh"]


async def test_a_place(person: Person, taken: Taken) -> None:
    await person.sends_location(22.12, 105.03)
    [event] = await taken.until(1)
    assert (event.kind, event.place) == ("location", (22.12, 105.03))


async def test_what_cannot_be_used_gets_a_sentence_of_its_own(person: Person, taken: Taken) -> None:
    await person.sends_voice()
    await person.sends_sticker()
    await person.sends_video(caption="đã xong")
    voice, sticker, video = await taken.until(3)
    assert {event.kind for event in taken.events} == {"unsupported"}
    assert voice.text == "Tôi chưa nghe được tin thoại. Đồng chí gõ thành chữ giúp."
    assert "Nhãn dán" in sticker.text
    assert "video" in video.text
    assert "chữ đi kèm" in video.text


async def test_p18_a_contact_card_connects_nobody(
    tg: FakeTelegram, person: Person, taken: Taken
) -> None:
    other = tg.person("Trần Thị B")
    await person.sends_contact("+84900000001")
    await person.sends_contact("+84900000002", owner=other)
    await person.sends_contact("+84900000003", "Lê Văn C")
    own, others, unknown = await taken.until(3)
    assert {event.kind for event in taken.events} == {"unsupported"}
    assert "mã kết nối" in own.text
    assert others.text == unknown.text != own.text
    assert "+84" not in own.text + others.text


async def test_a_changed_message_is_told_apart(person: Person, taken: Taken) -> None:
    first = await person.says("2")
    await person.edits(first, "3")
    said, edited = await taken.until(2)
    assert (said.kind, edited.kind, edited.text) == ("text", "edited", "3")
    assert said.id != edited.id


async def test_p23_a_block_is_heard(person: Person, taken: Taken) -> None:
    await person.says("chào")
    person.blocks_bot()
    person.unblocks_bot()
    await person.says("tôi đây")
    assert [event.kind for event in await taken.until(3)] == ["text", "blocked", "text"]


async def test_a_press_is_answered_at_once_and_carries_menu_and_key(
    person: Person, taken: Taken, channel: TelegramChannel
) -> None:
    await channel.send(to(person, "Gửi?", choices=(Choice("gửi:1", "Gửi"),), menu=7))
    tap = await person.taps(await person.hears(), "Gửi")
    await tap.answered()
    [event] = await taken.until(1)
    assert (event.kind, event.menu, event.key) == ("choice", 7, "gửi:1")


async def test_p14_a_double_tap_is_two_events_of_one_menu(
    person: Person, taken: Taken, channel: TelegramChannel
) -> None:
    await channel.send(to(person, "Gửi?", choices=(Choice("1", "Gửi"),), menu=7))
    message = await person.hears()
    for _ in range(2):
        await (await person.taps(message, "Gửi")).answered()
    first, second = await taken.until(2)
    assert first.id != second.id
    assert (first.menu, first.key) == (second.menu, second.key) == (7, "1")


@pytest.mark.parametrize("data", ["", "x", "99999999999:1", "-1:2", ":", "7", "7:\u202e", "đ" * 32])
async def test_p15_forged_data_is_no_menu_of_ours(
    person: Person, taken: Taken, channel: TelegramChannel, data: str
) -> None:
    await channel.send(to(person, "Gửi?", choices=(Choice("1", "Gửi"),), menu=7))
    await person.taps(await person.hears(), data, forged=True)
    [event] = await taken.until(1)
    assert event.kind == "choice"
    assert event.menu == (7 if data.startswith("7:") else -1)


async def test_p14_a_press_too_old_to_be_answered_is_harmless(
    tg: FakeTelegram, person: Person, taken: Taken, channel: TelegramChannel
) -> None:
    await channel.send(to(person, "Gửi?", choices=(Choice("1", "Gửi"),), menu=7))
    tg.fail_next(
        "answerCallbackQuery",
        status=400,
        description="Bad Request: query is too old and response timeout expired",
    )
    await person.taps(await person.hears(), "Gửi")
    await person.says("vẫn nghe")
    assert [event.kind for event in await taken.until(2)] == ["choice", "text"]


class TestGroup:
    """In a group the bot hears commands, mentions and answers to itself, and nothing else."""

    async def test_commands_and_mentions(
        self, tg: FakeTelegram, person: Person, taken: Taken
    ) -> None:
        seat = tg.group().seat(person)
        await seat.says("chuyện riêng")
        await seat.says("/tongket@giaoviec_bot xa")
        await seat.says("/tongket@bot_khac")
        await seat.says("/tongket")
        await seat.says("@giaoviec_bot: bao  cao")
        await seat.says("nhờ @giaoviec_bot tổng kết")
        await seat.says("thư cho a@giaoviec_botx.vn")
        await person.says("xong")
        *heard, last = await taken.until(5)
        assert last.text == "xong"
        assert [event.text for event in heard] == [
            "/tongket xa",
            "/tongket",
            "bao cao",
            "nhờ tổng kết",
        ]
        assert all(event.group for event in heard)
        assert not last.group

    async def test_an_answer_to_the_bot(
        self, tg: FakeTelegram, person: Person, taken: Taken, channel: TelegramChannel
    ) -> None:
        seat = tg.group().seat(person)
        await channel.send(to(seat, "Ai báo cáo?"))
        await seat.says("tôi", reply_to=await seat.hears())
        [event] = await taken.until(1)
        assert (event.text, event.group) == ("tôi", True)

    async def test_notices_of_the_group_are_not_answered(
        self, tg: FakeTelegram, person: Person, taken: Taken
    ) -> None:
        group = tg.group()
        group.seat(person)
        group.becomes_supergroup()
        await person.says("xong")
        assert [event.text for event in await taken.until(1)] == ["xong"]

    async def test_being_put_out(self, tg: FakeTelegram, person: Person, taken: Taken) -> None:
        group = tg.group()
        group.kicks_bot(person)
        [event] = await taken.until(1)
        assert (event.kind, event.address.chat_id) == ("blocked", str(group.id))
