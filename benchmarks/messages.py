"""Messages a second, handled durably to the answer sent, beside two bots that remember nothing.

200 chats at once hold the same dialogue with each program, over HTTP, through the same fake
Telegram. Ours is `python -m bot run` on SQLite with synchronous=FULL, on the province of full
size; the peers keep their state in memory and lose it with the process. The programs take turns,
so that whatever else the machine does hits all of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from benchmarks.crowd import Crowd, Talked, client
from benchmarks.dialogue import REPORT
from benchmarks.place import Place, put_on_telegram
from benchmarks.running import TOKEN, fake_telegram, running, settings_for
from benchmarks.table import Figure, middle, spread

CHATS = 200
TARGET = 100.0
OURS = "giaoviec"
PEERS = {
    "aiogram, memory": "benchmarks.peers.aiogram_bot",
    "python-telegram-bot, memory": "benchmarks.peers.ptb_bot",
}
DIALOGUES = {OURS: 2, "aiogram, memory": 4, "python-telegram-bot, memory": 4}
"""Measured dialogues a chat, after one to warm up: enough for several seconds each."""


@dataclass(frozen=True)
class Run:
    """One run of one program. `cpu`: its processor time a message, in milliseconds."""

    talked: Talked
    cpu: float


async def measure(place: Place) -> list[Figure]:
    """`place.rounds` runs of each program, one after the other."""
    runs: defaultdict[str, list[Run]] = defaultdict(list)
    for _ in range(place.rounds):
        for name in (OURS, *PEERS):
            run = await run_once(place, name)
            runs[name].append(run)
            print(
                f"{name:<28} {run.talked.rate:7.1f} messages/s, {run.cpu:5.2f} ms of processor"
                f" time a message, {run.talked.strays} stray",
                flush=True,
            )
    return _figures(runs)


async def run_once(place: Place, name: str) -> Run:
    """Start the fake and the program, warm up, measure, stop both."""
    database = await place.copy("messages.db")
    _, chats = await put_on_telegram(database, CHATS)
    async with fake_telegram(place.folder) as url, client() as http:
        arguments = [PEERS[name], url, TOKEN] if name in PEERS else ["bot", "run"]
        env = settings_for(database, url) if name == OURS else {}
        async with running(place.folder / "program.log", *arguments, env=env) as program:
            crowd = Crowd(http, url, chats)
            await crowd.talk(REPORT)
            before = program.cpu_seconds()
            talked = await crowd.talk(REPORT, DIALOGUES[name])
            cpu = (program.cpu_seconds() - before) / talked.messages * 1000
            return Run(talked, cpu)


def _figures(runs: dict[str, list[Run]]) -> list[Figure]:
    rates = {name: middle([run.talked.rate for run in of]) for name, of in runs.items()}
    costs = {name: middle([run.cpu for run in of]) for name, of in runs.items()}
    figures = []
    for name, of in runs.items():
        figures.append(
            Figure(
                f"messages answered, {name}",
                rates[name],
                "/s",
                at_least=TARGET if name == OURS else None,
                note=spread([run.talked.rate for run in of]),
            )
        )
    waits = sorted(wait for run in runs[OURS] for wait in run.talked.waits)
    figures += [
        Figure(
            f"  ours: wait for the answer, {share} of 100",
            waits[len(waits) * share // 100 - 1] * 1000,
            "ms",
            note=f"with {CHATS} chats at once",
        )
        for share in (50, 95)
    ]
    figures += [
        Figure(f"  processor time a message, {name}", cost, "ms") for name, cost in costs.items()
    ]
    for name in PEERS:
        figures.append(
            Figure(
                f"  ours : {name}",
                rates[OURS] / rates[name],
                "of its rate",
                note=f"{costs[OURS] / costs[name]:.1f} times its processor time",
            )
        )
    return figures
