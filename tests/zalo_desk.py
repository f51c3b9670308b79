"""The administrator's desk: commands run as they are at a server, against the fakes of Zalo."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOA
from tests.village import SECRET

ROOT = Path(__file__).parent.parent


def bot_env(zalo: FakeZaloBot, *, token: bool = True) -> dict[str, str]:
    """The settings of a bot at the fake."""
    tokens = {"ZALO_BOT_TOKENS": zalo.token} if token else {}
    return {"ZALO_BOT_API_URL": zalo.url, "ZALO_BOT_PER_CHAT_SECOND": "0", **tokens}


def oa_hosts(oa: FakeZaloOA) -> dict[str, str]:
    return {"ZALO_OA_OAUTH_URL": oa.url, "ZALO_OA_API_URL": oa.url}


def oa_env(oa: FakeZaloOA) -> dict[str, str]:
    """The settings of an account at the fake."""
    return {
        **oa_hosts(oa),
        "ZALO_OA_APP_ID": oa.app_id,
        "ZALO_OA_APP_SECRET": oa.app_secret,
        "ZALO_OA_SECRET_KEY": oa.oa_secret,
    }


class Desk:
    """Runs commands in a folder of their own, on a database that has all tables."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.env = {"SECRET_KEY": SECRET, "DATABASE_URL": url, "MEDIA_URL": str(folder / "media")}

    async def run(self, *command: str, answers: list[str] | None = None, status: int = 0) -> str:
        """What `python -m bot …` prints; the answers come through a pipe."""
        inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *command,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT, cwd=self.folder,
            env={**inherited, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **self.env},
        )  # fmt: skip
        typed = "".join(f"{answer}\n" for answer in answers or [])
        async with asyncio.timeout(60):
            out, _ = await process.communicate(typed.encode())
        assert process.returncode == status, out.decode()
        return out.decode()
