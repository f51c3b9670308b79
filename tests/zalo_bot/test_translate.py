"""Zalo's bodies, in every form that has been written down or met."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo_bot import Seen, sentences
from bot.channels.zalo_bot.translate import Translator, without_mentions
from bot.clock import StillClock
from bot.conversation import Event
from bot.conversation.event import FILE_KEY, dump_event, load_event

SAID_AT = datetime(2026, 11, 22, 9, 30, 0, 602000, tzinfo=UTC)
MS = 1795339800602
WHO = "6ede9afa66b88fe6d6a9"


def message(**content: Any) -> dict[str, Any]:
    usual = {
        "from": {"id": WHO, "display_name": "Nguyễn Văn A", "is_bot": False},
        "chat": {"id": WHO, "chat_type": "PRIVATE"},
        "message_id": "2d758cb5e222177a4e35",
        "date": MS,
    }
    return usual | content


def update(name: str, **content: Any) -> dict[str, Any]:
    return {"event_name": name, "message": message(**content)}


class Ear:
    def __init__(self) -> None:
        self.seen = Seen()
        self.translator = Translator(
            "zalo_bot", StillClock(SAID_AT + timedelta(hours=1)), self.seen
        )

    def hears(self, body: dict[str, Any]) -> Event:
        event = self.translator.heard(body)
        assert event is not None
        assert load_event(dump_event(event)) == event
        return event


@pytest.fixture
def ear() -> Ear:
    return Ear()


def test_both_envelopes_are_one_event(ear: Ear) -> None:
    flat = update("message.text.received", text="Xin chào")
    wrapped = {"ok": True, "result": flat}
    event = ear.hears(flat)
    assert (event.kind, event.text, event.address.chat_id) == ("text", "Xin chào", WHO)
    assert (event.at, event.group, event.album) == (SAID_AT, False, "")
    assert ear.hears(wrapped) == event
    assert ear.seen.envelopes == {"flat": 1, "wrapped": 1}


@pytest.mark.parametrize("field", ["photo", "photo_url"])
@pytest.mark.parametrize("caption", ["", "bc nv03 2 tổ"])
def test_a_photo_in_either_field(ear: Ear, field: str, caption: str) -> None:
    url = "https://photo-stal.zdn.vn/jpg/anh.jpg?k=1"
    body = update(
        "message.image.received", **{field: url, "caption": caption}, message_type="CHAT_PHOTO"
    )
    event = ear.hears(body)
    assert (event.kind, event.text, [one.ref for one in event.media]) == ("photo", caption, [url])
    assert ear.seen.photo_fields == {field: 1}
    assert ear.seen.captions == bool(caption)


@pytest.mark.parametrize(
    ("name", "content", "sentence", "key"),
    [
        ("message.sticker.received", {"sticker": "ab", "url": "https://x.vn/a"}, sentences.STICKER, ""),
        ("message.voice.received", {"voice_url": "https://x.vn/a.aac"}, sentences.VOICE, ""),
        ("message.unsupported.received", {}, sentences.WITHHELD, FILE_KEY),
        ("message.video.received", {"video_url": "https://x.vn/a"}, sentences.OTHER, ""),
        ("message.image.received", {}, sentences.NO_PHOTO, ""),
        ("message.image.received", {"photo_url": None, "photo": 7}, sentences.NO_PHOTO, ""),
        ("", {}, sentences.OTHER, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_answered(
    ear: Ear, name: str, content: dict[str, Any], sentence: str, key: str
) -> None:
    event = ear.hears(update(name, **content))
    assert (event.kind, event.text, event.key) == ("unsupported", sentence, key)


def test_words_under_a_new_name_are_words(ear: Ear) -> None:
    event = ear.hears(update("message.link.received", text="https://vidu.vn"))
    assert (event.kind, event.text) == ("text", "https://vidu.vn")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ok": True, "result": {"event_name": "message.unsupported.received"}},
        {"event_name": "message.text.received", "message": "?"},
        {"event_name": "message.text.received", "message": {"text": "x"}},
        {"event_name": "message.text.received", "message": {"chat": {"id": None}, "from": {"id": True}}},
        {"event_name": "message.text.received", "message": {"chat": {"id": "x" * 200, "chat_type": "PRIVATE"}}},
        update("bot.added_to_group", text="x"),
        update("message.reaction.received", text="x"),
        update("message.text.received", text="x") | {"message": message(**{"from": {"id": "1", "is_bot": True}})},
    ],
)  # fmt: skip
def test_when_nobody_spoke_nothing_is_answered(ear: Ear, body: dict[str, Any]) -> None:
    assert ear.translator.heard(body) is None


@pytest.mark.parametrize(
    ("date", "at"),
    [
        (MS, SAID_AT),
        (str(MS), SAID_AT),
        (MS // 1000, SAID_AT.replace(microsecond=0)),
        (None, None), ("hôm nay", None), (1e300, None), (-5, None), ([], None), (float("nan"), None),
    ],
)  # fmt: skip
def test_the_date_is_in_milliseconds(ear: Ear, date: Any, at: datetime | None) -> None:
    event = ear.hears(update("message.text.received", text="x", date=date))
    assert event.at == (at or SAID_AT + timedelta(hours=1))


def test_ids_are_opaque_and_never_too_long(ear: Ear) -> None:
    numbers = ear.hears(
        update("message.text.received", text="x", message_id=12, chat={"id": 7, "chat_type": "PRIVATE"})
    )  # fmt: skip
    assert (numbers.address.chat_id, numbers.id) == ("7", "m:7:12")
    long = ear.hears(update("message.text.received", text="x", message_id="y" * 300))
    assert len(long.id) <= 128
    one, other = (
        ear.hears(update("message.text.received", text=text, message_id=None)).id
        for text in ("một", "hai")
    )
    assert one != other
    again = ear.hears(update("message.text.received", text="một", message_id=None)).id
    assert one == again


def photo_at(seconds: float, number: int) -> dict[str, Any]:
    return update(
        "message.image.received",
        photo_url="https://x.zdn.vn/a.jpg",
        message_id=f"anh{number}",
        date=MS + int(seconds * 1000),
    )


def test_photos_that_come_together_are_an_album_behind_the_first(ear: Ear) -> None:
    albums = [ear.hears(photo_at(at, n)).album for n, at in enumerate((0, 1, 4, 20, 22))]
    first, fourth = f"m:{WHO}:anh0", f"m:{WHO}:anh3"
    assert albums == ["", first, first, "", fourth]
    assert ear.hears(photo_at(20, 3)).album == ""  # redelivered: as it was


def test_words_end_a_run_of_photos(ear: Ear) -> None:
    ear.hears(photo_at(0, 0))
    ear.hears(update("message.text.received", text="xong"))
    assert ear.hears(photo_at(1, 1)).album == ""


def test_a_group_is_a_group_and_the_mention_is_stripped(ear: Ear) -> None:
    ear.translator.names = ("Bot Giao việc",)
    body = update(
        "message.text.received",
        text="@Bot Giao việc  bao cao",
        chat={"id": "nhom", "chat_type": "GROUP"},
    )
    event = ear.hears(body)
    assert (event.group, event.address.chat_id, event.text) == (True, "nhom", "bao cao")


@pytest.mark.parametrize("kind", ["GROUP", "group", "SUPERGROUP", "?"])
def test_in_doubt_it_is_a_group(ear: Ear, kind: str) -> None:
    chat = {"id": WHO, "chat_type": kind}
    assert ear.hears(update("message.text.received", text="x", chat=chat)).group
    assert ear.hears(update("message.text.received", text="x", chat={"id": "khac"})).group
    assert not ear.hears(update("message.text.received", text="x", chat={})).group


def test_a_mention_that_zalo_marks_is_cut_by_its_place() -> None:
    text = "😀 @Ai đó bao cao"
    assert without_mentions(text, [{"offset": 3, "length": 6}], ()) == "😀 bao cao"
    assert without_mentions(text, [{"pos": 3, "len": 6}], ()) == "😀 bao cao"
    assert without_mentions(text, [{"offset": "x"}, 7, {"offset": -4, "length": 2}], ()) == text


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["ok", "result", "event_name", "message", "from", "chat", "id", "chat_type", "text",
             "photo", "photo_url", "caption", "date", "message_id", "mentions", "offset", "length"]
        ),
        inner,
        max_size=8,
    ),
    max_leaves=30,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["event_name", "message", "result"]), anything))
def test_no_body_whatever_is_fatal(body: dict[str, Any]) -> None:
    heard = Ear().translator.heard(body)
    if heard is not None:
        event = load_event(dump_event(heard))
        assert event.address.chat_id
        assert len(event.id) <= 128


@given(anything)
def test_no_content_of_a_message_is_fatal(content: Any) -> None:
    for field in ("text", "photo_url", "photo", "date", "message_id", "mentions", "caption"):
        heard = Ear().translator.heard(update("message.text.received", **{field: content}))
        assert heard is not None
        dump_event(heard)
