"""Connecting people: one-time codes, given out and taken in (issue: Connecting people; pitfall 44).

A code is ten digits, so many that guessing within the limits is hopeless; it is kept as a keyed hash, good once and for some days. A wrong, used, expired
or foreign one gets the same answer; five wrong ones lock the chat for fifteen minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import case, delete, func, or_, select, update

from models.account import Account, LinkCode, WebSession, ways_to
from models.database import Session, insert_or_nothing
from models.nudge import settle
from models.organisation import Holding, Person, Post, Unit
from models.queue import Chat, Outbox
from services import audit
from services.access import Actor
from services.errors import Refused
from vietnamese.zone import local_day

CODE_DIGITS = 10
WRONG = (
    f"Mã này không dùng được. Đồng chí xem lại {CODE_DIGITS} chữ số trên giấy mời, "
    "hoặc xin văn phòng cấp mã mới."
)
LOCKED = (
    "Đã nhập sai mã nhiều lần. Đồng chí đợi 15 phút rồi thử lại, hoặc xin văn phòng cấp mã mới."
)
MAX_WRONG = 5
LOCK = timedelta(minutes=15)
LET_GO = "disconnected"
"""Why a message does not go to a chat that is its person's no longer."""


def _hash(code: str, secret: bytes) -> str:
    return hmac.new(secret, f"code:{code}".encode(), hashlib.sha256).hexdigest()


def digits_of(text: str) -> str:
    """The digits of what was typed: "4729 183 651" and "4729-183-651" are the same."""
    return "".join(letter for letter in text if letter.isascii() and letter.isdigit())


def is_code(text: str) -> bool:
    """Whether this is a code and nothing else: ten digits, in groups or not."""
    return len(digits_of(text)) == CODE_DIGITS and not any(map(str.isalpha, text))


def grouped(code: str) -> str:
    """The code as it is read and typed most easily: "4729 183 651"."""
    return f"{code[:4]} {code[4:7]} {code[7:]}"


