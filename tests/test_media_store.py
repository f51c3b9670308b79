"""Where photos lie, what is handed out of there, and the links to it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from bot import pictures
from bot.channels.base import FetchFailed
from bot.conversation import Attachment
from bot.media import Links, MediaStore, NotKept
from tests.fakes.media import NOW, files

DATA = Path(__file__).parent / "data"
TEA = (DATA / "anh.jpg").read_bytes()
ROAD = (DATA / "anh2.jpg").read_bytes()
TEA_SHA = hashlib.sha256(TEA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(str(tmp_path / "media"))


async def test_what_a_power_cut_left_half_written_is_written_again(
    store: MediaStore, tmp_path: Path
) -> None:
    sha = await store.keep(TEA)
    (path,) = files(tmp_path, "photo")
    (tmp_path / "media" / path).write_bytes(b"")
    assert await store.keep(TEA) == sha
    assert await store.read(sha) == TEA


async def test_p38_copies_carry_no_place_and_are_made_again_if_lost(
    store: MediaStore, tmp_path: Path
) -> None:
    sha = await store.keep(TEA)
    assert files(tmp_path, "copy") == []
    for size, box in (("full", (800, 600)), ("thumb", (320, 240))):
        source = "photo" if size == "full" else "thumb"
        copy = await store.read_attachment(Attachment(f"{source}:{sha}"))
        (tmp_path / "copy.jpg").write_bytes(copy)
        with Image.open(tmp_path / "copy.jpg") as image:
            assert (image.format, image.size, dict(image.getexif())) == ("JPEG", box, {})
        assert pictures.inspect(copy).place is None
    made = files(tmp_path, "copy")
    assert len(made) == 2
    assert await store.read_copy(sha, "thumb") == (tmp_path / "copy.jpg").read_bytes()


async def test_forgetting_leaves_nothing(store: MediaStore, tmp_path: Path) -> None:
    sha = await store.keep(TEA)
    await store.read_copy(sha, "full")
    await store.forget(sha)
    await store.forget(sha)
    assert files(tmp_path, "") == []
    with pytest.raises(NotKept):
        await store.read_copy(sha, "full")


@pytest.mark.parametrize(
    "source",
    ["", "photo:", "photo:../../etc/passwd", "photo:" + "0" * 64, "document:" + "0" * 32,
     "document:../photo", "upload:" + "0" * 32, "https://example.vn/a.jpg"],
)  # fmt: skip
async def test_a_source_that_names_nothing(store: MediaStore, source: str) -> None:
    with pytest.raises(NotKept):
        await store.read_attachment(Attachment(source))


async def test_documents_are_kept_for_a_while(store: MediaStore, tmp_path: Path) -> None:
    source = await store.keep_document(b"PK", "Bảng tổng hợp.XLSX")
    assert source.startswith("document:")
    assert source.endswith(".xlsx")
    assert await store.read_attachment(Attachment(source, "document", "Bảng.xlsx")) == b"PK"
    other = await store.keep_document(b"x", "../../tên lạ")
    assert await store.read_attachment(Attachment(other, "document")) == b"x"
    assert await store.sweep_documents() == 0
    assert await store.sweep_documents(timedelta(0)) == 2
    assert files(tmp_path, "document") == []


async def test_uploads_nobody_took_are_swept(store: MediaStore, tmp_path: Path) -> None:
    assert await store.sweep_uploads(timedelta(0)) == 0
    sha = await store.keep(TEA)
    upload = await store.take_upload(ROAD, "anh.jpg")
    assert await store.sweep_uploads() == 0
    assert await store.fetch_upload(upload.ref) == ROAD
    assert await store.sweep_uploads(timedelta(0)) == 1
    with pytest.raises(FetchFailed) as failed:
        await store.fetch_upload(upload.ref)
    assert failed.value.final
    assert await store.read(sha) == TEA


@pytest.mark.parametrize("kind", ["path", "file", "memory"])
async def test_where_it_may_lie(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "kho ảnh"
    url = {"path": str(folder), "file": folder.as_uri(), "memory": "memory://"}[kind]
    store = MediaStore(url)
    sha = await store.keep(TEA)
    assert await store.keep(TEA) == sha
    assert await store.read(sha) == TEA
    assert len(await store.read_copy(sha, "thumb")) < 20_000
    assert (folder / "photo" / sha[:2] / sha).exists() == (kind != "memory")


# Links


def test_p43_a_link_is_checked_and_its_age() -> None:
    links = Links(b"k" * 32, "https://giaoviec.example.vn/")
    expires = NOW + timedelta(minutes=15)
    url = urlsplit(links.url(TEA_SHA, "full", expires))
    assert url.netloc == "giaoviec.example.vn"
    assert url.path == f"/anh/{TEA_SHA}/full"
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    het, ky = query["het"], query["ky"]
    assert links.check(TEA_SHA, "full", het, ky, NOW)
    assert not links.check(TEA_SHA, "full", het, ky, expires)
    assert not links.check(TEA_SHA, "thumb", het, ky, NOW)
    assert not links.check("0" * 64, "full", het, ky, NOW)
    assert not links.check(TEA_SHA, "full", str(int(het) + 1), ky, NOW)
    assert not Links(b"x" * 32, "").check(TEA_SHA, "full", het, ky, NOW)
    for odd in ("", "é" * 40, "\ud800", ky[:-1], ky + "0", "٣"):
        assert not links.check(TEA_SHA, "full", het, odd, NOW)
        assert not links.check(TEA_SHA, "full", odd, ky, NOW)
        assert not links.check(odd, "full", het, ky, NOW)
        assert not links.check(TEA_SHA, odd, het, ky, NOW)
    with pytest.raises(ValueError, match="too short"):
        Links(b"", "https://giaoviec.example.vn")
