"""What the program says by itself: to a person wherever they are, and to the administrators."""

from __future__ import annotations

from collections.abc import Collection

from bot.clock import Clock
from bot.conversation import Address, Event, Reply
from bot.outbox import OutboxWorker
from models.database import Session
from services import linking, people


class Voice:
    """Puts messages into the outbox, for people and not for chats."""

    def __init__(self, clock: Clock, outbox: OutboxWorker) -> None:
        self._clock = clock
        self._outbox = outbox

    async def tell(
        self,
        session: Session,
        person_id: int,
        reply: Reply,
        networks: Collection[str] | None = None,
    ) -> bool:
        """Put a message for a person into the outbox; False: not reachable anywhere.

        If that network refuses it, it goes to the person's next one. `networks`: only on these.
        """
        on = self._outbox.networks if networks is None else networks
        account = await linking.reminded_at(session, person_id, on)
        if account is None:
            return False
        address = Address(account.channel, account.chat_id)
        await self._outbox.put(session, address, [reply], person_id=person_id)
        return True

    async def tell_administrators(
        self, session: Session, text: str, networks: Collection[str] | None = None
    ) -> None:
        """A program error, or a network's, is ours to tell (promise 9)."""
        for person in await people.administrators(session, self._clock.now()):
            await self.tell(session, person, Reply(text), networks)

    async def event_failed(
        self, session: Session, event: Event | None, error: BaseException
    ) -> None:
        """What failed and when, never what was said."""
        where = f"{event.address.channel}, tin {event.id}" if event else "tin không đọc được"
        await self.tell_administrators(
            session,
            f"Phần mềm gặp lỗi khi xử lý một tin ({where}): {type(error).__name__}. Xem nhật ký.",
        )
