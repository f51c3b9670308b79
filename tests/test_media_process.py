"""The process that decodes photos: it answers, it dies, it takes too long."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from PIL import Image

from bot import pictures
from bot.media_process import TOO_SLOW, PictureProcess
from bot.pictures import Unfit, inspect, make_copies
from tests.data.draw import bomb, encoded

DATA = Path(__file__).parent / "data"
TEA = (DATA / "anh.jpg").read_bytes()
HEIC = (DATA / "anh.heic").read_bytes()


def refusal(data: bytes) -> str:
    with pytest.raises(Unfit) as refused:
        inspect(data)
    return refused.value.sentence


async def test_the_process_says_what_the_functions_say() -> None:
    prepared = await PictureProcess().prepare_picture(HEIC)
    assert prepared.picture == inspect(HEIC)
    assert (prepared.full, prepared.thumb) == make_copies(HEIC)


@pytest.mark.parametrize("data", [TEA[:40_000], bomb(), b"%PDF"], ids=["cut", "bomb", "pdf"])
async def test_the_process_refuses_in_the_same_words(data: bytes) -> None:
    with pytest.raises(Unfit) as refused:
        await PictureProcess().prepare_picture(data)
    assert refused.value.sentence == refusal(data)


async def test_a_photo_that_kills_the_decoder_is_refused() -> None:
    # One letter changed in the type of a metadata item: pi-heif 1.4.0 falls over (decision 0003).
    deadly = bytearray(HEIC)
    deadly[deadly.index(b"infe\x02\0\0\x01\0\x02\0\0Exif") + 12] = 0xFF
    process = PictureProcess()
    with pytest.raises(Unfit) as refused:
        await process.prepare_picture(bytes(deadly))
    assert refused.value.sentence == pictures.UNREADABLE
    assert (await process.prepare_picture(TEA)).picture == inspect(TEA)


async def test_a_photo_that_needs_too_much_memory_is_refused() -> None:
    large = encoded(Image.new("RGB", (7000, 7000), "green"), "PNG", compress_level=1)
    with pytest.raises(Unfit) as refused:
        await PictureProcess(memory=192 * 1024 * 1024).prepare_picture(large)
    assert refused.value.sentence == pictures.TOO_LARGE
    assert (await PictureProcess().prepare_picture(large)).picture.width == 7000


async def test_a_photo_that_takes_too_long_is_refused_and_its_process_ended() -> None:
    large = encoded(Image.new("RGB", (7000, 7000), "green"), "PNG", compress_level=1)
    with pytest.raises(Unfit) as refused:
        await PictureProcess(seconds=0.15).prepare_picture(large)
    assert refused.value.sentence == TOO_SLOW
    assert not children()


async def test_p42_no_secret_reaches_the_process_and_one_that_was_killed_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "canary")
    large = encoded(Image.new("RGB", (7000, 7000), "green"), "PNG", compress_level=1)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        preparing = group.create_task(PictureProcess().prepare_picture(large))
        while not (found := children()):  # noqa: ASYNC110 - another process: nothing to wait for
            await asyncio.sleep(0.005)
        assert b"canary" not in surroundings(found[0])
        os.kill(found[0], signal.SIGKILL)
    assert preparing.result().picture.width == 7000


def children() -> list[int]:
    """The picture processes we have started and that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"bot/pictures.py" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
    return found


def surroundings(process: int) -> bytes:
    """Its environment."""
    return Path(f"/proc/{process}/environ").read_bytes()
