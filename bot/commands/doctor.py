"""`python -m bot doctor`: what is configured, reachable and waiting; who is not connected."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from bot.app import build_app
from bot.channels.base import Channel
from bot.clock import Clock
from bot.commands.doctor_zalo import zalo_lines
from bot.commands.opened import must_be_current
from bot.logs import set_up_logs
from bot.settings import doubts, read_settings
from models.database import Session
from models.media import Media
from models.queue import Inbox, Outbox
from services import people
from services.reminders.reach import IN_WORDS, not_sent_on
from vietnamese.zone import local_day

NAMED = 10
"""People listed by name for a reason."""


async def doctor() -> None:
    """Print the findings, one a line; "!" marks what needs a hand."""
    settings = read_settings()
    set_up_logs(settings.log_format, quiet=True)
    app = build_app(settings)
    await must_be_current(app.database)
    try:
        for doubt in doubts(settings):
            print(f"! {doubt}")
        print(f"Cơ sở dữ liệu: {app.database.url.render_as_string(hide_password=True)}")
        async with app.database.begin() as session:
            for line in [
                *await _queues(session),
                *await _unconnected(session),
                *await _not_sent(session, app.clock.now()),
            ]:
                print(line)
        await _telegram(app.channels.get("telegram"))
        print(*await zalo_lines(app), sep="\n")
    finally:
        await app.close()


async def _queues(session: Session) -> list[str]:
    lines = []
    for table, names in (
        (Inbox, {"new": "tin đến chưa xử lý", "failed": "! tin đến phải gác lại"}),
        (Outbox, {"ready": "tin chờ gửi", "failed": "! tin không gửi được",
                  "unknown": "! tin không rõ đã đến hay chưa"}),
        (Media, {"wanted": "ảnh chờ tải", "failed": "! ảnh không tải được"}),
    ):  # fmt: skip
        rows = await session.execute(select(table.state, func.count()).group_by(table.state))
        counts: dict[str, int] = dict(rows.all())
        lines += [
            f"{words}: {counts[state]}" for state, words in names.items() if counts.get(state)
        ]
    return lines or ["Không có tin nào đang chờ."]


async def _unconnected(session: Session) -> list[str]:
    cards = await people.everybody(session, local_day(Clock().now()))
    missing = [card for card in cards if not card.channels]
    lines = [f"Đã kết nối {len(cards) - len(missing)}/{len(cards)} người."]
    lines += [f"! Chưa kết nối: {card.label} [{card.code}]" for card in missing[:20]]
    if len(missing) > 20:
        lines.append(f"! … và {len(missing) - 20} người nữa. Cấp mã: python -m bot invite")
    return lines


async def _not_sent(session: Session, now: datetime) -> list[str]:
    """Whose digest of today did not get through, by reason in words."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in await not_sent_on(session, local_day(now)):
        by_reason.setdefault(IN_WORDS[reason], []).append(name)
    lines = []
    for words, names in by_reason.items():
        more = f" và {len(names) - NAMED} người nữa" if len(names) > NAMED else ""
        lines.append(
            f"! Không gửi được hôm nay, {words}: {len(names)} người ({', '.join(names[:NAMED])}{more})"
        )
    return lines or ["Nhắc việc hôm nay: không có tin nào không gửi được."]


async def _telegram(channel: Channel | None) -> None:
    if channel is None:
        print("Telegram: chưa cấu hình.")
        return
    from bot.channels.telegram import TelegramChannel  # see bot.networks
    from bot.channels.telegram.session import NotSent

    assert isinstance(channel, TelegramChannel)
    try:
        me = await channel.me()
    except NotSent:
        print("! Telegram: không gọi được máy chủ; xem mạng và TELEGRAM_API_URL.")
    except Exception as error:  # noqa: BLE001 - whatever it is, the doctor goes on and names it
        print(f"! Telegram: không kết nối được ({type(error).__name__}).")
    else:
        print(f"Telegram: @{me.username}")
