"""Fetching what people sent: all of it, or a sentence for its sender."""

from __future__ import annotations

import pytest

from bot.channels.base import FetchFailed
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.channel import NOT_THERE, NOT_YET, TOO_LARGE
from tests.fakes.telegram import FakeTelegram
from tests.telegram.helpers import jpeg


async def sent(tg: FakeTelegram, data: bytes) -> str:
    update = await tg.person().sends_photo(data, as_file=True)
    return str(update["message"]["document"]["file_id"])


async def failed(channel: TelegramChannel, ref: str) -> tuple[str, bool]:
    with pytest.raises(FetchFailed) as caught:
        await channel.fetch(ref)
    assert str(caught.value) == caught.value.sentence
    return caught.value.sentence, caught.value.final


async def test_every_byte(tg: FakeTelegram, channel: TelegramChannel) -> None:
    data = jpeg() + bytes(range(256)) * 4000
    assert await channel.fetch(await sent(tg, data)) == data


async def test_p8_more_than_20_mb_is_final(tg: FakeTelegram, channel: TelegramChannel) -> None:
    ref = await sent(tg, bytes(20 * 1024 * 1024 + 1))
    assert await failed(channel, ref) == (TOO_LARGE, True)


async def test_more_than_was_announced_is_cut_off(
    tg: FakeTelegram, channel: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await sent(tg, bytes(300_000))
    monkeypatch.setattr("bot.channels.telegram.channel.DOWNLOAD_BYTES", 299_999)
    assert await failed(channel, ref) == (TOO_LARGE, True)


async def test_an_unknown_file_is_final(channel: TelegramChannel) -> None:
    assert await failed(channel, "AgAD-nothing") == (NOT_THERE, True)


async def test_passing_trouble_is_not(tg: FakeTelegram, channel: TelegramChannel) -> None:
    data = jpeg()
    ref = await sent(tg, data)
    tg.html_502("getFile")
    tg.fail_next("getFile", status=429, retry_after=1)
    tg.fail_next(
        "getFile",
        status=400,
        description="Bad Request: wrong file_id or the file is temporarily unavailable",
    )
    tg.lose_request("getFile")
    tg.fail_next("download", status=404)
    tg.html_502("download")
    # A download is asked for once more by the client itself: it takes two broken lines.
    tg.lose_answer("download", times=2)
    for _ in range(7):
        assert await failed(channel, ref) == (NOT_YET, False)
    assert await channel.fetch(ref) == data


async def test_a_path_that_expired_is_asked_for_anew(
    tg: FakeTelegram, channel: TelegramChannel
) -> None:
    ref = await sent(tg, jpeg())
    await channel.fetch(ref)
    tg.expire_files()
    assert await channel.fetch(ref) == jpeg()
