"""Photos and files put on Zalo before a message names them, and what it does not take."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.channels.base import ReadAttachment, SendFailed
from bot.channels.zalo_oa.api import BAD_TOKEN, Api
from bot.channels.zalo_oa.failures import MEANINGS
from bot.channels.zalo_oa.line import Refused, Trouble
from bot.clock import Clock
from bot.conversation import Attachment

log = structlog.get_logger()

IMAGE_BYTES = 1024 * 1024
FILE_BYTES = 5 * 1024 * 1024
FILE_NAMES = (".pdf", ".doc", ".docx", ".csv")
KEPT = timedelta(days=6)
"""Zalo keeps an upload for seven days; it takes 5,000 a month, so a photo goes up once."""
READ_AGAIN_SECONDS = 60.0
_REMEMBERED = 500

DocumentLink = Callable[[Attachment], Awaitable[str]]
"""A link by which the person gets the attachment elsewhere; "" when there is none."""


@dataclass(frozen=True)
class Upload:
    """What a message names an attachment by; `again`: it went up some time ago."""

    name: str
    again: bool = False


class Uploads:
    """Hands out what a message names an attachment by."""

    def __init__(self, api: Api, read: ReadAttachment, clock: Clock) -> None:
        self._api = api
        self._read = read
        self._clock = clock
        self._known: dict[str, tuple[str, datetime]] = {}

    async def upload(self, attachment: Attachment) -> Upload | None:
        """Its attachment_id (photo) or token (file); None: Zalo does not take it.

        Raises LookupError for what is not there any more, SendFailed when the store is away,
        CallFailed and NoToken for what passes.
        """
        found = self._known.get(attachment.source)
        if found and self._clock.now() - found[1] < KEPT:
            return Upload(found[0], again=True)
        data = await self._bytes(attachment)
        if not _takes(attachment, data):
            return None
        image = attachment.kind == "photo"
        try:
            name = await self._api.upload("image" if image else "file", data, _named(attachment))
        except (Refused, Trouble) as error:
            if not _is_final(error):
                raise
            log.warning("zalo_oa_upload_refused", source=attachment.source, reason=str(error))
            return None
        if image:  # a file's token is good for one message
            self._remember(attachment.source, name)
        return Upload(name)

    def forget(self, attachment: Attachment) -> None:
        """Zalo does not know it any more: let it go up again."""
        self._known.pop(attachment.source, None)

    def _remember(self, source: str, name: str) -> None:
        self._known[source] = (name, self._clock.now())
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]

    async def _bytes(self, attachment: Attachment) -> bytes:
        try:
            return await self._read(attachment)
        except LookupError:
            raise
        except Exception as error:  # whatever the store says, nothing has been sent yet
            log.exception("attachment_unreadable", source=attachment.source)
            reason = f"attachment: {type(error).__name__}"
            raise SendFailed(reason, retry_after=READ_AGAIN_SECONDS) from None


def _is_final(error: Refused | Trouble) -> bool:
    """Whether the same upload would be refused again."""
    if isinstance(error, Trouble):
        return error.status == 413
    return error.code not in BAD_TOKEN and MEANINGS.get(error.code) != "pace"


def _takes(attachment: Attachment, data: bytes) -> bool:
    if attachment.kind == "photo":
        is_image = data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
        return is_image and len(data) <= IMAGE_BYTES
    return attachment.name.lower().endswith(FILE_NAMES) and len(data) <= FILE_BYTES


def _named(attachment: Attachment) -> str:
    name = re.sub(r'[\x00-\x1f"\\/]+', "_", attachment.name).strip()
    return name or ("anh.jpg" if attachment.kind == "photo" else "tep.pdf")
