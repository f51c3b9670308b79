"""The doctor's part about Zalo: its bots and the Official Account, each as Zalo tells it now."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.app import App
from bot.channels.zalo_bot import ApiRefused, BotInfo, ZaloBotChannel, ZaloTrouble
from bot.channels.zalo_oa import CallFailed, NoToken, ZaloOaChannel
from bot.commands.zalo_setup_oa import told
from services import networks
from services.zalo import quota as zalo_quota
from services.zalo import seen as zalo_seen
from services.zalo.oa import Standing, ZaloOaStore
from vietnamese.formatting import clock_time, day, number
from vietnamese.zone import local, local_day

SOON = timedelta(days=14)
"""A refresh token that runs out within these days needs a hand."""
QUIET = timedelta(days=3)
"""Nobody writes to the account for so long only if few do, or Zalo brings nothing any more."""
FREE_GROUPS = 3
BOT_FACTS = {
    "flat": "tin đến không có vỏ bọc",
    "wrapped": "tin đến trong vỏ bọc như tài liệu",
    "photo_url": "ảnh ở trường photo_url",
    "photo": "ảnh ở trường photo",
    "caption": "ảnh kèm lời",
    "group": "tin từ nhóm",
    "probe": "Zalo gọi thử webhook bằng tin rỗng",
    "repeated": "Zalo gửi lại tin cũ",
    "no_chat": "tin không rõ của ai",
    "quota": "Zalo báo hết lượt tin",
    "unverified": "webhook được lưu dù gọi thử chưa được",
}
"""What nobody has confirmed about the Bot Platform (bot.channels.zalo_bot.seen), in words."""
ANOTHER_BOT = (
    "Token của {name} là của bot khác với bot mà mọi người đã kết nối, nên bot này không nhận và "
    "không gửi tin. Xếp lại ZALO_BOT_TOKENS đúng thứ tự cũ, bot mới để cuối."
)
OA_FACTS = {
    "signature": "dạng chữ ký",
    "oa_type": "loại OA",
    "buttons": "nút trả lời",
    "caption": "ảnh kèm lời",
    "press": "chọn nút",
}
"""The same about the Official Account (bot.channels.zalo_oa.seen)."""


async def zalo_lines(app: App) -> list[str]:
    """All that there is to say about Zalo, one finding a line; "!" marks what needs a hand."""
    bots = [one for one in app.channels.values() if isinstance(one, ZaloBotChannel)]
    lines = [] if bots else ["Zalo Bot: chưa cấu hình."]
    for bot in bots:
        lines += await _bot(app, bot)
    account = app.channels.get("zalo_oa")
    if isinstance(account, ZaloOaChannel):
        return lines + await _account(app, account)
    return [*lines, "Zalo OA: chưa cấu hình."]


async def _bot(app: App, bot: ZaloBotChannel) -> list[str]:
    try:
        info = await bot.get_me()
        hook = str((await bot.webhook_info())["url"])
    except ZaloTrouble as trouble:
        lines = [f"! Zalo {bot.name}: {_trouble(trouble)}"]
    else:
        lines = [_who(bot.name, info), f"  {_webhook(app, bot.name, hook)}"]
        async with app.database.begin() as session:
            known = await networks.bot_of(session, bot.name)
        if known not in ("", info.id):
            lines.append(f"! {ANOTHER_BOT.format(name=bot.name)}")
    return lines + await _counts(app, bot.name)


def _who(name: str, info: BotInfo) -> str:
    groups = (
        f"vào được tối đa {FREE_GROUPS} nhóm" if info.can_join_groups else "không vào được nhóm"
    )
    return (
        f'Zalo {name}: bot "{info.account_name}", loại {info.account_type or "không rõ"}, {groups}.'
    )


def _webhook(app: App, name: str, url: str) -> str:
    """Whether messages come to us, by the way that the settings name."""
    ours = f"{app.settings.public_url}/{name}"
    if app.settings.zalo_bot_mode == "polling":
        if url:
            return f"! Đang hỏi liên tục mà còn webhook {url}: khi chạy, webhook này bị bỏ."
        return "Nhận tin: hỏi liên tục (chỉ để thử)."
    if url == ours:
        return f"Webhook: {url}"
    return (
        f"! Webhook {f'đang ở {url}' if url else 'chưa đặt'}, cần {ours}: python -m bot zalo setup"
    )


async def _counts(app: App, name: str) -> list[str]:
    """The month's messages, the people, and the facts seen, all from the database."""
    settings, now = app.settings, app.clock.now()
    async with app.database.begin() as session:
        row = await zalo_quota.month(session, name, now)
        people = (await zalo_quota.people_on(session, [name]))[name]
        facts = await zalo_seen.seen(session, name)
    standing = zalo_quota.Standing(
        name,
        zalo_quota.month_of(now),
        row.sent if row else 0,
        row.received if row else 0,
        settings.zalo_bot_monthly_limit,
        settings.zalo_bot_counts_received,
    )
    full = "! " if people >= settings.zalo_bot_people else ""
    return [
        f"  {_quota(standing)}",
        f"  {full}Người trên bot: {people}/{settings.zalo_bot_people}",
        *_seen(facts),
    ]


