"""Where the site's parts are found from a request."""

from __future__ import annotations

from aiohttp import web

from web.parts import Parts

PARTS = web.AppKey("parts", Parts)
FRESH_VISITOR = web.RequestKey("fresh_visitor", str)
"""A visitor's cookie to be set with this answer."""
