"""What crosses the wire: parameters in four shapes of body, results and errors in one.

The Bot API takes a query string, a urlencoded form, a multipart form or JSON. In forms every
value is text, and lists and objects are JSON inside that text; in JSON they are what they are.
An answer is `{"ok": true, "result": …}` or `{"ok": false, "error_code": …, "description": …}`,
the latter with the same number as its HTTP status, sometimes with `parameters`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

Json = dict[str, Any]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class ApiError(Exception):
    """A refusal in the Bot API's words; `parameters` may hold retry_after or migrate_to_chat_id."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> bytes:
        answer: Json = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            answer["parameters"] = self.parameters
        return dumps(answer)


def bad_request(what: str) -> ApiError:
    return ApiError(400, f"Bad Request: {what}")


def too_many(retry_after: int) -> ApiError:
    return ApiError(
        429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after}
    )


@dataclass(slots=True)
class Described:
    """A result that the Bot API accompanies with a sentence (setWebhook, deleteWebhook)."""

    result: Any
    description: str


def success(result: Any) -> bytes:
    if isinstance(result, Described):
        return dumps({"ok": True, "result": result.result, "description": result.description})
    return dumps({"ok": True, "result": result})


def dumps(value: Any) -> bytes:
    return _encode(value).encode("utf-8", "surrogatepass")


@dataclass(slots=True)
class Upload:
    """One file part of a multipart body."""

    name: str
    mime: str
    data: bytes

    def __repr__(self) -> str:
        return f"<{self.name}, {self.mime}, {len(self.data)} bytes>"


class Params:
    """The parameters of one call, read by type wherever they came from."""

    __slots__ = ("uploads", "values")

    def __init__(self, values: Json, uploads: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.uploads = uploads or {}

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int | None = None) -> int | None:
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            return default

    def boolean(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in ("true", "1", "yes")

    def parsed(self, name: str) -> Any:
        """A list or an object, decoded when a form carried it as text. None when it is absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None


def read_body(content_type: str, body: bytes, query: str = "") -> Params:
    """Parameters from the query string and from a body of whatever kind."""
    values: Json = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    if not body:
        return Params(values)
    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            loaded = json.loads(body)
            if not isinstance(loaded, dict):
                raise bad_request("can't parse request body: object expected")
            values.update(loaded)
            return Params(values)
        if kind == "multipart/form-data":
            return _read_multipart(content_type, body, values)
        values.update(parse_qsl(body.decode(), keep_blank_values=True))
        return Params(values)
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    except ValueError:
        raise bad_request("can't parse request body") from None


_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_FIELD = re.compile(r'(?<![\w*])(name|filename)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_MIME = re.compile(r"^content-type:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def _read_multipart(content_type: str, body: bytes, values: Json) -> Params:
    """All in memory and by one split: a boundary never occurs inside a part, by its definition."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise bad_request("can't parse request body: no boundary")
    uploads: dict[str, Upload] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + found[1].encode())[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        headers = head.decode()
        fields = {key.lower(): value for key, value in _FIELD.findall(headers)}
        name = fields.get("name", "")
        if "filename" in fields:
            mime = _MIME.search(headers)
            uploads[name] = Upload(
                fields["filename"], mime[1] if mime else "application/octet-stream", data
            )
        else:
            values[name] = data.decode()
    return Params(values, uploads)
