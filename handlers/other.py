"""What nothing else understands: a task's code, a report in other words, a greeting; else say what
can be done."""

from __future__ import annotations

import re

from bot.conversation import Choice
from handlers import choosing, connect, help, report, summary, tasks
from handlers.draft import LONGEST, Draft, read_into, save
from handlers.world import Next, Talk, Turn
from services import linking
from services.tasks import closed_tasks, my_open_tasks, visible_open_tasks
from vietnamese.commands import Command, read_command
from vietnamese.commands.wishes import LABELS, QUESTION, read_wish
from vietnamese.letters import fold, fold_in_place
from vietnamese.meaning import Ask, Reading

talk = Talk("other")

GREETINGS = frozenset({"chao", "alo", "hello", "hi", "bot"})
_THANKS = re.compile(r"(?:cam on|camon|thanks|ok|vang|da|duoc roi|ro)(?!\w)")
_OF_A_TASK = re.compile(
    r"(?:cho )?(?:xem )?(?:nhiem vu|viec|nv) +(?!(?:nao|mo|gi|chi)(?!\w))(?=\S)"
)
_OFFICE = 'Đồng chí nhờ văn phòng ghi vào danh sách việc, hoặc gõ "?" để xem có thể làm gì.'
_IN_PERSON = 'Đồng chí trao đổi trực tiếp giúp, hoặc gõ "?" để xem có thể làm gì.'
NOT_HERE = {
    "giaoviec": f"Giao việc chưa làm được ở đây. {_OFFICE}",
    "dangky": f"Đăng ký việc chưa làm được ở đây. {_OFFICE}",
    "giahan": f"Xin gia hạn chưa làm được ở đây. {_IN_PERSON}",
    "chidao": f"Cho ý kiến chỉ đạo chưa làm được ở đây. {_IN_PERSON}",
    "vuongmac": 'Vướng mắc do cán bộ báo. Đồng chí gõ "tổng kết" để xem.',
}
"""What is asked for and has no talk yet."""

_NO_REPORTS = frozenset({"giahan", "giaoviec", "dangky", "chidao", "nghi", "sua", "kiemtra"})
"""``lùi hạn nv03 sang 15/12`` tells of no 15."""


@talk.begin
async def begin(turn: Turn) -> Next:
    text = turn.said.text
    words = fold(text).strip(" .!,")
    told = text.lower().startswith("đã") and not words.startswith("da ro")  # "đã xong", no "dạ"
    if _THANKS.match(words) and not told and len(words.split()) <= 6:
        return turn.end("Vâng, cảm ơn đồng chí.")
    if GREETINGS & set(words.split()) and len(words.split()) <= 6:
        return await help.begin(turn)
    if turn.world.actor.leads and (again := summary.asked_again(text)):
        return await summary.asked(turn, *again)
    if linking.is_code(text):
        return await connect.code_again(turn)
    if choosing.is_code(text):
        return await by_code(turn, text)
    command = read_command(text)
    wish = command or read_wish(text)
    if isinstance(wish, Command) and wish.name in _NO_REPORTS:
        return await opened(turn, wish.name, wish.rest)
    if turn.world.actor.is_any("cadre", "clerk"):
        if command and command.name == "vuongmac":
            return await stuck(turn, command.rest)
        save(turn, Draft())
        reports = isinstance(wish, Command) and wish.name == "baocao" and wish.rest
        meaning = await read_into(turn, reports or text)
        if meaning and meaning.task and (meaning.quantity or meaning.situation or meaning.ask):
            return await report.go_on(turn, meaning)
        turn.replies.clear()
    if turn.world.actor.is_any("clerk", "admin") and (whom := connect.whom(text)):
        return await connect.named(turn, whom)
    if named := _OF_A_TASK.match(fold_in_place(text)):
        mine = await my_open_tasks(turn.world.session, turn.world.actor)
        return await tasks.named(turn, text[named.end() :], mine)
    if choosing.code_in(text):
        found = choosing.meant(text, await visible_open_tasks(turn.world.session, turn.world.actor))
        inside = await choosing.in_unit(turn, text, found)
        if len(inside) < len(found):
            return await tasks.one_of(turn, inside, text)
    if wish:
        return await wished(turn, wish)
    return unclear(turn)


