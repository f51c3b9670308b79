"""The fake Telegram is honest: python-telegram-bot, which knows nothing of it, works with it and
raises what it raises at the real one."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from typing import Any

import aiohttp
import pytest
import telegram
from aiohttp import web
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters
from telegram.request import HTTPXRequest

from tests.fakes.telegram import CANARY_TOKEN, SECRET_HEADER, FakeTelegram, Silence


def jpeg(red: int = 200, *, place: bool = False) -> bytes:
    """A small picture; `place`: with EXIF that says where it was taken."""
    image = Image.new("RGB", (640, 480), (red, 90, 30))
    out = io.BytesIO()
    if place:
        exif = Image.Exif()
        exif.get_ifd(0x8825)[1] = "N"
        exif[0x010F] = "Camera"
        image.save(out, "JPEG", exif=exif)
    else:
        image.save(out, "JPEG")
    return out.getvalue()


def menu(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(x, callback_data=f"k:{x}")] for x in labels])


@pytest.fixture(autouse=True)
def _new_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot warns of retry_after as a number unless told to give a timedelta."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def tg() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        yield fake


@asynccontextmanager
async def client(fake: FakeTelegram, token: str = CANARY_TOKEN) -> AsyncIterator[Bot]:
    """python-telegram-bot's client. It asks getMe first, so it is `initialize`d by itself."""
    request = HTTPXRequest(read_timeout=3, connection_pool_size=8)
    bot = Bot(
        token,
        base_url=f"{fake.url}/bot",
        base_file_url=f"{fake.url}/file/bot",
        request=request,
        get_updates_request=HTTPXRequest(read_timeout=3),
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(bot)
        yield bot


@pytest.fixture
async def bot(tg: FakeTelegram) -> AsyncIterator[Bot]:
    async with client(tg) as ready:
        yield ready


# -- being known -------------------------------------------------------------------------------


async def test_get_me_tells_who_the_bot_is(tg: FakeTelegram, bot: Bot) -> None:
    me = await bot.get_me()
    assert me.is_bot
    assert (me.id, me.username) == (7654321098, "giaoviec_bot")


async def test_a_wrong_token_is_401_and_a_malformed_one_404(tg: FakeTelegram) -> None:
    with pytest.raises(InvalidToken):
        async with client(tg, "1:" + "x" * 30):
            pass
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{tg.url}/bot1:{'x' * 30}/getMe") as answer:
            body = {"ok": False, "error_code": 401, "description": "Unauthorized"}
            assert (answer.status, await answer.json()) == (401, body)
        async with http.get(f"{tg.url}/botnonsense/getMe") as answer:
            assert answer.status == 404
        async with http.get(f"{tg.url}/bot{tg.token}/getWeather") as answer:
            assert answer.status == 404


async def test_every_shape_of_body_is_understood(tg: FakeTelegram) -> None:
    person, url = tg.person(), f"{tg.url}/bot{tg.token}/sendMessage"
    data: dict[str, Any] = {"chat_id": person.id, "text": "Đã nhận & ghi"}
    form = aiohttp.FormData({key: str(value) for key, value in data.items()})
    form.add_field("nothing", b"", filename="x")  # forces multipart
    async with aiohttp.ClientSession() as http:
        sends: list[dict[str, Any]] = [
            {"json": data},
            {"data": data},
            {"data": form},
            {"params": data},
        ]
        for how in sends:
            async with http.post(url, **how) as answer:
                assert answer.status == 200
            assert (await person.hears()).text == "Đã nhận & ghi"


# -- sending -----------------------------------------------------------------------------------


async def test_a_message_is_sent_and_heard(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person("Nguyễn Văn A")
    assert person.id > 2**32
    sent = await bot.send_message(
        person.id,
        "Chọn <b>nhiệm vụ</b> &lt;1&gt; 🌾 <i>gấp</i>",
        parse_mode="HTML",
        reply_markup=menu("1", "2"),
    )
    heard = await person.hears()
    assert heard.text == sent.text == "Chọn nhiệm vụ <1> 🌾 gấp"
    assert heard.labels == ["1", "2"]
    assert heard.buttons[0].data == "k:1"
    assert [sent.parse_entity(entity) for entity in sent.entities] == ["nhiệm vụ", "gấp"]
    assert [message.id for message in tg.sent] == [sent.message_id]
    await person.hears_nothing(0.05)


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("A < B", 'Unsupported start tag "" at byte offset 2'),
        ("Đ <b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("Đ <b><i>x</b></i>", 'byte offset 10, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<table>x</table>", 'Unsupported start tag "table" at byte offset 0'),
    ],
)
async def test_bad_html_is_refused(tg: FakeTelegram, bot: Bot, html: str, problem: str) -> None:
    person = tg.person()
    with pytest.raises(BadRequest, match="an't parse entities") as refused:
        await bot.send_message(person.id, html, parse_mode="HTML")
    assert problem.lower() in str(refused.value).lower()  # the client changes the case
    assert problem in tg.calls[-1].description
    assert tg.sent == []


