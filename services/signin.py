"""Signing in to the web (đăng nhập): a browser that stays signed in for thirty days of use.

The cookie holds a random token; the table holds only its hash. While it is used the token is
replaced once a day: a page may lose the answer that carried the new one (a patchy signal), so the
old one stays good for one more day.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from models.account import WebSession
from models.database import Session
from models.organisation import Person
from services import audit, linking
from services.access import actor_of

LIFE = timedelta(days=30)
ROTATE_AFTER = timedelta(days=1)
GRACE = timedelta(days=1)
CHANNEL = "web"
TRIES = "web-signin"
"""Wrong codes are counted per remote address, as if it were a chat on this network."""


def _hash(token: str) -> str:
    # The token is 256 random bits: a plain hash cannot be guessed backwards.
    return hashlib.sha256(token.encode()).hexdigest()


async def redeem(
    session: Session, code: str, remote: str, *, now: datetime, secret: bytes
) -> Person | str:
    """Whose one-time code this is, used up; or the sentence that says why it cannot be used.

    `remote`: where the browser is; five wrong codes from there lock it for fifteen minutes. The
    sentence is the same for wrong, used and expired codes (pitfall 44). It is returned, not raised,
    because the count of wrong ones must be committed.
    """
    if not await linking.may_try(session, TRIES, remote, now):
        return linking.LOCKED
    person = await linking.whose_code(session, code, TRIES, remote, now=now, secret=secret)
    if person is None:
        locked = not await linking.may_try(session, TRIES, remote, now)
        return linking.LOCKED if locked else linking.WRONG
    used = await linking.use_code(session, code, CHANNEL, person.code, now=now, secret=secret)
    return used or linking.WRONG


async def sign_in(session: Session, person: Person, now: datetime) -> str:
    """A new signed-in browser; returns the token for its cookie."""
    await session.execute(
        delete(WebSession).where(WebSession.person_id == person.id, WebSession.expires_at <= now)
    )
    token, row = await _open(session, person.id, now)
    actor = await actor_of(session, person, CHANNEL, now)
    audit.record(session, actor, "sign_in", "web_session", row.id, now=now)
    return token


async def person_of(session: Session, token: str, now: datetime) -> Person | None:
    """Who is signed in with this token; None: nobody, or no longer."""
    return await session.scalar(
        select(Person)
        .join(WebSession, WebSession.person_id == Person.id)
        .where(WebSession.hash == _hash(token), WebSession.expires_at > now)
    )


async def rotate(session: Session, token: str, now: datetime) -> str | None:
    """A new token in place of one in its second day; None: the old one still serves.

    Thirty days begin anew with it: who comes once a month stays signed in.
    """
    row = await _row(session, token, now)
    if row is None or now - row.created_at < ROTATE_AFTER:
        return None
    fresh, _ = await _open(session, row.person_id, now)
    row.expires_at = min(row.expires_at, now + GRACE)
    return fresh


async def sign_out(session: Session, token: str, now: datetime) -> None:
    """Forget the browser, and the replaced tokens of that person that would still be good."""
    row = await _row(session, token, now)
    if row is None:
        return
    person = await session.get_one(Person, row.person_id)
    actor = await actor_of(session, person, CHANNEL, now)
    audit.record(session, actor, "sign_out", "web_session", row.id, now=now)
    await session.execute(
        delete(WebSession).where(
            WebSession.person_id == row.person_id,
            (WebSession.id == row.id) | (WebSession.expires_at <= now + GRACE),
        )
    )


async def forget_expired(session: Session, now: datetime) -> int:
    """Housekeeping: drop sign-ins that are over; returns how many."""
    over = WebSession.expires_at <= now
    count = await session.scalar(select(func.count()).select_from(WebSession).where(over))
    await session.execute(delete(WebSession).where(over))
    return count or 0


async def _row(session: Session, token: str, now: datetime) -> WebSession | None:
    return await session.scalar(
        select(WebSession)
        .where(WebSession.hash == _hash(token), WebSession.expires_at > now)
        .with_for_update()
    )


async def _open(session: Session, person_id: int, now: datetime) -> tuple[str, WebSession]:
    token = secrets.token_urlsafe(32)
    row = WebSession(hash=_hash(token), person_id=person_id, created_at=now, expires_at=now + LIFE)
    session.add(row)
    await session.flush()
    return token, row
