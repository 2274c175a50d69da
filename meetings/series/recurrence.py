"""When a series meets: rules as fields, expanded to local wall time, so that 13 o'clock stays 13 all the year.

Pure: no database. RFC 5545's rules are expanded by dateutil on times without a zone, and the zone is put on last; a
rule kept in UTC would move by an hour at each change of the clocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from dateutil.rrule import MONTHLY, WEEKLY, rrule
from dateutil.rrule import weekday as Weekday
from django.utils.translation import gettext as _

WEEKS, MONTH_BY_WEEKDAY, MONTH_BY_DATE, CHOSEN = "weeks", "weekday", "date", "chosen"
MOST = 60
LAST = -1  # the last such weekday of the month
QUIET_MONTH = 7


@dataclass(frozen=True)
class Rule:
    """The first day and how the others follow. `every`: weeks or months between; `until` or `count` ends it."""

    frequency: str
    starts_on: date
    at: time
    zone: str
    every: int = 1
    nth: int = 1  # 1–4, or LAST: which of the month's weekdays
    count: int | None = None
    until: date | None = None
    days: Sequence[date] = ()  # when each day is chosen by hand


@dataclass(frozen=True)
class Occasion:
    """One moment of a series, with what should be thought of before choosing it."""

    starts_at: datetime
    warnings: tuple[str, ...] = ()

    @property
    def on(self) -> date:
        return self.starts_at.date()


def days_of(rule: Rule) -> list[date]:
    """The days in order, at most MOST; the first may come after `starts_on` when that day does not fit the rule."""
    if rule.frequency == CHOSEN:
        return sorted(set(rule.days))[:MOST]
    midnight = datetime.combine(rule.starts_on, time())
    until = datetime.combine(rule.until, time()) if rule.until else None
    weekday = rule.starts_on.weekday()
    if rule.frequency == WEEKS:
        found = rrule(WEEKLY, dtstart=midnight, interval=rule.every, count=rule.count, until=until)
    elif rule.frequency == MONTH_BY_WEEKDAY:
        nth = Weekday(weekday)(rule.nth)
        found = rrule(MONTHLY, dtstart=midnight, interval=rule.every, byweekday=nth, count=rule.count, until=until)
    else:
        found = rrule(MONTHLY, dtstart=midnight, interval=rule.every, count=rule.count, until=until)
    return [moment.date() for moment, _number in zip(found, range(MOST), strict=False)]


def occasions(rule: Rule, country: str, language: str) -> list[Occasion]:
    """Each day as a moment of the zone, with its warnings in words."""
    return [_occasion(day, rule.at, rule.zone, country, language) for day in days_of(rule)]


def exists(day: date, at: time, zone: str) -> bool:
    """False for an hour that the change to summer time skips."""
    local = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
    again = datetime.fromtimestamp(local.timestamp(), ZoneInfo(zone))
    return again.replace(tzinfo=None) == local.replace(tzinfo=None)


def holiday(day: date, country: str, language: str) -> str:
    """The name of a public holiday, or nothing."""
    return str(_holidays(country, language, day.year).get(day, ""))


def nth_of(day: date) -> int:
    """Which of its month's weekdays a day is, 1–4; the fifth is the last."""
    number = (day.day - 1) // 7 + 1
    return number if number < 5 else LAST


def warnings_of(day: date, at: time, zone: str, country: str, language: str) -> list[str]:
    """What speaks against a day, in words: a holiday, a weekend, July, an hour that is skipped."""
    warnings = []
    if name := holiday(day, country, language):
        warnings.append(_("Public holiday: %(name)s") % {"name": name})
    elif day.weekday() >= 5:
        warnings.append(_("On a weekend"))
    if day.month == QUIET_MONTH:
        warnings.append(_("In July, when most are on holiday"))
    if not exists(day, at, zone):
        warnings.append(_("This hour does not exist: the clocks go forward"))
    return warnings


def _occasion(day: date, at: time, zone: str, country: str, language: str) -> Occasion:
    warnings = warnings_of(day, at, zone, country, language)
    return Occasion(datetime.combine(day, at, tzinfo=ZoneInfo(zone)), tuple(warnings))


@lru_cache(maxsize=64)
def _holidays(country: str, language: str, year: int) -> dict[date, str]:
    """Names in the language asked for where the package knows it, else in its own."""
    known = holidays.country_holidays(country)
    spoken = {"sv": "sv_FI", "en": "en_US"}.get(language, language)
    chosen = spoken if spoken in known.supported_languages else None
    return dict(holidays.country_holidays(country, years=[year], language=chosen))
