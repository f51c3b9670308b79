"""Setting the bot up: who it is, and where its messages go. For the channel, set-up and doctor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.channels.zalo_bot.client import ApiRefused, Client, Json
from bot.channels.zalo_bot.seen import Seen

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class BotInfo:
    """The bot itself, as getMe tells it. `names`: what a mention of it may read like."""

    id: str
    account_name: str
    account_type: str = ""
    can_join_groups: bool = False
    names: tuple[str, ...] = ()


def check_webhook(url: str, secret: str) -> None:
    """Raises ValueError when the address or the secret is of no use; neither is in the message."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,256}", secret):
        raise ValueError("the webhook secret must be 8 to 256 of A-Z, a-z, 0-9, _ and -")
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise ValueError("the webhook's address must start with https://")
    if not parts.hostname or not parts.path.strip("/"):
        raise ValueError("the webhook needs an address with a path, such as https://host/path")


class Setup:
    """The calls that change or tell the bot's standing. All raise ZaloTrouble."""

    def __init__(self, client: Client, seen: Seen) -> None:
        self._client = client
        self._seen = seen

    async def get_me(self) -> BotInfo:
        found = await self._client.call("getMe")
        told: Json = found if isinstance(found, dict) else {}
        names = [told.get(key) for key in ("account_name", "display_name", "name", "username")]
        return BotInfo(
            id=str(told.get("id") or ""),
            account_name=str(told.get("account_name") or ""),
            account_type=str(told.get("account_type") or ""),
            can_join_groups=told.get("can_join_groups") is True,
            names=tuple(dict.fromkeys(name for name in names if isinstance(name, str) and name)),
        )

    async def set_webhook(self, url: str, secret: str) -> bool:
        """Have messages brought to `url`. False: stored, but Zalo could not verify it.

        Raises ValueError for an address or a secret of no use.
        """
        check_webhook(url, secret)
        try:
            await self._client.call("setWebhook", {"url": url, "secret_token": secret})
        except ApiRefused:
            if (await self.webhook_info()).get("url") != url:
                raise
            self._seen.stored_unverified += 1
            return False
        return True

    async def webhook_info(self) -> Json:
        """What Zalo keeps about the webhook, as it tells it; `url` is "" when there is none."""
        found = await self._client.call("getWebhookInfo")
        told: Json = found if isinstance(found, dict) else {}
        return told | {"url": str(told.get("url") or "")}

    async def delete_webhook(self) -> bool:
        """False: there was none (Zalo answers 400)."""
        try:
            await self._client.call("deleteWebhook")
        except ApiRefused as refusal:
            if refusal.code != 400:
                raise
            return False
        return True
