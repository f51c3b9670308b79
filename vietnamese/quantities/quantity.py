"""What a person said about how much is done, and how it is read back to them."""

from dataclasses import dataclass, replace
from decimal import Decimal

from vietnamese.formatting import number


@dataclass(frozen=True)
class Quantity:
    """What a person said about how much is done.

    `value` counts `unit`, or the unit the task is measured in when no unit was said (`unit` None).
    `percent` is the share of `total` (39/40: 97.5, at most two decimals) or a share of the plan that
    was said beside the value; it is never the value of a task measured in %. `left` is set when only
    what remains is known. `change` "+" or "-" makes `value` a difference from the last report.
    """

    value: Decimal | None = None
    total: Decimal | None = None
    percent: Decimal | None = None
    unit: str | None = None
    qualifier: str | None = None
    change: str | None = None
    same: bool = False
    read_as: str = ""
    left: Decimal | None = None


def plain(value: Decimal) -> Decimal:
    """Without zeros at the end and without an exponent."""
    shorter = value.normalize()
    return Decimal(int(shorter)) if shorter == shorter.to_integral_value() else shorter


def told(quantity: Quantity) -> Quantity:
    """The quantity with `read_as` written out."""
    return replace(quantity, read_as=words(quantity))


def words(quantity: Quantity) -> str:
    """The quantity as it is read back: ``gần 4.000 m2``, ``388/400 hộ (97%)``."""
    if quantity.same:
        kept = f": {number(quantity.value)}" if quantity.value is not None else ""
        return f"không đổi so với kỳ trước{kept}"
    amount = quantity.left if quantity.left is not None else quantity.value
    if amount is None:
        share = "" if quantity.percent is None else f"{number(quantity.percent)}% kế hoạch"
        return f"{quantity.qualifier} {share}" if quantity.qualifier else share
    shown = number(amount)
    if quantity.total is not None:
        shown += f"/{number(quantity.total)}"
    if quantity.unit:
        shown += quantity.unit if quantity.unit == "%" else f" {quantity.unit}"
    if quantity.percent is not None and quantity.unit != "%":
        shown += f" ({number(quantity.percent)}%)"
    lead = {"+": "tăng ", "-": "giảm "}.get(quantity.change or "", "")
    lead += "còn lại " if quantity.left is not None else ""
    return lead + (f"{quantity.qualifier} " if quantity.qualifier else "") + shown