def _quota(standing: zalo_quota.Standing) -> str:
    month = int(standing.month[5:])
    counted = "cả gửi và nhận" if standing.counts_received else "chỉ tính tin gửi"
    used = f"Tin tháng {month} ({counted}): {number(standing.used)}"
    if standing.left is None:
        return f"{used}, không giới hạn"
    mark = "! " if standing.percent >= zalo_quota.WARN_AT[0] else ""
    return (
        f"{mark}{used}/{number(standing.limit)} ({standing.percent}%), còn {number(standing.left)}"
    )


def _seen(facts: dict[str, date]) -> list[str]:
    met = [f"{words} ({day(facts[fact])})" for fact, words in BOT_FACTS.items() if fact in facts]
    missing = [words for fact, words in BOT_FACTS.items() if fact not in facts]
    lines = [f"  Đã gặp: {'; '.join(met)}"] if met else []
    return lines + ([f"  Chưa gặp: {'; '.join(missing)}"] if missing else [])


def _trouble(trouble: ZaloTrouble) -> str:
    if isinstance(trouble, ApiRefused) and trouble.code in (401, 404):
        return "Zalo không nhận token. Lấy lại token rồi chạy: python -m bot zalo setup"
    return f"chưa hỏi được Zalo ({trouble})."


async def _account(app: App, channel: ZaloOaChannel) -> list[str]:
    try:
        account = await channel.account()
    except (CallFailed, NoToken) as failed:
        lines = [f"! Zalo OA: chưa hỏi được Zalo ({failed})."]
    else:
        lines = [f"Zalo {told(account)}"]
    # Only now: asking may have renewed the tokens.
    now = app.clock.now()
    standing = await ZaloOaStore(app.database, app.settings.zalo_oa_app_id).standing(now)
    lines += [f"  {line}" for line in _tokens(standing, now)]
    lines.append(
        f"  Cửa sổ nhắn tin: {standing.free} người miễn phí (48 giờ), {standing.paid} người "
        f"có phí (7 ngày), {standing.closed} người đã đóng"
    )
    lines.append(f"  {_last_word(standing.heard_at, now)}")
    template = app.settings.zalo_oa_template_id
    lines.append(
        f"  Tin mẫu: {template}"
        if template
        else "  Tin mẫu: chưa cấu hình; ai quá 7 ngày chưa nhắn cho OA thì OA không nhắc được"
    )
    known = [f"{OA_FACTS.get(fact, fact)} = {value}" for fact, value in standing.facts.items()]
    missing = [words for fact, words in OA_FACTS.items() if fact not in standing.facts]
    lines += [f"  Đã gặp: {'; '.join(known)}"] if known else []
    return lines + ([f"  Chưa gặp: {'; '.join(missing)}"] if missing else [])


def _last_word(heard_at: datetime | None, now: datetime) -> str:
    """When anybody was last heard: a webhook that Zalo has switched off tells nobody."""
    look = "Nếu có người vừa nhắn: xem webhook còn bật không ở developers.zalo.me."
    if heard_at is None:
        return f"! Tin gần nhất qua webhook: chưa có. {look}"
    at = local(heard_at)
    told = f"Tin gần nhất qua webhook: {clock_time(at)} {day(at.date())}"
    return f"! {told}. {look}" if now - heard_at > QUIET else told


def _tokens(standing: Standing, now: datetime) -> list[str]:
    if not standing.has_tokens:
        return ["! Token: chưa có. Chạy: python -m bot zalo setup"]
    lines = []
    if standing.expires_at is not None:
        at = local(standing.expires_at)
        over = "! Token truy cập đã hết hạn lúc" if standing.expires_at <= now else "Token truy cập đến"  # fmt: skip
        lines.append(f"{over} {clock_time(at)} {day(at.date())}")
    if standing.refresh_until is not None:
        mark = "! " if standing.refresh_until - now < SOON else ""
        lines.append(f"{mark}Refresh token đến {day(local_day(standing.refresh_until))}")
    if standing.refused:
        lines.append(
            f"! Zalo không nhận refresh token ({standing.refused}). Chạy: python -m bot zalo setup"
        )
    elif standing.maybe_spent:
        lines.append(
            "! Lần gia hạn trước bị ngắt giữa chừng, refresh token có thể đã mất. "
            "Xem docs/zalo.md, mục “Token hỏng”."
        )
    return lines
