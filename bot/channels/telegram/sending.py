"""One message out: text, buttons, a photo or a document; and the old buttons taken away."""

from __future__ import annotations

import re

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiogram.methods import EditMessageReplyMarkup, SendDocument, SendMessage, SendPhoto
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, LinkPreviewOptions

from bot.channels.base import ReadAttachment, SendFailed, Sending
from bot.channels.telegram.failures import Failures
from bot.channels.telegram.intake import Aside
from bot.channels.telegram.session import Unread, reason_of
from bot.channels.telegram.writing import as_html, as_plain, keyboard
from bot.clock import Clock
from bot.conversation import Attachment
from bot.conversation.reply import units

log = structlog.get_logger()

CAPTION = 1024
PHOTO_BYTES = 10 * 1024 * 1024
FILE_BYTES = 50 * 1024 * 1024
READ_AGAIN_SECONDS = 60.0
GONE_FILE = "(Ảnh hoặc tệp đi kèm hiện không còn trong kho.)"
_NO_LINKS = LinkPreviewOptions(is_disabled=True)
_REMEMBERED = 1000

Method = SendMessage | SendPhoto | SendDocument


class Sender:
    """Sends messages; raises SendFailed, and nothing else."""

    def __init__(
        self, bot: Bot, read: ReadAttachment, aside: Aside, clock: Clock, failures: Failures
    ) -> None:
        self._bot = bot
        self._read = read
        self._aside = aside
        self._clock = clock
        self._failures = failures
        self._file_out: dict[int, None] = {}
        """Outbox rows whose file has gone out while the text that belongs to it has not."""

    async def send(self, sending: Sending) -> str:
        message, chat = sending.message, sending.address.chat_id
        buttons = keyboard(message.choices, message.menu)
        text = message.text
        if message.attachment and sending.outbox_id not in self._file_out:
            try:
                data = await self._bytes(message.attachment)
            except LookupError:
                log.error("attachment_gone", source=message.attachment.source)
                text = f"{text}\n{GONE_FILE}".strip()
            else:
                fits = units(as_plain(text)) <= CAPTION
                caption = text if fits else ""
                method = _upload(chat, message.attachment, data, caption, buttons if fits else None)
                sent = await self._post(method, caption)
                if fits:
                    await self._retire(sending, sent)
                    return sent
                self._remember(sending.outbox_id)
        if not as_plain(text).strip():
            raise SendFailed("the message is empty")
        sent = await self._post(
            SendMessage(
                chat_id=chat,
                text=as_html(text),
                parse_mode="HTML",
                link_preview_options=_NO_LINKS,
                reply_markup=buttons,
            ),
            text,
        )
        self._file_out.pop(sending.outbox_id, None)
        await self._retire(sending, sent)
        return sent

    async def _post(self, method: Method, text: str) -> str:
        """Send; what is refused for its looks goes out without them. A refusal sent nothing."""
        upload = not isinstance(method, SendMessage)
        for _ in range(3):
            try:
                sent = await self._bot(method)
            except Unread as answer:
                self._failures.over()
                return str(answer.result["message_id"])
            except TelegramBadRequest as error:
                simpler = _simpler(method, text, reason_of(error))
                if simpler is None:
                    raise self._failures.of(error, self._clock.now(), upload=upload) from None
                log.warning("sent_simpler", chat=method.chat_id, reason=reason_of(error))
                method = simpler
            except AiogramError as error:
                raise self._failures.of(error, self._clock.now(), upload=upload) from None
            else:
                self._failures.over()
                return str(sent.message_id)
        raise SendFailed("refused in every form")

    async def _bytes(self, attachment: Attachment) -> bytes:
        try:
            data = await self._read(attachment)
        except LookupError:
            raise
        except Exception as error:  # whatever the store says, nothing has been sent yet
            log.exception("attachment_unreadable", source=attachment.source)
            reason = f"attachment: {type(error).__name__}"
            raise SendFailed(reason, retry_after=READ_AGAIN_SECONDS) from None
        if len(data) > FILE_BYTES:
            raise SendFailed(f"the attachment has {len(data)} bytes, Telegram takes {FILE_BYTES}")
        return data

    async def _retire(self, sending: Sending, sent: str) -> None:
        """Take the buttons off the earlier question; it is no matter if that fails."""
        old = sending.retires
        if old and old != sent and old.isdecimal():
            chat = sending.address.chat_id
            await self._aside(EditMessageReplyMarkup(chat_id=chat, message_id=int(old)))

    def _remember(self, outbox_id: int) -> None:
        if outbox_id:
            self._file_out[outbox_id] = None
            if len(self._file_out) > _REMEMBERED:
                del self._file_out[next(iter(self._file_out))]


def _upload(
    chat: str,
    attachment: Attachment,
    data: bytes,
    caption: str,
    buttons: InlineKeyboardMarkup | None,
) -> SendPhoto | SendDocument:
    named = re.sub(r'[\x00-\x1f"\\/]+', "_", attachment.name).strip()
    html = as_html(caption) or None
    if attachment.kind == "photo" and len(data) <= PHOTO_BYTES:
        photo = BufferedInputFile(data, named or "anh.jpg")
        return SendPhoto(
            chat_id=chat, photo=photo, caption=html, parse_mode="HTML", reply_markup=buttons
        )
    if attachment.kind == "photo":
        log.warning("photo_as_document", source=attachment.source, size=len(data))
    usual = "anh.jpg" if attachment.kind == "photo" else "tep"
    return SendDocument(
        chat_id=chat,
        document=BufferedInputFile(data, named or usual),
        caption=html,
        parse_mode="HTML",
        reply_markup=buttons,
    )


def _simpler(method: Method, text: str, reason: str) -> Method | None:
    """The same message with less to object to, after a 400; None when nothing can be left out."""
    reason = reason.upper()
    if "PARSE ENTITIES" in reason and method.parse_mode is not None:
        field = "text" if isinstance(method, SendMessage) else "caption"
        return method.model_copy(update={field: as_plain(text) or None, "parse_mode": None})
    if ("BUTTON" in reason or "MARKUP" in reason) and method.reply_markup is not None:
        return method.model_copy(update={"reply_markup": None})
    of_the_photo = ("IMAGE_PROCESS", "PHOTO_", "FOR A PHOTO")
    if isinstance(method, SendPhoto) and any(word in reason for word in of_the_photo):
        return SendDocument(
            chat_id=method.chat_id,
            document=method.photo,
            caption=method.caption,
            parse_mode=method.parse_mode,
            reply_markup=method.reply_markup,
        )
    return None
