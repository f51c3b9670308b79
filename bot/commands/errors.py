"""How a command ends early: one sentence, and a status that is not zero."""

from __future__ import annotations


class Stop(Exception):
    """The command cannot go on; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
