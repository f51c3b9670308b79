"""Who may know whom: the house's walls (design: "Who may know whom")."""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = (
    "bot", "handlers", "services", "models", "scheduler", "vietnamese", "documents", "web", "demo",
    "tests", "benchmarks",
)  # fmt: skip

MAY_KNOW: dict[str, tuple[str, ...]] = {
    "vietnamese": (),
    "models": ("vietnamese",),
    "services": ("models", "vietnamese"),
    "bot.conversation": ("vietnamese.letters",),
    "bot.channels": ("bot.conversation", "bot.clock", "vietnamese"),
    "handlers": ("bot.conversation", "services", "vietnamese"),
    "scheduler": ("services", "bot.conversation", "vietnamese"),
    "documents": ("services", "vietnamese"),
    "web": (
        "services", "bot.conversation", "bot.channels.base", "bot.clock", "bot.papers", "vietnamese",
    ),
    "bot.inbox": ("bot.conversation", "bot.clock", "models"),
    "bot.outbox": ("bot.conversation", "bot.clock", "bot.channels.base", "models"),
    "bot.voice": ("bot.conversation", "bot.clock", "bot.outbox", "services", "models"),
    "bot.ears": (
        "bot.conversation", "bot.clock", "bot.media", "bot.networks", "bot.outbox", "bot.settings",
        "bot.voice", "handlers", "services", "models", "vietnamese",
    ),
    "bot.media": (
        "bot.conversation", "bot.clock", "bot.channels.base", "bot.papers", "bot.pictures", "models",
        "vietnamese",
    ),
    "bot.media_store": (
        "bot.conversation", "bot.clock", "bot.channels.base", "bot.media", "bot.pictures",
    ),
}  # fmt: skip
"""A package or module, and what of ours it may import besides itself. Wiring (bot.app, bot.serving,
bot.commands), demo, tests and benchmarks may know everybody."""

LIBRARY_AT_HOME = {
    "aiogram": ("bot/channels/telegram", "benchmarks/peers"),
    "telegram": ("tests", "benchmarks"),
    "aiohttp": (
        "bot/channels/telegram",
        "bot/channels/parts",
        "bot/channels/zalo_bot",
        "bot/channels/zalo_oa",
        "bot/serving.py",
        "web",
        "tests",
        "benchmarks",
    ),
    "xlsxwriter": ("documents", "tests"),
    "openpyxl": ("documents", "tests"),
    "PIL": ("bot/pictures.py", "demo", "tests"),
    "apscheduler": ("scheduler/clockwork.py",),
    "typer": ("bot/__main__.py", "bot/commands", "tests"),
    "obstore": ("bot/media_store.py", "tests"),
    "holidays": ("scheduler/calendar.py", "demo", "vietnamese", "tests"),
}
"""A network's or a format's library stays in its own room."""


@functools.cache
def sources() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [Path(line) for line in listed.stdout.split()]


@functools.cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            here = ".".join(path.parts[: len(path.parts) - node.level]) + "." if node.level else ""
            yield from (f"{here}{node.module or ''}.{alias.name}" for alias in node.names)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith((f"{package}.", f"{package}_"))


def test_everybody_knows_only_whom_they_may() -> None:
    wrong = []
    for path in sources():
        module = ".".join(path.with_suffix("").parts)
        rooms = [room for room in MAY_KNOW if within(module, room)]
        if not rooms or path.parts[0] in ("tests", "benchmarks", "demo"):
            continue
        room = max(rooms, key=len)
        wrong += [
            f"{path} imports {name}"
            for name in imports(path)
            if name.split(".")[0] in OURS
            and not any(within(name, known) for known in (room, *MAY_KNOW[room]))
        ]
    assert wrong == []


@pytest.mark.parametrize("library", LIBRARY_AT_HOME)
def test_a_library_stays_in_its_room(library: str) -> None:
    homes = LIBRARY_AT_HOME[library]
    wrong = [
        str(path)
        for path in sources()
        if any(name.split(".")[0] == library for name in imports(path))
        and not any(path.as_posix().startswith(home) for home in homes)
    ]
    assert wrong == []


def test_telegrams_library_is_read_only_where_telegram_is_used() -> None:
    """A province that has only Zalo does not pay for it at every start."""
    look = "import sys, bot.app, bot.commands.doctor, bot.commands.demo; print('aiogram' in sys.modules)"
    asked = [sys.executable, "-c", look]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
