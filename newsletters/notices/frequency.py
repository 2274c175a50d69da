"""The frequency of digests: which period a letter covers, in local time. Knows no database."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

NOW, DAILY, WEEKLY, NEVER = "now", "daily", "weekly", "never"
OFTEN_FIRST = (NOW, DAILY, WEEKLY, NEVER)

# "At once" is gathered for this long, so that five things written one after the other make one letter.
GATHERED = timedelta(minutes=10)
AT = time(7)
WORKDAYS = {DAILY: range(5), WEEKLY: range(1)}


def last_due_at(frequency: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The latest moment, `now` included, at which letters of this frequency fall due.

    A day begins at seven by the local clock on workdays, a week on Monday, whatever summer time does (ME-05).
    """
    if frequency == NOW:
        return now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % GATHERED
    day = now.astimezone(zone).date()
    while day.weekday() not in WORKDAYS[frequency] or datetime.combine(day, AT, zone) > now:
        day -= timedelta(days=1)
    return datetime.combine(day, AT, zone)


def due_before(frequency: str, end: datetime, zone: ZoneInfo) -> datetime:
    """The end of the period before this one."""
    return last_due_at(frequency, end - timedelta(microseconds=1), zone)
