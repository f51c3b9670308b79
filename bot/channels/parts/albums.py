"""Photos that come together. Zalo sends an album as N events and does not say that they are one
(an Official Account may send it as one event, too).

The first photo of a run has no album, so that it is answered at once and a single late photo is
treated as one; those that follow within moments in the same chat share an album, so that the talk
asks once, after the last, and ten photos cost two answers of the monthly limit instead of ten.
Anything else said in between ends the run. A replica that has not seen the first photo answers it
as a single one: a message more, nothing lost.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

GAP = timedelta(seconds=5)
"""Between two photos of one run, by Zalo's own time."""
_CHATS = 2000


@dataclass(slots=True)
class _Run:
    first: str
    last_at: datetime


class Albums:
    """The runs of photos of each chat."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, _Run] = OrderedDict()

    def of_photo(self, chat_id: str, event_id: str, at: datetime) -> str:
        """The album of a photo; "" for the first of a run, and for a single one."""
        run = self._runs.get(chat_id)
        if run is None or abs(at - run.last_at) > GAP:
            run = self._runs[chat_id] = _Run(event_id, at)
            self._runs.move_to_end(chat_id)
            if len(self._runs) > _CHATS:
                self._runs.popitem(last=False)
        run.last_at = max(run.last_at, at)
        return "" if run.first == event_id else run.first

    def something_else(self, chat_id: str) -> None:
        """Something that is not a photo was said."""
        self._runs.pop(chat_id, None)
