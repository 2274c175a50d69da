"""Times in words, as each language writes them.

"ke 20.1.2027 klo 13–16", "ons 20.1.2027 kl. 13–16", "Wed 20 January 2027, 13:00–16:00".
Finnish and Swedish write full hours without minutes and a full stop before the minutes (Kotimaisten kielten keskus,
Kielitoimiston ohjepankki: Kellonajat); a range has an en dash, with spaces when either end has several words.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = {
    "fi": ("ma", "ti", "ke", "to", "pe", "la", "su"),
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS = {
    "fi": ("tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu"),
    "sv": ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
CLOCK = {"fi": " klo ", "sv": " kl. ", "en": ", "}


def format_period(starts_at: datetime, ends_at: datetime | None, zone: str | ZoneInfo, language: str) -> str:
    """The time of a meeting on the clocks of `zone`. Aware moments in, words out."""
    tongue = _known(language)
    place = ZoneInfo(zone) if isinstance(zone, str) else zone
    start = starts_at.astimezone(place)
    end = ends_at.astimezone(place) if ends_at else None
    if end is None or end <= start:
        return f"{day(start, tongue)}{CLOCK[tongue]}{clock(start, tongue)}"
    if _ends_same_day(start, end):
        return f"{day(start, tongue)}{CLOCK[tongue]}{_hours(start, end, tongue)}"
    first = day(start, tongue, year=start.year != end.year)
    return f"{first}{CLOCK[tongue]}{clock(start, tongue)} – {day(end, tongue)}{CLOCK[tongue]}{clock(end, tongue)}"


def hours(starts_at: datetime, ends_at: datetime | None, zone: str | ZoneInfo, language: str) -> str:
    """A meeting's hours beside its date: "klo 13–16", "kl. 13–16", "13:00–16:00"; over days "ke klo 9 – to klo 12"."""
    tongue = _known(language)
    place = ZoneInfo(zone) if isinstance(zone, str) else zone
    start = starts_at.astimezone(place)
    end = ends_at.astimezone(place) if ends_at else start
    at = CLOCK[tongue].lstrip(", ")
    if end <= start:
        return f"{at}{clock(start, tongue)}"
    if _ends_same_day(start, end):
        return f"{at}{_hours(start, end, tongue)}"
    return " – ".join(f"{WEEKDAYS[tongue][on.weekday()]} {at}{clock(on, tongue)}" for on in (start, end))


def day(on: date, language: str, *, year: bool = True, weekday: bool = True) -> str:
    """A day in words: "ke 20.1.2027", "Wed 20 January 2027"."""
    tongue = _known(language)
    if tongue == "en":
        words = f"{on.day} {ENGLISH_MONTHS[on.month - 1]}" + (f" {on.year}" if year else "")
    else:
        words = f"{on.day}.{on.month}." + (str(on.year) if year else "")
    return f"{WEEKDAYS[tongue][on.weekday()]} {words}" if weekday else words


def days(first: date, last: date | None, language: str) -> str:
    """A stretch of days: "20.–22.1.2027", "30.1.–2.2.2027", "20–22 January 2027". One day keeps its weekday."""
    tongue = _known(language)
    if last is None or last <= first:
        return day(first, tongue)
    end = day(last, tongue, weekday=False)
    if first.year != last.year:
        start = day(first, tongue, weekday=False)
    elif first.month != last.month:
        start = day(first, tongue, year=False, weekday=False)
    else:
        start = f"{first.day}" if tongue == "en" else f"{first.day}."
    dash = " – " if " " in start else "–"
    return f"{start}{dash}{end}"


def clock(at: datetime, language: str) -> str:
    """The time of day: "13", "13.30"; in English always "13:00"."""
    if _known(language) == "en":
        return f"{at:%H:%M}"
    return f"{at.hour}.{at.minute:02}" if at.minute else f"{at.hour}"


def time_of_day(at: datetime, language: str) -> str:
    """A time that stands alone, in a column or before a title: "13.00", in English "13:00"."""
    return f"{at:%H:%M}" if _known(language) == "en" else f"{at.hour}.{at.minute:02}"


def _hours(start: datetime, end: datetime, tongue: str) -> str:
    """A range of clock times; midnight at the end is 24.."""
    last = "24" if end.date() > start.date() else clock(end, tongue)
    if tongue == "en" and last == "24":
        last = "24:00"
    return f"{clock(start, tongue)}–{last}"


def _ends_same_day(start: datetime, end: datetime) -> bool:
    at_midnight = end.hour == end.minute == 0 and end.date() == start.date() + timedelta(days=1)
    return end.date() == start.date() or at_midnight


def _known(language: str) -> str:
    code = (language or "fi")[:2]
    return code if code in CLOCK else "fi"
