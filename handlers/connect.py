"""For the clerk: a code for somebody (kết nối). For everybody: where to be reminded."""

from __future__ import annotations

from bot.conversation import Choice
from handlers.words import network
from handlers.world import Next, Talk, Turn
from services import linking, people, zalo_bots
from vietnamese.names import Candidate, Found, Several, find

talk = Talk("connect")
where = Talk("remind_on")


@talk.begin
async def begin(turn: Turn) -> Next:
    world = turn.world
    if not world.actor.is_any("clerk", "admin"):
        return await own_code(turn)
    if turn.said.rest:
        return await named(turn, turn.said.rest)
    return turn.ask("Cấp mã cho ai? Đồng chí gõ họ tên hoặc chức vụ.", name_told)


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
    return await give(turn, turn.world.actor.person_id, "đồng chí")


@talk.step
async def name_told(turn: Turn) -> Next:
    if turn.said.key.startswith("p"):
        return await give(turn, int(turn.said.key[1:]), turn.said.text)
    return await named(turn, turn.said.text)


async def named(turn: Turn, text: str) -> Next:
    world = turn.world
    listed = await people.people_of(world.session, world.actor)
    labels = {str(card.person_id): card.label for card in listed}
    found = find(
        text,
        [Candidate(str(one.person_id), one.name, unit=f"{one.post} {one.unit}") for one in listed],
    )
    if isinstance(found, Found):
        return turn.ask(
            "Đồng chí chọn đúng người:", name_told, [Choice(f"p{found.id}", labels[found.id])]
        )
    if isinstance(found, Several):
        return turn.ask(
            "Có mấy người gần giống nhau, đồng chí chọn một.",
            name_told,
            [Choice(f"p{key}", labels[key]) for key in found.ids],
        )
    turn.say(f'Không thấy "{text[:40]}" trong đơn vị của đồng chí.')
    return turn.ask("Cấp mã cho ai? Đồng chí gõ họ tên hoặc chức vụ.", name_told)


async def give(turn: Turn, person_id: int, label: str) -> Next:
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
        f"Mã kết nối của {label}: {shown}",
        f"Dùng một lần, trong {world.code_days} ngày. Người nhận nhắn mã này, "
        f"hoặc mở {world.public_url}/vao/{code}",
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
        return turn.again("Đồng chí trả lời bằng số.")
    channel = turn.said.key[2:]
    await linking.remind_on(turn.world.session, turn.world.actor, channel, turn.world.now)
    return turn.end(f"✅ Từ nay nhắc việc gửi về {network(channel)}.")