_ONLY_LOOKS = frozenset({"nhiemvu", "tongket", "xuat", "trogiup", "kiemtra"})


def is_clear(text: str, half_done: bool) -> bool:
    """Whether a sentence in the middle of a talk surely asks for something else; where something is
    half done, only for a look at something else."""
    wish = read_wish(text)
    if not isinstance(wish, Command) or wish.name == "huy":
        return False
    return not half_done or wish.name in _ONLY_LOOKS


async def wished(turn: Turn, wish: Command | Ask[Command]) -> Next:
    """Opens what was asked for; where it may be several things, those that this person may use are
    offered."""
    if isinstance(wish, Command) and (wish.name != "huy" or not turn.parked):
        return await opened(turn, wish.name, wish.rest)
    if isinstance(wish, Command):
        wish = Ask(QUESTION, (Reading(LABELS["huy"], wish),))
    may = {name for name, _ in await help.menu_of(turn.world.session, turn.world.actor)}
    may |= {"vuongmac"} if turn.world.actor.is_any("cadre", "clerk") else set()
    may -= set() if turn.parked else {"huy"}  # nothing is half done
    readings = [one for one in wish.readings if one.meaning.name in may]
    if not readings:
        return unclear(turn)
    if len(readings) == 1 < len(wish.readings):
        return await opened(turn, readings[0].meaning.name, readings[0].meaning.rest)
    turn.data["wishes"] = {one.meaning.name: one.meaning.rest for one in readings}
    offered = [Choice(one.meaning.name, one.label) for one in readings]
    if "trogiup" not in turn.data["wishes"]:
        offered.append(Choice("trogiup", LABELS["trogiup"]))
    return turn.ask(wish.question, chosen, offered)


def unclear(turn: Turn) -> Next:
    word = '"tổng kết" để xem toàn bộ' if turn.world.actor.leads else '"báo cáo" để báo cáo việc'
    return turn.end(f'Chưa rõ ý đồng chí. Đồng chí gõ {word}, hoặc "?" để xem có thể làm gì.')


@talk.step
async def chosen(turn: Turn) -> Next:
    if not turn.said.key:
        return await begin(turn)
    return await opened(turn, turn.said.key, turn.data["wishes"].get(turn.said.key, ""))


async def opened(turn: Turn, name: str, rest: str) -> Next:
    if name == "vuongmac" and turn.world.actor.is_any("cadre", "clerk"):
        return await stuck(turn, rest)
    if name in NOT_HERE:
        return turn.end(NOT_HERE[name])
    return turn.open(name, rest)


async def stuck(turn: Turn, told: str) -> Next:
    """ "vướng mắc nv03 chưa có đất", or the word alone: a report that begins with what is stuck."""
    named = await choosing.named_tasks(turn, told)
    words = choosing.after_code(told).strip(" :,.-–") if named else told
    draft = Draft(situation="stuck", obstacle=words[:LONGEST])
    save(turn, draft)
    if len(named) == 1:
        draft.about(named[0].id)
        save(turn, draft)
    elif named:
        return await report.one_of(turn, named, told)
    return await report.go_on(turn)


async def by_code(turn: Turn, text: str) -> Next:
    """A code and nothing else: the task, or which of those that bear it."""
    world = turn.world
    own = choosing.meant(text, await my_open_tasks(world.session, world.actor))
    found = own or choosing.meant(text, await visible_open_tasks(world.session, world.actor))
    found = found or choosing.meant(text, await closed_tasks(world.session, world.actor))
    if not found:
        code = choosing.code_in(text)
        return turn.end(f"Không thấy {code} trong các việc mà đồng chí được xem.")
    return await tasks.one_of(turn, found, text)
