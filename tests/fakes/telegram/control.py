"""A small remote control over HTTP, for a program in another process (a benchmark).

POST JSON, or GET with a query; an unknown chat is made on the spot.

    POST /control/says    {"chat": 1, "text": "bao cao"}, or {"all": [{"chat":…, "text":…}, …]}
    POST /control/photo   {"chat": 1, "data": "<base64>", "caption": "…"}
    POST /control/taps    {"chat": 1, "data": "key"}, on the last message that has this button
    POST /control/advance {"seconds": 60}
    GET  /control/sent?since=0&wait=5   what the bot has said from number `since` on
    GET  /control/stats                 counts of calls and messages
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from typing import TYPE_CHECKING

from aiohttp import web

from .people import Person
from .wire import Json, dumps

if TYPE_CHECKING:
    from .server import FakeTelegram


async def handle_control(
    tg: FakeTelegram, request: web.BaseRequest, verb: str
) -> web.StreamResponse:
    """Serve one request of the remote control."""
    try:
        order: Json = json.loads(await request.read() or b"{}")
        result = await _obey(tg, verb, order, dict(request.query))
    except (KeyError, LookupError, ValueError, TypeError) as error:
        return web.Response(status=400, text=f"{type(error).__name__}: {error}")
    return web.Response(body=dumps(result), content_type="application/json")


async def _obey(tg: FakeTelegram, verb: str, order: Json, query: dict[str, str]) -> Json:
    if verb == "says":
        orders = order.get("all", [order])
        for one in orders:
            await _person(tg, one).says(one["text"])
        return {"said": len(orders)}
    if verb == "photo":
        data = base64.b64decode(order["data"])
        return await _person(tg, order).sends_photo(data, order.get("caption"))
    if verb == "taps":
        person = _person(tg, order)
        with_it = (
            m for m in reversed(person.chat.said) if any(b.data == order["data"] for b in m.buttons)
        )
        return (await person.taps(next(with_it, person.chat.said[-1]), order["data"])).update
    if verb == "advance":
        tg.advance(float(order["seconds"]))
        return {"now": tg.clock.now()}
    if verb == "sent":
        return await _sent(tg, int(query.get("since", 0)), float(query.get("wait", 0)))
    if verb == "stats":
        calls = Counter(f"{call.method} {call.status}" for call in tg.calls)
        return {"sent": len(tg.sent), "pending": len(tg.updates.pending()), "calls": calls}
    raise LookupError(f"no such verb: {verb}")


async def _sent(tg: FakeTelegram, since: int, wait: float) -> Json:
    if wait and len(tg.sent) <= since:
        try:
            await tg.bell.until(lambda: True if len(tg.sent) > since else None, wait)
        except TimeoutError:
            return {"next": since, "sent": []}
    found = tg.sent[since:]
    return {
        "next": since + len(found),
        "sent": [
            {
                "chat": message.chat_id,
                "id": message.id,
                "at": message.at,
                "text": message.text,
                "buttons": [[button.text, button.data] for button in message.buttons],
            }
            for message in found
        ],
    }


def _person(tg: FakeTelegram, order: Json) -> Person:
    return tg.anybody(int(order["chat"]))
