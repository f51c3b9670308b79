"""For the clerk: a code for somebody (kết nối). For everybody: where to be reminded."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.conversation import Choice
from handlers.words import network, short
from handlers.world import Next, Talk, Turn
from services import linking, people
from services.people import PersonCard
from services.zalo import bots as zalo_bots
from vietnamese.letters import fold, fold_in_place
from vietnamese.names import Candidate, Found, Several, find

talk = Talk("connect")
where = Talk("remind_on")

WHOSE = "Cấp mã cho ai? Đồng chí gõ họ tên, chức vụ hoặc tên đơn vị."


@talk.begin
async def begin(turn: Turn) -> Next:
    world = turn.world
    if not world.actor.is_any("clerk", "admin"):
        return await own_code(turn)
    if turn.said.rest:
        return await named(turn, turn.said.rest)
    return turn.ask(WHOSE, name_told)


async def code_again(turn: Turn) -> Next:
    """A code in a chat that is connected already; of others' codes no more is said than of wrong
    ones. A chat changes hands only through the office (`python -m bot disconnect`)."""
    world = turn.world
    channel, chat = world.address.channel, world.address.chat_id
    person = await linking.whose_code(
        world.session, turn.said.text, channel, chat, now=world.now, secret=world.secret
    )
    if person is not None:
        return turn.end(
            "Nơi này đã kết nối với đồng chí rồi, không cần gõ mã. Mã này để kết nối thêm nơi khác."
        )
    locked = not await linking.may_try(world.session, channel, chat, world.now)
    return turn.end(linking.LOCKED if locked else linking.WRONG)


async def own_code(turn: Turn) -> Next:
    """Another network for oneself."""
    whose = "Mã kết nối thêm của đồng chí"
    return await give(turn, turn.world.actor.person_id, whose, "Đồng chí nhắn mã này ở nơi mới")


@talk.step
async def name_told(turn: Turn) -> Next:
    if turn.said.key == "no":
        return turn.ask(WHOSE, name_told)
    if turn.said.key.startswith("p"):
        listed = await people.people_of(turn.world.session, turn.world.actor)
        person = next((one for one in listed if f"p{one.person_id}" == turn.said.key), None)
        if person is not None:
            return await give(turn, person.person_id, f"Mã kết nối của {person.label}")
    if turn.question and turn.question.choices and turn.said.text.strip().isdigit():
        return turn.by_number()
    return await named(turn, whom(turn.said.text) or turn.said.text)


def whom(text: str) -> str:
    """What stands behind "kết nối", where nothing else was made of the text; "" without it."""
    command = re.match(r"ket noi +(?=\S)", fold_in_place(text))
    return text[command.end() :] if command else ""


async def named(turn: Turn, text: str) -> Next:
    world = turn.world
    listed = await people.people_of(world.session, world.actor)
    meant = _meant(text, listed)
    if len(meant) == 1:
        return turn.ask(
            f"Cấp mã cho đồng chí {meant[0].label}?",
            name_told,
            [Choice(f"p{meant[0].person_id}", "Đúng"), Choice("no", "Không phải")],
            layout="row",
        )
    if meant:
        return turn.ask(
            "Đồng chí chọn một người:",
            name_told,
            [Choice(f"p{one.person_id}", one.label) for one in meant],
        )
    turn.say(f'Không thấy ai tên "{short(text, 40)}" trong đơn vị của đồng chí.')
    return turn.ask(WHOSE, name_told)


def _meant(text: str, listed: Sequence[PersonCard]) -> list[PersonCard]:
    """By the name; else all whose post and unit hold these words ("pct phù lưu")."""
    found = find(text, [Candidate(str(one.person_id), one.name) for one in listed])
    if isinstance(found, Found | Several):
        ids = (found.id,) if isinstance(found, Found) else found.ids
        return [one for one in listed if str(one.person_id) in ids]
    phrase = " ".join(_words(text))
    together = [one for one in listed if phrase and f" {phrase} " in f" {' '.join(_told(one))} "]
    words = _words(text)
    return together or [
        one for one in listed if words and all(_holds(_told(one), word) for word in words)
    ]


def _holds(told: list[str], word: str) -> bool:
    """Whether it is one of the words, or the first letters of some in a row: "pct", "ubnd"."""
    runs = zip(*(told[at:] for at in range(len(word))), strict=False)
    return word in told or (
        len(word) > 1 and any("".join(w[0] for w in run) == word for run in runs)
    )


def _told(person: PersonCard) -> list[str]:
    return _words(f"{person.name} {person.post} {person.unit}")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


async def give(turn: Turn, person_id: int, whose: str, how: str = "Người nhận nhắn mã này") -> Next:
    world = turn.world
    code = await linking.make_code(
        world.session,
        world.actor,
        person_id,
        now=world.now,
        secret=world.secret,
        days=world.code_days,
    )
    shown = linking.grouped(code)
    lines = [
        f"{whose}: {shown}",
        f"Dùng một lần, trong {world.code_days} ngày. {how}, hoặc mở {world.public_url}/vao/{code}",
    ]
    if world.bot_name:
        lines.append(f"Trên Telegram: https://t.me/{world.bot_name}?start={code}")
    lines += await _on_zalo(turn, person_id)
    return turn.end("\n".join(lines))


async def _on_zalo(turn: Turn, person_id: int) -> list[str]:
    """Which bot or account to write to: people are spread over the bots."""
    zalo = turn.world.zalo
    if not (zalo.bots or zalo.account):
        return []
    place = await zalo_bots.place_for(turn.world.session, zalo, person_id)
    if place is None:
        return [f"Trên Zalo: các bot đã đủ {zalo.people} người, mời dùng trang web."]
    if not place.name:
        return []
    return [f'Trên Zalo: tìm "{place.name}" rồi nhắn mã này. {place.link}'.rstrip()]


@where.begin
async def begin_where(turn: Turn) -> Next:
    world = turn.world
    accounts = await linking.accounts_of(world.session, world.actor.person_id)
    if len(accounts) < 2:
        return turn.end(
            "Đồng chí mới kết nối một nơi, nhắc việc gửi về đó. "
            'Muốn thêm nơi khác, gõ "kết nối" để lấy mã.'
        )
    return turn.ask(
        "Nhận nhắc việc ở đâu?",
        chosen,
        [Choice(f"n:{account.channel}", network(account.channel)) for account in accounts],
    )


@where.step
async def chosen(turn: Turn) -> Next:
    if not turn.said.key.startswith("n:"):
        return turn.by_number()
    channel = turn.said.key[2:]
    await linking.remind_on(turn.world.session, turn.world.actor, channel, turn.world.now)
    return turn.end(f"✅ Từ nay nhắc việc gửi về {network(channel)}.")
