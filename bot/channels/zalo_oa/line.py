"""HTTP to Zalo, so that one can tell what is certain about a call that failed.

No error of this file knows a token: the libraries' errors may hold what was sent, so they are left
behind, and what Zalo says is searched for the secrets of the call before it is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aiohttp import ClientError, ClientSession, FormData

from bot.channels.parts.calls import ANSWER_SECONDS, Call, patience, tracing

Json = dict[str, Any]

_REMEMBERED = 20


class CallFailed(Exception):
    """A call that did not succeed; which kind says what is certain."""


class NotSent(CallFailed):
    """The call never left this machine: no name, no connection."""


class NoAnswer(CallFailed):
    """The call left, and nothing came back: it may or may not have been done."""


class Trouble(CallFailed):
    """An answer that is not the API's; `status` says which."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class Refused(CallFailed):
    """Zalo says no, with one of its codes: certainly not done."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code}: {words}" if words else str(code))
        self.code = code


class Line:
    """A pool of connections."""

    def __init__(self, answer_seconds: float = ANSWER_SECONDS) -> None:
        self.answer_seconds = answer_seconds
        self._session: ClientSession | None = None
        self._secrets: dict[str, None] = {}

    def _http(self) -> ClientSession:
        if self._session is None or self._session.closed:
            self._session = ClientSession(trace_configs=[tracing()])
        return self._session

    async def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: Json | None = None,
        form: FormData | Mapping[str, str] | None = None,
        secrets: Sequence[str] = (),
    ) -> Json:
        """One call; its answer with error 0.

        Raises CallFailed, without any of the `secrets` of this call and of those before.
        """
        self._remember(secrets)
        call = Call()
        failure: CallFailed | None = None
        try:
            async with self._http().request(
                method,
                url,
                headers=headers,
                json=body,
                data=form,
                timeout=patience(self.answer_seconds),
                allow_redirects=False,  # a redirect would carry the token to another host
                trace_request_ctx=call,
            ) as answer:
                content = await answer.text(errors="replace")
                status = answer.status
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            failure = (NoAnswer if call.left else NotSent)(type(error).__name__)
        if failure is not None:
            raise failure  # here, without its cause
        return _read(status, content, self._secrets)

    def _remember(self, secrets: Sequence[str]) -> None:
        for secret in secrets:
            if secret and secret not in self._secrets:
                self._secrets[secret] = None
                if len(self._secrets) > _REMEMBERED:
                    del self._secrets[next(iter(self._secrets))]

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _read(status: int, content: str, secrets: Iterable[str]) -> Json:
    try:
        answer = json.loads(content)
    except ValueError:
        raise Trouble(status) from None
    if not isinstance(answer, dict):
        raise Trouble(status)
    code = _number(answer.get("error"))
    if code:
        raise Refused(code, _words(answer, secrets))
    if not 200 <= status < 300:
        raise Trouble(status)
    return answer


def _number(value: Any) -> int:
    """The code; what is no number but there is a refusal all the same."""
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        return -1


def _words(answer: Json, secrets: Iterable[str]) -> str:
    said = answer.get("message") or answer.get("error_name") or answer.get("error_description")
    words = " ".join(str(said or "").split())
    for secret in secrets:
        words = words.replace(secret, "<…>")
    return words[:200]