async def test_html_kinds(tg: FakeTelegram, bot: Bot) -> None:
    html = (
        '<a href="https://example.org/?a=1&amp;b=2">đây</a> <u>u</u> <s>s</s> <code>c</code> '
        '<pre><code class="language-py">p</code></pre> <blockquote expandable>dài</blockquote>'
    )
    message = await bot.send_message(tg.person().id, html, parse_mode="HTML")
    kinds = [entity.type for entity in message.entities]
    assert message.entities[0].url == "https://example.org/?a=1&b=2"
    wanted = ["text_link", "underline", "strikethrough", "code", "pre", "expandable_blockquote"]
    assert kinds == wanted


async def test_text_is_measured_in_utf16_after_parsing(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    await bot.send_message(person.id, "<b>" + "ậ" * 4096 + "</b>", parse_mode="HTML")
    await bot.send_message(person.id, "🌾" * 2048 + " \n")
    for text in ("ậ" * 4097, "🌾" * 2048 + "!"):
        with pytest.raises(BadRequest, match="essage is too long"):
            await bot.send_message(person.id, text)
    for text in ("", "  \n "):
        with pytest.raises(BadRequest, match="essage text is empty"):
            await bot.send_message(person.id, text)


async def test_callback_data_is_measured_in_bytes(tg: FakeTelegram, bot: Bot) -> None:
    def one(data: str) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data=data)]])

    person = tg.person()
    await bot.send_message(person.id, "x", reply_markup=one("đ" * 32))
    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(person.id, "x", reply_markup=one("đ" * 33))
    nothing = InlineKeyboardMarkup([[InlineKeyboardButton("x")]])
    with pytest.raises(BadRequest, match=r"(?i)text buttons are unallowed"):
        await bot.send_message(person.id, "x", reply_markup=nothing)


