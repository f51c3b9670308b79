"""The rules of one task's row: is its measure whole, do its figures and dates make sense (mission §3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from models.task import LARGEST_PERCENT, percent_of_plan
from services.loading.rows import Findings, TaskRow
from vietnamese.formatting import day, number

COUNTED = ("checklist", "milestones")


def target_of(row: TaskRow) -> Decimal | None:
    """The target, or what the measure makes it: yes/no is 1, a checklist is all its criteria."""
    if row.target is not None:
        return row.target
    if row.measure == "yesno":
        return Decimal(1)
    return Decimal(len(row.criteria)) if row.measure in COUNTED and row.criteria else None


def unit_of(row: TaskRow) -> str:
    """The unit of measure: always % for a percent."""
    return "%" if row.measure == "percent" and not row.measure_unit else row.measure_unit


def check_measure(row: TaskRow, findings: Findings) -> None:
    """Faults and warnings about the measure, its unit, target and baseline."""
    target = target_of(row)
    if row.measure in COUNTED and target is None:
        expected = "mỗi dòng một tiêu chí hoặc mốc"
        _fault_or_missing(row, "criteria", "chưa có tiêu chí hoặc mốc nào", expected, findings)
    elif row.measure in COUNTED and row.criteria and target and target > len(row.criteria):
        wrong = f"chỉ tiêu {number(target)} nhiều hơn {len(row.criteria)} tiêu chí hoặc mốc"
        findings.fault(
            row.at, "target", wrong, "để trống: tính đủ các tiêu chí hoặc mốc", "criteria"
        )
    elif target is None:
        _fault_or_missing(row, "target", "ô trống", "một số, ví dụ 2 hoặc 98,3", findings)
    if row.measure in ("number", "count") and not row.measure_unit:
        expected = "đơn vị tính, ví dụ tổ, hộ, lần, ha"
        _fault_or_missing(row, "measure_unit", "ô trống", expected, findings)
    if row.measure == "yesno" and row.target not in (None, Decimal(1)):
        findings.fault(row.at, "target", "việc đo bằng có/không không có số", "để trống hoặc 1")
    if row.value is not None and row.value < 0:
        findings.fault(row.at, "value", f"số âm {number(row.value)}", "số từ 0 trở lên")
    if target is not None:
        _check_figures(row, target, findings)


def _check_figures(row: TaskRow, target: Decimal, findings: Findings) -> None:
    """Target, baseline and value against each other."""
    if target < 0:
        findings.fault(row.at, "target", f"số âm {number(target)}", "số từ 0 trở lên")
    elif target == 0 and row.direction == "up":
        wrong = "chỉ tiêu bằng 0 mà chiều là tăng"
        findings.fault(row.at, "target", wrong, "số lớn hơn 0, hoặc “Chiều” là Giảm", "direction")
    if row.measure == "percent" and target > 100:
        findings.warn(row.at, "target", f"chỉ tiêu {number(target)}% lớn hơn 100%")
    if row.baseline is not None and row.baseline == target:
        findings.warn(row.at, "baseline", "số gốc bằng chỉ tiêu; % kế hoạch tính không cần số gốc")
    elif row.baseline is not None and (row.baseline > target) == (row.direction == "up"):
        said, other = ("tăng", "lớn") if row.direction == "up" else ("giảm", "nhỏ")
        findings.warn(row.at, "direction", f"chiều là {said} mà số gốc {other} hơn chỉ tiêu")
    share = percent_of_plan(
        row.value, target=target, baseline=row.baseline, direction=row.direction
    )
    if share is not None and share >= LARGEST_PERCENT:
        wrong = f"số {number(row.value or 0)} lớn quá so với chỉ tiêu {number(target)}"
        wanted = "số đã đạt, cùng đơn vị tính với chỉ tiêu"
        findings.fault(row.at, "value", wrong, wanted, "baseline", "direction")


def check_days(row: TaskRow, issued_on: date | None, findings: Findings) -> None:
    """A deadline before the document's own date is a warning, never silently late."""
    if row.start and row.due and row.due < row.start:
        wrong = f"{day(row.due)} trước ngày bắt đầu {day(row.start)}"
        findings.fault(row.at, "due", wrong, "ngày từ “Bắt đầu” trở đi")
    elif row.due and issued_on and row.due < issued_on:
        findings.warn(row.at, "due", f"{day(row.due)} trước ngày ban hành văn bản {day(issued_on)}")
    if row.cadence != "none" and row.cadence_day is None and row.at.has("cadence_day"):
        first = "thứ Hai" if row.cadence == "weekly" else "ngày 1"
        findings.warn(row.at, "cadence_day", f"ô trống; báo cáo vào {first}")


def _fault_or_missing(
    row: TaskRow, name: str, wrong: str, expected: str, findings: Findings
) -> None:
    """A fault in the column, or about the column that the file does not have."""
    if row.at.has(name):
        findings.fault(row.at, name, wrong, expected, "measure")
    else:
        findings.fault(row.at, "measure", f"cách đo này cần thêm cột ({wrong})", expected)
