"""Photos that people have sent, by the address that Zalo gave with the event. It expires soon."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urljoin, urlsplit

import structlog
from aiohttp import ClientError, ClientTimeout

from bot.channels.base import FetchFailed
from bot.channels.zalo_oa import sentences
from bot.channels.zalo_oa.line import Line

log = structlog.get_logger()

BYTES = 20 * 1024 * 1024
REDIRECTS = 3
SECONDS = 50.0
_NUMBERS = re.compile(r"[0-9.]+|.*:.*")


def may_fetch(url: str, own_hosts: Collection[str]) -> bool:
    """Only what the public reaches over https, by name; and the hosts of our settings."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if f"{parts.scheme}://{parts.netloc}" in own_hosts:
        return True
    named = "." in host and not _NUMBERS.fullmatch(host)
    return parts.scheme == "https" and named and port in (None, 443)


async def download(line: Line, url: str, own_hosts: Collection[str]) -> bytes:
    """The bytes, at most 20 MB. Raises FetchFailed."""
    for _ in range(REDIRECTS + 1):
        if not may_fetch(url, own_hosts):
            log.warning("not_fetched", reason="an address that is not Zalo's")
            raise FetchFailed(sentences.NOT_THERE, final=True)
        status, found = await _get(line, url)
        if status == 200 and isinstance(found, bytes):
            return found
        if isinstance(found, str):
            url = urljoin(url, found)
            continue
        log.warning("not_fetched", status=status)
        # 401 and 403 are how stores of this kind say that a signed address is over.
        gone = status in (400, 401, 403, 404, 410)
        raise FetchFailed(sentences.NOT_THERE if gone else sentences.NOT_YET, final=gone)
    raise FetchFailed(sentences.NOT_YET, final=False)


async def _get(line: Line, url: str) -> tuple[int, bytes | str | None]:
    """The status, with the bytes or where to look instead."""
    data = bytearray()
    try:
        async with line.http.get(
            url, timeout=ClientTimeout(total=SECONDS), allow_redirects=False
        ) as answer:
            if answer.status in (301, 302, 303, 307, 308):
                return answer.status, answer.headers.get("Location")
            if answer.status != 200:
                return answer.status, None
            async for chunk in answer.content.iter_chunked(65536):
                data += chunk
                if len(data) > BYTES:
                    raise FetchFailed(sentences.TOO_LARGE, final=True)
    except (ClientError, TimeoutError, OSError, ValueError):
        return 0, None
    return 200, bytes(data)
