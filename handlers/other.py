"""What nothing else understands: a task's code, a report in other words, a greeting; else say what
can be done."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.conversation import Choice
from handlers import choosing, connect, help, odd_values, report, summary, tasks
from handlers import summary_lists as lists
from handlers.draft import Draft, load, of_unit, read_into, save, take_stuck
from handlers.world import Next, Talk, Turn
from services import linking
from services.access import reportable_task
from services.tasks import closed_tasks, my_open_tasks, visible_open_tasks
from vietnamese.commands import Command, read_command
from vietnamese.commands.wishes import LABELS, QUESTION, read_wish
from vietnamese.letters import fold, fold_in_place
from vietnamese.meaning import Ask, Reading

talk = Talk("other")

GREETINGS = frozenset({"chao", "alo", "hello", "hi", "bot"})
_THANKS = re.compile(r"(?:cam on|camon|thanks|ok|vang|da|duoc roi|ro)(?!\w)")
_TELLS = re.compile(
    r"\d|(?<!\w)(?:xong|lam|dat|duoc \w+ \w|hoan thanh|bao cao|bc|xin|nghi|vuong|cham|tong|viec|nv|chua)(?!\w)"
)
"""More than thanks: "dạ nv03 2 tổ ạ", "ok em đã làm xong"."""
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
_REACHED = re.compile(r"(?<!\w)(?:moi|dang|duoc|dat|da)(?: \w+)? \d|\d ?%")
"""``xin lùi nv07 sang tháng 12, mới 35%`` does tell of 35 %."""


@talk.begin
async def begin(turn: Turn) -> Next:
    text = turn.said.text
    words = fold(text).strip(" .!,")
    told = text.lower().startswith("đã") and not words.startswith("da ro")  # "đã xong", no "dạ"
    if (thanks := _THANKS.match(words)) and not told and not _TELLS.search(words, thanks.end()):
        return turn.end("Vâng, cảm ơn đồng chí.")
    if GREETINGS & set(words.split()) and len(words.split()) <= 6:
        return await help.begin(turn)
    if key := _list_asked_for(turn, text):
        return await summary.only(turn, key)
    if lists.named(text) == "overdue":  # of who leads nobody: among one's own
        return await tasks.begin(turn)
    if turn.world.actor.leads and (again := summary.asked_again(text)):
        return await summary.asked(turn, *again)
    if linking.is_code(text):
        return await connect.code_again(turn)
    if choosing.is_code(text):
        return await by_code(turn, text)
    command = read_command(text)
    wish = command or read_wish(text)
    reporter = turn.world.actor.is_any("cadre", "clerk")
    if isinstance(wish, Command) and wish.name in _NO_REPORTS:
        beside = reporter and wish.name in NOT_HERE and _REACHED.search(fold(wish.rest))
        if beside:
            turn.say(NOT_HERE[wish.name])
        elif wish.name != "kiemtra" or turn.world.actor.leads:
            return await opened(turn, wish.name, wish.rest)
    if reporter:
        if command and command.name == "vuongmac":
            return await stuck(turn, command.rest)
        reports = isinstance(wish, Command) and wish.name == "baocao" and wish.rest
        said = reports or text
        save(turn, Draft())
        mine, _ = await choosing.listed(turn)
        known, meaning = await of_unit(turn, said, mine)
        if not (known and meaning):
            save(turn, Draft())
            meaning = await read_into(turn, said)
        tells = bool(meaning and (meaning.quantity or meaning.situation or meaning.ask))
        if meaning and meaning.task and tells and not await _slip(turn, text):
            return await report.go_on(turn, meaning)
        turn.replies.clear()
    if turn.world.actor.is_any("clerk", "admin") and (whom := connect.whom(text)):
        return await connect.named(turn, whom)
    if named := _OF_A_TASK.match(fold_in_place(text)):
        if tasks.names_none(turn, text[named.end() :]):
            return await tasks.begin(turn)
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


def _list_asked_for(turn: Turn, text: str) -> str:
    """ "việc quá hạn", "ai chưa báo cáo", from who follows others; "vướng mắc" is a report of who reports."""
    key = lists.named(text) if turn.world.actor.leads else ""
    return "" if key == "stuck" and turn.world.actor.is_any("cadre", "clerk") else key


async def stuck(turn: Turn, told: str) -> Next:
    """ "vướng mắc nv03 chưa có đất", or the word alone: a report that begins with what is stuck."""
    save(turn, Draft())
    named = await take_stuck(turn, told)
    if len(named) == 1:
        draft = load(turn)
        draft.about(named[0].id)
        save(turn, draft)
    elif named:
        return await report.one_of(turn, named, told)
    return await report.go_on(turn)


async def _slip(turn: Turn, text: str) -> bool:
    """A bare number that is hardly the task's figure is the answer to a list that is gone."""
    draft = load(turn)
    if not text.strip(" .").isdigit() or draft.value is None:
        return False
    task = await reportable_task(turn.world.session, turn.world.actor, draft.task)
    return bool(odd_values.unlikely(task, Decimal(draft.value), task.value))


async def by_code(turn: Turn, text: str) -> Next:
    """A code and nothing else: the task, or which of those that bear it."""
    world = turn.world
    own = choosing.meant(text, await my_open_tasks(world.session, world.actor))
    found = own or choosing.meant(text, await visible_open_tasks(world.session, world.actor))
    found = found or choosing.meant(text, await closed_tasks(world.session, world.actor))
    if not found:
        code = choosing.code_in(text)
        typed = (
            '"tổng kết" để xem toàn bộ' if world.actor.leads else '"nhiệm vụ" để xem việc của mình'
        )
        return turn.end(
            f"Không thấy {code} trong các việc mà đồng chí được xem. Đồng chí gõ {typed}."
        )
    return await tasks.one_of(turn, found, text)
