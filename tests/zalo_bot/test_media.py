"""Photos are fetched from public addresses only, while they are there, and up to 20 MB."""

from __future__ import annotations

import socket

import pytest

from bot.channels.base import FetchFailed
from bot.channels.parts import photos
from bot.channels.parts.photos import PublicOnly, is_public
from bot.channels.zalo_bot import ZaloBotChannel
from tests.fakes.zalo_bot import FakeZaloBot
from tests.telegram.helpers import jpeg


async def refused(channel: ZaloBotChannel, ref: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        await channel.fetch(ref)
    return caught.value


async def test_a_photo_is_fetched_while_it_is_there(
    zalo: FakeZaloBot, channel: ZaloBotChannel
) -> None:
    ref = zalo.hold(jpeg())
    assert await channel.fetch(ref) == jpeg()
    zalo.clock.advance(3601)
    failed = await refused(channel, ref)
    assert (failed.sentence, failed.final) == (photos.NOT_THERE, True)


@pytest.mark.parametrize(
    ("status", "final"), [(403, True), (410, True), (429, False), (500, False), (503, False)]
)
async def test_p8_passing_trouble_is_tried_again(
    zalo: FakeZaloBot, channel: ZaloBotChannel, status: int, final: bool
) -> None:
    ref = zalo.hold(jpeg())
    zalo.page("media", status)
    assert (await refused(channel, ref)).final is final
    if not final:
        assert await channel.fetch(ref) == jpeg()


async def test_too_large(zalo: FakeZaloBot, channel: ZaloBotChannel) -> None:
    limit = 20 * 1024 * 1024
    assert len(await channel.fetch(zalo.hold(b"x" * limit))) == limit
    failed = await refused(channel, zalo.hold(b"x" * (limit + 1)))
    assert (failed.sentence, failed.final) == (photos.TOO_LARGE, True)


@pytest.mark.parametrize(
    "ref",
    [
        "", "ảnh", "/media/x.jpg", "file:///etc/passwd", "ftp://x.vn/a.jpg", "http://zdn.vn/a.jpg",
        "http://127.0.0.1:1/a.jpg", "https://127.0.0.1/a.jpg", "https://[::1]/a.jpg",
        "https://[::ffff:127.0.0.1]/a.jpg", "https://10.0.0.1/a.jpg", "https://169.254.169.254/latest",
        "https://0.0.0.0/a", "https://a:b@zdn.vn/a.jpg", "https://100.64.0.1/a", "https://", "https://[",
        "https://x.vn:99999/a", "https://2130706433/a", "https://0177.0.0.1/a", "https://localhost/a",
    ],
)  # fmt: skip
async def test_no_address_of_ours_is_asked(channel: ZaloBotChannel, ref: str) -> None:
    failed = await refused(channel, ref)
    assert (failed.sentence, failed.final) == (photos.NOT_THERE, True)


@pytest.mark.parametrize("ref", ["https://localhost./a.jpg", "https://0x7f.1/a.jpg"])
async def test_a_name_that_leads_to_us_is_not_followed(channel: ZaloBotChannel, ref: str) -> None:
    assert (await refused(channel, ref)).sentence == photos.NOT_YET


async def test_the_resolver_forgets_what_is_not_public() -> None:
    resolver = PublicOnly()
    with pytest.raises(OSError, match="no public address"):
        await resolver.resolve("localhost", 443, socket.AF_UNSPEC)
    await resolver.close()
    for host in ("127.0.0.1", "192.168.1.1", "fe80::1%eth0", "::ffff:10.0.0.1", "224.0.0.1", "x"):
        assert not is_public(host)
    assert is_public("8.8.8.8")
    assert is_public("2001:4860:4860::8888")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_step_by_step(
    zalo: FakeZaloBot, channel: ZaloBotChannel, status: int
) -> None:
    ref, elsewhere = zalo.hold(jpeg()), zalo.hold(jpeg(red=7))
    zalo.page("media", status, elsewhere.removeprefix(zalo.url))
    assert await channel.fetch(ref) == jpeg(red=7)
    for target in ("http://127.0.0.1:1/x", "https://192.168.1.1/x", "file:///etc/passwd"):
        zalo.page("media", status, target)
        assert (await refused(channel, ref)).final
    zalo.page("media", status, ref, times=9)
    assert (await refused(channel, ref)).final
