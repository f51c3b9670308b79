"""Whether a webhook's caller knows the secret that we gave the network."""

from __future__ import annotations

import hmac
from typing import Literal


def fault_of(given: str | None, secret: str) -> Literal["", "missing", "wrong"]:
    """Why the caller is not the network; "" when it is. Compared as bytes, in constant time.

    Headers may hold any bytes; aiohttp keeps those that are no UTF-8 as surrogates.
    """
    if given is None:
        return "missing"
    same = hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())
    return "" if same else "wrong"
