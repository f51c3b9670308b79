"""Nghỉ: nobody is reminded while away. "nghỉ đến 30/11", "nghỉ từ 1/12 đến 5/12", "đi làm lại"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.conversation import Choice
from handlers.world import Next, Talk, Turn
from services import leave
from vietnamese.dates import NoSuchDate, When, read_date
from vietnamese.formatting import full_day
from vietnamese.letters import fold
from vietnamese.meaning import Ask
from vietnamese.zone import local

talk = Talk("leave")

QUESTION = "Đồng chí nghỉ đến hết ngày nào? Ví dụ: 30/11, hoặc từ 1/12 đến 5/12."
LATE = timedelta(days=31)
"""A leave may have begun before it is told, but not so long ago."""
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_DAYS = re.compile(r"(?:trong )?(\d{1,5}) (ngay|hom|bua|tuan)")
_BACK = re.compile(
    r"(?:(?:em|toi|minh|chau|da|nay|hom nay|tu hom nay) )*di lam"
    r"(?: (?:lai|roi|binh thuong|tu hom nay|hom nay|a|nhe))*"
)
"""And nothing else: "đi làm lại mặt đường" is work, not the end of a leave."""
_TODAY = re.compile(r"\s*(?:(?:em|toi|minh|chau|da) )*hom nay\b")
TOO_LONG = f"Một kỳ nghỉ dài nhất {leave.LONGEST_DAYS} ngày. Nghỉ lâu hơn thì báo văn phòng."
YES_NO = (Choice("yes", "Đúng"), Choice("no", "Gõ lại"))


@talk.begin
async def begin(turn: Turn) -> Next:
    world = turn.world
    turn.parked[:] = [place for place in turn.parked if place.talk != talk.name]
    if is_back(turn.said.rest):
        return await end(turn)
    if turn.said.rest:
        return await understood(turn, turn.said.rest)
    if _TODAY.match(fold(turn.said.text)):  # "hôm nay tôi nghỉ": the day stands before the word
        return await understood(turn, "hôm nay")
    current = await leave.current_leave(world.session, world.actor.person_id, world.today)
    if current is None:
        return turn.ask(QUESTION, date_told)
    return turn.ask(
        f"Đồng chí đang báo nghỉ từ {full_day(current.from_day)} đến {full_day(current.to_day)}.",
        existing,
        [Choice("change", "Đổi ngày"), Choice("back", "Đi làm lại, bỏ kỳ nghỉ này")],
    )


@talk.step
async def existing(turn: Turn) -> Next:
    if turn.said.key == "change":
        return turn.ask(QUESTION, date_told)
    if turn.said.key == "back":
        return await end(turn)
    return turn.by_number()


async def end(turn: Turn) -> Next:
    if await leave.end_leave(turn.world.session, turn.world.actor, turn.world.now):
        return turn.end("✅ Đã bỏ kỳ nghỉ. Việc đến hạn sẽ được nhắc như thường.")
    return turn.end("Hiện đồng chí không có kỳ nghỉ nào.")


def is_back(text: str) -> bool:
    """ "đi làm lại", "tôi đã đi làm"."""
    return _BACK.fullmatch(fold(text).strip(" .!,")) is not None


@talk.step
async def date_told(turn: Turn) -> Next:
    if turn.said.key.startswith("d"):
        start, _, end = turn.said.key[1:].partition("_")
        return confirm(turn, date.fromisoformat(start), date.fromisoformat(end))
    if turn.said.key == "no":
        return turn.ask(QUESTION, date_told)
    return await understood(turn, turn.said.text, until=True)


async def understood(turn: Turn, text: str, *, until: bool = False) -> Next:
    """`until`: a single day answers the question for the last one; else it is the day off itself."""
    if days := _DAYS.fullmatch(fold(text).strip(" .")):
        count = int(days[1]) * (7 if days[2] == "tuan" else 1)
        if not count:
            return turn.ask(QUESTION, date_told)
        if count > leave.LONGEST_DAYS:
            return _ask_again(turn, TOO_LONG)
        return confirm(turn, turn.world.today, turn.world.today + timedelta(days=count - 1))
    meaning = read_date(text, now=local(turn.world.now), sense="deadline")
    if isinstance(meaning, NoSuchDate):
        return _ask_again(turn, meaning.sentence)
    if isinstance(meaning, Ask):
        spans = [
            (reading.label, *_span(turn, reading.meaning, text, until))
            for reading in meaning.readings
        ]
        if len(spans) == 1:
            return confirm(turn, *spans[0][1:])
        return turn.ask(
            meaning.question,
            date_told,
            [Choice(f"d{start:%Y-%m-%d}_{end:%Y-%m-%d}", label) for label, start, end in spans],
        )
    if meaning is None:
        return _ask_again(turn, "Chưa rõ ngày nào.")
    start, end = _span(turn, meaning, text, until)
    # Without its year a day that has just gone by is taken for the next one of that name.
    too_long = (end - start).days > leave.LONGEST_DAYS and start == turn.world.today
    if too_long and not _YEAR.search(text):
        return _ask_again(turn, f"Ngày {end.day}/{end.month} đã qua.")
    return confirm(turn, start, end)


def _span(turn: Turn, when: When, text: str, until: bool) -> tuple[date, date]:
    """ "đến 30/11" and "đến hết tuần sau" start today; "mai" and "tuần sau" on their first day."""
    from_today = fold(text).startswith(("den ", "toi ", "het ")) or (until and not when.end)
    return (turn.world.today if from_today else when.start, when.last)


def _ask_again(turn: Turn, sentence: str) -> Next:
    turn.say(sentence)
    return turn.ask(QUESTION, date_told)


def confirm(turn: Turn, start: date, end: date) -> Next:
    """Always read back with weekday and full date before saving."""
    today = turn.world.today
    if end < max(start, today) or start < today - LATE:
        return _ask_again(turn, "Ngày cuối phải từ hôm nay trở đi và không trước ngày đầu.")
    if (end - start).days > leave.LONGEST_DAYS:
        return _ask_again(turn, TOO_LONG)
    turn.data["from"], turn.data["to"] = start.isoformat(), end.isoformat()
    return turn.ask(f"Nghỉ {_named(start, end)}?", confirmed, YES_NO, layout="row")


def _named(start: date, end: date) -> str:
    return f"từ {full_day(start)} đến hết {full_day(end)}" if start < end else full_day(start)


@talk.step
async def confirmed(turn: Turn) -> Next:
    if turn.said.key == "no":
        return turn.ask(QUESTION, date_told)
    if turn.said.key != "yes":
        return await understood(turn, turn.said.text, until=True)
    world = turn.world
    taken = await leave.take_leave(
        world.session,
        world.actor,
        date.fromisoformat(turn.data["from"]),
        date.fromisoformat(turn.data["to"]),
        world.now,
    )
    return turn.end(
        f"✅ Đã ghi: nghỉ {_named(taken.from_day, taken.to_day)}. "
        'Trong thời gian này không nhắc việc. Đi làm sớm hơn thì gõ "đi làm lại".'
    )
