"""Setting up Zalo bots: tokens, the way messages come, a test message."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from functools import partial

from pydantic import SecretStr

from bot.app import App, build_app
from bot.channels.zalo_bot import ApiRefused, BotInfo, ZaloBotChannel, ZaloTrouble
from bot.channels.zalo_bot.channel import API_URL
from bot.channels.zalo_bot.setup import check_webhook
from bot.clock import Clock
from bot.commands.asking import Asker
from bot.commands.zalo_greeting import greeted_in_inbox, greeted_when_asked, try_out
from bot.settings import Settings
from models.database import Database

FREE_BOTS = 3
_TOKEN = re.compile(r"[A-Za-z0-9:._~-]{8,256}")
BEFORE = (
    "",
    "ZALO BOT",
    "Tạo bot và lấy token tại https://bot.zaloplatforms.com (đăng nhập bằng tài khoản Zalo).",
    "Gói miễn phí: 3 bot, mỗi bot 50 người, 3.000 tin một tháng, 3 nhóm.",
)


async def set_up_bots(asker: Asker, settings: Settings, database: Database) -> None:
    """Tokens, webhook, test; prints what belongs into .env."""
    started = Clock().now()
    asker.say(*BEFORE)
    tokens, infos = await _tokens(asker, settings, database)
    if not infos:
        asker.say("Chưa có bot nào dùng được, phần Zalo Bot để lại sau.")
        return
    by_webhook = _by_webhook(asker, settings)
    secret = _usable_secret(settings) if by_webhook else ""
    asker.tell_env(_env(settings, tokens, infos, by_webhook, secret))
    app = build_app(_with(settings, tokens), database=database)
    try:
        if by_webhook:
            asker.line(
                "Ghi xong thì chạy (lại) chương trình ở một cửa sổ lệnh khác: python -m bot run, "
                "rồi gõ Enter ở đây."
            )
            await _set_webhooks(asker, app, infos, secret)
        for name, info in infos.items():
            channel = _bot(app, name)
            if by_webhook:
                greeted = partial(greeted_in_inbox, database, name, started)
                await try_out(asker, channel, info.account_name, greeted)
            elif await _may_be_asked(asker, channel, info):
                greeted = partial(greeted_when_asked, app, channel, started)
                await try_out(asker, channel, info.account_name, greeted)
    finally:
        for made in app.channels.values():
            await made.close()


def _with(settings: Settings, tokens: list[str]) -> Settings:
    """The settings with these bots alone; polling, so that nothing but us changes the webhook."""
    return settings.model_copy(
        update={
            "zalo_bot_tokens": SecretStr(",".join(tokens)),
            "zalo_bot_mode": "polling",
            "zalo_oa_app_id": "",
            "telegram_token": SecretStr(""),
        }
    )


def _bot(app: App, name: str) -> ZaloBotChannel:
    channel = app.channels[name]
    assert isinstance(channel, ZaloBotChannel)
    return channel


async def _tokens(
    asker: Asker, settings: Settings, database: Database
) -> tuple[list[str], dict[str, BotInfo]]:
    """All tokens, those of the settings first, and what the good ones belong to, by channel."""
    tokens = list(settings.zalo_bot_places)
    infos: dict[str, BotInfo] = {}
    for name, token in settings.zalo_bots.items():
        info = await _who(asker, settings, database, token, f"Token của {name} trong .env")
        if info:
            infos[name] = info
    while True:
        number = len(tokens) + 1
        if number == FREE_BOTS + 1:
            asker.say(f"Gói miễn phí có {FREE_BOTS} bot; thêm nữa thì phải nâng gói.")
        token = asker.secret(
            f"Dán token của bot thứ {number} (Enter: không thêm nữa):",
            fits=lambda typed: bool(_TOKEN.fullmatch(typed)),
        )
        if not token:
            return tokens, infos
        if token in tokens:
            asker.say("Token này đã có trong danh sách.")
            continue
        info = await _who(asker, settings, database, token, "Token vừa dán")
        if info:
            tokens.append(token)
            infos["zalo_bot" if number == 1 else f"zalo_bot_{number}"] = info


async def _who(
    asker: Asker, settings: Settings, database: Database, token: str, what: str
) -> BotInfo | None:
    """Ask Zalo whose token this is, and say so."""
    if not _TOKEN.fullmatch(token):
        asker.say(f"! {what}: không đúng dạng. Đồng chí chép lại cả chuỗi.")
        return None
    app = build_app(_with(settings, [token]), database=database)
    try:
        info = await _bot(app, "zalo_bot").get_me()
    except ZaloTrouble as trouble:
        asker.say(f"! {what}: {_words(trouble)}")
        return None
    finally:
        for channel in app.channels.values():
            await channel.close()
    groups = "vào được nhóm" if info.can_join_groups else "không vào được nhóm"
    asker.say(
        f'✓ {what}: bot "{info.account_name}", loại {info.account_type or "không rõ"}, {groups}.'
    )
    return info


def _by_webhook(asker: Asker, settings: Settings) -> bool:
    possible = settings.public_url.startswith("https://") or settings.zalo_bot_api_url != API_URL
    options = (
        f"Webhook: để chạy thật; Zalo gửi tin về {settings.public_url}/…",
        "Hỏi liên tục: chỉ để thử, mất điện giữa chừng có thể mất tin",
    )
    usual = 1 if settings.zalo_bot_mode == "webhook" else 2
    if asker.choose("Nhận tin bằng cách nào?", options, usual) == 2:
        return False
    if not possible:
        asker.say(
            f"! Webhook cần địa chỉ https:// mà PUBLIC_URL đang là {settings.public_url}. "
            "Đồng chí đặt PUBLIC_URL rồi chạy lại; trong lúc này thử bằng cách hỏi liên tục."
        )
    return possible


def _usable_secret(settings: Settings) -> str:
    """The webhook's secret of the settings, or a fresh one."""
    kept = settings.zalo_bot_webhook_secret.get_secret_value()
    with suppress(ValueError):
        check_webhook("https://a.vn/zalo_bot", kept)
        return kept
    return secrets.token_urlsafe(32)


