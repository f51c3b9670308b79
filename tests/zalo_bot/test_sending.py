"""What goes out, what a failure means, and what is degraded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import SendFailed
from bot.channels.zalo_bot import Meter, ZaloBotChannel, sentences
from bot.conversation import Attachment, Choice, Message, Reply
from bot.conversation.reply import bold, messages, units, write_out
from tests.fakes.zalo_bot import FakeZaloBot
from tests.telegram.helpers import jpeg
from tests.zalo_bot.helpers import Account, Links, make, to

DOCUMENT = Attachment("table:1:2", "document", "tong-ket.xlsx")


async def failure(channel: ZaloBotChannel, zalo: FakeZaloBot) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await channel.send(to(zalo.person(), "một"))
    return caught.value


async def test_text_is_plain(zalo: FakeZaloBot, channel: ZaloBotChannel) -> None:
    person = zalo.person()
    sent = await channel.send(to(person, f"{bold('Đậm')} <b>&amp;\x07 \udc00😀"))
    heard = await person.hears()
    assert heard.text == "Đậm <b>&amp; 😀"
    assert heard.id == sent
    assert set(zalo.calls[-1].body) == {"chat_id", "text"}


async def test_a_photo_is_fetched_by_zalo(
    zalo: FakeZaloBot, channel: ZaloBotChannel, links: Links
) -> None:
    links.held["photo:a"] = zalo.hold(jpeg())
    person = zalo.person()
    await channel.send(to(person, "Ảnh 1/2", attachment=Attachment("photo:a")))
    heard = await person.hears()
    assert (heard.text, heard.photo) == ("Ảnh 1/2", jpeg())
    await channel.send(to(person, "", attachment=Attachment("photo:a")))
    assert (await person.hears()).photo == jpeg()


async def test_a_photo_that_zalo_cannot_fetch_goes_as_a_link(
    zalo: FakeZaloBot, channel: ZaloBotChannel, links: Links
) -> None:
    links.held["photo:a"] = zalo.hold(jpeg())
    zalo.expire_media()
    person = zalo.person()
    await channel.send(to(person, "Ảnh 1/2", attachment=Attachment("photo:a")))
    heard = await person.hears()
    assert heard.text == f"Ảnh 1/2\n{sentences.photo_at(links.held['photo:a'])}"
    assert heard.photo is None


async def test_a_document_goes_as_a_link(
    zalo: FakeZaloBot, channel: ZaloBotChannel, links: Links
) -> None:
    links.held["table:1:2"] = "https://giaoviec.example.vn/tep/1"
    person = zalo.person()
    await channel.send(to(person, "Bảng theo mẫu:", attachment=DOCUMENT))
    line = "Tải tệp tong-ket.xlsx tại: https://giaoviec.example.vn/tep/1"
    assert (await person.hears()).text == f"Bảng theo mẫu:\n{line}"


async def test_a_link_that_does_not_fit_goes_first_and_only_once(
    zalo: FakeZaloBot, channel: ZaloBotChannel, links: Links
) -> None:
    links.held["table:1:2"] = "https://giaoviec.example.vn/tep/1"
    person = zalo.person()
    sending = to(person, "đ" * 2000, outbox_id=7, attachment=DOCUMENT)
    zalo.page("sendMessage", 503, after=1)
    with pytest.raises(SendFailed) as caught:
        await channel.send(sending)
    assert caught.value.retry_after is not None
    await channel.send(sending)
    said = [message.text for message in person.unheard()]
    assert said[0].startswith("Tải tệp")
    assert said[1:] == ["đ" * 2000]


async def test_what_is_gone_is_said(
    zalo: FakeZaloBot, channel: ZaloBotChannel, links: Links
) -> None:
    person = zalo.person()
    for attachment in (Attachment("photo:x"), DOCUMENT):
        await channel.send(to(person, "Xem:", attachment=attachment))
        assert (await person.hears()).text == f"Xem:\n{sentences.GONE_FILE}"
    links.failing = True
    with pytest.raises(SendFailed) as caught:
        await channel.send(to(person, "Xem:", attachment=DOCUMENT))
    assert (caught.value.retry_after, zalo.calls[2:]) == (60, [])


async def test_nothing_is_sent_that_zalo_would_refuse(
    zalo: FakeZaloBot, channel: ZaloBotChannel
) -> None:
    for text in ("", " \x07\n", "đ" * 2001, "😀" * 1001):
        with pytest.raises(SendFailed) as caught:
            await channel.send(to(zalo.person(), text))
        assert caught.value.retry_after is None
        assert not caught.value.unknown
    assert zalo.calls == []
    await channel.send(to(zalo.person(), "😀" * 1000))


@pytest.mark.parametrize("status", [200, None])
@pytest.mark.parametrize(
    ("code", "words", "expected"),
    [
        (400, "", (None, False, False, False)),
        (400, "chat not found", (None, True, False, False)),
        (401, "", (300, False, False, True)),
        (403, "", (1, False, False, False)),
        (404, "", (300, False, False, False)),
        (408, "", (None, False, True, False)),
        (429, "", (None, False, False, False)),
    ],
)
async def test_a_refusal_counts_whatever_its_status(
    zalo: FakeZaloBot,
    channel: ZaloBotChannel,
    code: int,
    words: str,
    status: int | None,
    expected: tuple[float | None, bool, bool, bool],
) -> None:
    zalo.refuse("sendMessage", code, words=words, status=status or code)
    failed = await failure(channel, zalo)
    assert (failed.retry_after, failed.gone, failed.unknown, failed.whole_network) == expected
    assert failed.reason.startswith("quota") is (code == 429)
    assert zalo.sent == []


@pytest.mark.parametrize(
    ("status", "unknown"), [(200, True), (301, False), (404, False), (500, True), (502, False),
                            (503, False), (504, True)],
)  # fmt: skip
async def test_p8_a_page_that_is_no_answer(
    zalo: FakeZaloBot, channel: ZaloBotChannel, status: int, unknown: bool
) -> None:
    zalo.page("sendMessage", status)
    failed = await failure(channel, zalo)
    assert (failed.unknown, failed.retry_after) == (unknown, None if unknown else 1)


async def test_p21_a_lost_or_late_answer_is_unknown(
    zalo: FakeZaloBot, channel: ZaloBotChannel
) -> None:
    zalo.lose_answer("sendMessage")
    assert (await failure(channel, zalo)).unknown
    channel._client.answer_seconds = 0.1
    zalo.hang_after("sendMessage")
    assert (await failure(channel, zalo)).unknown
    assert len(zalo.sent) == 2


async def test_no_connection_is_certain_and_waits_longer_each_time(zalo: FakeZaloBot) -> None:
    channel = make(zalo, api_url="http://127.0.0.1:1")
    failed = await failure(channel, zalo)
    assert not failed.unknown
    assert failed.retry_after == 1
    await channel.close()


async def test_the_account_is_kept_and_closes_at_the_limit(zalo: FakeZaloBot) -> None:
    account = Account(limit=4)
    checked: Meter = account
    channel = make(zalo, meter=checked)
    person = zalo.person()
    await channel.send(to(person, "một"))
    zalo.refuse("sendMessage", 400)
    await failure(channel, zalo)
    assert account.sent == 1
    zalo.lose_answer("sendMessage")
    await failure(channel, zalo)
    assert account.sent == 2  # it may have arrived, so it may have been counted
    account.failing = True
    await channel.send(to(person, "hai"))
    account.failing = False
    await channel.send(to(person, "ba"))
    assert account.sent == 4  # what could not be written down is not forgotten
    calls = len(zalo.calls)
    failed = await failure(channel, zalo)
    assert failed.reason.startswith("quota")
    assert failed.retry_after is None
    assert len(zalo.calls) == calls
    await channel.close()


async def test_zalo_says_itself_that_the_month_is_used_up(
    zalo: FakeZaloBot, channel: ZaloBotChannel
) -> None:
    zalo.limit = 0
    failed = await failure(channel, zalo)
    assert failed.reason.startswith("quota")
    assert failed.retry_after is None
    assert channel.seen.quota_refusals == 1


LETTERS = st.sampled_from(
    ["a", "ấ", "ư", "đ", " ", " ", "\n", "😀", "e\u0302\u0301", "👩\u200d👧", "👍\U0001f3fd"]
)
TEXTS = st.builds(
    lambda letters, times: "".join(letters) * times,
    st.lists(LETTERS, min_size=1, max_size=300),
    st.integers(1, 60),
)


@given(TEXTS)
def test_p45_no_letter_and_no_line_is_cut(text: str) -> None:
    parts = [message.text for message in messages(Reply(text), 2000)]
    assert all(units(part) <= 2000 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    for part in parts:
        # No mark stands without its letter.
        assert not part.startswith(("\u0302", "\u0301", "\u200d", "\U0001f3fd"))
    lines = [line for line in text.split("\n") if line]
    if all(units(line) <= 2000 for line in lines):
        assert [line for part in parts for line in part.split("\n") if line] == lines


async def test_a_long_menu_arrives_whole(zalo: FakeZaloBot, channel: ZaloBotChannel) -> None:
    choices = tuple(Choice(f"t{n}", f"NV-{n:02d} {'Thu gom rác thải ' * 8}") for n in range(8))
    reply = Reply("Báo cáo việc nào?", choices, hint="Trả lời bằng số.")
    person = zalo.person()
    for message in messages(reply, channel.features.text_limit, 3):
        assert isinstance(message, Message)
        await channel.send(to(person, message.text, choices=message.choices, menu=3))
    assert "\n".join(one.text for one in person.unheard()) == write_out(reply)
