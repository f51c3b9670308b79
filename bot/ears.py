"""What the inbox worker calls: who speaks and in which surroundings, then the talk's step.

What is decided here holds for every talk: who is not to be answered here and now (a group, the last
of a Zalo bot's month, a paper with a secrecy mark), and where else they can go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import handlers
from bot import media as photos
from bot.clock import Clock
from bot.conversation import Address, Event, Outcome, Refused, Reply, State
from bot.conversation.event import FILE_KEY
from bot.media import MediaStore
from bot.networks import zalo_places
from bot.outbox import OutboxWorker
from bot.settings import Settings
from bot.voice import Voice
from models.database import Session
from models.media import Media
from models.queue import Chat
from services import access, evidence, linking, networks, reports, upload_links
from services.access import Actor
from services.errors import Refused as ServiceRefused
from services.evidence import Piece
from services.zalo import quota as zalo_quota
from vietnamese.formatting import clock_time
from vietnamese.zone import local, local_day

ANSWERED = "Tôi đã trả lời riêng đồng chí."
IN_GROUP = "Ở nhóm thì không trả lời số liệu được. Đồng chí nhắn riêng cho tôi."
GROUP_PAUSE = timedelta(minutes=1)
UPLOAD_PAGE = "Ảnh, tệp, vị trí thì đồng chí gửi ở trang này cũng được (riêng của đồng chí, dùng đến {until}): {url}"
CHAT_PAGE = "Trang trò chuyện: {url}/dang-nhap (nhập mã do văn phòng cấp)."
ONLY_REMINDERS = (
    "Số tin Zalo tháng này sắp hết, phần còn lại để dành cho nhắc việc. Tin vừa rồi chưa ghi. "
    "Đồng chí làm tiếp ở trang web, đường dẫn dùng một lần trong 24 giờ: {url}"
)


class Ears:
    """What the inbox worker calls: the surroundings of an event, then the talk's step."""

    def __init__(
        self, settings: Settings, clock: Clock, outbox: OutboxWorker, voice: Voice
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._outbox = outbox
        self._voice = voice
        self._zalo = zalo_places(settings)
        self.photos_came = False
        """Whether an event had photos since this was last set back."""

    async def handle(self, session: Session, event: Event, state: State) -> Outcome:
        """One event in its transaction."""
        now, address = self._clock.now(), event.address
        if event.kind == "blocked":
            await linking.left(session, address.channel, address.chat_id, now)
            return Outcome(state)
        who = await access.actor_at(session, address.channel, address.chat_id, now)
        if who and _is_talk(event) and await self._only_reminders(session, address.channel, now):
            return Outcome(state, await self._elsewhere(session, who, now))
        if event.group:
            # Rights are the speaker's own, and so is the answer; the group hears where it went.
            answered = bool(event.said_in and who)
            await self._tell_group(session, event, ANSWERED if answered else IN_GROUP)
            if not answered:
                return Outcome(state)
        if who and (refused := handlers.marked(event, state)):
            return refused
        world = handlers.World(
            session=session,
            who=who,
            address=address,
            now=now,
            tell=lambda person, reply: self._voice.tell(session, person, reply),
            secret=self._settings.secret,
            code_days=self._settings.code_days,
            public_url=self._settings.public_url,
            bot_name=self._settings.telegram_bot_name,
            zalo=self._zalo,
        )
        kept_back = event.kind == "unsupported" and event.key == FILE_KEY
        if who and kept_back and world.has_public_page:
            event = await self._with_upload_page(session, who, event)
        wanted = await photos.want(session, event, who.person_id if who else None, now)
        self.photos_came |= bool(wanted)
        try:
            return await handlers.hear(event, state, world, wanted)
        except ServiceRefused as refused:
            raise Refused(refused.sentence) from refused

    async def _tell_group(self, session: Session, event: Event, sentence: str) -> None:
        """Once in a while: an album of six is one answer, and whoever talks on in a group cannot
        use up what the network lets us say."""
        there = Address(event.address.channel, event.said_in or event.address.chat_id)
        since = self._clock.now() - GROUP_PAUSE
        said = await networks.said_since(session, there.channel, there.chat_id, since)
        if sentence not in said:
            await self._outbox.put(session, there, [Reply(sentence)])

    async def _only_reminders(self, session: Session, channel: str, now: datetime) -> bool:
        """Whether the last of a Zalo bot's month is being kept for reminders."""
        if channel not in self._settings.zalo_bots:
            return False
        return await zalo_quota.only_reminders(
            session,
            channel,
            now,
            limit=self._settings.zalo_bot_monthly_limit,
            counts_received=self._settings.zalo_bot_counts_received,
        )

    async def _elsewhere(self, session: Session, who: Actor, now: datetime) -> list[Reply]:
        """The way to the web, once a day: every answer is a reminder less."""
        purpose = "elsewhere"
        if await linking.had_code_on(session, who.person_id, purpose, local_day(now)):
            return []
        secret = self._settings.secret
        code = await linking.make_code(
            session, who, who.person_id, now=now, secret=secret, days=1, purpose=purpose
        )
        return [Reply(ONLY_REMINDERS.format(url=f"{self._settings.public_url}/vao/{code}"))]

    async def _with_upload_page(self, session: Session, who: Actor, event: Event) -> Event:
        """Where else the photos can go."""
        address, now = self._settings.public_url, self._clock.now()
        token = await upload_links.make(session, who, event.address.chat_id, now)
        until = clock_time(local(now + upload_links.LIFE))
        place = UPLOAD_PAGE.format(until=until, url=f"{address}/gui-anh/{token}")
        lines = [event.text, place]
        if event.address.channel.startswith("zalo_bot"):
            lines.append(CHAT_PAGE.format(url=address))  # of some people everything is kept from us
        return replace(event, text="\n".join(lines))

    async def photo_failed(self, session: Session, media: Media) -> None:
        """A photo or file that cannot be had is named to its sender by its number."""
        word = "Tệp" if media.kind == "file" else "Ảnh"
        found = await reports.place_of_photo(session, media.id)
        if found:
            which = f"{word} {found[1]} của {found[0]}"
        else:
            chat = await session.get(Chat, (media.channel, media.chat_id))
            draft = chat.state.get("data", {}).get("photos", []) if chat else []
            which = (
                f"{word}{_which(await evidence.pieces(session, draft), media.id)} đồng chí vừa gửi"
            )
        address = Address(media.channel, media.chat_id)
        await self._outbox.put(session, address, [Reply(f"{which} chưa dùng được. {media.reason}")])
        self._outbox.notify()


def _which(draft: Sequence[Piece], photo: int) -> str:
    """ " thứ nhất", " thứ 2"; "" for a photo that is in no draft."""
    number = next((piece.number for piece in draft if piece.media_id == photo), 0)
    return {0: "", 1: " thứ nhất"}.get(number, f" thứ {number}")


def _is_talk(event: Event) -> bool:
    """Whether it came in by the network: not by the upload page, nor is it a held question."""
    if event.kind == "wake" or upload_links.is_from_page(event.id):
        return False
    return not any(MediaStore.is_upload(photo.ref) for photo in event.media)
