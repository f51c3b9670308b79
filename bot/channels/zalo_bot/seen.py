"""What this bot has really met, where the documentation and the traffic disagree.

Kept in memory since the start; the channel has the facts remembered, for the doctor to report.
Names of fields and events only: nothing that anybody said.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field

_REMEMBERED = 500
_NAMES = 40


@dataclass
class Seen:
    """Facts met since the start; all counts are of this process."""

    envelopes: Counter[str] = field(default_factory=Counter)
    """"wrapped" (as documented) or "flat" (as in live traffic)."""
    photo_fields: Counter[str] = field(default_factory=Counter)
    """"photo" (as documented) or "photo_url" (as in live traffic)."""
    events: Counter[str] = field(default_factory=Counter)
    """By event name."""
    captions: int = 0
    groups: int = 0
    probes: int = 0
    """Empty posts to the webhook."""
    without_message: int = 0
    """Events that do not say whose they are: nobody can be answered."""
    repeated: int = 0
    """Messages that came again: Zalo's redelivery."""
    quota_refusals: int = 0
    stored_unverified: int = 0
    """Times a webhook was stored although its verification failed."""
    _ids: OrderedDict[str, None] = field(default_factory=OrderedDict, repr=False)

    def event(self, name: str) -> None:
        if name in self.events or len(self.events) < _NAMES:
            self.events[name] += 1

    def again(self, event_id: str) -> bool:
        """Whether this process has met the event before; remembers it."""
        if event_id in self._ids:
            self.repeated += 1
            return True
        self._ids[event_id] = None
        if len(self._ids) > _REMEMBERED:
            self._ids.popitem(last=False)
        return False

    def facts(self) -> frozenset[str]:
        """What has been met, as short words that can be kept."""
        met = {
            "caption": self.captions,
            "group": self.groups,
            "probe": self.probes,
            "no_chat": self.without_message,
            "repeated": self.repeated,
            "quota": self.quota_refusals,
            "unverified": self.stored_unverified,
        }
        named = (fact for fact, count in met.items() if count)
        return frozenset((*self.envelopes, *self.photo_fields, *named))

    def lines(self) -> list[str]:
        """The facts as short lines for the doctor."""
        return [
            f"envelope: {_counted(self.envelopes)}",
            f"photo in: {_counted(self.photo_fields)}, captions {self.captions}",
            f"events: {_counted(self.events)}, without a message {self.without_message}",
            f"probes {self.probes}, repeated {self.repeated}, from groups {self.groups}",
            f"refused for the quota {self.quota_refusals}, "
            f"webhook stored unverified {self.stored_unverified}",
        ]


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counter.most_common()) or "none yet"
