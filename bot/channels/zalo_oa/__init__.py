"""The Zalo Official Account, by plain HTTP.

`channel` wires the parts: `line` speaks HTTP, `tokens` keeps the access token good, `api` makes the
calls, `webhook` takes events in (`signature` proves them, `translate` reads them), `sending` is the
way out (`uploads` and `writing` prepare it, `failures` says what a refusal means), `memory` is what
the wiring must have remembered.
"""

from bot.channels.zalo_oa.api import Hosts, OfficialAccount
from bot.channels.zalo_oa.channel import ZaloOaChannel
from bot.channels.zalo_oa.failures import WINDOW
from bot.channels.zalo_oa.gap import KEEPS, silent_sentence
from bot.channels.zalo_oa.line import CallFailed
from bot.channels.zalo_oa.memory import Memory
from bot.channels.zalo_oa.tokens import NoToken
from bot.channels.zalo_oa.writing import Template

__all__ = [
    "KEEPS",
    "WINDOW",
    "CallFailed",
    "Hosts",
    "Memory",
    "NoToken",
    "OfficialAccount",
    "Template",
    "ZaloOaChannel",
    "silent_sentence",
]
