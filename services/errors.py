"""The error whose sentence is for the person. All others are ours."""

from __future__ import annotations


class Refused(Exception):
    """What was asked cannot be; `sentence` says why, and what to do instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


NOT_YOURS = "Việc này không thuộc phạm vi của đồng chí."
REPORT_NOT_YOURS = "Báo cáo này không thuộc phạm vi của đồng chí."
