"""Kết nối: a one-time code makes this chat a person's. Nothing else is answered before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog

from bot.conversation import Choice, Event, Outcome, Reply, State
from bot.conversation.event import FILE_KEY
from handlers.help import menu_of
from handlers.world import Next, Talk, Turn, World
from services import access, linking, networks
from services.access import Actor
from services.zalo import bots as zalo_bots
from vietnamese.commands import read_command

log = structlog.get_logger()

talk = Talk("link")

WELCOME = (
    "Chào đồng chí. Đây là nơi báo cáo công việc được giao. "
    f"Để bắt đầu, đồng chí gõ mã kết nối gồm {linking.CODE_DIGITS} chữ số trên giấy mời. "
    "Chưa có mã thì xin văn phòng cơ quan."
)
WITHHELD = (
    "Zalo không chuyển tin này đến tôi. Đồng chí mở {page} trên điện thoại, nhập mã trên giấy mời."
)
QUIET_NOW = (
    "Từ giờ tôi chỉ trả lời khi mã đúng; sai 5 lần thì phải đợi 15 phút. "
    "Đồng chí xem kỹ giấy mời, hoặc gọi văn phòng."
)
MOST_ANSWERS, WITHIN = 3, timedelta(hours=1)
"""A chat that is nobody's costs no more: answers are counted by the month on Zalo."""
YES_NO = (Choice("yes", "Đúng"), Choice("no", "Không phải"))


@talk.begin
async def begin(turn: Turn) -> Next:
    if len(linking.digits_of(turn.said.text)) == linking.CODE_DIGITS:
        return await code_typed(turn)
    return turn.ask(WELCOME, code_typed)


@talk.step
async def code_typed(turn: Turn) -> Next:
    world = turn.world
    channel, chat = world.address.channel, world.address.chat_id
    if not await linking.may_try(world.session, channel, chat, world.now):
        return turn.ask(linking.LOCKED, code_typed)
    code = linking.digits_of(_typed(turn))
    if not code:
        return turn.ask(WELCOME, code_typed)
    person = await linking.whose_code(
        world.session, code, channel, chat, now=world.now, secret=world.secret
    )
    if person is None:
        locked = not await linking.may_try(world.session, channel, chat, world.now)
        return turn.ask(linking.LOCKED if locked else linking.WRONG, code_typed)
    turn.data["code"], turn.data["person"] = code, person.id
    if await zalo_bots.is_full(world.session, world.zalo, channel, person.id):
        return turn.ask(await _room_elsewhere(turn, person.id, code), code_typed)
    actor = await access.actor_of(world.session, person, channel, world.now)
    return turn.ask(f"Đồng chí là {_named(actor)}?", confirmed, YES_NO, layout="row")


@talk.step
async def confirmed(turn: Turn) -> Next:
    world = turn.world
    channel, chat = world.address.channel, world.address.chat_id
    if turn.said.key == "no":
        await linking.note_wrong(world.session, channel, chat, world.now)
        return turn.ask("Vậy mã này của người khác. Đồng chí gõ mã của mình.", code_typed)
    if turn.said.key != "yes":
        return turn.again("Đồng chí trả lời 1 hoặc 2.")
    found = int(turn.data.get("person", 0))
    if found and not await zalo_bots.takes(world.session, world.zalo, channel, found):
        return turn.ask(await _room_elsewhere(turn, found, str(turn.data["code"])), code_typed)
    person = await linking.use_code(
        world.session, str(turn.data["code"]), channel, chat, now=world.now, secret=world.secret
    )
    if person is None:
        return turn.ask(linking.WRONG, code_typed)
    return turn.end(
        f'✅ Đã kết nối. Từ nay đồng chí {person.name} báo cáo ngay tại đây: gõ "báo cáo" '
        'và làm theo lời hỏi, hoặc gõ "?" để xem có thể làm gì.',
        await menu_of(
            world.session, await access.actor_of(world.session, person, channel, world.now)
        ),
    )


def withheld(event: Event, world: World) -> str:
    """Where somebody goes whose every message Zalo keeps from us, their code, too; "" for others."""
    kept_back = event.kind == "unsupported" and event.key == FILE_KEY
    if not (kept_back and world.address.channel.startswith("zalo") and world.has_public_page):
        return ""
    return WITHHELD.format(page=f"{world.public_url}/dang-nhap")


async def sparingly(outcome: Outcome, before: State, world: World) -> Outcome:
    """A right code is always answered; of all else, so much an hour that nobody can use us up."""
    after = outcome.state
    connected = bool(before.talk) and not after.talk
    if connected or after.data.get("code") != before.data.get("code"):
        return outcome
    given = await networks.answers_since(
        world.session, world.address.channel, world.address.chat_id, world.now - WITHIN
    )
    if given >= MOST_ANSWERS:
        log.info("stranger_not_answered", channel=world.address.channel)
        return Outcome(after)
    if given + len(outcome.replies) + bool(outcome.question) >= MOST_ANSWERS:
        if outcome.question:
            outcome.question = replace(outcome.question, hint=QUIET_NOW)
        else:
            outcome.replies.append(Reply(QUIET_NOW))
    return outcome


async def _room_elsewhere(turn: Turn, person_id: int, code: str) -> str:
    """This bot has all the people it may have; the code stays good."""
    world = turn.world
    other = await zalo_bots.place_for(world.session, world.zalo, person_id)
    full = f"Nơi này đã đủ {world.zalo.people} người."
    if other and other.name:
        where = f'Đồng chí tìm "{other.name}" trên Zalo rồi nhắn lại mã này ở đó.'
        return " ".join((full, where, "Mã vẫn dùng được.", other.link)).rstrip()
    return (
        f"{full} Đồng chí dùng trang web: mở {world.public_url}/vao/{code} . "
        "Mã vẫn dùng được, văn phòng sẽ báo khi có thêm chỗ trên Zalo."
    )


def _typed(turn: Turn) -> str:
    command = read_command(turn.said.text)
    return command.rest if command and command.name == "batdau" else turn.said.text


def _named(actor: Actor) -> str:
    post = actor.main_post
    return f"{actor.name}, {post.title}, {post.unit_name}" if post else actor.name
