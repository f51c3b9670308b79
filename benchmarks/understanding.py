"""How well Vietnamese is understood: accuracy by file, and the two kinds of error apart.

"Guessed wrongly" counts every case that was understood as something else than was meant, or that
should have been asked about; it must be 0. "Asked when clear" costs the person one more message.
Beside it dateparser and Babel, on the cases that they claim (an answer at all is a claim).

Run: ``python -m benchmarks.understanding``
"""

import json
import random
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from babel.numbers import NumberFormatError, parse_decimal

from bot.commands.understand import answer_to

CORPUS = Path(__file__).parent.parent / "tests" / "data" / "vietnamese"
FILES = ("quantities", "dates", "commands", "names", "reports", "marked")

Case = dict[str, Any]
Verdict = Literal["right", "asked when clear", "guessed wrongly", "not asked"]


@dataclass(frozen=True)
class Peer:
    """Another library on the same cases: how many it answers, and how many of those rightly."""

    name: str
    claimed: int
    right: int


def cases(file: str) -> Iterator[Case]:
    """The cases of a corpus file, one a line."""
    for line in (CORPUS / f"{file}.jsonl").read_text("utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def judge(case: Case, answer: Case) -> Verdict:
    """Compares an answer with what is expected; only the fields that are named are compared."""
    expected = case["expect"]
    if _agrees(expected, answer):
        return "right"
    if answer["status"] in {"understood", "clear"}:
        return "guessed wrongly"
    return "asked when clear" if expected["status"] in {"understood", "clear"} else "not asked"


def _agrees(expected: Case, answer: Case) -> bool:
    for field, value in expected.items():
        given = answer.get(field)
        if field == "readings":
            if not set(value) <= set(given or ()):
                return False
        elif field == "dates":
            shown = " ".join(answer.get("readings", ()))
            if not all(f"{day[8:]}/{day[5:7]}/{day[:4]}" in shown for day in value):
                return False
        elif field in {"value", "total", "percent"} and value is not None and given is not None:
            if Decimal(value) != Decimal(given):
                return False
        elif field == "candidates":
            if set(value) != set(given or ()):
                return False
        elif given != value:
            return False
    return True


def measure(file: str) -> tuple[Counter[Verdict], list[tuple[Verdict, Case, Case]]]:
    """The verdicts of a file, and its errors with the answers that were given."""
    verdicts: Counter[Verdict] = Counter()
    errors: list[tuple[Verdict, Case, Case]] = []
    for case in cases(file):
        answer = answer_to(case)
        verdict: Verdict = judge(case, answer)
        verdicts[verdict] += 1
        if verdict != "right":
            errors.append((verdict, case, answer))
    return verdicts, errors


def peers() -> tuple[Peer, ...]:
    """dateparser on the dates, Babel on the quantities."""
    return (_count("dateparser", "dates", _by_dateparser), _count("Babel", "quantities", _by_babel))


def _count(name: str, file: str, reader: Callable[[Case], Case | None]) -> Peer:
    claimed = right = 0
    for case in cases(file):
        given = reader(case)
        if given is None:
            continue
        claimed += 1
        expected = case["expect"]
        right += expected["status"] == "understood" and all(
            expected.get(field) == value for field, value in given.items()
        )
    return Peer(name, claimed, right)


def _by_dateparser(case: Case) -> Case | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import dateparser

        found = dateparser.parse(
            case["text"],
            languages=["vi"],
            settings={
                "RELATIVE_BASE": datetime.fromisoformat(case["now"]),
                "PREFER_DATES_FROM": "past" if case["sense"] == "past" else "future",
                "DATE_ORDER": "DMY",
            },
        )
    return None if found is None else {"date": found.date().isoformat()}


def _by_babel(case: Case) -> Case | None:
    try:
        return {"value": format(parse_decimal(case["text"], locale="vi"), "f")}
    except NumberFormatError:
        return None


def slowest() -> tuple[float, str]:
    """Milliseconds for the slowest reader on 10.000 letters, best of five, and its kind.

    One piece over and over, and mixtures of the corpus's own words. Every repetition reads another
    text, so that nothing is answered from a cache of the last one.
    """
    chance = random.Random(1)
    words = [word for file in FILES for case in cases(file) for word in case["text"].split()]
    mixtures = [" ".join(chance.choices(words, k=2_500))[:9_980] for _ in range(40)]
    texts = (
        "2 tổ, ", "15/12 ", "báo cáo nv03 còn vướng ", "ậ", "1", "mật độ ", "mật ", "hai ", "tăng thêm ", "2 tỷ ", "a\n", "(", " ",
    )  # fmt: skip
    tasks = [{"code": "NV-03", "title": "Xây dựng 2 tổ sản xuất", "unit": "tổ", "target": "2"}]
    worst = (0.0, "")
    for kind in ("quantity", "date", "command", "name", "report", "marked"):
        over_and_over = {piece * (10_000 // len(piece)): piece.strip() for piece in texts}
        for place, long in enumerate([*over_and_over, *mixtures]):
            times = []
            for turn in range(5):
                text = f"{place}{turn} {kind} {long}"
                asked = {"kind": kind, "text": text, "now": "2026-11-23T08:00", "tasks": tasks}
                began = time.thread_time()  # its own work, whatever else the machine does
                answer_to(asked)
                times.append((time.thread_time() - began) * 1000)
            piece = over_and_over.get(long)
            what = "a mixture of words" if piece is None else f"{piece!r} over and over"
            worst = max(worst, (min(times), f"{kind}, {what}"))
    return worst


def main() -> None:
    """Prints the table."""
    print(
        f"{'file':<12}{'cases':>7}{'right':>7}{'accuracy':>10}{'asked when clear':>18}{'guessed wrongly':>17}{'not asked':>11}"
    )
    total: Counter[Verdict] = Counter()
    for file in FILES:
        verdicts, _ = measure(file)
        total += verdicts
        _row(file, verdicts)
    _row("all", total)
    for peer in peers():
        print(f"{peer.name:<12} answers {peer.claimed} of these cases, {peer.right} rightly")
    milliseconds, kind = slowest()
    print(f"10.000 letters: {milliseconds:.1f} ms at most ({kind})")


def _row(name: str, verdicts: Counter[Verdict]) -> None:
    cases_, right = verdicts.total(), verdicts["right"]
    print(
        f"{name:<12}{cases_:>7}{right:>7}{right / cases_:>10.1%}{verdicts['asked when clear']:>18}"
        f"{verdicts['guessed wrongly']:>17}{verdicts['not asked']:>11}"
    )


if __name__ == "__main__":
    main()
