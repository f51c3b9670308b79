"""Files: what is uploaded or sent, kept by file_id, handed out by a path that expires.

A file_id is good for ever; the file_path that getFile answers is good for an hour, and what is
larger than 20 MB cannot be had at all. A picture sent as "Photo" comes in several sizes and has
lost its EXIF; sent as "File" it is what it was. (The real server also re-compresses photos; this
one leaves the largest size byte for byte, so that tests can compare.)
"""

from __future__ import annotations

import functools
import io
import itertools
import secrets
import warnings
from dataclasses import dataclass

from PIL import Image

from .wire import Json, bad_request

PATH_SECONDS = 3600
DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
PREVIEW_PIXELS = 30_000_000


@dataclass(slots=True)
class StoredFile:
    file_id: str
    unique_id: str
    kind: str
    data: bytes
    name: str
    mime: str
    width: int = 0
    height: int = 0

    def described(self) -> Json:
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.data),
        }

    def as_size(self) -> Json:
        """As a PhotoSize."""
        return self.described() | {"width": self.width, "height": self.height}

    def as_document(self) -> Json:
        return self.described() | {"file_name": self.name, "mime_type": self.mime}


class Files:
    """Every file of the fake, by id and by the paths handed out so far."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._paths: dict[str, tuple[StoredFile, float]] = {}
        self._numbers = itertools.count(1)

    def add(
        self, data: bytes, kind: str, name: str = "", mime: str = "application/octet-stream"
    ) -> StoredFile:
        number = next(self._numbers)
        stored = StoredFile(
            f"{kind[:2].title()}AD{secrets.token_urlsafe(36)}{number}",
            f"AQAD{number:08d}",
            kind,
            data,
            name,
            mime,
        )
        self._by_id[stored.file_id] = stored
        return stored

    def add_photo(self, data: bytes) -> list[StoredFile]:
        """The sizes of one photo, smallest first; the last is the picture itself, without EXIF."""
        data = without_exif(data)
        width, height, small = _measured(data)
        sizes: list[StoredFile] = []
        if small is not None:
            sizes.append(self.add(small[2], "photo", mime="image/jpeg"))
            sizes[0].width, sizes[0].height = small[0], small[1]
        sizes.append(self.add(data, "photo", mime="image/jpeg"))
        sizes[-1].width, sizes[-1].height = width, height
        return sizes

    def get(self, file_id: str) -> StoredFile:
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        return stored

    def open_path(self, file_id: str, now: float) -> Json:
        """getFile: a path good for an hour."""
        stored = self.get(file_id)
        if len(stored.data) > DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        end = stored.name.rpartition(".")[2] if "." in stored.name else "jpg"
        path = f"{stored.kind}s/file_{next(self._numbers)}.{end}"
        self._paths[path] = (stored, now + PATH_SECONDS)
        return stored.described() | {"file_path": path}

    def read(self, path: str, now: float) -> StoredFile | None:
        stored, until = self._paths.get(path, (None, 0.0))
        return stored if now < until else None

    def expire(self) -> None:
        """All paths handed out so far are dead; the ids go on living."""
        self._paths.clear()


def without_exif(data: bytes) -> bytes:
    """A JPEG without its APP1 segments (EXIF, XMP); anything else as it is."""
    if not data.startswith(b"\xff\xd8"):
        return data
    kept, at = [b"\xff\xd8"], 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] not in (0xDA, 0xD9):
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] != 0xE1:
            kept.append(data[at:end])
        at = end
    return b"".join(kept) + data[at:]


@functools.lru_cache(maxsize=256)
def _measured(data: bytes) -> tuple[int, int, tuple[int, int, bytes] | None]:
    """Width, height and a preview of at most 320 pixels. What is huge or broken has none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data)) as image:
                width, height = image.size
                if width * height > PREVIEW_PIXELS:
                    return width, height, None
                image.thumbnail((320, 320))
                preview = image.convert("RGB")
            out = io.BytesIO()
            preview.save(out, "JPEG", quality=60)
        return width, height, (preview.width, preview.height, out.getvalue())
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        return 1280, 960, None
