"""HTTP by which one can tell whether a call that failed had left this machine.

What never left may be made again; what left may have been done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, ClientTimeout, TraceConfig, TraceRequestHeadersSentParams

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
"""How long an answer may take; Zalo fetches a photo itself before it answers a sendPhoto."""


@dataclass(slots=True)
class Call:
    """Given to a request as its `trace_request_ctx`: whether its head has gone onto the line."""

    left: bool = False


def tracing() -> TraceConfig:
    """What a session needs so that its calls note that they have left."""
    trace = TraceConfig()
    trace.on_request_headers_sent.append(_note_left)
    return trace


def patience(seconds: float) -> ClientTimeout:
    """So long for the answer, and no longer than usual for the connection."""
    return ClientTimeout(total=seconds, sock_connect=min(CONNECT_SECONDS, seconds))


async def _note_left(
    session: ClientSession, context: Any, params: TraceRequestHeadersSentParams
) -> None:
    if isinstance(context.trace_request_ctx, Call):
        context.trace_request_ctx.left = True
