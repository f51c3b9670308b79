"""Where the site's parts are found from a request."""

from __future__ import annotations

import asyncio

from aiohttp import web

from web.parts import Parts

PARTS = web.AppKey("parts", Parts)
IN_HAND = web.AppKey("in_hand", asyncio.Semaphore)
"""How many uploads are held in memory at once, on their way into the store."""
FRESH_VISITOR = web.RequestKey("fresh_visitor", str)
"""A visitor's cookie to be set with this answer."""
