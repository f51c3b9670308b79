"""Questions of a set-up: at a terminal, or through a pipe where a line is an answer."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from getpass import getpass

from bot.commands.errors import Stop

ENDED = (
    "Dữ liệu trả lời đã hết giữa chừng, những bước đã xong vẫn được giữ. "
    "Chạy lại: python -m bot zalo setup"
)


class Asker:
    """Asks one thing at a time. What is secret is never shown, nor kept here."""

    def say(self, *lines: str) -> None:
        """Tell something."""
        for line in lines:
            print(line, flush=True)

    def line(self, question: str, *, hidden: bool = False) -> str:
        """One line of an answer. Raises Stop when no more answers come."""
        try:
            with _interruptible():
                if sys.stdin.isatty():
                    return (getpass if hidden else input)(f"{question} ").strip()
                self.say(question)
                answer = sys.stdin.readline()
        except EOFError:
            answer = ""
        if not answer:
            raise Stop(ENDED)
        return answer.strip()

    def text(self, question: str, kept: str = "") -> str:
        """An answer; an empty one keeps what there is."""
        shown = f"{question} (Enter: giữ {kept})" if kept else question
        return self.line(shown) or kept

    def secret(self, question: str, *, fits: Callable[[str], bool] = bool) -> str:
        """A token or a key, "" for none. One that cannot be right is asked for again."""
        while True:
            answer = self.line(question, hidden=True)
            if not answer or (fits(answer) and not any(letter.isspace() for letter in answer)):
                return answer
            self.say(
                "! Chuỗi vừa dán không đúng dạng. Đồng chí chép lại cả chuỗi, không có dấu cách."
            )

    def choose(self, question: str, options: Sequence[str], usual: int = 1) -> int:
        """The number of an option, from 1; Enter takes the usual one."""
        listed = "".join(f"\n  {at}. {option}" for at, option in enumerate(options, 1))
        while True:
            answer = self.line(f"{question}{listed}\nTrả lời bằng số (Enter: {usual}):")
            if not answer:
                return usual
            if answer.isdecimal() and 1 <= int(answer) <= len(options):
                return int(answer)
            self.say(f"! Trả lời từ 1 đến {len(options)}.")

    def yes(self, question: str, *, usual: bool = True) -> bool:
        """Whether to go on with something."""
        return self.choose(question, ("Có", "Không"), 1 if usual else 2) == 1

    def tell_env(self, lines: Sequence[str]) -> None:
        """The lines to put into .env, or that there are none."""
        if not lines:
            self.say("Tệp .env đã đủ, không phải sửa gì.")
            return
        self.say("Ghi vào tệp .env (thay dòng cùng tên đang có):", *(f"    {one}" for one in lines))


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl+C ends a question at once; the event loop would only take a note of it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