def _env(
    settings: Settings,
    tokens: list[str],
    infos: dict[str, BotInfo],
    by_webhook: bool,
    secret: str,
) -> list[str]:
    """The lines of .env that differ from the settings."""
    lines = []
    names = {name: infos[name].account_name if name in infos else "" for name in _names(tokens)}
    if tokens != settings.zalo_bot_places:
        told = ",".join(
            f'<token của "{shown or name}">' if token else ""
            for token, (name, shown) in zip(tokens, names.items(), strict=True)
        )
        lines.append(f"ZALO_BOT_TOKENS={told}")
    known = {channel: name for channel, name, _ in settings.zalo_bot_signs}
    signs = [known.get(name) or shown.replace(",", " ") for name, shown in names.items()]
    if signs != list(known.values()):
        lines.append(f"ZALO_BOT_NAMES={','.join(signs)}")
    mode = "webhook" if by_webhook else "polling"
    if mode != settings.zalo_bot_mode:
        lines.append(f"ZALO_BOT_MODE={mode}")
    if secret and secret != settings.zalo_bot_webhook_secret.get_secret_value():
        lines.append(f"ZALO_BOT_WEBHOOK_SECRET={secret}")
    return lines


def _names(tokens: list[str]) -> list[str]:
    return [f"zalo_bot_{at}" if at > 1 else "zalo_bot" for at in range(1, len(tokens) + 1)]


async def _set_webhooks(asker: Asker, app: App, infos: dict[str, BotInfo], secret: str) -> None:
    for name, info in infos.items():
        url = f"{app.settings.public_url}/{name}"
        if not asker.yes(f'Đặt webhook của "{info.account_name}" về {url}?'):
            continue
        try:
            verified = await _bot(app, name).set_webhook(url, secret)
        except ZaloTrouble as trouble:
            asker.say(f"! Chưa đặt được webhook: {_words(trouble)}")
            continue
        asker.say(
            "✓ Đã đặt webhook, Zalo gọi thử được."
            if verified
            else "! Zalo đã lưu địa chỉ nhưng gọi thử chưa được. Đồng chí xem chương trình có đang "
            f"chạy không, và {url} có mở được từ Internet bằng https không."
        )


async def _may_be_asked(asker: Asker, channel: ZaloBotChannel, info: BotInfo) -> bool:
    """Zalo answers no questions while there is a webhook."""
    try:
        url = (await channel.webhook_info())["url"]
        if not url:
            return True
        if not asker.yes(
            f'"{info.account_name}" đang gửi tin về {url}. Bỏ webhook đó để thử?', usual=False
        ):
            return False
        await channel.delete_webhook()
    except ZaloTrouble as trouble:
        asker.say(f"! Chưa hỏi được Zalo về webhook: {_words(trouble)}")
        return False
    return True


def _words(trouble: ZaloTrouble) -> str:
    if isinstance(trouble, ApiRefused) and trouble.code in (401, 404):
        return "Zalo không nhận token này. Đồng chí lấy lại token của bot."
    if isinstance(trouble, ApiRefused):
        return f"Zalo trả lời: {trouble}."
    return f"chưa nói chuyện được với Zalo ({trouble}). Đồng chí xem mạng của máy chủ rồi thử lại."