async def test_replies_need_their_message(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    said = (await person.says("bao cao"))["message"]["message_id"]
    reply = await bot.send_message(person.id, "rõ", reply_parameters=ReplyParameters(said))
    assert (await person.hears()).reply_to == said
    assert reply.reply_to_message is not None
    with pytest.raises(BadRequest, match="to be replied not found"):
        await bot.send_message(person.id, "rõ", reply_parameters=ReplyParameters(999_999))
    lenient = ReplyParameters(999_999, allow_sending_without_reply=True)
    await bot.send_message(person.id, "rõ", reply_parameters=lenient)


async def test_photo_document_and_album_go_up(tg: FakeTelegram, bot: Bot) -> None:
    person, picture = tg.person(), jpeg()
    first = await bot.send_photo(person.id, picture, caption="<b>Ảnh</b>", parse_mode="HTML")
    heard = await person.hears()
    assert (heard.photo, heard.text) == (picture, "Ảnh")
    assert (first.photo[-1].width, first.photo[-1].height) == (640, 480)
    await bot.send_photo(person.id, first.photo[-1].file_id)
    assert (await person.hears()).photo == picture

    report = await bot.send_document(person.id, b"PK\x03\x04", filename="tổng hợp.xlsx")
    document = (await person.hears()).document
    assert document is not None
    assert (document.name, document.data) == ("tổng hợp.xlsx", b"PK\x03\x04")
    assert report.document is not None
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type document as photo"):
        await bot.send_photo(person.id, report.document.file_id)
    with pytest.raises(BadRequest, match=r"(?i)wrong file identifier"):
        await bot.send_photo(person.id, "no-such-id")

    pictures = [jpeg(red) for red in (10, 20, 30)]
    album = await bot.send_media_group(person.id, [InputMediaPhoto(data) for data in pictures])
    heard_album = [await person.hears() for _ in pictures]
    assert [message.photo for message in heard_album] == pictures
    assert {m.media_group_id for m in album} == {heard_album[0].album}
    with pytest.raises(BadRequest, match="2-10"):
        await bot.send_media_group(person.id, [InputMediaPhoto(pictures[0])])
    mixed = (InputMediaPhoto(pictures[0]), InputMediaDocument(b"%PDF"))
    with pytest.raises(BadRequest, match="can't be mixed"):
        await bot.send_media_group(person.id, mixed)
    await person.hears_nothing(0.02)


async def test_what_is_no_picture_or_too_large_is_refused(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(person.id, b"hello")
    with pytest.raises(BadRequest, match="too big for a photo"):
        await bot.send_photo(person.id, jpeg() + bytes(10 * 1024 * 1024))
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_document(person.id, bytes(50 * 1024 * 1024 + 1))


async def test_chat_action_reaction_and_get_chat(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person("Trần Thị B")
    said = (await person.says("xong"))["message"]["message_id"]
    await bot.send_chat_action(person.id, "typing")
    await bot.set_message_reaction(person.id, said, "👍")
    assert person.chat.actions == ["typing"]
    assert person.chat.reactions == {said: ["👍"]}
    with pytest.raises(BadRequest, match=r"(?i)reaction_invalid"):
        await bot.set_message_reaction(person.id, said, "🌾")
    assert (await bot.get_chat(person.id)).first_name == "Trần Thị B"
    with pytest.raises(BadRequest, match="hat not found"):
        await bot.send_message(12345, "ai đó")


async def test_commands_by_scope(tg: FakeTelegram, bot: Bot) -> None:
    leader, cadre = tg.person(), tg.person()
    common = [BotCommand("baocao", "Báo cáo")]
    await bot.set_my_commands(common, scope=BotCommandScopeAllPrivateChats())
    mine = BotCommandScopeChat(leader.id)
    await bot.set_my_commands([*common, BotCommand("tongket", "Tổng kết")], scope=mine)
    assert list(leader.menu()) == ["baocao", "tongket"]
    assert list(cadre.menu()) == ["baocao"]
    assert len(await bot.get_my_commands(scope=mine)) == 2
    await bot.delete_my_commands(scope=mine)
    assert list(leader.menu()) == ["baocao"]
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([BotCommand("báo", "x")])


# -- changing and pressing ---------------------------------------------------------------------


async def test_edits_and_deletions(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    sent = await bot.send_message(person.id, "Chọn", reply_markup=menu("1"))
    with pytest.raises(BadRequest, match="not modified"):
        await sent.edit_text("Chọn", reply_markup=menu("1"))
    await sent.edit_text("Đã chọn 1")  # without a keyboard: it goes
    heard = await person.hears_edit()
    assert (heard.text, heard.labels) == ("Đã chọn 1", [])
    assert heard.versions[0]["text"] == "Chọn"
    await sent.edit_reply_markup(menu("3"))
    assert (await person.hears_edit()).labels == ["3"]
    await sent.delete()
    assert heard.deleted
    with pytest.raises(BadRequest, match="to edit not found"):
        await sent.edit_text("lại")
    with pytest.raises(BadRequest, match="to delete not found"):
        await sent.delete()
    old = await bot.send_message(person.id, "cũ")
    tg.advance(49 * 3600)
    with pytest.raises(BadRequest, match="can't be deleted"):
        await old.delete()


async def test_a_press_is_delivered_and_answered(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    await bot.send_message(person.id, "Chọn", reply_markup=menu("1", "2"))
    tap = await person.taps(await person.hears(), "2")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("k:2", person.user_id)
    assert isinstance(query.message, telegram.Message)
    await query.answer("Đã ghi", show_alert=True)
    toast = await tap.answered()
    assert (toast.text, toast.alert) == ("Đã ghi", True)


async def test_a_press_too_old_is_refused(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    await bot.send_message(person.id, "Chọn", reply_markup=menu("1"))
    tap = await person.taps(await person.hears(), "k:1")
    (update,) = await bot.get_updates()
    tg.advance(151)
    assert update.callback_query is not None
    with pytest.raises(BadRequest, match="uery is too old"):
        await update.callback_query.answer()
    with pytest.raises(Silence):
        await tap.answered(0.05)
    await person.taps(person.chat.said[0], "1")
    tg.advance(151)
    assert await bot.get_updates(offset=update.update_id + 1) == ()


async def test_only_buttons_that_are_there_can_be_pressed_unless_forged(
    tg: FakeTelegram, bot: Bot
) -> None:
    person = tg.person()
    await bot.send_message(person.id, "Chọn", reply_markup=menu("1"))
    message = await person.hears()
    with pytest.raises(LookupError, match="no button '9'"):
        await person.taps(message, "9")
    await person.taps(message, "task:9", forged=True)
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "task:9"


# -- what people send --------------------------------------------------------------------------


async def test_what_people_send_arrives(tg: FakeTelegram, bot: Bot) -> None:
    person, other = tg.person(username="nguyenvana"), tg.person("Lê Văn C")
    update = await person.says("bao cao")
    await person.edits(update, "báo cáo")
    await person.starts("ma-moi_01")
    await person.sends_location(22.17, 104.95)
    await person.sends_contact("0900000001")
    await person.sends_contact("0900000002", owner=other)
    await person.sends_sticker()
    await person.sends_voice()
    await person.sends_video()
    await person.sends_document(b"%PDF-1.7", "bao-cao.pdf", "gửi anh")
    updates = await bot.get_updates()
    messages = [u.effective_message for u in updates]
    assert [u.update_id for u in updates] == list(
        range(updates[0].update_id, updates[0].update_id + 10)
    )
    assert updates[1].edited_message is not None
    assert updates[1].edited_message.text == "báo cáo"
    start = messages[2]
    assert start is not None
    assert (start.text, start.entities[0].type) == ("/start ma-moi_01", "bot_command")
    kinds = [telegram.helpers.effective_message_type(m) for m in messages if m is not None]
    assert kinds[3:] == [
        "location",
        "contact",
        "contact",
        "sticker",
        "voice",
        "video",
        "document",
    ]
    contacts = [m.contact.user_id for m in messages if m is not None and m.contact is not None]
    assert contacts == [person.user_id, other.user_id]


async def test_a_very_long_text_comes_in_parts(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    await person.says("🌾ậ" * 3333)
    parts = [u.message.text for u in await bot.get_updates() if u.message and u.message.text]
    assert "".join(parts) == "🌾ậ" * 3333
    assert all(len(part.encode("utf-16-le")) <= 8192 for part in parts)


async def test_photos_come_down_byte_for_byte_and_without_exif(tg: FakeTelegram, bot: Bot) -> None:
    person, plain, placed = tg.person(), jpeg(), jpeg(place=True)
    await person.sends_photo(plain, "Ruộng thôn 3")
    await person.sends_photo(placed)
    await person.sends_photo(placed, as_file=True)
    one, two, three = [u.message for u in await bot.get_updates() if u.message]
    assert one.caption == "Ruộng thôn 3"
    assert one.photo[0].width < one.photo[-1].width == 640
    assert await (await one.photo[-1].get_file()).download_as_bytearray() == plain
    stripped = bytes(await (await two.photo[-1].get_file()).download_as_bytearray())
    assert not Image.open(io.BytesIO(stripped)).getexif()
    assert three.document is not None
    assert await (await three.document.get_file()).download_as_bytearray() == placed


async def test_download_paths_expire_and_big_files_cannot_be_had(
    tg: FakeTelegram, bot: Bot
) -> None:
    person = tg.person()
    await person.sends_photo(jpeg())
    await person.sends_document(bytes(20 * 1024 * 1024 + 1))
    photo, big = [u.message for u in await bot.get_updates() if u.message]
    found = await photo.photo[-1].get_file()
    for age in (tg.expire_files, lambda: tg.advance(3601)):
        age()
        with pytest.raises(InvalidToken):  # python-telegram-bot's reading of 404
            await found.download_as_bytearray()
        found = await photo.photo[-1].get_file()
        assert await found.download_as_bytearray() == jpeg()
    assert big.document is not None
    with pytest.raises(BadRequest, match="ile is too big"):
        await big.document.get_file()


@pytest.mark.parametrize("as_files", [False, True])
async def test_an_album_is_one_update_a_picture(tg: FakeTelegram, bot: Bot, as_files: bool) -> None:
    person, pictures = tg.person(), [jpeg(red) for red in range(0, 250, 25)]
    await person.sends_album(pictures, "Mười ảnh", shuffled=True, as_files=as_files)
    messages = [u.message for u in await bot.get_updates() if u.message]
    assert len(messages) == 10
    assert len({m.media_group_id for m in messages}) == 1
    numbers = [m.message_id for m in messages]
    assert numbers != sorted(numbers)
    ordered = sorted(messages, key=lambda m: m.message_id)
    assert [m.caption for m in ordered] == ["Mười ảnh"] + [None] * 9
    for message, picture in zip(ordered, pictures, strict=True):
        part = message.document or message.photo[-1]
        assert await (await part.get_file()).download_as_bytearray() == picture


async def test_groups_hear_the_bot_and_keep_private_what_is_not_for_it(
    tg: FakeTelegram, bot: Bot
) -> None:
    person, group = tg.person(), tg.group("Tổ công tác")
    seat = group.seat(person)
    await bot.send_message(group.id, "Chào cả tổ")
    heard = await seat.hears()
    await seat.says("chuyện riêng")
    await seat.says("/tongket@giaoviec_bot")
    await seat.says("rõ", reply_to=heard)
    texts = [u.message.text for u in await bot.get_updates() if u.message]
    assert texts == ["/tongket@giaoviec_bot", "rõ"]


# -- getting updates ---------------------------------------------------------------------------


async def test_the_offset_acknowledges(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    for text in "abcde":
        await person.says(text)

    async def texts(**how: Any) -> str:
        found = await bot.get_updates(**how)
        return "".join(u.message.text for u in found if u.message and u.message.text)

    first = (await bot.get_updates())[0].update_id
    assert await texts() == "abcde"  # nothing acknowledged, nothing forgotten
    assert await texts(limit=2) == "ab"
    assert await texts(offset=first + 2) == "cde"
    assert await texts() == "cde"
    assert await texts(offset=-1) == "e"
    assert await texts(offset=first + 1_000_000) == "e"  # nonsense is ignored
    assert await texts(offset=first + 5) == ""
    await person.says("f")
    assert await texts(offset=first + 5) == "f"


async def test_updates_are_kept_for_a_day(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    await person.says("hôm qua")
    tg.advance(24 * 3600 + 1)
    await person.says("hôm nay")
    assert [u.message.text for u in await bot.get_updates() if u.message] == ["hôm nay"]


@pytest.mark.parametrize("quiet", ["asked for", "a week"])
async def test_after_a_quiet_week_ids_begin_anew(tg: FakeTelegram, bot: Bot, quiet: str) -> None:
    person = tg.person()
    await person.says("trước")
    (before,) = await bot.get_updates()
    old_offset = before.update_id + 1
    assert await bot.get_updates(offset=old_offset) == ()
    tg.random_update_ids() if quiet == "asked for" else tg.advance(8 * 24 * 3600)
    await person.says("sau")
    (after,) = await bot.get_updates(offset=old_offset)
    assert after.update_id < before.update_id
    assert await bot.get_updates(offset=after.update_id + 1) == ()


async def test_an_update_can_come_twice(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    update = await person.says("một lần")
    await person.says("hai")
    (_, last) = await bot.get_updates()
    assert await bot.get_updates(offset=last.update_id + 1) == ()
    tg.redeliver(update)
    (again,) = await bot.get_updates(offset=last.update_id + 1)
    assert again.update_id == update["update_id"]
    assert await bot.get_updates(offset=again.update_id + 1) == ()


async def test_a_long_poll_ends_when_something_comes(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    async with asyncio.TaskGroup() as group:
        began = time.monotonic()
        poll = group.create_task(bot.get_updates(timeout=20))
        await tg.polled()
        await asyncio.sleep(0.05)
        await person.says("đây")
        assert len(await poll) == 1
        assert time.monotonic() - began < 2
    update_id = poll.result()[0].update_id
    assert await bot.get_updates(offset=update_id + 1, timeout=timedelta(seconds=1)) == ()


async def test_a_second_poller_ends_the_first_with_409(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    async with client(tg) as other, asyncio.TaskGroup() as group:
        first = group.create_task(_error_of(bot.get_updates(timeout=20)))
        await tg.polled()
        second = group.create_task(other.get_updates(timeout=20))
        assert isinstance(await first, Conflict)
        assert "terminated by other getUpdates request" in str(first.result())
        await person.says("cho máy thứ hai")
        assert len(await second) == 1


async def _error_of(what: Any) -> Exception | None:
    try:
        await what
    except telegram.error.TelegramError as error:
        return error
    return None


async def test_a_webhook_excludes_polling(tg: FakeTelegram, bot: Bot) -> None:
    await bot.set_webhook("https://example.org/tg")
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url == "https://example.org/tg"
    await bot.delete_webhook()
    assert await bot.get_updates() == ()
    with pytest.raises(BadRequest, match=r"(?i)https url must be provided"):
        await bot.set_webhook("http://example.org/tg")


async def test_allowed_updates_are_obeyed(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    await bot.get_updates(allowed_updates=["message"])
    update = await person.says("một")
    await person.edits(update, "hai")
    assert len(await bot.get_updates()) == 1


# -- trouble -----------------------------------------------------------------------------------


async def test_429_carries_retry_after(tg: FakeTelegram, bot: Bot) -> None:
    person, other = tg.person(), tg.person()
    tg.fail_next("sendMessage", status=429, retry_after=3, chat=person)
    await bot.send_message(other.id, "không sao")
    with pytest.raises(RetryAfter, match="Flood control") as refused:
        await bot.send_message(person.id, "chậm thôi")
    assert refused.value.retry_after == timedelta(seconds=3)
    await bot.send_message(person.id, "được rồi")
    assert [call.status for call in tg.calls_of("sendMessage")] == [200, 429, 200]


async def test_the_error_body_is_telegrams(tg: FakeTelegram) -> None:
    tg.fail_next("sendMessage", status=429, retry_after=3)
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{tg.url}/bot{tg.token}/sendMessage", json={"chat_id": 1}) as answer,
    ):
        assert (answer.status, await answer.json()) == (
            429,
            {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 3",
                "parameters": {"retry_after": 3},
            },
        )


async def test_a_hold_lasts_however_often_one_asks(tg: FakeTelegram, bot: Bot) -> None:
    person, other = tg.person(), tg.person()
    tg.hold(30, person)
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await bot.send_message(person.id, "x")
    await bot.send_message(other.id, "x")
    tg.advance(31)
    await bot.send_message(person.id, "x")


async def test_pace_is_enforced_on_demand(tg: FakeTelegram, bot: Bot) -> None:
    person, group = tg.person(), tg.group()
    for _ in range(3):
        await bot.send_message(person.id, "nhanh")
    tg.enforce_pace()
    await bot.send_message(person.id, "một")
    with pytest.raises(RetryAfter):
        await bot.send_message(person.id, "hai")
    tg.advance(1)
    await bot.send_message(person.id, "hai")
    for _ in range(20):
        await bot.send_message(group.id, "tổ")
    tg.advance(1)
    with pytest.raises(RetryAfter):
        await bot.send_message(group.id, "tổ")
    tg.advance(60)
    tg.enforce_pace(per_chat=1, overall=30, group_minute=0)
    people = [tg.person() for _ in range(40)]
    # At once, so that they fall into one second however busy the machine is.
    results = await asyncio.gather(*(_error_of(bot.send_message(p.id, "x")) for p in people))
    assert results.count(None) >= 30
    assert any(isinstance(result, RetryAfter) for result in results)


async def test_who_blocked_or_never_started_is_403(tg: FakeTelegram, bot: Bot) -> None:
    person, stranger = tg.person(), tg.person(started=False)
    person.blocks_bot()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(person.id, "x")
    (update,) = await bot.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"
    await person.says("quay lại")
    await bot.send_message(person.id, "x")
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(stranger.id, "x")
    await stranger.starts()
    await bot.send_message(stranger.id, "x")
    stranger.deletes_account()
    with pytest.raises(Forbidden, match="deactivated"):
        await bot.send_message(stranger.id, "x")
    group = tg.group()
    group.kicks_bot(person)
    with pytest.raises(Forbidden, match="kicked from the group chat"):
        await bot.send_message(group.id, "x")


async def test_a_group_becomes_a_supergroup(tg: FakeTelegram, bot: Bot) -> None:
    person, group = tg.person(), tg.group()
    seat, old = group.seat(person), group.id
    new = group.becomes_supergroup()
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old, "x")
    assert moved.value.new_chat_id == new == group.id == seat.id
    there, here = [u.message for u in await bot.get_updates() if u.message]
    assert (there.chat.id, there.migrate_to_chat_id) == (old, new)
    assert (here.chat.id, here.migrate_from_chat_id) == (new, old)
    await bot.send_message(new, "x")
    assert (await seat.hears()).text == "x"


async def test_html_502_is_a_network_error(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    tg.html_502("sendMessage", times=2)
    for _ in range(2):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(person.id, "x")
    await bot.send_message(person.id, "x")
    assert len(tg.sent) == 1


async def test_a_lost_answer_is_a_network_error_though_the_message_arrived(
    tg: FakeTelegram, bot: Bot
) -> None:
    person = tg.person()
    tg.lose_answer("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(person.id, "đến rồi")
    assert (await person.hears()).text == "đến rồi"
    assert tg.calls_of("sendMessage")[0].status is None


async def test_a_lost_request_is_a_network_error_and_nothing_arrived(
    tg: FakeTelegram, bot: Bot
) -> None:
    person = tg.person()
    tg.lose_request("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(person.id, "không đến")
    assert tg.sent == []


@pytest.mark.parametrize("done", [True, False])
async def test_no_answer_at_all_times_out(tg: FakeTelegram, bot: Bot, done: bool) -> None:
    person = tg.person()
    tg.time_out("sendMessage", done=done)
    with pytest.raises(TimedOut):
        await bot.send_message(person.id, "x", read_timeout=0.2)
    assert len(tg.sent) == done


async def test_a_late_answer_is_an_answer(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    tg.slow("sendMessage", 0.1)
    assert (await bot.send_message(person.id, "x")).text == "x"


async def test_a_lost_answer_to_get_updates_brings_them_again(tg: FakeTelegram, bot: Bot) -> None:
    await tg.person().says("còn đây")
    tg.lose_answer("getUpdates")
    with pytest.raises(NetworkError):
        await bot.get_updates()
    assert len(await bot.get_updates()) == 1


async def test_faults_can_spare_the_first_and_be_stopped(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    tg.fail_next("sendMessage", status=500, after=1)
    results = [await _error_of(bot.send_message(person.id, "x")) for _ in range(3)]
    assert [type(result) for result in results] == [type(None), NetworkError, type(None)]
    for_ever = tg.fail_next("*", status=502, times=None)
    assert await _error_of(bot.get_me())
    for_ever.stop()
    await bot.get_me()
    tg.conflict()
    with pytest.raises(Conflict):
        await bot.get_updates()
    tg.fail_next("getFile", status=400, description="Bad Request: wrong file_id", times=None)
    tg.heal()
    assert await bot.get_updates() == ()


async def test_downloads_can_fail_too(tg: FakeTelegram, bot: Bot) -> None:
    await tg.person().sends_photo(jpeg())
    (update,) = await bot.get_updates()
    assert update.message is not None
    file = await update.message.photo[-1].get_file()
    tg.lose_request("download")
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert await file.download_as_bytearray() == jpeg()


async def test_silence_is_told_with_what_was_heard(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    await bot.send_message(person.id, "một")
    assert [message.text for message in person.unheard()] == ["một"]
    with pytest.raises(Silence, match=r"last heard: .*một"):
        await person.hears(0.05)


# -- webhooks ----------------------------------------------------------------------------------

Answer = Callable[[dict[str, Any]], int | dict[str, Any]]


@asynccontextmanager
async def listener(answer: Answer) -> AsyncIterator[tuple[str, list[dict[str, Any]], list[str]]]:
    """A bot's web server: its address, the updates it was sent, the secrets that came along."""
    got: list[dict[str, Any]] = []
    secrets: list[str] = []

    async def take(request: web.BaseRequest) -> web.StreamResponse:
        update = await request.json()
        got.append(update)
        secrets.append(request.headers.get(SECRET_HEADER, ""))
        said = answer(update)
        return web.Response(status=said) if isinstance(said, int) else web.json_response(said)

    runner = web.ServerRunner(web.Server(take), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook", got, secrets
    finally:
        await runner.cleanup()


async def test_a_webhook_is_given_updates_with_the_secret(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    await person.says("trước khi có webhook")
    async with listener(lambda update: 200) as (url, got, secrets):
        await bot.set_webhook(url, secret_token="bi-mat_1")
        await person.says("sau đó")
        await tg.until(lambda: len(tg.webhook.attempts) == 2 or None)
        texts = [Update.de_json(update, bot).message.text for update in got]  # type: ignore[union-attr]  # both are messages
        assert texts == ["trước khi có webhook", "sau đó"]
        assert secrets == ["bi-mat_1"] * 2
        assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_a_failing_webhook_is_tried_again_slower_and_slower() -> None:
    async with FakeTelegram(retry_scale=0.03) as tg, client(tg) as bot:
        person, failures = tg.person(), iter([500, 503, 404])
        async with listener(lambda update: next(failures, 200)) as (url, got, _):
            await bot.set_webhook(url)
            await person.says("một")
            await person.says("hai")
            await tg.until(lambda: len(tg.webhook.attempts) == 5 or None)
            assert [update["message"]["text"] for update in got] == ["một"] * 4 + ["hai"]
            info = await bot.get_webhook_info()
            assert info.last_error_message == "Wrong response from the webhook: 404 Not Found"
        pauses = [b.at - a.at for a, b in pairwise(tg.webhook.attempts[:4])]
        assert pauses[0] >= 0.03
        assert pauses[1] >= 0.06
        assert pauses[2] >= 0.12


async def test_a_webhook_that_is_down_gets_everything_when_it_is_back(
    tg: FakeTelegram, bot: Bot
) -> None:
    person = tg.person()
    async with listener(lambda update: 200) as (url, _, _):
        pass
    await bot.set_webhook(url)
    await person.says("khi tắt")
    await tg.until(lambda: len(tg.webhook.attempts) >= 2 or None)
    assert tg.webhook.attempts[0].status is None
    async with listener(lambda update: 200) as (url, got, _):
        await bot.set_webhook(url)
        await tg.until(lambda: got or None)
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_what_a_webhook_missed_for_a_day_is_gone(tg: FakeTelegram, bot: Bot) -> None:
    person, answers = tg.person(), iter([500])
    async with listener(lambda update: next(answers, 200)) as (url, got, _):
        await bot.set_webhook(url)
        await person.says("hôm qua")
        await tg.until(lambda: tg.webhook.attempts or None)
        tg.advance(24 * 3600 + 1)
        await person.says("hôm nay")
        await tg.until(lambda: len(tg.webhook.attempts) == 2 or None)
    assert [update["message"]["text"] for update in got] == ["hôm qua", "hôm nay"]


async def test_an_update_can_come_twice_to_a_webhook(tg: FakeTelegram, bot: Bot) -> None:
    async with listener(lambda update: 200) as (url, got, _):
        await bot.set_webhook(url)
        update = await tg.person().says("một lần")
        tg.redeliver(update)
        await tg.until(lambda: len(tg.webhook.attempts) == 2 or None)
    assert got[0] == got[1]


async def test_a_press_overtakes_the_photo_before_it(tg: FakeTelegram, bot: Bot) -> None:
    person, other = tg.person(), tg.person()
    await bot.send_message(person.id, "Chọn", reply_markup=menu("1"))
    refused = iter([500, 500])

    def answer(update: dict[str, Any]) -> int:
        return next(refused, 200) if "photo" in update.get("message", {}) else 200

    async with listener(answer) as (url, got, _):
        await bot.set_webhook(url)
        await person.sends_photo(jpeg())
        await person.says("sau ảnh")
        await person.taps(await person.hears(), "1")
        await other.says("người khác")
        await tg.until(lambda: len(tg.webhook.attempts) == 6 or None)
    taken = [d.update_id for d in tg.webhook.attempts if d.status == 200]
    first = got[0]["update_id"]
    assert taken.index(first + 2) < taken.index(first) < taken.index(first + 1)
    assert taken.index(first + 3) < taken.index(first)


async def test_the_answer_to_a_webhook_may_be_a_call(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    call = {"method": "sendMessage", "chat_id": person.id, "text": "trong câu trả lời"}
    async with listener(lambda update: call) as (url, _, _):
        await bot.set_webhook(url)
        await person.says("x")
        assert (await person.hears()).text == "trong câu trả lời"


# -- a whole bot, and a whole process ----------------------------------------------------------


@asynccontextmanager
async def ptb_application(tg: FakeTelegram) -> AsyncIterator[None]:
    """A bot as python-telegram-bot's users write them: polling, a menu, a photo, a press."""

    async def on_text(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(f"Chọn: {update.message.text}", reply_markup=menu("1", "2"))

    async def on_press(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        await query.answer("rõ")
        await query.edit_message_text(f"Đã chọn {query.data}")

    async def on_photo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        file = await update.message.photo[-1].get_file()
        await update.message.reply_text(f"{len(await file.download_as_bytearray())} byte")

    builder = Application.builder().token(tg.token).base_url(f"{tg.url}/bot")
    application = builder.base_file_url(f"{tg.url}/file/bot").concurrent_updates(64).build()
    application.add_handler(MessageHandler(filters.TEXT, on_text))
    application.add_handler(MessageHandler(filters.PHOTO, on_photo))
    application.add_handler(CallbackQueryHandler(on_press))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(timeout=5)
        try:
            yield
        finally:
            await application.updater.stop()
            await application.stop()


async def test_a_polling_application_talks_with_a_person(tg: FakeTelegram) -> None:
    person = tg.person()
    async with ptb_application(tg):
        await person.says("bao cao")
        message = await person.hears()
        assert (message.text, message.labels) == ("Chọn: bao cao", ["1", "2"])
        tap = await person.taps(message, "1")
        assert (await tap.answered()).text == "rõ"
        assert (await person.hears_edit()).text == "Đã chọn k:1"
        await person.sends_photo(jpeg())
        assert (await person.hears()).text == f"{len(jpeg())} byte"
        calls = await tg.called("getFile")
        assert calls[0].status == 200


async def test_two_hundred_chats_at_once(tg: FakeTelegram) -> None:
    people = [tg.person(f"Nguyễn Văn {number}") for number in range(200)]
    async with ptb_application(tg), asyncio.TaskGroup() as group:
        for person in people:
            await person.says(str(person.id))
        heard = [group.create_task(person.hears(60)) for person in people]
    assert [task.result().text for task in heard] == [f"Chọn: {person.id}" for person in people]


async def test_it_runs_in_a_process_of_its_own() -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.telegram", stdout=subprocess.PIPE
    )
    try:
        assert program.stdout is not None
        url = (await asyncio.wait_for(program.stdout.readline(), 20)).decode().strip()
        async with aiohttp.ClientSession(url) as http:
            batch = {"all": [{"chat": 5, "text": "một"}, {"chat": 6, "text": "hai"}]}
            async with http.post("/control/says", data=json.dumps(batch)) as said:
                assert await said.json() == {"said": 2}
            async with http.get(f"/bot{CANARY_TOKEN}/getUpdates") as updates:
                texts = [u["message"]["text"] for u in (await updates.json())["result"]]
                assert texts == ["một", "hai"]
            keyboard = {"inline_keyboard": [[{"text": "1", "callback_data": "k:1"}]]}
            body = {"chat_id": 5, "text": "rõ", "reply_markup": keyboard}
            async with http.post(f"/bot{CANARY_TOKEN}/sendMessage", json=body) as sent:
                assert sent.status == 200
            async with http.get("/control/sent", params={"since": 0, "wait": 1}) as heard:
                found = await heard.json()
            assert found["next"] == 1
            assert found["sent"][0]["buttons"] == [["1", "k:1"]]
            async with http.post("/control/taps", json={"chat": 5, "data": "k:1"}) as tapped:
                assert (await tapped.json())["callback_query"]["data"] == "k:1"
            async with http.post("/control/taps", json={"chat": 5, "data": "k:2"}) as wrong:
                assert wrong.status == 400
            async with http.get("/control/stats") as stats:
                assert (await stats.json())["calls"]["sendMessage 200"] == 1
    finally:
        program.terminate()
        await program.wait()
