"""Calendar files of every kind that programs write, made here: (name, bytes), the same ones every time."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from meetings.calendar.ical import EUROPEAN_ZONES, time_zone

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
CUSTOM = """BEGIN:VTIMEZONE
TZID:{tzid}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:{summer}
TZOFFSETTO:{winter}
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:{winter}
TZOFFSETTO:{summer}
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""
OFFSETS = [("+0100", "+0200"), ("+0200", "+0300"), ("-0500", "-0400"), ("+0530", "+0630"), ("+0000", "+0100")]


def made_files() -> Iterator[tuple[str, bytes]]:
    """Ten of each kind."""
    dice = Random(2027)
    for number in range(10):
        for kind in KINDS:
            day = date(2026, 12, 1) + timedelta(days=dice.randrange(330))
            lines = kind(dice, day)
            yield (
                f"{kind.__name__} {number}",
                "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines]).encode() + b"\r\n",
            )


def _event(*lines: str, uid: str = "1@example.org", begin: int = 13) -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T000000Z", *lines, f"SUMMARY:Kokous {begin}", "END:VEVENT"]


def _span(dice: Random, day: date, zone: str) -> list[str]:
    hour, minutes = dice.randint(7, 20), dice.choice([30, 45, 60, 90, 180])
    start = f"{day:%Y%m%d}T{hour:02}{dice.choice(['00', '15', '30'])}00"
    return [f"DTSTART{_zoned(zone, start)}", f"DURATION:PT{minutes}M"]


def _zoned(zone: str, value: str) -> str:
    return f":{value}Z" if zone == "UTC" else f";TZID={zone}:{value}" if zone else f":{value}"


def known_zone(dice: Random, day: date) -> list[str]:
    zone = dice.choice(list(EUROPEAN_ZONES))
    own = time_zone(zone).to_ical().decode().strip().splitlines()
    return [*own, *_event(*_span(dice, day, zone)), "END:VCALENDAR"]


def customized_zone(dice: Random, day: date) -> list[str]:
    winter, summer = dice.choice(OFFSETS)
    own = CUSTOM.format(tzid="Customized Time Zone", winter=winter, summer=summer).splitlines()
    return [*own, *_event(*_span(dice, day, "Customized Time Zone")), "END:VCALENDAR"]


def windows_zone(dice: Random, day: date) -> list[str]:
    names = ["FLE Standard Time", "W. Europe Standard Time", "GMT Standard Time", "Eastern Standard Time"]
    return [*_event(*_span(dice, day, dice.choice(names))), "END:VCALENDAR"]


def utc_and_floating(dice: Random, day: date) -> list[str]:
    first, second = _span(dice, day, "UTC"), _span(dice, day + timedelta(days=3), "")
    return [*_event(*first), *_event(*second, uid="2@example.org"), "END:VCALENDAR"]


def whole_days(dice: Random, day: date) -> list[str]:
    end = day + timedelta(days=dice.randint(1, 5))
    lines = [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}"]
    return [*_event(*lines, *dice.choice([[], ["RRULE:FREQ=WEEKLY;COUNT=3"]])), "END:VCALENDAR"]


def series_by_rule(dice: Random, day: date) -> list[str]:
    weekday = WEEKDAYS[day.weekday()]
    rule = dice.choice([
        f"FREQ=WEEKLY;INTERVAL={dice.randint(1, 3)}", f"FREQ=WEEKLY;BYDAY={weekday}", "FREQ=DAILY;INTERVAL=2",
        f"FREQ=MONTHLY;BYMONTHDAY={day.day}", f"FREQ=MONTHLY;BYDAY={(day.day - 1) // 7 + 1}{weekday}", "FREQ=YEARLY",
    ])  # fmt: skip
    end = dice.choice([f";COUNT={dice.randint(2, 20)}", f";UNTIL={day + timedelta(days=90):%Y%m%d}T235900Z", ""])
    zone = dice.choice(["Europe/Helsinki", "Europe/Stockholm", "UTC"])
    return [*_event(*_span(dice, day, zone), f"RRULE:{rule}{end}"), "END:VCALENDAR"]


def series_with_left_out_and_added(dice: Random, day: date) -> list[str]:
    zone = "Europe/Helsinki"
    start, length = f"{day:%Y%m%d}T130000", "DURATION:PT1H"
    out, added = day + timedelta(days=7 * dice.randint(1, 3)), day + timedelta(days=3)
    left_out = dice.choice([f"EXDATE{_zoned(zone, f'{out:%Y%m%d}T130000')}", f"EXDATE;VALUE=DATE:{out:%Y%m%d}"])
    lines = [f"DTSTART{_zoned(zone, start)}", length, "RRULE:FREQ=WEEKLY;COUNT=6", left_out]
    return [*_event(*lines, f"RDATE{_zoned(zone, f'{added:%Y%m%d}T090000')}"), "END:VCALENDAR"]


def series_with_a_moved_time(dice: Random, day: date) -> list[str]:
    origin = day + timedelta(days=7 * dice.randint(1, 4))
    series = [f"DTSTART;TZID=Europe/Helsinki:{day:%Y%m%d}T130000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=6"]
    ways = [f";TZID=Europe/Helsinki:{origin:%Y%m%d}T130000", f";TZID=Europe/Stockholm:{origin:%Y%m%d}T120000"]
    moved = [f"RECURRENCE-ID{dice.choice(ways)}", *_span(dice, origin + timedelta(days=1), "Europe/Helsinki")]
    both = [_event(*series), _event(*moved)]
    dice.shuffle(both)
    return [*both[0], *both[1], "END:VCALENDAR"]


def series_moved_from_a_time_on(dice: Random, day: date) -> list[str]:
    origin = day + timedelta(days=7 * dice.randint(1, 4))
    series = [f"DTSTART;TZID=Europe/Helsinki:{day:%Y%m%d}T130000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=8"]
    hour = dice.randint(8, 18)
    start = f"DTSTART;TZID=Europe/Helsinki:{origin + timedelta(days=1):%Y%m%d}T{hour:02}0000"
    moved = [f"RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Helsinki:{origin:%Y%m%d}T130000", start, "DURATION:PT2H"]
    return [*_event(*series), *_event(*moved), "END:VCALENDAR"]


def versions(dice: Random, day: date) -> list[str]:
    all_of_them = [_event(*_span(dice, day + timedelta(days=n), "UTC"), f"SEQUENCE:{n}") for n in range(4)]
    dice.shuffle(all_of_them)
    return [*(line for event in all_of_them for line in event), "END:VCALENDAR"]


def folded_and_bare_line_ends(dice: Random, day: date) -> list[str]:
    words = "DESCRIPTION:" + "Työpaja ja sen\n  toinen rivi " * 5
    return [*_event(*_span(dice, day, "Europe/Helsinki"), words), "END:VCALENDAR"]


def two_calendars(dice: Random, day: date) -> list[str]:
    first, second = customized_zone(dice, day), known_zone(dice, day + timedelta(days=1))
    second = [line.replace("1@example.org", "2@example.org") for line in second]
    return [*first, "BEGIN:VCALENDAR", "VERSION:2.0", *second]


KINDS = [
    known_zone, customized_zone, windows_zone, utc_and_floating, whole_days, series_by_rule,
    series_with_left_out_and_added, series_with_a_moved_time, series_moved_from_a_time_on, versions,
    folded_and_bare_line_ends, two_calendars,
]  # fmt: skip
