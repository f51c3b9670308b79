"""Fetching a photo from the address that a network gave, while it is good.

The address comes from outside: only https, only public addresses (looked at when the connection
is made, so that a name cannot change its meaning in between), redirects step by step under the
same rule, at most 20 MB. The network's own host is trusted as it is configured: tests serve it on
this machine. Nothing is logged but the host: the rest of an address may open the photo.
"""

from __future__ import annotations

import ipaddress
import socket

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.channels.base import FetchFailed

log = structlog.get_logger()

LIMIT_BYTES = 20 * 1024 * 1024
SECONDS = 50.0
"""The media worker gives a fetch 60."""
REDIRECTS = 3
_EXPIRED = (400, 401, 403, 404, 410)
"""401 and 403 are how stores of this kind say that a signed address is over."""

TOO_LARGE = "Ảnh lớn quá 20 MB nên không tải về được. Đồng chí gửi lại ảnh nhỏ hơn giúp."
NOT_THERE = "Ảnh này không còn trên Zalo. Đồng chí gửi lại giúp."
NOT_YET = "Ảnh này chưa tải về được. Đồng chí gửi lại giúp."


class _Forbidden(Exception):
    """An address that must not be asked."""


def is_public(host: str) -> bool:
    """Whether this IP address belongs to the public network."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return address.is_global and not address.is_multicast


class PublicOnly(AbstractResolver):
    """Finds names as usual, and forgets every address that is not public."""

    def __init__(self) -> None:
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        public = [one for one in found if is_public(one["host"])]
        if not public:
            raise OSError("no public address")
        return public

    async def close(self) -> None:
        await self._inner.close()


class Photos:
    """Fetches photos. `api_url`: the one host that may be asked wherever it stands."""

    def __init__(self, api_url: str) -> None:
        self._trusted = _origin(api_url)
        self._guarded: ClientSession | None = None
        self._plain: ClientSession | None = None

    async def fetch(self, ref: str) -> bytes:
        """The bytes behind an address, at most 20 MB. Raises FetchFailed."""
        try:
            url = URL(ref)
            for _ in range(REDIRECTS + 1):
                found = await self._once(url)
                if isinstance(found, bytes):
                    return found
                url = found
        except _Forbidden:
            log.warning("photo_at_a_forbidden_address")
            raise FetchFailed(NOT_THERE, final=True) from None
        except (ValueError, TypeError):
            raise FetchFailed(NOT_THERE, final=True) from None
        except (ClientError, TimeoutError, OSError) as error:
            log.warning("photo_not_fetched", host=url.host, error=type(error).__name__)
            raise FetchFailed(NOT_YET, final=False) from None
        raise FetchFailed(NOT_THERE, final=True)

    async def _once(self, url: URL) -> bytes | URL:
        """The bytes, or where to look instead."""
        async with self._session(url).get(
            url, allow_redirects=False, timeout=ClientTimeout(total=SECONDS, sock_connect=10)
        ) as answer:
            if answer.status in (301, 302, 303, 307, 308):
                return url.join(URL(answer.headers.get("Location", "")))
            if answer.status != 200:
                log.warning("photo_not_fetched", host=url.host, status=answer.status)
                if answer.status in _EXPIRED:
                    raise FetchFailed(NOT_THERE, final=True)
                raise FetchFailed(NOT_YET, final=False)
            if (answer.content_length or 0) > LIMIT_BYTES:
                raise FetchFailed(TOO_LARGE, final=True)
            data = bytearray()
            async for chunk in answer.content.iter_chunked(65536):
                data += chunk
                if len(data) > LIMIT_BYTES:
                    raise FetchFailed(TOO_LARGE, final=True)
            return bytes(data)

    def _session(self, url: URL) -> ClientSession:
        if not url.host or url.user or url.scheme not in ("http", "https"):
            raise _Forbidden
        if url.origin() == self._trusted:
            if self._plain is None:
                self._plain = ClientSession()
            return self._plain
        if url.scheme != "https" or url.port != 443 or not _is_public_place(url.host):
            raise _Forbidden
        if self._guarded is None:
            connector = TCPConnector(resolver=PublicOnly(), use_dns_cache=False)
            self._guarded = ClientSession(connector=connector)
        return self._guarded

    async def close(self) -> None:
        for session in (self._guarded, self._plain):
            if session is not None:
                await session.close()
        self._guarded = self._plain = None


def _origin(url: str) -> URL | None:
    try:
        return URL(url).origin()
    except ValueError:  # an address in the settings that leads nowhere is trusted by nobody
        return None


def _is_public_place(host: str) -> bool:
    """A name is looked up, and judged then. An IP address is not, in whichever of the forms that
    systems take for one ("2130706433" and "0177.0.0.1" are 127.0.0.1): it is judged here."""
    if ":" in host or host.replace(".", "").isdigit():
        return is_public(host)
    return "." in host
