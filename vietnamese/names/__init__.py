"""Which task, unit or person was meant."""

from vietnamese.names.finding import Candidate, Found, Several, find, split_code
from vietnamese.names.scores import alike

__all__ = ["Candidate", "Found", "Several", "alike", "find", "split_code"]
