"""Programs in processes of their own: the fake Telegram, ours, and the peers."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

TOKEN = "1000000001:benchmark-token-of-the-fake-server"
ROOT = Path(__file__).parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Running:
    """A process that runs; its figures come from /proc."""

    process: asyncio.subprocess.Process
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def cpu_seconds(self) -> float:
        """Processor time used so far, by the process and its children."""
        used = 0
        for pid in family(self.pid):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
        return used / _TICKS

    def memory(self, line: str = "VmRSS") -> float:
        """MB held by the process and its children; `VmHWM`: the most there ever was."""
        return sum(_status(pid, line) for pid in family(self.pid)) / 1024


def family(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            found += family(int(child))
    return found


def _status(pid: int, line: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(one.split()[1]) for one in lines if one.startswith(f"{line}:")), 0)


@asynccontextmanager
async def running(
    log: Path, *arguments: str, env: dict[str, str] | None = None
) -> AsyncIterator[Running]:
    """`python -m …` until the end of the block; what it says goes into the log.

    It runs in the log's folder, so that no `.env` of the working copy is read.
    """
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *arguments,
            cwd=log.parent, stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out,
            env={**inherited, "PYTHONPATH": str(ROOT), **(env or {})},
        )  # fmt: skip
    try:
        yield Running(process, log)
    except Exception as error:
        error.add_note(f"{' '.join(arguments)} said last:\n{log.read_text()[-2000:]}")
        raise
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(30):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


@asynccontextmanager
async def fake_telegram(folder: Path) -> AsyncIterator[str]:
    """The fake Bot API in a process of its own; yields its address."""
    log = folder / "fake-telegram.log"
    async with running(log, "tests.fakes.telegram", "--port", "0", "--token", TOKEN) as fake:
        yield await _first_line(fake)


async def _first_line(started: Running) -> str:
    async with asyncio.timeout(30):
        while not (said := started.log.read_text()).endswith("\n"):
            if started.process.returncode is not None:
                raise RuntimeError(f"it has ended: {said}")
            await asyncio.sleep(0.02)
    return said.split()[0]


def settings_for(database: Path, telegram: str) -> dict[str, str]:
    """The environment of our program: no pace, so that the program is the limit; no digest."""
    return {
        "SECRET_KEY": "for the benchmarks only, and nothing else",
        "DATABASE_URL": f"sqlite:///{database}",
        "MEDIA_URL": str(database.parent / "media"),
        "LISTEN_PORT": "0",
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram,
        "TELEGRAM_PER_SECOND": "0",
        "TELEGRAM_PER_CHAT_SECOND": "0",
        "DIGEST_FROM": "23:57",
        "LEADER_DIGEST_AT": "23:58",
        "DIGEST_UNTIL": "23:59",
    }
