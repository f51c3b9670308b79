"""The webhook's signature: SHA-256 over an id, the body, the timestamp and the account's key.

Sources disagree on the id (the application's or the account's) and on where the timestamp stands
(in which order, in the body or in a header), so the forms are tried, and the one that fits is kept and tried first from then on. Each form needs
the key, so a second one that fits is no way in; it means that Zalo has changed its mind, which is
logged, and better than a day of refused messages.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping

HEADER = "X-ZEvent-Signature"
_MAC = re.compile(r"(?:mac=)?([0-9a-f]{64})", re.IGNORECASE)

Form = Callable[[bytes, bytes, bytes, bytes, bytes], bytes]
"""(app id, account id, body, timestamp, key) → what is hashed."""
FORMS: dict[str, Form] = {
    "app+body+time": lambda app, oa, body, time, key: app + body + time + key,
    "oa+body+time": lambda app, oa, body, time, key: oa + body + time + key,
    "app+time+body": lambda app, oa, body, time, key: app + time + body + key,
    "oa+time+body": lambda app, oa, body, time, key: oa + time + body + key,
}


class Signatures:
    """Checks signatures; `form` is the one that fitted last."""

    def __init__(self, app_id: str, oa_id: str, key: str) -> None:
        """Raises ValueError without a key: then anybody could sign."""
        if not key or not app_id:
            raise ValueError("the webhook needs the application's id and the account's secret key")
        self._app_id = app_id.encode()
        self._oa_id = oa_id.encode()
        self._key = key.encode()
        self.form = ""

    def check(
        self, header: str | None, body: bytes, times: Mapping[str, str], oa_id: str = ""
    ) -> str | None:
        """The form that fits, which is kept; None: forged. Whatever is given, nothing is raised.

        `times`: what may be meant by the timestamp, by where it stands ("": in the body).
        `oa_id`: the account as the body names it, for when the settings do not.
        """
        found = _MAC.fullmatch((header or "").strip())
        if not found:
            return None
        given = found[1].lower().encode()
        account = self._oa_id or oa_id.encode("utf-8", "ignore")
        forms = [(f"{name}{place}", name, time) for place, time in times.items() for name in FORMS]
        for full, name, time in sorted(forms, key=lambda form: form[0] != self.form):
            stamp = time.encode("utf-8", "ignore")
            said = FORMS[name](self._app_id, account, body, stamp, self._key)
            if hmac.compare_digest(hashlib.sha256(said).hexdigest().encode(), given):
                self.form = full
                return full
        return None
