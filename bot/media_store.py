"""Where photos and files lie: a folder, or S3, by the same code (obstore).

photo/ab/<sha256>        the bytes as they were sent, kept once
file/ab/<sha256>         papers as they were sent, kept once and handed out only to be saved
copy/<size>/ab/<sha256>  JPEG copies without EXIF or place, upright: what is handed out
upload/<random>          received directly (web, terminal), until the media worker has taken it
document/<random>        files made for somebody, until they are old
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from bot.channels.base import FetchFailed
from bot.clock import Clock
from bot.conversation import Attachment, MediaRef
from bot.media_process import PictureProcess, Prepared
from bot.pictures import MAX_BYTES

log = structlog.get_logger()

Size = Literal["full", "thumb"]
TROUBLE = (BaseError, OSError)
"""What a store raises when it is full, read-only or out of reach: try again later."""

GONE = "Ảnh không còn trên máy chủ. Đồng chí gửi lại ảnh này."

_SHA = re.compile(r"[0-9a-f]{64}\Z")
_RANDOM = re.compile(r"[0-9a-f]{32}(\.[a-z0-9]{1,5})?\Z")
_UPLOAD = "upload:"


class NotKept(LookupError):
    """Nothing is kept under this name (it was erased, or never kept)."""


class CannotOpen(Exception):
    """The place that was named cannot be used at all; the message names it for the administrator."""


class MediaStore:
    """Keeps photos and files by content, hands out safe copies, and holds uploads and made documents.

    `url`: a folder's path, `file:///…`, `s3://bucket/prefix` (settings from AWS_* variables),
    or `memory://`. Raises CannotOpen where there is no such place; all methods may raise TROUBLE.
    """

    def __init__(self, url: str, pictures: PictureProcess | None = None) -> None:
        self.pictures = pictures or PictureProcess()
        self._folder = _folder(url)
        try:
            self._store = _open(url, self._folder)
        except (*TROUBLE, ValueError):
            raise CannotOpen(f"thư mục {self._folder}" if self._folder else "nơi này") from None

    # Photos, by the SHA-256 of what was sent

    async def keep(self, data: bytes) -> str:
        """Keep the bytes, once, however often they are sent; returns their SHA-256 (hex)."""
        return await self._keep_once(data, _photo)

    async def keep_file(self, data: bytes) -> str:
        """The same for a paper (PDF, DOCX …); it has no copies."""
        return await self._keep_once(data, _file)

    async def _keep_once(self, data: bytes, key_of: Callable[[str], str]) -> str:
        sha = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
        key = key_of(sha)
        # A size that differs is what a power cut left behind: written again.
        if await self._size(key) != len(data):
            await self._put(key, data)
        await self._settle(key)
        return sha

    async def keep_copies(self, sha: str, prepared: Prepared) -> None:
        await self._put(_copy(sha, "full"), prepared.full)
        await self._put(_copy(sha, "thumb"), prepared.thumb)

    async def read(self, sha: str) -> bytes:
        """What was sent, with all its EXIF: for the checker's tools, never to be handed out.

        Raises NotKept.
        """
        return await self._get(_photo(sha))

    async def read_copy(self, sha: str, size: Size) -> bytes:
        """A JPEG without EXIF or place, upright: "full" (≤ 2048 px, ≤ 1 MB) or "thumb" (≤ 320 px).

        A copy that is missing is made again. Raises NotKept.
        """
        try:
            return await self._get(_copy(sha, size))
        except NotKept:
            prepared = await self.pictures.prepare_picture(await self.read(sha))
            await self.keep_copies(sha, prepared)
            return prepared.full if size == "full" else prepared.thumb

    async def forget(self, sha: str) -> None:
        """Remove a photo and its copies, or a file. The caller knows that no other row needs it."""
        for key in (_copy(sha, "thumb"), _copy(sha, "full"), _photo(sha), _file(sha)):
            await self._delete(key)

    # Uploads: bytes a channel received itself

    async def take_upload(self, data: bytes, name: str) -> MediaRef:
        """Keep what was received until the media worker takes it; `ref` is "upload:<key>".

        Nothing is refused here: the worker does, in words. Of a file that is too heavy only so
        much is kept that it can be told.
        """
        key = secrets.token_hex(16)
        await self._put(f"upload/{key}", data[: MAX_BYTES + 1])
        await self._settle(f"upload/{key}")
        return MediaRef(f"{_UPLOAD}{key}", name, len(data))

    @staticmethod
    def is_upload(ref: str) -> bool:
        return ref.startswith(_UPLOAD)

    async def fetch_upload(self, ref: str) -> bytes:
        """The bytes of an upload. Raises FetchFailed when there is none."""
        try:
            return await self._get(_upload(ref))
        except NotKept:
            raise FetchFailed(GONE, final=True) from None

    async def drop_upload(self, ref: str) -> None:
        """The upload has been taken; dropping it twice is harmless."""
        await self._delete(_upload(ref))

    async def sweep_uploads(self, older_than: timedelta = timedelta(days=3)) -> int:
        """Remove uploads that nobody took; returns how many."""
        return await self._sweep("upload", older_than)

    # Documents made for somebody, and what a reply carries

    async def keep_document(self, data: bytes, name: str) -> str:
        """Keep a made file for a while; returns the `source` of an Attachment."""
        ending = re.search(r"\.[a-z0-9]{1,5}\Z", name.lower(), re.ASCII)
        key = secrets.token_hex(16) + (ending[0] if ending else "")
        await self._put(f"document/{key}", data)
        await self._settle(f"document/{key}")
        return f"document:{key}"

    async def sweep_documents(self, older_than: timedelta = timedelta(days=7)) -> int:
        """Remove made files that are old; returns how many."""
        return await self._sweep("document", older_than)

    async def read_attachment(self, attachment: Attachment) -> bytes:
        """The bytes of "photo:<sha>" (full copy), "thumb:<sha>", "file:<sha>.<ending>" or
        "document:<key>".

        Raises NotKept, also for any other source.
        """
        what, _, key = attachment.source.partition(":")
        if what == "photo":
            return await self.read_copy(key, "full")
        if what == "thumb":
            return await self.read_copy(key, "thumb")
        if what == "file":
            return await self._get(_file(key.partition(".")[0]))
        if what == "document" and _RANDOM.match(key):
            return await self._get(f"document/{key}")
        raise NotKept(attachment.source)

    # The store below

    async def _put(self, key: str, data: bytes) -> None:
        await self._store.put_async(key, data)  # atomic: the whole of it, or nothing

    async def _get(self, key: str) -> bytes:
        try:
            found = await self._store.get_async(key)
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            raise NotKept(key) from None

    async def _size(self, key: str) -> int | None:
        try:
            return int((await self._store.head_async(key))["size"])
        except FileNotFoundError:
            return None

    async def _delete(self, key: str) -> None:
        try:
            await self._store.delete_async(key)
        except FileNotFoundError:
            return

    async def _settle(self, key: str) -> None:
        """In a folder: wait until the disk has it, as the database does (synchronous=FULL)."""
        if self._folder:
            await asyncio.to_thread(_sync, self._folder, self._folder / key)

    async def _sweep(self, prefix: str, older_than: timedelta) -> int:
        # The store stamps with the machine's time, so the clock that a demo moves says nothing.
        oldest = Clock().now() - older_than
        removed = 0
        async for batch in self._store.list(prefix):
            for found in batch:
                if found["last_modified"] <= oldest:
                    await self._delete(found["path"])
                    removed += 1
        return removed


def _folder(url: str) -> Path | None:
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Path(unquote(parts.path)).absolute()
    return None if parts.scheme else Path(url).absolute()


def _open(url: str, folder: Path | None) -> ObjectStore:
    if folder:
        return LocalStore(folder, mkdir=True)
    if url.startswith("memory:"):
        return MemoryStore()
    return from_url(url)


def _photo(sha: str) -> str:
    if not _SHA.match(sha):
        raise NotKept(sha)
    return f"photo/{sha[:2]}/{sha}"


def _file(sha: str) -> str:
    if not _SHA.match(sha):
        raise NotKept(sha)
    return f"file/{sha[:2]}/{sha}"


def _copy(sha: str, size: Size) -> str:
    if not _SHA.match(sha):
        raise NotKept(sha)
    return f"copy/{size}/{sha[:2]}/{sha}"


def _upload(ref: str) -> str:
    key = ref.removeprefix(_UPLOAD)
    if not _RANDOM.match(key):
        raise FetchFailed(GONE, final=True)
    return f"upload/{key}"


def _sync(root: Path, path: Path) -> None:
    """The file, and every folder that may just have been made for it."""
    folders = [folder for folder in path.parents if folder.is_relative_to(root)]
    for each in (path, *folders):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
