"""The corpus: every case is understood as meant, asked about as expected, and never guessed."""

import pytest

from benchmarks import understanding
from bot.commands.understand import answer_to


@pytest.mark.parametrize("file", understanding.FILES)
def test_nothing_is_guessed_wrongly(file: str) -> None:
    _, errors = understanding.measure(file)
    wrong = [
        (case["text"], answer) for verdict, case, answer in errors if verdict == "guessed wrongly"
    ]
    assert wrong == []


@pytest.mark.parametrize("file", understanding.FILES)
def test_accuracy_is_at_least_98_percent(file: str) -> None:
    verdicts, errors = understanding.measure(file)
    shown = [(verdict, case["text"], answer) for verdict, case, answer in errors]
    assert verdicts["right"] / verdicts.total() >= 0.98, shown


def test_corpus_is_large_and_has_no_case_twice() -> None:
    seen = set()
    for file in understanding.FILES[:5]:
        for case in understanding.cases(file):
            candidates = str(case.get("candidates") or "")
            seen.add((case["kind"], case["text"], case.get("unit"), case.get("sense"), candidates))
    count = sum(1 for file in understanding.FILES[:5] for _ in understanding.cases(file))
    assert count >= 600
    assert len(seen) == count


def test_every_answer_has_a_status() -> None:
    allowed = {"understood", "ask", "none", "refused", "clear"}
    for file in understanding.FILES:
        for case in understanding.cases(file):
            answer = answer_to(case)
            assert answer["status"] in allowed
            if answer["status"] == "ask":
                assert answer["readings"]
