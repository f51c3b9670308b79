"""Zalo Bot (the Bot Platform): text, photos by URL, and nothing else; ids are opaque strings.

`channel` wires the parts: `client` speaks HTTP, `translate` turns bodies into events, `intake`
commits them, `polling` (development) and `webhook` (production) are the two ways they come,
`media` fetches photos while their links live, `sending` is the way out.
"""

from bot.channels.zalo_bot.channel import ZaloBotChannel
from bot.channels.zalo_bot.client import ApiRefused, ZaloTrouble
from bot.channels.zalo_bot.metering import Meter
from bot.channels.zalo_bot.seen import Seen
from bot.channels.zalo_bot.setup import BotInfo

__all__ = ["ApiRefused", "BotInfo", "Meter", "Seen", "ZaloBotChannel", "ZaloTrouble"]
