"""A whole report in one message."""

from vietnamese.reports.reading import ReportMeaning, read_report
from vietnamese.reports.tasks import TaskHint

__all__ = ["ReportMeaning", "TaskHint", "read_report"]
