"""A photo in, kept once, handed out; and every way in which it may not arrive."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import pictures
from bot.channels.base import FetchFailed
from bot.clock import StillClock
from bot.conversation import Address, Event, MediaRef
from bot.media import MediaStore, MediaWorker, want
from bot.media_store import GONE
from models.database import Database, Session
from models.media import Media
from tests.fakes.media import NOW, Network, Stopped, Told, files, only, rows, sent

DATA = Path(__file__).parent / "data"
TEA = (DATA / "anh.jpg").read_bytes()
ROAD = (DATA / "anh2.jpg").read_bytes()
TEA_SHA = hashlib.sha256(TEA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(str(tmp_path / "media"))


@pytest.fixture
def network() -> Network:
    return Network(che=TEA, duong=ROAD, chu=b"khong phai anh")


@pytest.fixture
def clock() -> StillClock:
    return StillClock(NOW)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def worker(
    database: Database, clock: StillClock, store: MediaStore, network: Network, told: Told
) -> MediaWorker:
    return MediaWorker(database, clock, store, {"mang": network}, on_failed=told)


# A photo in


async def test_wanted_photos_are_noted_in_their_order_with_the_step(database: Database) -> None:
    ids = await sent(database, "che", "duong", "che")
    assert ids == sorted(ids)
    assert len(set(ids)) == 3
    first, second, third = await rows(database)
    assert [first.ref, second.ref, third.ref] == ["che", "duong", "che"]
    assert (first.state, first.channel, first.chat_id, first.next_at) == (
        "wanted",
        "mang",
        "7",
        NOW,
    )

    with pytest.raises(Stopped):
        await step_that_fails(database)
    assert len(await rows(database)) == 3


async def step_that_fails(database: Database) -> None:
    event = Event(Address("mang", "7"), "e2", "photo", NOW, media=(MediaRef("x"),))
    async with database.begin() as session:
        await want(session, event, None, NOW)
        raise Stopped


async def test_a_photo_is_fetched_checked_kept_and_noted(
    database: Database, worker: MediaWorker, store: MediaStore, told: Told
) -> None:
    await sent(database, "che")
    assert await worker.work_once()
    row = await only(database)
    assert (row.state, row.sha256, row.mime, row.size) == ("have", TEA_SHA, "image/jpeg", len(TEA))
    assert (row.width, row.height) == (800, 600)
    assert row.place == "22.093500,105.123700"
    assert row.taken_at == "2026-11-22T15:58:10+07:00"
    assert row.phash == pictures.inspect(TEA).phash
    assert await store.read(TEA_SHA) == TEA
    assert not await worker.work_once()
    assert told.media == []


async def test_the_same_photo_twice_is_stored_once(
    database: Database, worker: MediaWorker, tmp_path: Path
) -> None:
    await sent(database, "che", "che", "duong")
    await worker.work_once()
    assert [row.sha256 == TEA_SHA for row in await rows(database)] == [True, True, False]
    assert len(files(tmp_path, "photo")) == 2
    assert f"photo/{TEA_SHA[:2]}/{TEA_SHA}" in files(tmp_path, "photo")
    assert len(files(tmp_path, "copy")) == 4


async def test_an_upload_is_taken_over_and_removed(
    database: Database, worker: MediaWorker, store: MediaStore, tmp_path: Path
) -> None:
    upload = await store.take_upload(TEA, "anh.jpg")
    assert upload.ref.startswith("upload:")
    assert (upload.name, upload.size) == ("anh.jpg", len(TEA))
    await sent(database, upload.ref, channel="web")  # no channel of that name is asked
    await worker.work_once()
    assert (await only(database)).sha256 == TEA_SHA
    assert files(tmp_path, "upload") == []


async def test_several_are_fetched_at_once(
    database: Database, worker: MediaWorker, network: Network
) -> None:
    await sent(database, *["che"] * 6)
    network.open.clear()
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.work_once())
        async with asyncio.timeout(30):
            while len(network.asked) < 4:  # noqa: ASYNC110 - the network only counts
                await asyncio.sleep(0.01)
        assert [row.state for row in await rows(database)] == ["wanted"] * 6  # no transaction held
        network.open.set()
    assert [row.state for row in await rows(database)] == ["have"] * 4 + ["wanted"] * 2
    assert await worker.work_once()
    assert [row.state for row in await rows(database)] == ["have"] * 6


async def test_it_runs_until_told_to_stop(
    database: Database, worker: MediaWorker, network: Network
) -> None:
    stopping = asyncio.Event()
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        running = group.create_task(worker.run(stopping))
        await sent(database, "che", "duong", "chu", "che", "duong")
        worker.notify()
        while any(row.state == "wanted" for row in await rows(database)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        assert not running.done()
        stopping.set()
        worker.notify()
    states = [row.state for row in await rows(database)]
    assert states == ["have", "have", "failed", "have", "have"]


# Trouble


async def test_passing_trouble_is_waited_out(
    database: Database, worker: MediaWorker, network: Network, clock: StillClock, told: Told
) -> None:
    await sent(database, "che")
    network.troubles = [
        FetchFailed("Mạng bận.", final=False),
        ConnectionResetError(),
        TimeoutError(),
    ]
    waited = []
    for _ in range(3):
        assert await worker.work_once()
        assert not await worker.work_once()  # not before its time
        due = (await only(database)).next_at
        waited.append((due - clock.now()).total_seconds())
        clock.move_to(due)
    assert waited == [5, 30, 120]
    assert await worker.work_once()
    assert (await only(database)).state == "have"
    assert told.media == []


async def test_after_six_attempts_the_sender_is_told_once(
    database: Database, worker: MediaWorker, network: Network, clock: StillClock, told: Told
) -> None:
    (photo,) = await sent(database, "che")
    network.troubles = [FetchFailed("Mạng bận. Đồng chí gửi lại.", final=False)] * 6
    for _ in range(5):
        await worker.work_once()
        assert told.media == []
        clock.move_to((await only(database)).next_at)
    await worker.work_once()
    assert told.media == [(photo, "Mạng bận. Đồng chí gửi lại.")]
    row = await only(database)
    assert (row.state, row.attempts, row.reason) == ("failed", 6, "Mạng bận. Đồng chí gửi lại.")
    clock.move_to(clock.now() + timedelta(days=1))
    assert not await worker.work_once()


@pytest.mark.parametrize(
    ("ref", "sentence"),
    [
        ("chu", pictures.NOT_A_PHOTO),
        ("rong", pictures.EMPTY),
        ("cut", pictures.BROKEN),
        ("nang", pictures.TOO_HEAVY),
        ("upload:" + "0" * 32, GONE),
        ("upload:../photo/" + TEA_SHA, GONE),
    ],
)
async def test_what_no_attempt_will_mend_is_told_at_once(
    database: Database, worker: MediaWorker, network: Network, told: Told, ref: str, sentence: str
) -> None:
    heavy = TEA + b"\0" * pictures.MAX_BYTES
    network.photos |= {"rong": b"", "cut": TEA[:40_000], "nang": heavy}
    (photo,) = await sent(database, ref)
    await worker.work_once()
    assert told.media == [(photo, sentence)]
    assert (await only(database)).state == "failed"


async def test_an_upload_that_is_too_heavy_is_told_like_any_other(
    database: Database, worker: MediaWorker, store: MediaStore, told: Told
) -> None:
    upload = await store.take_upload(TEA + b"\0" * 2 * pictures.MAX_BYTES, "anh.jpg")
    (photo,) = await sent(database, upload.ref)
    await worker.work_once()
    assert told.media == [(photo, pictures.TOO_HEAVY)]


async def test_failed_and_told_are_one_transaction(
    database: Database, clock: StillClock, store: MediaStore, network: Network
) -> None:
    async def broken(session: Session, media: Media) -> None:
        raise RuntimeError("the outbox is broken")

    worker = MediaWorker(database, clock, store, {"mang": network}, on_failed=broken)
    await sent(database, "chu")
    with pytest.raises(ExceptionGroup):
        await worker.work_once()
    row = await only(database)
    assert (row.state, row.attempts) == ("wanted", 0)
    assert row.next_at > NOW  # and its turn comes again


async def test_a_network_that_is_gone_from_the_settings(
    database: Database, worker: MediaWorker
) -> None:
    await sent(database, "che", channel="cu")
    await worker.work_once()
    row = await only(database)
    assert (row.state, row.attempts) == ("wanted", 1)


async def test_p42_no_token_of_a_network_gets_into_the_log(
    database: Database, worker: MediaWorker, network: Network
) -> None:
    await sent(database, "che")
    network.troubles = [OSError("cannot connect to https://host/botCANARY/file.jpg")]
    with capture_logs() as logs:
        await worker.work_once()
    assert [line["event"] for line in logs] == ["fetch_failed"]
    assert "CANARY" not in str(logs)
    assert "CANARY" not in str((await only(database)).__dict__)


async def test_p03_two_workers_take_a_photo_once(
    database_url: str, database: Database, clock: StillClock, store: MediaStore,
    network: Network, told: Told,
) -> None:  # fmt: skip
    other_database = Database(database_url)
    pair = [
        MediaWorker(each, clock, store, {"mang": network}, on_failed=told)
        for each in (database, other_database)
    ]
    await sent(database, "che", "duong", "chu")
    await asyncio.gather(*(worker.work_once() for worker in pair))
    assert sorted(network.asked) == ["che", "chu", "duong"]
    assert len(told.media) == 1
    assert [row.state for row in await rows(database)] == ["have", "have", "failed"]
    await other_database.close()


@pytest.mark.parametrize("ref", ["che", "chu"])
async def test_a_lease_that_ran_out_has_one_effect(
    database: Database, worker: MediaWorker, network: Network, clock: StillClock, told: Told,
    tmp_path: Path, ref: str,
) -> None:  # fmt: skip
    await sent(database, ref)
    network.open.clear()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        for count in (1, 2):
            group.create_task(worker.work_once())
            while len(network.asked) < count:  # noqa: ASYNC110 - the network only counts
                await asyncio.sleep(0.01)
            clock.move_to(clock.now() + timedelta(minutes=5))
        network.open.set()
    assert network.asked == [ref, ref]
    row = await only(database)
    assert row.state == ("have" if ref == "che" else "failed")
    assert len(told.media) == (ref == "chu")
    assert len(files(tmp_path, "photo")) == (ref == "che")


@pytest.mark.parametrize("where", ["keep", "keep_copies"])
async def test_p31_killed_in_the_middle_it_is_done_again(
    database: Database, worker: MediaWorker, clock: StillClock, store: MediaStore,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str,
) -> None:  # fmt: skip
    real: Callable[..., Awaitable[Any]] = getattr(store, where)

    async def killed(*args: Any) -> Any:
        await real(*args)
        raise Stopped

    await sent(database, "che")
    monkeypatch.setattr(store, where, killed)
    with pytest.raises(ExceptionGroup):
        await worker.work_once()
    monkeypatch.undo()
    assert (await only(database)).state == "wanted"
    assert not await worker.work_once()  # it is held still
    clock.move_to(clock.now() + timedelta(minutes=3))
    assert await worker.work_once()
    assert (await only(database)).state == "have"
    assert len(files(tmp_path, "photo")) == 1


async def test_p34_a_store_out_of_order_is_waited_for(
    database: Database, worker: MediaWorker, clock: StillClock, tmp_path: Path, told: Told
) -> None:
    in_the_way = tmp_path / "media" / "photo"
    in_the_way.write_text("a file where the folder should be")
    await sent(database, "che")
    with capture_logs() as logs:
        for _ in range(8):  # longer than any other trouble is
            assert await worker.work_once()
            row = await only(database)
            assert (row.state, row.attempts) == ("wanted", 0)
            clock.move_to(row.next_at)
    assert {(line["event"], line["log_level"]) for line in logs} == {
        ("media_store_unavailable", "error")
    }
    in_the_way.unlink()
    assert await worker.work_once()
    assert (await only(database)).state == "have"
    assert told.media == []
