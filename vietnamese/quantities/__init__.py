"""How much was said: a figure, its unit, its doubt."""

from vietnamese.quantities.quantity import Quantity
from vietnamese.quantities.reading import read_quantity

__all__ = ["Quantity", "read_quantity"]
