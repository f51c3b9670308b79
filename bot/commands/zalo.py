"""`python -m bot zalo setup`: from tokens to a first message, in steps (docs/zalo.md).

What is done at Zalo is checked at once; what belongs into .env is printed as lines to copy. A
secret that was typed is never shown again: its line says which one to paste.
"""

from __future__ import annotations

from bot.commands.asking import Asker
from bot.commands.opened import opened
from bot.commands.zalo_setup_bot import set_up_bots
from bot.commands.zalo_setup_oa import set_up_account
from bot.logs import set_up_logs


async def setup(asker: Asker | None = None) -> None:
    """Ask, check, say what to put into .env. Raises BadSettings, and Stop when answers end."""
    asker = asker or Asker()
    async with opened() as (settings, database):
        set_up_logs(settings.log_format, quiet=True)
        asker.say("THIẾT LẬP ZALO. Hướng dẫn từng bước: docs/zalo.md.")
        which = asker.choose(
            "Thiết lập phần nào?", ("Zalo Bot", "Zalo Official Account (OA)", "Cả hai")
        )
        if which in (1, 3):
            await set_up_bots(asker, settings, database)
        if which in (2, 3):
            await set_up_account(asker, settings, database)
        asker.say("Xong. Xem lại bất cứ lúc nào: python -m bot doctor")
