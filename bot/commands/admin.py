"""Commands of the administrator: migrate, invite, export."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import Clock
from bot.commands.errors import Stop, must_be_writable, write_out
from bot.commands.opened import opened, version_here
from bot.networks import zalo_places
from bot.settings import read_settings
from documents.invitations import Invitation, write_invitations
from documents.official import official_table
from models.database import Database
from models.migrate import BrokenReferences, migrate, newest
from models.organisation import Person, Post, Unit, holder_of
from services import linking, people, zalo_bots
from services.errors import Refused
from services.zalo_bots import ZaloPlace
from vietnamese.zone import local_day


async def migrate_database() -> None:
    """Bring the database to this version, and say from where to where."""
    settings = read_settings()
    if settings.sqlite_path:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    before = await version_here(database)
    try:
        await migrate(database)
    except BrokenReferences as broken:
        raise Stop(f"Chưa nâng cấp được, dữ liệu giữ như cũ: {broken}.") from None
    finally:
        await database.close()
    print(f"Cơ sở dữ liệu: {before or 'trống'} → {newest()}")


async def invite(out: Path, unit: str, person: str, *, again: bool) -> None:
    """Make codes and write the sheet."""
    must_be_writable(out)
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
        zalo = await zalo_bots.places_for(
            session, zalo_places(settings), [card.person_id for card in cards]
        )
        places = [zalo[card.person_id] or ZaloPlace("") for card in cards]
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
                place.name,
                place.link,
            )
            for card, place in zip(cards, places, strict=True)
        ]  # fmt: skip
        sheet = write_invitations(
            invitations, public_url=settings.public_url, bot_name=settings.telegram_bot_name
        )
    # Written after the codes are committed: a sheet must never hold codes that do not work.
    write_out(out, sheet.encode())
    print(
        f"Đã cấp {len(invitations)} mã, mỗi mã dùng một lần trong {settings.code_days} ngày. In tệp {out}."
    )
    left_out = sum(found is None for found in zalo.values())
    if left_out and settings.zalo_bots:
        print(
            f"Các bot Zalo đã đủ {settings.zalo_bot_people} người mỗi bot: {left_out} giấy mời "
            "không có chỗ trên Zalo. Thêm bot (python -m bot zalo setup), hoặc mời dùng trang web."
        )


async def hand_over(post: str, person: str, day: str) -> None:
    """Hand a post over to another person."""
    now = Clock().now()
    try:
        first_day = date.fromisoformat(day) if day else local_day(now)
    except ValueError:
        raise Stop("--from cần một ngày, ví dụ 2026-12-01.") from None
    async with opened() as (_, database), database.begin() as session:
        found = await session.scalar(select(Post).where(Post.code == post))
        taker = await session.scalar(select(Person).where(Person.code == person))
        if found is None or taker is None:
            raise Stop(f'Không có chức vụ mã "{post}" hoặc người mã "{person}".')
        try:
            before = await people.hand_over(session, None, found, taker, first_day, now)
        except Refused as refused:
            raise Stop(refused.sentence) from None
    giver = f"{before.name} → " if before else ""
    print(f"Đã bàn giao {found.title}: {giver}{taker.name}, từ {first_day:%d/%m/%Y}.")


async def export(post: str, out: Path) -> None:
    """Write the official table of a post's area."""
    must_be_writable(out)
    now = Clock().now()
    async with opened() as (_, database):
        person_id = await _holder(database, post)
        try:
            write_out(out, await official_table(database, person_id, None, now))
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
