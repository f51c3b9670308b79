"""Logs: one line an event, to standard error; never a token, never what somebody said."""

from __future__ import annotations

import logging
import sys

import structlog


def set_up_logs(format_: str, *, quiet: bool = False) -> None:
    """`format_`: "text" or "json". `quiet`: warnings and worse only."""
    level = logging.WARNING if quiet else logging.INFO
    # The libraries' own loggers may name addresses that hold a token: only their errors pass.
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, force=True)
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if format_ == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # Never with local variables: they may hold what somebody said.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    if format_ == "json":
        processors.append(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[*processors, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
