"""One message out: text, a photo by its public address, a document as a link to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.channels.base import SendFailed, Sending
from bot.channels.zalo_bot import sentences
from bot.channels.zalo_bot.client import ApiRefused, Client, Json, ZaloTrouble
from bot.channels.zalo_bot.failures import QUOTA, Failures
from bot.channels.zalo_bot.metering import Tally
from bot.channels.zalo_bot.seen import Seen
from bot.clock import Clock
from bot.conversation import Attachment
from bot.conversation.reply import plain, units

log = structlog.get_logger()

TEXT_LIMIT = 2000
"""UTF-16 units of a text, and of a caption."""
READ_AGAIN_SECONDS = 60.0
_REMEMBERED = 1000
_CONTROLS = {code: None for code in range(32) if code not in (9, 10)}

PhotoLink = Callable[[Attachment], Awaitable[str]]
"""A public https address of a photo, good for a while. Raises LookupError: it is gone."""
DocumentLink = Callable[[Sending], Awaitable[str]]
"""A page where the sending's document can be had. Raises LookupError: it is gone."""


def sendable(text: str) -> str:
    """The text without marks, control letters and halves of letters."""
    return plain(text).translate(_CONTROLS).encode("utf-8", "ignore").decode()


class Sender:
    """Sends messages; raises SendFailed, and nothing else."""

    def __init__(
        self,
        client: Client,
        clock: Clock,
        tally: Tally,
        seen: Seen,
        photo_link: PhotoLink,
        document_link: DocumentLink,
    ) -> None:
        self._client = client
        self._clock = clock
        self._tally = tally
        self._seen = seen
        self._photo_link = photo_link
        self._document_link = document_link
        self._failures = Failures()
        self._link_out: dict[int, None] = {}
        """Outbox rows whose link has gone out while the text that belongs to it has not."""

    async def send(self, sending: Sending) -> str:
        """Returns Zalo's id of the message."""
        chat, text = sending.address.chat_id, sendable(sending.message.text)
        attachment = sending.message.attachment
        if attachment and sending.outbox_id not in self._link_out:
            line = await self._line_for(sending, attachment, text)
            if isinstance(line, _Sent):
                return line.id
            joined = f"{text}\n{line}" if text.strip() else line
            if units(joined) > TEXT_LIMIT:
                await self._post("sendMessage", {"chat_id": chat, "text": line})
                self._remember(sending.outbox_id)
            else:
                text = joined
        if not text.strip():
            raise SendFailed("the message is empty")
        if units(text) > TEXT_LIMIT:
            raise SendFailed(f"the message has {units(text)} units, Zalo takes {TEXT_LIMIT}")
        sent = await self._post("sendMessage", {"chat_id": chat, "text": text})
        self._link_out.pop(sending.outbox_id, None)
        return sent

    async def _line_for(self, sending: Sending, attachment: Attachment, text: str) -> str | _Sent:
        """A photo is sent with the text below it; what cannot be is a line with a link."""
        try:
            if attachment.kind == "document":
                link = await self._document_link(sending)
                log.info("document_as_link", source=attachment.source)
                return sentences.document_at(attachment.name, link)
            link = await self._photo_link(attachment)
        except LookupError:
            log.error("attachment_gone", source=attachment.source)
            return sentences.GONE_FILE
        except Exception as error:  # whatever the store says, nothing has been sent yet
            log.exception("attachment_without_link", source=attachment.source)
            reason = f"attachment: {type(error).__name__}"
            raise SendFailed(reason, retry_after=READ_AGAIN_SECONDS) from None
        body: Json = {"chat_id": sending.address.chat_id, "photo": link}
        if text.strip():
            body["caption"] = text
        if units(text) > TEXT_LIMIT:
            return sentences.photo_at(link)
        try:
            return _Sent(await self._post("sendPhoto", body))
        except _PhotoRefused as refused:
            log.warning("photo_as_link", reason=str(refused))
            return sentences.photo_at(link)

    async def _post(self, method: str, body: Json) -> str:
        if await self._tally.used_up():
            raise SendFailed(f"{QUOTA}: this month's messages are used up")
        try:
            result = await self._client.call(method, body)
        except ZaloTrouble as trouble:
            failure = self._failures.of(trouble, self._clock.now())
            refused = isinstance(trouble, ApiRefused)
            self._seen.quota_refusals += isinstance(trouble, ApiRefused) and trouble.code == 429
            if refused and method == "sendPhoto" and _may_be_the_photo(trouble, failure):
                raise _PhotoRefused(failure.reason) from None
            if failure.unknown:
                await self._tally.add(sent=1)
            raise failure from None
        self._failures.over()
        await self._tally.add(sent=1)
        told = result if isinstance(result, dict) else {}
        return str(told.get("message_id") or "")[:128]

    def _remember(self, outbox_id: int) -> None:
        if outbox_id:
            self._link_out[outbox_id] = None
            if len(self._link_out) > _REMEMBERED:
                del self._link_out[next(iter(self._link_out))]


class _PhotoRefused(Exception):
    """Zalo would not take the photo (it could not fetch it, or not read it)."""


class _Sent:
    """The message has gone out, with this id."""

    def __init__(self, external_id: str) -> None:
        self.id = external_id


def _may_be_the_photo(trouble: ZaloTrouble, failure: SendFailed) -> bool:
    return isinstance(trouble, ApiRefused) and trouble.code == 400 and not failure.gone
