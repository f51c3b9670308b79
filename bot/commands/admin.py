"""Commands of the administrator: migrate, invite, export."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select

from bot.clock import Clock
from bot.commands.errors import Stop, must_be_writable, write_out
from bot.commands.opened import opened, version_here
from bot.networks import zalo_places
from bot.settings import Settings, read_settings
from documents.invitations import Invitation, write_invitations
from documents.official import official_table
from models.account import LinkCode
from models.database import Database, Session
from models.migrate import BrokenReferences, migrate, newest
from models.organisation import Person, Post, Unit, holder_of
from services import linking, people
from services.errors import Refused
from services.zalo import bots as zalo_bots
from services.zalo.bots import ZaloPlace
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
            raise Stop(await _why_nobody(session, person, unit, local_day(now)))
        zalo = await zalo_bots.places_for(
            session, zalo_places(settings), [card.person_id for card in cards]
        )
        replaced = await _with_unused_code(session, [card.person_id for card in cards], now)
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
                _typed_on(settings, place),
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
    if replaced:
        print(
            f"Mã cấp trước đây mà chưa dùng của {replaced} người trong số này không còn dùng được: "
            "giấy mời cũ của họ thì bỏ đi."
        )
    if urlsplit(settings.public_url).hostname in ("127.0.0.1", "localhost", "::1"):
        print(
            f"Lưu ý: PUBLIC_URL là {settings.public_url}, nên đường dẫn trên giấy mời chỉ mở được "
            "trên máy này. Đồng chí đặt PUBLIC_URL rồi cấp lại trước khi in."
        )
    left_out = sum(found is None for found in zalo.values())
    if left_out and settings.zalo_bots:
        print(
            f"Các bot Zalo đã đủ {settings.zalo_bot_people} người mỗi bot: {left_out} giấy mời "
            "không có chỗ trên Zalo. Thêm bot (python -m bot zalo setup), hoặc mời dùng trang web."
        )


async def _with_unused_code(session: Session, people_ids: list[int], now: datetime) -> int:
    """How many hold a code that still works; a new one takes its place (linking.make_code)."""
    holders = await session.scalars(
        select(LinkCode.person_id).where(
            LinkCode.purpose == "link", LinkCode.used_at.is_(None), LinkCode.expires_at > now
        )
    )
    return len(set(holders) & set(people_ids))


def _typed_on(settings: Settings, place: ZaloPlace) -> tuple[str, ...]:
    """The networks where somebody may type the code."""
    telegram = bool(settings.telegram_token.get_secret_value() or settings.telegram_bot_name)
    return (*(("Zalo",) if place.channel else ()), *(("Telegram",) if telegram else ()))


async def _why_nobody(session: Session, person: str, unit: str, day: date) -> str:
    """Why there is nobody to make a code for."""
    if not await people.everybody(session, day):
        return "Chưa có người nào. Nạp tệp Excel trước: python -m bot import TEP.xlsx"
    if not person:
        return "Không có ai cần mã. Thêm --again để cấp lại cho người đã kết nối."
    found = await session.scalar(select(Person).where(Person.code == person))
    if found is None:
        return f'Không có người mã "{person}".'
    card = next((one for one in await people.everybody(session, day) if one.code == person), None)
    if card is None:
        return (
            f"{found.name} hiện không giữ chức vụ nào nên không cấp mã. "
            "Đồng chí giao chức vụ trước: python -m bot hand-over."
        )
    if card.channels:
        return f"{found.name} đã kết nối. Thêm --again để cấp mã mới."
    return f'{found.name} không thuộc đơn vị mã "{unit}".'


async def disconnect(person: str, network: str) -> None:
    """Let go of a person's chats, so that another person may be connected there."""
    now = Clock().now()
    async with opened() as (_, database), database.begin() as session:
        found = await session.scalar(select(Person).where(Person.code == person))
        if found is None:
            raise Stop(f'Không có người mã "{person}".')
        gone = await linking.disconnect(session, None, found, network or None, now)
        where = f"mạng {network}" if network else "mạng nào"
        if not gone:
            raise Stop(f"{found.name} không kết nối ở {where}.")
    print(
        f"Đã ngắt kết nối {found.name}: {', '.join(gone)}. "
        f"Kết nối lại thì cấp mã mới: python -m bot invite --person {person}"
    )


def _day(text: str) -> date:
    """30/11/2026, or 2026-11-30. Raises ValueError."""
    if "/" in text:
        number, month, year = map(int, text.split("/"))
        return date(year, month, number)
    return date.fromisoformat(text)


async def hand_over(post: str, person: str, day: str) -> None:
    """Hand a post over to another person."""
    now = Clock().now()
    try:
        first_day = _day(day) if day else local_day(now)
    except ValueError:
        raise Stop(f'Không có ngày "{day}". --from cần một ngày, ví dụ 01/12/2026.') from None
    async with opened() as (_, database), database.begin() as session:
        found = await session.scalar(select(Post).where(Post.code == post))
        taker = await session.scalar(select(Person).where(Person.code == person))
        if found is None:
            raise Stop(f'Không có chức vụ mã "{post}".')
        if taker is None:
            raise Stop(f'Không có người mã "{person}".')
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
            table = await official_table(database, person_id, None, now)
        except Refused:
            raise Stop(
                f'Chức vụ "{post}" không lãnh đạo hay theo dõi đơn vị nào nên không có bảng tổng hợp. '
                "Đồng chí chọn một chức vụ lãnh đạo, giám sát hoặc văn thư."
            ) from None
        write_out(out, table)
    print(f"Đã ghi {out}.")


async def _holder(database: Database, post: str) -> int:
    async with database.begin() as session:
        found = await session.scalar(select(Post).where(Post.code == post))
        person = await holder_of(session, found.id, local_day(Clock().now())) if found else None
    if person is None:
        raise Stop(f'Không có ai giữ chức vụ "{post}".')
    return person.id
