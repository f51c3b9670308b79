"""What each call does. Refusals come with HTTP 200 and a code, as Zalo's do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from .people import Button, Heard, Person
from .state import UPLOAD_SECONDS, WINDOW_SECONDS, ApiError, Call, Json, Stored, dumps

if TYPE_CHECKING:
    from .server import FakeZaloOA

TEXT = 2000
PAYLOAD = 1000
IMAGE_BYTES, FILE_BYTES = 1024 * 1024, 5 * 1024 * 1024
FILE_NAMES = (".pdf", ".doc", ".docx", ".csv")
UPLOADS_A_MONTH = 5000
JSON = "application/json"
Answer = tuple[int, bytes, str]


async def perform(oa: FakeZaloOA, request: web.BaseRequest, call: Call) -> Answer:
    """Do what the call asks; the call notes its body and the code of the answer."""
    path = request.path
    if path.startswith("/media/"):
        return _media(oa, path[7:])
    try:
        if path == "/v4/oa/access_token":
            answer = _renew(oa, request, await request.read(), call)
        elif (request.method, path) == ("GET", "/v2.0/oa/getoa"):
            oa.tokens.check(request.headers.get("access_token"))
            answer = _success(_account(oa))
        elif request.method != "POST":
            raise ApiError(-209, "This API is not supported")
        else:
            oa.tokens.check(request.headers.get("access_token"))
            answer = _success(await _post(oa, request, call))
    except ApiError as error:
        call.error = error.code
        return 200, error.body(), JSON
    call.error = 0
    return 200, dumps(answer), JSON


def _success(data: Json) -> Json:
    return {"data": data, "error": 0, "message": "Success"}


def _renew(oa: FakeZaloOA, request: web.BaseRequest, body: bytes, call: Call) -> Json:
    """As the oauth host answers: without `data`, `expires_in` a string."""
    call.body = form = dict(parse_qsl(body.decode()))
    if request.headers.get("secret_key") != oa.app_secret:
        raise ApiError(-14004, "Invalid secret key.")
    if form.get("app_id") != oa.app_id or form.get("grant_type") != "refresh_token":
        raise ApiError(-14002, "Invalid parameters.")
    return oa.tokens.spend(form.get("refresh_token", ""))


def _account(oa: FakeZaloOA) -> Json:
    return {
        "oa_id": oa.oa_id,
        "name": "UBND xã Phù Lưu",
        "oa_type": oa.oa_type,
        "is_verified": True,
        "package_name": "Nâng cao",
    }


async def _post(oa: FakeZaloOA, request: web.BaseRequest, call: Call) -> Json:
    path = request.path
    if path in ("/v2.0/oa/upload/image", "/v2.0/oa/upload/file"):
        return await _upload(oa, request, path.endswith("image"))
    try:
        call.body = json.loads(await request.read())
    except ValueError:
        raise ApiError(-201, "Params is invalid") from None
    if path == "/v3.0/oa/message/cs":
        return _consult(oa, call.body)
    if path == "/v3.0/oa/message/template":
        return _template(oa, call.body, _recipient(oa, str(call.body.get("user_id"))))
    if path == "/message/template":
        if not call.body.get("tracking_id"):
            raise ApiError(-201, "tracking_id is empty")
        person = oa.people.get(oa.phones.get(str(call.body.get("phone")), ""))
        if person is None:
            raise ApiError(-201, "phone is invalid")
        return _template(oa, call.body, person)
    raise ApiError(-209, "This API is not supported")


async def _upload(oa: FakeZaloOA, request: web.BaseRequest, image: bool) -> Json:
    part = await (await request.multipart()).next()
    if not isinstance(part, BodyPartReader) or part.name != "file":
        raise ApiError(-201, "file is empty")
    data, name = bytes(await part.read()), part.filename or ""
    oa.uploads += 1
    if oa.uploads > UPLOADS_A_MONTH:
        raise ApiError(-223, "Upload quota is reached")
    if image:
        if not data.startswith((b"\xff\xd8\xff", b"\x89PNG")) or len(data) > IMAGE_BYTES:
            raise ApiError(-201, "The image is not jpg or png, or larger than 1 MB")
    elif not name.lower().endswith(FILE_NAMES) or len(data) > FILE_BYTES:
        raise ApiError(-201, "The file is not of a known kind, or larger than 5 MB")
    key = oa.message_id()
    stored = Stored(data, name, oa.clock.now() + UPLOAD_SECONDS)
    (oa.images if image else oa.files)[key] = stored
    return {"attachment_id": key} if image else {"token": key}


def _recipient(oa: FakeZaloOA, user_id: str) -> Person:
    person = oa.people.get(user_id)
    if person is None:
        raise ApiError(-201, "user_id is invalid")
    if not person.following:
        raise ApiError(-213, "User has not followed OA")
    return person


def _consult(oa: FakeZaloOA, body: Json) -> Json:
    person = _recipient(oa, str(_dict(body.get("recipient")).get("user_id")))
    if person.wrote_at is None or oa.clock.now() - person.wrote_at >= WINDOW_SECONDS:
        raise ApiError(-230, "User has not interacted with the OA in the past 7 days")
    heard = _heard(oa, _dict(body.get("message")))
    person.is_sent(heard)
    return {"message_id": heard.id, "user_id": person.id}


def _heard(oa: FakeZaloOA, message: Json) -> Heard:
    heard = Heard(oa.message_id(), str(message.get("text") or ""))
    if len(heard.text.encode("utf-16-le")) // 2 > TEXT:
        raise ApiError(-210, "text is too long")
    attachment = _dict(message.get("attachment"))
    payload = _dict(attachment.get("payload"))
    if attachment.get("type") == "file":
        stored = _live(oa, oa.files.pop(str(payload.get("token")), None))
        heard.file = (stored.name, stored.data)
    elif payload.get("template_type") == "media":
        elements = payload.get("elements") or [{}]
        stored = _live(oa, oa.images.get(str(elements[0].get("attachment_id"))))
        if heard.text and not oa.takes_captions:
            raise ApiError(-201, "text is not allowed here")
        heard.photo = stored.data
    elif "buttons" in payload:
        heard.buttons = _buttons(oa, payload["buttons"])
        if not heard.text:
            raise ApiError(-201, "text is empty")
    elif attachment or not heard.text:
        raise ApiError(-201, "message is invalid")
    return heard


def _buttons(oa: FakeZaloOA, given: Any) -> list[Button]:
    if not oa.takes_buttons:
        raise ApiError(oa.buttons_error, "buttons are not taken")
    if not isinstance(given, list) or not 1 <= len(given) <= 5:
        raise ApiError(-201, "buttons are invalid")
    buttons = []
    for one in given:
        title, payload = str(one.get("title") or ""), str(one.get("payload") or "")
        fits = 0 < len(title) <= 100 and 0 < len(payload) <= PAYLOAD
        if one.get("type") != "oa.query.hide" or not fits:
            raise ApiError(-201, "a button is invalid")
        buttons.append(Button(title, payload))
    return buttons


def _template(oa: FakeZaloOA, body: Json, person: Person) -> Json:
    template, data = str(body.get("template_id")), _dict(body.get("template_data"))
    if template not in oa.templates:
        raise ApiError(-201, "template_id is invalid")
    if set(data) != set(oa.templates[template]):
        raise ApiError(-201, "template_data is invalid")
    heard = Heard(oa.message_id(), template=(template, data))
    person.is_sent(heard)
    return {"msg_id": heard.id}


def _live(oa: FakeZaloOA, stored: Stored | None) -> Stored:
    if stored is None or oa.clock.now() >= stored.until:
        raise ApiError(-201, "the attachment is unknown or too old")
    return stored


def _media(oa: FakeZaloOA, name: str) -> Answer:
    stored = oa.media.get(name)
    if stored is None or oa.clock.now() >= stored.until:
        return 403, b"expired", "text/plain"
    return 200, stored.data, "application/octet-stream"


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
