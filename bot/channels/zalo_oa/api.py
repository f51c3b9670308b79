"""The calls of the Official Account, each with a good access token.

A token that Zalo refuses (-216, -220) is renewed once and the call made again: a refused call has
done nothing.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import FormData

from bot.channels.zalo_oa.line import Json, Line, Refused, Trouble
from bot.channels.zalo_oa.memory import Pair
from bot.channels.zalo_oa.tokens import TokenKeeper

BAD_TOKEN = (-216, -220)
GOVERNMENT = 4


@dataclass(frozen=True)
class Hosts:
    """Where Zalo is; settings, so that a test or a proxy may stand in."""

    oauth: str = "https://oauth.zaloapp.com"
    openapi: str = "https://openapi.zalo.me"


@dataclass(frozen=True)
class OfficialAccount:
    """What Zalo says about the account; `oa_type` 4 is a government's, 0: it did not say."""

    id: str
    name: str
    oa_type: int
    verified: bool
    package: str

    @property
    def is_government(self) -> bool:
        return self.oa_type == GOVERNMENT


class Api:
    """Raises CallFailed and NoToken, and nothing else."""

    def __init__(self, line: Line, tokens: TokenKeeper, hosts: Hosts) -> None:
        self._line = line
        self._tokens = tokens
        self._hosts = hosts

    async def consult(self, user_id: str, message: Json) -> str:
        """A message to somebody whose window is open; returns Zalo's id of it."""
        body = {"recipient": {"user_id": user_id}, "message": message}
        answer = await self._call("POST", f"{self._hosts.openapi}/v3.0/oa/message/cs", body)
        return _id(answer)

    async def template(self, user_id: str, template_id: str, data: dict[str, str]) -> str:
        """An approved template, to somebody who follows the account."""
        body = {"user_id": user_id, "template_id": template_id, "template_data": data}
        answer = await self._call("POST", f"{self._hosts.openapi}/v3.0/oa/message/template", body)
        return _id(answer)

    async def upload(self, kind: Literal["image", "file"], data: bytes, name: str) -> str:
        """Put an image (attachment_id) or a file (token) where messages may name it."""
        url = f"{self._hosts.openapi}/v2.0/oa/upload/{kind}"
        answer = await self._call("POST", url, upload=(name, data))
        found = _data(answer).get("attachment_id" if kind == "image" else "token")
        if not found:
            raise Trouble(200)
        return str(found)

    async def account(self) -> OfficialAccount:
        """What kind of account this is."""
        data = _data(await self._call("GET", f"{self._hosts.openapi}/v2.0/oa/getoa"))
        kind = str(data.get("oa_type"))
        return OfficialAccount(
            id=str(data.get("oa_id") or ""),
            name=str(data.get("name") or ""),
            oa_type=int(kind) if kind.isdecimal() else 0,
            verified=bool(data.get("is_verified")),
            package=str(data.get("package_name") or ""),
        )

    async def _call(
        self,
        method: str,
        url: str,
        body: Json | None = None,
        *,
        upload: tuple[str, bytes] | None = None,
    ) -> Json:
        pair = await self._tokens.pair()
        try:
            return await self._once(method, url, body, upload, pair)
        except Refused as error:
            if error.code not in BAD_TOKEN:
                raise
        pair = await self._tokens.after(pair)
        return await self._once(method, url, body, upload, pair)

    async def _once(
        self,
        method: str,
        url: str,
        body: Json | None,
        upload: tuple[str, bytes] | None,
        pair: Pair,
    ) -> Json:
        form: FormData | None = None
        if upload is not None:
            form = FormData(quote_fields=False)  # the name as it is, in UTF-8
            form.add_field("file", io.BytesIO(upload[1]), filename=upload[0])
        return await self._line.call(
            method,
            url,
            headers={"access_token": pair.access},
            body=body,
            form=form,
            secrets=(pair.access, pair.refresh),
        )


def _data(answer: Json) -> dict[str, Any]:
    data = answer.get("data")
    return data if isinstance(data, dict) else {}


def _id(answer: Json) -> str:
    data = _data(answer)
    return str(data.get("message_id") or data.get("msg_id") or "")[:128]
