"""Which day, period or time was said."""

from vietnamese.dates.reading import NoSuchDate, Sense, When, read_date

__all__ = ["NoSuchDate", "Sense", "When", "read_date"]