async def make_code(
    session: Session,
    actor: Actor | None,
    person_id: int,
    *,
    now: datetime,
    secret: bytes,
    days: int,
    purpose: str = "link",
) -> str:
    """A new code for a person; older unused ones of the same purpose stop working.

    No actor: the administrator at the command line. A person may make one for themselves
    (another network). Raises Refused for anyone outside the clerk's units.
    """
    if actor and person_id != actor.person_id:
        await _may_invite(session, actor, person_id)
    await session.execute(
        delete(LinkCode).where(
            LinkCode.person_id == person_id, LinkCode.purpose == purpose, LinkCode.used_at.is_(None)
        )
    )
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    session.add(
        LinkCode(
            hash=_hash(code, secret),
            person_id=person_id,
            purpose=purpose,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    audit.record(session, actor, "make_code", "person", person_id, now=now)
    return code


async def had_code_on(session: Session, person_id: int, purpose: str, day: date) -> bool:
    """Whether the person's last code of that purpose was made on that day."""
    last = await session.scalar(
        select(func.max(LinkCode.created_at)).where(
            LinkCode.person_id == person_id, LinkCode.purpose == purpose
        )
    )
    return last is not None and local_day(last) == day


async def _may_invite(session: Session, actor: Actor, person_id: int) -> None:
    paths = actor.paths("clerk", "admin")
    found = await session.scalar(
        select(Holding.id)
        .join(Post, Post.id == Holding.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            Holding.person_id == person_id,
            Holding.held_on(actor.day),
            or_(*(Unit.path.startswith(path, autoescape=True) for path in paths)),
        )
        .limit(1)
    )
    if not paths or found is None:
        raise Refused("Đồng chí chỉ cấp mã được cho người trong đơn vị mình phụ trách.")


async def may_try(session: Session, channel: str, chat_id: str, now: datetime) -> bool:
    """False while the chat is locked for wrong codes."""
    chat = await session.get(Chat, (channel, chat_id))
    return chat is None or chat.locked_until is None or chat.locked_until <= now


async def note_wrong(session: Session, channel: str, chat_id: str, now: datetime) -> None:
    """Count a wrong code; the fifth locks the chat. Must be committed, so never raises Refused.

    Counted by the database, so that of many at once (a web address) none is lost.
    """
    empty = {"channel": channel, "chat_id": chat_id, "state": {}, "wrong_codes": 0}
    await session.execute(insert_or_nothing(session, Chat).values(**empty))
    here = update(Chat).where(Chat.channel == channel, Chat.chat_id == chat_id)
    here = here.execution_options(synchronize_session=False)
    again = case((Chat.wrong_at < now - LOCK, 1), else_=Chat.wrong_codes + 1)
    counted = await session.scalar(
        here.values(wrong_codes=again, wrong_at=now).returning(Chat.wrong_codes)
    )
    if counted is not None and counted >= MAX_WRONG:
        await session.execute(here.values(wrong_codes=0, locked_until=now + LOCK))
    chat = await session.get_one(Chat, (channel, chat_id))
    await session.refresh(chat, ["wrong_codes", "wrong_at", "locked_until"])


async def whose_code(
    session: Session, text: str, channel: str, chat_id: str, *, now: datetime, secret: bytes
) -> Person | None:
    """Whose code this is, if it can be used here now; it is not used up.

    None for wrong, used and expired codes alike, for a locked chat, and for a chat that belongs to
    someone else. A wrong one is counted.
    """
    if not await may_try(session, channel, chat_id, now):
        return None
    person = await session.scalar(
        select(Person)
        .join(LinkCode, LinkCode.person_id == Person.id)
        .where(
            LinkCode.hash == _hash(digits_of(text), secret),
            LinkCode.used_at.is_(None),
            LinkCode.expires_at > now,
        )
    )
    holder = await _account(session, channel, chat_id)
    if person is None or (holder is not None and holder.person_id != person.id):
        await note_wrong(session, channel, chat_id, now)
        return None
    return person


async def use_code(
    session: Session, text: str, channel: str, chat_id: str, *, now: datetime, secret: bytes
) -> Person | None:
    """Use the code up and connect the chat to its person; None as in `whose_code`.

    Of two who use it at once, one gets it.
    """
    person = await whose_code(session, text, channel, chat_id, now=now, secret=secret)
    if person is None:
        return None
    taken = await session.scalar(
        update(LinkCode)
        .where(
            LinkCode.hash == _hash(digits_of(text), secret),
            LinkCode.used_at.is_(None),
            LinkCode.expires_at > now,
        )
        .values(used_at=now)
        .returning(LinkCode.id)
    )
    if taken is None:
        await note_wrong(session, channel, chat_id, now)
        return None
    await connect(session, person, channel, chat_id, now)
    return person


async def connect(
    session: Session, person: Person, channel: str, chat_id: str, now: datetime
) -> Account:
    """Connect a chat to a person; an older chat of theirs on the same network is let go."""
    older = await session.scalars(
        select(Account).where(
            Account.person_id == person.id, Account.channel == channel, Account.chat_id != chat_id
        )
    )
    for one in older.all():
        await _let_go(session, one, now)
    account = await _account(session, channel, chat_id)
    if account is None:
        account = Account(
            channel=channel, chat_id=chat_id, person_id=person.id, connected_at=now, changed_at=now
        )
        session.add(account)
    account.state, account.changed_at = "connected", now
    chat = await session.get(Chat, (channel, chat_id))
    if chat is not None:
        chat.wrong_codes, chat.locked_until = 0, None
    await session.flush()
    actor = Actor(person.id, person.name, person.pseudonym, channel, local_day(now), ())
    audit.record(session, actor, "connect", "account", account.id, now=now)
    return account


async def disconnect(
    session: Session, actor: Actor | None, person: Person, channel: str | None, now: datetime
) -> list[str]:
    """Let go of a person's chats, on one network or on all; returns the networks, if any.

    No actor: the administrator at the command line.
    """
    wanted = select(Account).where(Account.person_id == person.id).order_by(Account.id)
    if channel is not None:
        wanted = wanted.where(Account.channel == channel)
    accounts = (await session.scalars(wanted)).all()
    for one in accounts:
        audit.record(
            session, actor, "disconnect", "account", one.id,
            now=now, before={"person": person.pseudonym, "channel": one.channel},
        )  # fmt: skip
        await _let_go(session, one, now)
    if channel in (None, "web"):
        await session.execute(delete(WebSession).where(WebSession.person_id == person.id))
    if person.remind_channel in [one.channel for one in accounts]:
        person.remind_channel = None
    return [one.channel for one in accounts]


async def _let_go(session: Session, account: Account, now: datetime) -> None:
    """The chat may be somebody else's next: what its person was in the middle of goes with them,
    and nothing more of theirs is sent there."""
    await session.delete(account)
    chat = await session.get(Chat, (account.channel, account.chat_id))
    if chat is not None:
        chat.state, chat.wake_at = {}, None
    ended = await session.execute(
        update(Outbox)
        .where(
            Outbox.channel == account.channel,
            Outbox.chat_id == account.chat_id,
            Outbox.state == "ready",
        )
        .values(state="failed", finished_at=now, error=LET_GO)
        .returning(Outbox.digest_id, Outbox.part)
    )
    for digest_id, part in ended.all():
        if digest_id is not None and not part:
            await settle(session, digest_id, "failed", LET_GO)


async def _account(session: Session, channel: str, chat_id: str) -> Account | None:
    return await session.scalar(
        select(Account).where(Account.channel == channel, Account.chat_id == chat_id)
    )


async def left(session: Session, channel: str, chat_id: str, now: datetime) -> None:
    """Somebody has blocked us: the account is marked, so that the leader sees it."""
    account = await _account(session, channel, chat_id)
    if account is not None:
        account.state, account.changed_at = "blocked", now


async def reminded_at(
    session: Session, person_id: int, networks: Collection[str]
) -> Account | None:
    """Where a person is told things (models.account.in_turn): only on `networks`, those that are
    configured."""
    ways = await ways_to(session, [person_id], networks)
    return ways[person_id][0] if person_id in ways else None


async def accounts_of(session: Session, person_id: int) -> list[Account]:
    """A person's connected accounts, the one connected last first."""
    rows = await session.scalars(
        select(Account)
        .where(Account.person_id == person_id, Account.state == "connected")
        .order_by(Account.connected_at.desc(), Account.id.desc())
    )
    return list(rows)


async def remind_on(session: Session, actor: Actor, channel: str, now: datetime) -> None:
    """Choose the network for one's own reminders. Raises Refused where none is connected."""
    if channel not in {account.channel for account in await accounts_of(session, actor.person_id)}:
        raise Refused("Đồng chí chưa kết nối mạng này. Đồng chí chọn một mạng trong danh sách.")
    person = await session.get_one(Person, actor.person_id)
    before = {"remind_channel": person.remind_channel}
    person.remind_channel = channel
    audit.record(
        session, actor, "remind_on", "person", person.id,
        now=now, before=before, after={"remind_channel": channel},
    )  # fmt: skip
