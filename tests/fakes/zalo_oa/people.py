"""People: they follow, write, send photos, press, and hear what the account sends.

Several photos chosen at once are one event with several attachments. A press comes back as a text
equal to the button's payload, unseen by the person (`oa.query.hide`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .state import MEDIA_SECONDS, Json, State, Stored


class Silence(AssertionError):
    """Nothing was heard in time."""


@dataclass(frozen=True)
class Button:
    """A button under a message."""

    title: str
    payload: str


@dataclass
class Heard:
    """A message of the account, as it stands on the person's phone."""

    id: str
    text: str = ""
    photo: bytes = b""
    file: tuple[str, bytes] | None = None
    buttons: list[Button] = field(default_factory=list)
    template: tuple[str, Json] | None = None

    @property
    def titles(self) -> list[str]:
        return [button.title for button in self.buttons]


class Person:
    """Somebody on Zalo. What they do returns the event as it is delivered."""

    def __init__(
        self,
        state: State,
        push: Callable[[Json], None],
        address: Callable[[], str],
        user_id: str,
        *,
        follows: bool,
    ) -> None:
        self._state = state
        self._push = push
        self._address = address
        self.id = user_id
        self.following = follows
        self.wrote_at: float | None = None
        self.said: list[Heard] = []
        """All that the account has sent to them."""
        self._heard = 0

    # -- speaking --------------------------------------------------------------------------------

    def says(self, text: str) -> Json:
        return self._sends("user_send_text", {"text": text})

    def sends_photos(self, *pictures: bytes, caption: str = "") -> Json:
        """Photos in one go; their addresses expire after half an hour."""
        message: Json = {"text": caption} if caption else {}
        message["attachments"] = [self._attached("image", data, "jpg") for data in pictures]
        return self._sends("user_send_image", message)

    def sends_location(self, lat: float, lon: float) -> Json:
        where = {"latitude": str(lat), "longitude": str(lon)}
        piece = {"type": "location", "payload": {"coordinates": where}}
        return self._sends("user_send_location", {"text": "", "attachments": [piece]})

    def sends_file(self, data: bytes, name: str) -> Json:
        piece = self._attached("file", data, name.rpartition(".")[2])
        piece["payload"] |= {"name": name, "size": str(len(data)), "type": name[-4:]}
        return self._sends("user_send_file", {"attachments": [piece]})

    def sends_audio(self) -> Json:
        return self._sends(
            "user_send_audio", {"attachments": [self._attached("audio", b"", "aac")]}
        )

    def sends_sticker(self) -> Json:
        piece = {"type": "sticker", "payload": {"id": "1ae2", "url": "https://stc.vi.du/1ae2"}}
        return self._sends("user_send_sticker", {"attachments": [piece]})

    def sends(self, event_name: str, message: Json | None = None) -> Json:
        """An event of any name."""
        return self._sends(event_name, message or {})

    def presses(self, title: str) -> Json:
        """Press a button under the newest message that has it. Raises LookupError."""
        for heard in reversed(self.said):
            for button in heard.buttons:
                if title in (button.title, button.payload):
                    return self._sends("user_send_text", {"text": button.payload})
        raise LookupError(f"no button {title!r}")

    def follows(self) -> Json:
        self.following = True
        return self._event("follow", {"follower": {"id": self.id}, "oa_id": self._state.oa_id})

    def unfollows(self) -> Json:
        self.following = False
        return self._event("unfollow", {"follower": {"id": self.id}, "oa_id": self._state.oa_id})

    def submits_info(self, name: str, phone: str) -> Json:
        info = {"name": name, "phone": phone, "address": "", "city": "", "district": ""}
        return self._event("user_submit_info", self._parties() | {"info": info})

    def _attached(self, kind: str, data: bytes, ending: str) -> Json:
        number = f"{next(self._state.numbers)}.{ending}"
        until = self._state.clock.now() + MEDIA_SECONDS
        self._state.media[number] = Stored(data, number, until)
        url = f"{self._address()}/media/{number}"
        return {"type": kind, "payload": {"url": url, "thumbnail": f"{url}?thumb"}}

    def _sends(self, name: str, message: Json) -> Json:
        self.following = True  # whoever writes may be answered
        self.wrote_at = self._state.clock.now()
        message = {**message, "msg_id": self._state.message_id()}
        return self._event(name, self._parties() | {"message": message})

    def _parties(self) -> Json:
        return {
            "sender": {"id": self.id},
            "recipient": {"id": self._state.oa_id},
            "user_id_by_app": f"app-{self.id}",
        }

    def _event(self, name: str, more: Json) -> Json:
        event = {
            "app_id": self._state.app_id,
            "event_name": name,
            "timestamp": self._state.millis(),
            **more,
        }
        self._push(event)
        return event

    # -- hearing ---------------------------------------------------------------------------------

    def is_sent(self, heard: Heard) -> None:
        self.said.append(heard)
        self._state.bell.ring()

    async def hears(self, timeout: float = 30) -> Heard:
        """The next message that was not yet heard. Raises Silence."""

        def look() -> Heard | None:
            return self.said[self._heard] if self._heard < len(self.said) else None

        try:
            heard = await self._state.bell.until(look, timeout)
        except TimeoutError:
            last = [one.text for one in self.said[-3:]]
            raise Silence(f"nothing was said within {timeout} s; last heard: {last}") from None
        self._heard += 1
        return heard

    def unheard(self) -> Sequence[Heard]:
        """What was said and `hears` has not returned yet; now it has."""
        rest = self.said[self._heard :]
        self._heard += len(rest)
        return rest
