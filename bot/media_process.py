"""Photos are decoded, and papers looked at, in a process of their own, one process for each.

A pool of lasting workers was weighed: it saves 50 ms of start a photo, but a stuck worker of
`ProcessPoolExecutor` cannot be stopped, its children import the whole program again, and the
memory of the largest photo is never given back. A process that answers once and goes has none
of this: the time limit is a kill, and nothing has to be closed at the end.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass

import structlog

from bot import papers, pictures
from bot.papers import Paper
from bot.pictures import Picture, Unfit

log = structlog.get_logger()

TOO_SLOW = "Ảnh này xử lý quá lâu nên chưa nhận được. Đồng chí chụp lại ở cỡ thường rồi gửi."
# Secrets of ours stay out of the process that reads strangers' bytes (pitfall 42).
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME")


@dataclass(frozen=True)
class Prepared:
    """A photo that is fit to keep, and its two copies (JPEG)."""

    picture: Picture
    full: bytes
    thumb: bytes


class PictureProcess:
    """Inspects photos, makes their copies, and looks at papers, `at_once` at a time."""

    def __init__(
        self,
        *,
        at_once: int = 1,
        seconds: float = 40,
        memory: int = pictures.MEMORY_BYTES,
    ) -> None:
        """`seconds`: the longest a photo may take. `memory`: bytes of address space for it."""
        self._room = asyncio.Semaphore(at_once)
        self._seconds = seconds
        self._memory = memory

    async def prepare(self, data: bytes) -> Prepared | Paper:
        """What was sent, by its content: a photo with its copies, or a paper.

        Raises Unfit with the sentence for the sender; OSError if no process can be started.
        """
        if papers.is_paper(data):
            return await self._prepare_paper(data)
        return await self.prepare_picture(data)

    async def prepare_picture(self, data: bytes) -> Prepared:
        """The same of what must be a photo."""
        pictures.kind(data)  # what is plainly no photo costs no process
        return _understood(await self._answer(pictures.__file__, data, pictures.UNREADABLE))

    async def _prepare_paper(self, data: bytes) -> Paper:
        if len(data) > papers.MAX_BYTES:
            raise Unfit(papers.TOO_HEAVY)
        said = json.loads(await self._answer(papers.__file__, data, papers.BROKEN))
        if "unfit" in said:
            raise Unfit(said["unfit"])
        return Paper(said["paper"])

    async def _answer(self, program: str, data: bytes, unreadable: str) -> bytes:
        async with self._room:
            for _ in range(2):
                answer = await self._ask(program, data)
                if answer is not None:
                    return answer
        # Killed twice: the first time may have been the machine's trouble, not the photo's.
        raise Unfit(unreadable)

    async def _ask(self, program: str, data: bytes) -> bytes | None:
        """What the process answered; None if it died."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", program, str(self._memory)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        )
        try:
            async with asyncio.timeout(self._seconds):
                answer, _ = await process.communicate(data)
        except TimeoutError:
            log.warning("picture_too_slow", bytes=len(data))
            raise Unfit(TOO_SLOW) from None
        finally:
            await _end(process)
        if process.returncode != 0:
            log.warning("picture_process_died", code=process.returncode, bytes=len(data))
            return None
        return answer


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()


def _understood(answer: bytes) -> Prepared:
    line, _, copies = answer.partition(b"\n")
    said = json.loads(line)
    if "unfit" in said:
        raise Unfit(said["unfit"])
    if len(copies) != said["full"] + said["thumb"]:
        raise Unfit(pictures.BROKEN)
    picture = Picture(**said["picture"])
    return Prepared(picture, copies[: said["full"]], copies[said["full"] :])
