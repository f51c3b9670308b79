"""Nhiệm vụ: my tasks, one of them in full, and the way from there to a report."""

from __future__ import annotations

import re

from bot.conversation import Choice
from handlers import choosing, report, summary
from handlers import summary_lists as lists
from handlers.draft import Draft, save
from handlers.summary_periods import asked_for
from handlers.words import (
    SITUATIONS,
    WAITS_FOR,
    deadline,
    document,
    moment,
    reported,
    short,
    standing,
)
from handlers.world import Next, Talk, Turn
from services import tasks
from services.access import Actor
from services.tasks import Task
from vietnamese.letters import fold

talk = Talk("tasks")


@talk.begin
async def begin(turn: Turn) -> Next:
    world = turn.world
    mine = await tasks.my_open_tasks(world.session, world.actor)
    if world.actor.leads and (again := lists.of_unit(turn.said.rest)):
        return await summary.asked(turn, *again)  # "nhiệm vụ quá hạn xã Phù Lưu"
    if turn.said.rest and lists.named(turn.said.rest):  # "nhiệm vụ quá hạn"
        if world.actor.leads:
            return await summary.only(turn, lists.named(turn.said.rest))
    elif turn.said.rest and not names_none(turn, turn.said.rest):
        return await named(turn, turn.said.rest, mine)
    if not mine:
        if world.actor.leads:
            return turn.end(
                'Đồng chí không trực tiếp chủ trì việc nào đang mở. Gõ "tổng kết" để xem toàn bộ, '
                'hoặc gõ "nhiệm vụ" kèm mã việc, ví dụ: nhiệm vụ NV-03.'
            )
        return turn.end('Hiện đồng chí không có việc nào đang mở. Gõ "?" để xem có thể làm gì.')
    return turn.ask(
        f"Đồng chí có {len(mine)} việc đang mở:",
        picked,
        await choosing.choices(turn, mine),
        hint="Trả lời bằng số để xem kỹ một việc.",
    )


_WHICH = re.compile(
    r"(?:(?:duoc|dc) giao|phai lam|can lam|dang lam|con lai|moi|(?:da |sap |gan )?(?:qua|den|toi|tre) han"
    r"|chua (?:xong|lam|hoan thanh|bao cao)|hom nay|bua nay|trong|cua (?:toi|em|minh|chau)|[ ,])+"
)
"""Words of tasks in general: the list shows which of them are late and what is still open."""


def names_none(turn: Turn, rest: str) -> bool:
    """``nhiệm vụ tháng 12``, ``danh sách việc được giao``: no task of that name is looked for."""
    told = asked_for(rest, turn.world.now)
    return (told.period is not None and not told.unit) or _WHICH.fullmatch(fold(rest)) is not None


@talk.step
async def picked(turn: Turn) -> Next:
    if turn.said.key.startswith("t"):
        return await show(turn, int(turn.said.key[1:]))
    if turn.said.text.strip().isdigit():
        return turn.by_number()
    mine = await tasks.my_open_tasks(turn.world.session, turn.world.actor)
    return await named(turn, turn.said.text, mine)


async def named(turn: Turn, text: str, mine: list[Task]) -> Next:
    """A task by its code or some words of its name: one's own first, then all one may read."""
    found = choosing.meant(text, mine)
    if len(found) != 1:
        everything = await tasks.visible_open_tasks(turn.world.session, turn.world.actor)
        found = choosing.meant(text, everything) or found
    if not found:
        ended = await tasks.closed_tasks(turn.world.session, turn.world.actor)
        found = choosing.meant(text, ended, sure=True)
    if found:
        return await one_of(turn, await choosing.in_unit(turn, text, found), text)
    sentence = "Chưa thấy việc nào như vậy. Đồng chí gõ mã việc, ví dụ: NV-03."
    return turn.again(sentence) if turn.question else turn.end(sentence)


async def one_of(turn: Turn, found: list[Task], said: str) -> Next:
    """The one task that is meant, or a question which of them."""
    if len(found) == 1:
        return await show(turn, found[0].id)
    return turn.ask(choosing.heading(found, said), picked, await choosing.choices(turn, found))


async def show(turn: Turn, task_id: int) -> Next:
    world = turn.world
    card = await tasks.task_card(world.session, world.actor, task_id)
    task = card.task
    lines = [
        f"{task.code} {task.title}",
        f"Chủ trì: {card.owner or 'chưa có người'} ({card.post}, {card.unit})",
        f"Theo: {document(card.programme)}"
        + (f" · Sản phẩm: {task.product}" if task.product else ""),
        f"Kết quả: {standing(task)} · {deadline(task)}",
    ]
    if task.first_due and task.due and task.first_due != task.due:
        lines.append(f"Hạn ban đầu: {task.first_due:%d/%m/%Y}")
    lines += [
        f"Vướng mắc, {WAITS_FOR[obstacle.waits_for]}: {short(obstacle.text, 120)}"
        for obstacle in await tasks.open_obstacles(world.session, task.id)
    ]
    for sent in await tasks.history(world.session, task.id, 3):
        result = reported(task, sent.value, sent.qualifier, sent.percent)
        lines.append(
            f"• {sent.name}, {moment(sent.sent_at)}: {result}, {SITUATIONS[sent.situation]}{_check(sent.outcome)}"
        )
    if not _owns(world.actor, task) or task.state != "open":
        return turn.end("\n".join(lines))
    turn.data["task"] = task.id
    return turn.ask(
        "\n".join(lines),
        shown,
        [Choice("report", "Báo cáo việc này"), Choice("back", "Về danh sách")],
    )


def _check(outcome: str | None) -> str:
    words = {"accepted": "đã duyệt", "returned": "cần bổ sung"}
    return f", {words[outcome]}" if outcome else ", chờ kiểm tra"


def _owns(actor: Actor, task: Task) -> bool:
    return task.owner_post_id in {post.id for post in actor.posts}


@talk.step
async def shown(turn: Turn) -> Next:
    if turn.said.key == "report":
        draft = Draft(task=int(turn.data["task"]))
        turn.data.clear()
        save(turn, draft)
        return await report.go_on(turn)
    if turn.said.key == "back":
        turn.data.clear()
        return await begin(turn)
    return turn.by_number()
