"""When a published method is verified again: 24 months after the last check, by two letters a month apart."""

from calendar import monthrange
from datetime import date, timedelta

MONTHS = 24  # a published method is checked again this long after the last check
PATIENCE = timedelta(days=30)  # between the two letters


def months_before(day: date, months: int) -> date:
    """The same day some months earlier; the last of the month where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
