"""One message out: as text, with buttons, a photo or a file; by template outside the window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from prometheus_client import Counter

from bot.channels.base import SendFailed, Sending
from bot.channels.zalo_oa import sentences
from bot.channels.zalo_oa.api import Api
from bot.channels.zalo_oa.failures import EVERYDAY, PARAMETER, WINDOW, Failures, may_be_its_form
from bot.channels.zalo_oa.line import CallFailed, Json, Refused
from bot.channels.zalo_oa.memory import Contact, Memory, window
from bot.channels.zalo_oa.seen import Seen
from bot.channels.zalo_oa.tokens import NoToken
from bot.channels.zalo_oa.uploads import DocumentLink, Upload, Uploads
from bot.channels.zalo_oa.writing import (
    BUTTONS,
    TEXT,
    Template,
    file_message,
    photo_message,
    text_message,
    words,
)
from bot.clock import Clock
from bot.conversation import Attachment
from bot.conversation.reply import split_text

log = structlog.get_logger()

SENT = Counter("zalo_oa_sent", "Messages that Zalo has taken.", ["window"])

TEMPLATE_PAUSE = timedelta(hours=12)
"""One template a person in so long: what follows it (a digest's second part) is no second one."""
DOUBT = timedelta(hours=1)
"""How long we do without what Zalo has refused, before it is tried again."""
_REMEMBERED = 1000


@dataclass(frozen=True)
class Parcel:
    """One message of Zalo's. `without`: what to send instead, should Zalo not take what it `uses`."""

    body: Json
    uses: str = ""
    without: tuple[Parcel, ...] = ()
    old_upload: bool = False
    """It names an upload of some time ago, which Zalo may have thrown away."""


class Sender:
    """Sends messages; raises SendFailed, and nothing else."""

    def __init__(
        self,
        api: Api,
        uploads: Uploads,
        memory: Memory,
        clock: Clock,
        seen: Seen,
        *,
        template: Template | None,
        link: DocumentLink | None,
    ) -> None:
        self._api = api
        self._uploads = uploads
        self._memory = memory
        self._clock = clock
        self._seen = seen
        self._template = template
        self._link = link
        self._failures = Failures()
        self._doubted: dict[str, datetime] = {}
        """Sides of a message ("buttons", "caption") that were refused, and until when."""
        self._left: dict[int, list[Parcel]] = {}
        """The parcels of an outbox row that have not gone out, when others of it have."""

    async def send(self, sending: Sending) -> str:
        chat = sending.address.chat_id
        contact = await self._contact(chat)
        standing = window(contact, self._clock.now())
        if standing == "closed":
            return await self._by_template(sending, contact)
        try:
            sent = await self._consult(sending)
        except SendFailed as failure:
            if failure.reason != WINDOW:
                raise
        else:
            SENT.labels(standing or "unknown").inc()
            return sent
        await self._is_closed(chat)
        return await self._by_template(sending, contact)

    # Within the window

    async def _consult(self, sending: Sending) -> str:
        """The parcels in turn; raises SendFailed. What has gone out does not go out again."""
        row = sending.outbox_id
        rest = self._left.pop(row, None)
        left = rest or await self._parcels(sending)
        begun, forgone, sent = rest is not None, "", ""
        while left:
            parcel = left[0]
            try:
                sent = await self._api.consult(sending.address.chat_id, parcel.body)
            except (CallFailed, NoToken) as error:
                failure: CallFailed | NoToken = error
            else:
                await self._note_taken(parcel.uses, forgone)
                begun, forgone, left = True, "", left[1:]
                continue
            if isinstance(failure, Refused):
                attachment = sending.message.attachment
                if failure.code == PARAMETER and parcel.old_upload and attachment:
                    self._uploads.forget(attachment)
                    left = await self._parcels(sending)
                    continue
                if parcel.without and may_be_its_form(failure.code):
                    log.warning("sent_simpler", without=parcel.uses, reason=str(failure))
                    forgone, left = parcel.uses, [*parcel.without, *left[1:]]
                    continue
            if begun:
                self._remember(row, left)
            if isinstance(failure, Refused) and failure.code not in EVERYDAY:
                await self._seen.note(f"code {failure.code}", "seen")
            raise self._failures.of(failure, self._clock.now())
        self._failures.over()
        return sent or f"zalo-{row}"

    async def _note_taken(self, uses: str, forgone: str) -> None:
        """It worked: with what it uses, or only without what had been left out of it."""
        if forgone:
            self._doubted[forgone] = self._clock.now() + DOUBT
            await self._seen.note(forgone, "refused")
        elif uses:
            await self._seen.note(uses, "taken")

    def _doubts(self, side: str) -> bool:
        until = self._doubted.get(side)
        return until is not None and until > self._clock.now()

    async def _parcels(self, sending: Sending) -> list[Parcel]:
        message = sending.message
        text, attachment = words(message.text).strip(), message.attachment
        if attachment is not None:
            try:
                upload = await self._upload(attachment)
            except LookupError:
                log.error("attachment_gone", source=attachment.source)
                text, attachment = f"{text}\n{sentences.GONE_FILE}".strip(), None
            else:
                if upload is None:
                    text = f"{text}\n{await self._elsewhere(attachment)}".strip()
                    attachment = None
                elif attachment.kind == "photo":
                    return self._with_photo(upload, text, sending)
                else:
                    return [*self._texts(text, sending), Parcel(file_message(upload.name))]
        texts = self._texts(text, sending)
        if not texts:
            raise SendFailed("the message is empty")
        return texts

    def _with_photo(self, upload: Upload, text: str, sending: Sending) -> list[Parcel]:
        alone = Parcel(photo_message(upload.name), old_upload=upload.again)
        if not text:
            return [alone]
        apart = (alone, *self._texts(text, sending))
        if self._doubts("caption"):
            return list(apart)
        if sending.message.choices:
            log.debug("choices_as_numbers", menu=sending.message.menu)  # one attachment a message
        with_words = photo_message(upload.name, text)
        return [Parcel(with_words, "caption", apart, old_upload=upload.again)]

    def _texts(self, text: str, sending: Sending) -> list[Parcel]:
        if not text:
            return []
        *first, last = split_text(text, TEXT)
        parcels = [Parcel(text_message(part)) for part in first]
        plain = Parcel(text_message(last))
        choices, menu = sending.message.choices, sending.message.menu
        if not choices or self._doubts("buttons"):
            return [*parcels, plain]
        if len(choices) > BUTTONS:
            log.debug("choices_without_button", count=len(choices) - BUTTONS, menu=menu)
        return [*parcels, Parcel(text_message(last, choices, menu), "buttons", (plain,))]

    async def _upload(self, attachment: Attachment) -> Upload | None:
        try:
            return await self._uploads.upload(attachment)
        except (CallFailed, NoToken) as error:
            raise self._failures.of(error, self._clock.now(), reaches=False) from None

    async def _elsewhere(self, attachment: Attachment) -> str:
        """Where the person gets what Zalo does not take."""
        usual = "ảnh" if attachment.kind == "photo" else "tệp"
        name, url = attachment.name or usual, ""
        log.info("attachment_as_link", source=attachment.source, name=name)
        if self._link is not None:
            try:
                url = await self._link(attachment)
            except Exception:
                log.exception("no_link", source=attachment.source)
        sentence = sentences.ON_THE_WEB if url else sentences.NO_LINK
        return sentence.format(name=name, url=url)

    def _remember(self, row: int, left: list[Parcel]) -> None:
        if row:
            self._left[row] = left
            if len(self._left) > _REMEMBERED:
                del self._left[next(iter(self._left))]

    # Outside the window

    async def _by_template(self, sending: Sending, contact: Contact | None) -> str:
        """Raises SendFailed "window" when no template is set, or one has gone out just now."""
        now, chat = self._clock.now(), sending.address.chat_id
        text = words(sending.message.text).strip()
        last = contact.template_at if contact else None
        if self._template is None or not text or (last and now - last < TEMPLATE_PAUSE):
            raise SendFailed(WINDOW)
        data = self._template.filled(text, now)
        try:
            sent = await self._api.template(chat, self._template.id, data)
        except (CallFailed, NoToken) as error:
            raise self._failures.of(error, now) from None
        self._failures.over()
        SENT.labels("template").inc()
        try:
            await self._memory.templated(chat, now)
        except Exception as error:  # noqa: BLE001 - it has been sent, and that is what counts
            log.error("template_not_noted", error=type(error).__name__)
        return sent or f"zalo-{sending.outbox_id}"

    async def _contact(self, chat: str) -> Contact | None:
        """What is known of the chat; when the memory is away, Zalo's word decides."""
        try:
            return await self._memory.contact(chat)
        except Exception as error:  # noqa: BLE001 - see above
            log.warning("window_unknown", error=type(error).__name__)
            return None

    async def _is_closed(self, chat: str) -> None:
        try:
            await self._memory.closed(chat, self._clock.now())
        except Exception as error:  # noqa: BLE001 - Zalo will say so again
            log.warning("window_not_noted", error=type(error).__name__)
