"""Commands of the administrator: migrate, invite, export."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import Clock
from bot.commands.errors import Stop
from bot.commands.opened import opened
from bot.settings import read_settings
from documents.invitations import Invitation, write_invitations
from documents.official import official_table
from models.database import Database
from models.migrate import migrate, newest, version_of
from models.organisation import Post, Unit, holder_of
from services import linking, people
from services.errors import Refused
from vietnamese.zone import local_day


async def migrate_database() -> None:
    """Bring the database to this version, and say from where to where."""
    settings = read_settings()
    if settings.sqlite_path:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    before = await version_of(database)
    await migrate(database)
    await database.close()
    print(f"Cơ sở dữ liệu: {before or 'trống'} → {newest()}")


async def invite(out: Path, unit: str, person: str, *, again: bool) -> None:
    """Make codes and write the sheet."""
    now = Clock().now()
    async with opened() as (settings, database), database.begin() as session:
        path = ""
        if unit:
            found = await session.scalar(select(Unit.path).where(Unit.code == unit))
            if found is None:
                raise Stop(f'Không có đơn vị mã "{unit}".')
            path = found
        cards = [
            card
            for card in await people.everybody(session, local_day(now))
            if (again or not card.channels)
            and card.unit_path.startswith(path)
            and person in ("", card.code)
        ]
        if not cards:
            raise Stop("Không có ai cần mã. Thêm --again để cấp lại cho người đã kết nối.")
        invitations = [
            Invitation(
                card.name,
                card.post,
                card.unit,
                await linking.make_code(
                    session, None, card.person_id,
                    now=now, secret=settings.secret, days=settings.code_days,
                ),
                now + timedelta(days=settings.code_days),
            )
            for card in cards
        ]  # fmt: skip
        sheet = write_invitations(
            invitations, public_url=settings.public_url, bot_name=settings.telegram_bot_name
        )
    # Written after the codes are committed: a sheet must never hold codes that do not work.
    out.write_text(sheet, encoding="utf-8")
    print(
        f"Đã cấp {len(invitations)} mã, mỗi mã dùng một lần trong {settings.code_days} ngày. In tệp {out}."
    )


async def export(post: str, out: Path) -> None:
    """Write the official table of a post's area."""
    now = Clock().now()
    async with opened() as (_, database):
        person_id = await _holder(database, post)
        try:
            out.write_bytes(await official_table(database, person_id, None, now))
        except Refused as refused:
            raise Stop(refused.sentence) from None
    print(f"Đã ghi {out}.")


async def _holder(database: Database, post: str) -> int:
    async with database.begin() as session:
        found = await session.scalar(select(Post).where(Post.code == post))
        person = await holder_of(session, found.id, local_day(Clock().now())) if found else None
    if person is None:
        raise Stop(f'Không có ai giữ chức vụ "{post}".')
    return person.id
