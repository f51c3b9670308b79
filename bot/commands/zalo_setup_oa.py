"""Setting up the Official Account: keys, the pair of tokens, the webhook's address, a test."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from pydantic import SecretStr

from bot.app import build_app
from bot.channels.zalo_oa import CallFailed, NoToken, OfficialAccount, ZaloOaChannel
from bot.channels.zalo_oa.line import Line
from bot.channels.zalo_oa.memory import Tokens, Turn
from bot.channels.zalo_oa.tokens import TokenKeeper
from bot.clock import Clock
from bot.commands.asking import Asker
from bot.commands.zalo_greeting import greeted_in_inbox, try_out
from bot.settings import Settings
from models.database import Database
from services.zalo.oa import ZaloOaStore
from vietnamese.formatting import day
from vietnamese.zone import local_day

BEFORE = (
    "",
    "ZALO OFFICIAL ACCOUNT",
    "Cần có: OA của cơ quan (oa.zalo.me) và một ứng dụng ở https://developers.zalo.me đã liên kết "
    "với OA đó, được cấp quyền quản lý tin nhắn, người quan tâm và tải tệp lên.",
)
AFTER = (
    "Ở developers.zalo.me, mục Webhook của ứng dụng, đặt địa chỉ (bước này Zalo chỉ cho làm bằng tay):",
    "    {url}",
    "và bật các sự kiện: người dùng gửi tin (văn bản, ảnh, tệp, vị trí …), quan tâm, bỏ quan tâm. "
    "Zalo đòi xác thực tên miền của địa chỉ này trước.",
)
REFRESH = (
    "Dán refresh token (ở developers.zalo.me, Công cụ → API Explorer, chọn “OA Access Token”). "
    "Mỗi refresh token dùng được một lần"
)


async def set_up_account(asker: Asker, settings: Settings, database: Database) -> None:
    """Keys, tokens, webhook, test; prints what belongs into .env."""
    started = Clock().now()
    asker.say(*BEFORE)
    app_id = asker.text("ID ứng dụng (App ID):", settings.zalo_oa_app_id)
    while not app_id.isdecimal():
        asker.say("! ID ứng dụng chỉ gồm chữ số.")
        app_id = asker.text("ID ứng dụng (App ID):", settings.zalo_oa_app_id)
    app_secret = _key(asker, "Dán khoá bí mật của ứng dụng", settings.zalo_oa_app_secret)
    oa_secret = _key(asker, "Dán khoá bí mật của OA (mục Webhook)", settings.zalo_oa_secret_key)
    chosen = settings.model_copy(
        update={
            "zalo_oa_app_id": app_id,
            "zalo_oa_app_secret": SecretStr(app_secret),
            "zalo_oa_secret_key": SecretStr(oa_secret),
            # Neither are the bots touched here, nor is a token of the settings taken by the way.
            "zalo_oa_refresh_token": SecretStr(""),
            "zalo_bot_tokens": SecretStr(""),
            "telegram_token": SecretStr(""),
        }
    )
    store = ZaloOaStore(database, app_id)
    if not await _tokens(asker, settings, chosen, store):
        return
    app = build_app(chosen, database=database)
    channel = app.channels["zalo_oa"]
    assert isinstance(channel, ZaloOaChannel)
    try:
        account = await _account(asker, channel)
        if account is None:
            return
        asker.tell_env(_env(settings, chosen, account))
        if settings.zalo_oa_refresh_token.get_secret_value():
            asker.say(
                "Dòng ZALO_OA_REFRESH_TOKEN thì để trống: cặp token nay nằm trong cơ sở dữ liệu."
            )
        asker.say(*(line.format(url=f"{settings.public_url}/zalo/oa") for line in AFTER))
        asker.line("Xong thì chạy (lại) chương trình: python -m bot run, rồi gõ Enter ở đây.")
        greeted = partial(greeted_in_inbox, database, "zalo_oa", started)
        await try_out(asker, channel, account.name or "OA", greeted)
    finally:
        for made in app.channels.values():
            await made.close()


def _key(asker: Asker, question: str, kept: SecretStr) -> str:
    """A key that must be there: typed, or the one of the settings."""
    there = kept.get_secret_value()
    while True:
        typed = asker.secret(f"{question}{' (Enter: giữ khoá trong .env)' if there else ''}:")
        if typed or there:
            return typed or there
        asker.say("! Khoá này bắt buộc phải có.")


async def _tokens(asker: Asker, settings: Settings, chosen: Settings, store: ZaloOaStore) -> bool:
    """A pair of tokens is in the store afterwards; False: the administrator gave up."""
    standing = await store.standing(Clock().now())
    has = standing.has_tokens
    if has:
        until = f" đến {day(local_day(standing.refresh_until))}" if standing.refresh_until else ""
        state = f"Zalo đã từ chối ({standing.refused})" if standing.refused else f"dùng được{until}"
        asker.say(f"Đã có một cặp token trong cơ sở dữ liệu: {state}.")
    in_env = settings.zalo_oa_refresh_token.get_secret_value()
    offered = in_env
    while True:
        instead = "giữ cặp đang có" if has else "dùng token trong .env" if offered else "để lại sau"
        typed = asker.secret(f"{REFRESH} (Enter: {instead}):")
        refresh = typed or ("" if has else offered)
        if not refresh:
            if not has:
                asker.say("Chưa có token, phần OA để lại sau.")
            return has
        # What stands in .env is older than the pair we get: no start may take it up again.
        if await _exchange(asker, chosen, store, refresh, [refresh, in_env]):
            return True
        offered = ""


async def _exchange(
    asker: Asker, chosen: Settings, store: ZaloOaStore, refresh: str, spent: list[str]
) -> bool:
    """Exchange the refresh token for a pair, and keep that; what was kept before stays until then."""
    memory = _Typed(store, refresh, Clock().now(), spent)
    line = Line()
    keeper = TokenKeeper(
        line,
        memory,
        Clock(),
        url=chosen.zalo_oa_oauth_url,
        app_id=chosen.zalo_oa_app_id,
        secret_key=chosen.zalo_oa_app_secret.get_secret_value(),
    )
    try:
        await keeper.pair()
    except NoToken as failed:
        asker.say(f"! Chưa đổi được token. {_words(failed)}")
        return False
    finally:
        await line.close()
    asker.say("✓ Zalo đã nhận refresh token; cặp token mới đã lưu, chương trình tự gia hạn.")
    return True


class _Typed:
    """A memory of one token that was typed: the pair it is exchanged for goes into the store.

    So a token that Zalo does not take leaves the pair in the store as it was.
    """

    def __init__(self, store: ZaloOaStore, refresh: str, now: datetime, spent: list[str]) -> None:
        self._store = store
        self._spent = spent
        self._pair = Tokens(1, now, "", refresh)

    async def read(self) -> Tokens:
        return self._pair

    async def seed(self, refresh: str, now: datetime) -> bool:
        return False

    async def claim(self, generation: int, owner: str, now: datetime, until: datetime) -> Turn:
        return "yours"

    async def save(
        self, generation: int, access: str, refresh: str, expires_at: datetime, now: datetime
    ) -> bool:
        await self._store.put(access, refresh, expires_at, now, spent=self._spent)
        self._pair = Tokens(generation + 1, expires_at, access, refresh)
        return True

    async def release(self, generation: int, owner: str, *, spent: bool) -> None:
        """Nobody else holds this token."""

    async def refused(self, generation: int, owner: str, words: str, until: datetime) -> None:
        """Told by the exception."""


async def _account(asker: Asker, channel: ZaloOaChannel) -> OfficialAccount | None:
    """Who the tokens belong to."""
    try:
        account = await channel.account()
    except (CallFailed, NoToken) as failed:
        asker.say(f"! Chưa hỏi được Zalo về OA. {_words(failed)}")
        return None
    asker.say(f"✓ {told(account)}")
    return account


def told(account: OfficialAccount) -> str:
    """The account in a line, for set-up and doctor."""
    kind = "cơ quan nhà nước" if account.is_government else "không phải loại cơ quan nhà nước"
    verified = "đã xác thực" if account.verified else "chưa xác thực"
    package = f", gói {account.package}" if account.package else ""
    return (
        f'OA "{account.name}", {kind} (loại {account.oa_type or "không rõ"}), {verified}{package}.'
    )


def _env(settings: Settings, chosen: Settings, account: OfficialAccount) -> list[str]:
    """The lines of .env that differ from the settings."""
    lines = []
    if chosen.zalo_oa_app_id != settings.zalo_oa_app_id:
        lines.append(f"ZALO_OA_APP_ID={chosen.zalo_oa_app_id}")
    if chosen.zalo_oa_app_secret != settings.zalo_oa_app_secret:
        lines.append("ZALO_OA_APP_SECRET=<khoá bí mật của ứng dụng>")
    if chosen.zalo_oa_secret_key != settings.zalo_oa_secret_key:
        lines.append("ZALO_OA_SECRET_KEY=<khoá bí mật của OA>")
    if account.id and account.id != settings.zalo_oa_id:
        lines.append(f"ZALO_OA_ID={account.id}")
    if account.name and not settings.zalo_oa_name:
        lines.append(f"ZALO_OA_NAME={account.name}")
    return lines


def _words(failed: CallFailed | NoToken) -> str:
    if isinstance(failed, NoToken) and failed.passing:
        return (
            f"Chưa có trả lời của Zalo ({failed}). Thử lại đúng token đó một lần; "
            "nếu Zalo không nhận thì lấy refresh token mới."
        )
    if isinstance(failed, NoToken):
        return (
            f"Zalo không nhận ({failed}). Token đã dùng rồi, đã quá 3 tháng, hoặc không thuộc ứng dụng "
            "này, hoặc khoá của ứng dụng chưa đúng. Đồng chí lấy refresh token mới."
        )
    return f"Zalo trả lời: {failed}."
