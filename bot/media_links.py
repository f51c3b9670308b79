"""Signed short links to photos and documents, for networks that cannot carry the bytes."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from datetime import datetime
from urllib.parse import quote

from bot.conversation import Attachment
from bot.media_store import Size

_SHA = re.compile(r"[0-9a-f]{64}\Z")
_WHAT = re.compile(r"[A-Za-z0-9_-]{1,400}\Z")
DOCUMENT = "document"
_UNIX = re.compile(r"[0-9]{1,12}\Z")


class Links:
    """Makes and checks links like `/anh/<sha>/full?het=1795305753&ky=…` (pitfall 43)."""

    def __init__(self, secret: bytes, base_url: str) -> None:
        """`base_url`: where the public reaches us, "https://giaoviec.example.vn"."""
        if len(secret) < 16:
            raise ValueError("the secret for links is too short")
        self._secret = secret
        self._base_url = base_url.rstrip("/")

    def path(self, sha: str, size: Size, expires: datetime) -> str:
        """A path with its query, good until `expires` (aware)."""
        until = str(int(expires.timestamp()))
        return f"/anh/{sha}/{size}?het={until}&ky={self._sign(sha, size, until)}"

    def url(self, sha: str, size: Size, expires: datetime) -> str:
        """The same with the public address in front."""
        return self._base_url + self.path(sha, size, expires)

    def document_url(self, attachment: Attachment, expires: datetime) -> str:
        """Where a document can be fetched until `expires`: `/tai/<what>/<name>?het=…&ky=…`."""
        what = urlsafe_b64encode(attachment.source.encode()).decode().rstrip("=")
        until = str(int(expires.timestamp()))
        name = quote(attachment.name or "tep", safe="")
        query = f"het={until}&ky={self._sign(what, DOCUMENT, until)}"
        return f"{self._base_url}/tai/{what}/{name}?{query}"

    def check(self, sha: str, size: str, het: str, ky: str, now: datetime) -> bool:
        """Is this a link of ours, and still good? Whatever is given, nothing is raised."""
        photo = _SHA.match(sha) and size in ("full", "thumb")
        document = size == DOCUMENT and _WHAT.match(sha)
        if not ((photo or document) and _UNIX.match(het)):
            return False
        signed = self._sign(sha, size, het).encode()
        given = ky.encode("utf-8", "surrogatepass")  # compared as bytes: any letter may come
        return hmac.compare_digest(signed, given) and now.timestamp() < int(het)

    def _sign(self, sha: str, size: str, until: str) -> str:
        said = f"anh\n{sha}\n{size}\n{until}".encode()
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()[:40]
