"""The time zones of calendar files: each file is a world of its own, and a bad zone costs itself only."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from random import Random
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from icalendar import Timezone

from meetings.calendar.ical import EUROPEAN_ZONES, calendar_head
from meetings.calendar.ics.content_lines import calendars_in, lines_of
from meetings.calendar.ics.zones import Zones
from meetings.calendar.ics_import import Window, read_events, read_file
from meetings.calendar.reply_parser import read_replies
from tests.meetings.calendar.test_calendar_file import HELSINKI, NOW, local

DATA = Path(__file__).parent / "data"
RULED = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T0{autumn}0000
TZOFFSETFROM:+0{summer}00
TZOFFSETTO:+0{winter}00
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T0{spring}0000
TZOFFSETFROM:+0{winter}00
TZOFFSETTO:+0{summer}00
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def ruled(name, winter):
    """A VTIMEZONE by the European rule, so many hours east of Greenwich in winter."""
    return RULED.format(name=name, winter=winter, summer=winter + 1, spring=winter + 1, autumn=winter + 2)


def with_zones(*zones, tzid, day="20270115", method=""):
    event = f"BEGIN:VEVENT\nUID:1\nDTSTART;TZID={tzid}:{day}T130000\nDTEND;TZID={tzid}:{day}T140000\nSUMMARY:x\n"
    lines = ["BEGIN:VCALENDAR\n", f"METHOD:{method}\n" if method else "", *zones, event]
    answer = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:aino@example.org\n" if method else ""
    return "".join([*lines, answer, "END:VEVENT\nEND:VCALENDAR\n"]).encode()


def hours(data):
    (event,) = read_events(data, HELSINKI, NOW)
    return local(event)[-11:]


@pytest.mark.parametrize("order", list(permutations(["helsinki", "berlin", "helsinki"])))
def test_two_files_that_call_their_zones_the_same_do_not_move_each_other(order):
    """Real use 10: `icalendar` keeps the first zone of a name for the whole process."""
    right = {"helsinki": "13:00–14:00", "berlin": "14:00–15:00"}
    for place in order:
        assert hours((DATA / f"customized_zone_{place}.ics").read_bytes()) == right[place]


def test_two_calendars_of_one_file_have_zones_of_their_own():
    """Real use 10: also within a file."""
    both = with_zones(ruled("Oma", 2), tzid="Oma") + with_zones(ruled("Oma", 1), tzid="Oma").replace(b"UID:1", b"UID:2")
    assert [local(each)[-11:-6] for each in read_events(both, HELSINKI, NOW)] == ["13:00", "14:00"]


def test_an_answer_from_a_calendar_moves_no_file_and_is_moved_by_none():
    """Real use 10: answers by mail go through the same reader."""
    counter = with_zones(ruled("Kokous", 1), tzid="Kokous", method="COUNTER")
    assert read_replies(counter, HELSINKI)[0].starts_at == datetime(2027, 1, 15, 12, tzinfo=UTC)
    assert hours(with_zones(ruled("Kokous", 2), tzid="Kokous")) == "13:00–14:00"
    assert read_replies(counter, HELSINKI)[0].starts_at == datetime(2027, 1, 15, 12, tzinfo=UTC)


def test_files_read_side_by_side_do_not_move_each_other():
    """Real use 10: in threads of one process."""
    wrong = []

    def read_many(winter):
        for _time in range(20):
            found = hours(with_zones(ruled("Sama", winter), tzid="Sama"))
            wrong.extend([found] if found[:5] != f"{15 - winter}:00" else [])

    threads = [Thread(target=read_many, args=(winter,)) for winter in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize(
    ("zones", "tzid", "wanted"),
    [
        ([], "FLE Standard Time", "13:00–14:00"),
        ([], "W. Europe Standard Time", "14:00–15:00"),
        ([ruled("FLE Standard Time", 1)], "FLE Standard Time", "14:00–15:00"),
        ([], '"Europe/Stockholm"', "14:00–15:00"),
        ([], "europe/stockholm", "14:00–15:00"),
        ([], "/freeassociation.sourceforge.net/Tzfile/Europe/Stockholm", "14:00–15:00"),
        ([ruled("/oma/Europe/Stockholm", 2)], "/oma/Europe/Stockholm", "13:00–14:00"),
        ([], "tzone://Microsoft/Utc", "15:00–16:00"),
        ([], "UTC", "15:00–16:00"),
        ([], "GMT+01:00", "14:00–15:00"),
        ([ruled("Oma", 1), ruled("Oma", 2)], "Oma", "14:00–15:00"),
        ([ruled("Muu", 1), ruled("Oma", 2)], "Oma", "13:00–14:00"),
        ([ruled("Ulko", 2).replace("END:VTIMEZONE\n", ruled("Oma", 1) + "END:VTIMEZONE\n")], "Oma", "14:00–15:00"),
        ([ruled("Sen aika: Tukholma", 1)], '"Sen aika: Tukholma"', "14:00–15:00"),
    ],
)  # fmt: skip
def test_a_zone_is_known_by_every_way_in_which_programs_name_it(zones, tzid, wanted):
    """Real use 10: Windows names, long names, quotes, twins and zones in zones."""
    assert hours(with_zones(*zones, tzid=tzid)) == wanted


def test_a_zone_that_stands_after_its_events_is_found():
    """Real use 10: the order of the components says nothing."""
    data = with_zones(tzid="Oma").replace(b"END:VCALENDAR", ruled("Oma", 1).encode() + b"END:VCALENDAR")
    assert hours(data) == "14:00–15:00"


def test_a_file_that_describes_a_known_zone_otherwise_is_read_by_the_true_one_with_a_warning():
    """Real use 10: VTIMEZONE that redefines Europe/Helsinki."""
    data = with_zones(ruled("Europe/Helsinki", 5), tzid="Europe/Helsinki")
    (event,) = read_events(data, HELSINKI, NOW)
    assert (local(event)[-11:], len(event.warnings)) == ("13:00–14:00", 1)
    (event,) = read_events(with_zones(ruled("Europe/Helsinki", 2), tzid="Europe/Helsinki"), HELSINKI, NOW)
    assert event.warnings == ()


@pytest.mark.parametrize(
    ("old", "new", "at_fault"),
    [("TZOFFSETFROM:+0200", "TZOFFSETFROM:kaksi", "TZOFFSETFROM"),
     ("TZOFFSETTO:+0200", "TZOFFSETTO:+9900", "TZOFFSETTO"),
     ("TZOFFSETTO:+0200\n", "", "TZOFFSETTO"), ("RRULE:FREQ=YEARLY", "RRULE:FREQ=SECONDLY", "RRULE"),
     ("DTSTART:16010101", "DTSTART:16019901", "DTSTART"), ("STANDARD", "X-MUU", "DAYLIGHT"),
     ("TZID:Oma", "TZID:", "TZID")],
)  # fmt: skip
def test_a_bad_zone_costs_itself_and_is_named_and_its_events_are_pointed_out(old, new, at_fault):
    """Real use 23: one bad TZOFFSET or an empty TZID does not refuse the file."""
    zone = ruled("Oma", 2).replace(old, new)
    if at_fault == "DAYLIGHT":
        zone, at_fault = zone.replace("DAYLIGHT", "X-MUU"), "STANDARD"
    data = with_zones(zone, ruled("Hyvä", 1), tzid="Oma") + with_zones(ruled("Hyvä", 1), tzid="Hyvä").replace(
        b"UID:1", b"UID:2"
    )
    found = read_file(data, HELSINKI, Window(NOW))
    assert [(local(each)[-11:-6], len(each.warnings)) for each in found.events] == [("13:00", 1), ("14:00", 0)]
    (note,) = found.notes
    assert at_fault in note


def test_a_bad_zone_that_tells_its_place_is_read_by_the_place():
    """Real use 23: X-LIC-LOCATION, as Evolution, Thunderbird and Google write it."""
    zone = (
        ruled("Oma", 2).replace("TZOFFSETTO:+0200", "TZOFFSETTO:").replace("TZID", "X-LIC-LOCATION:Europe/Berlin\nTZID")
    )
    assert hours(with_zones(zone, tzid="Oma")) == "14:00–15:00"


def test_an_empty_tzid_at_an_event_is_pointed_out():
    """Real use 23."""
    (event,) = read_events(with_zones(tzid=""), HELSINKI, NOW)
    assert (local(event)[-11:], len(event.warnings)) == ("13:00–14:00", 1)


def zone_in(text):
    (calendar,) = calendars_in(lines_of(f"BEGIN:VCALENDAR\n{text}END:VCALENDAR\n".encode()))
    found = Zones(calendar.named("VTIMEZONE"))
    assert found.bad == []
    return found.find("Oma")


def test_described_clocks_are_those_of_the_tz_database_at_every_hour_of_the_changes():
    """Real use 10: our reading of VTIMEZONE, there and back, for both of an hour that comes twice."""
    dice = Random(5545)
    for name, (winter, _a, _b) in EUROPEAN_ZONES.items():
        ours, true = zone_in(ruled("Oma", winter)), ZoneInfo(name)
        changes = [datetime(year, month, day, 1, tzinfo=UTC) for year, month, day in
                   ((2003, 3, 30), (2026, 10, 25), (2027, 3, 28), (2040, 10, 28))]  # fmt: skip
        near = [each + timedelta(minutes=15 * n) for each in changes for n in range(-20, 20)]
        for at in near + [
            datetime(2003, 1, 1, tzinfo=UTC) + timedelta(hours=dice.randrange(300_000)) for _n in range(50)
        ]:
            there = at.astimezone(ours)
            assert there.replace(tzinfo=None) == at.astimezone(true).replace(tzinfo=None), (name, at)
            assert there.astimezone(UTC) == at
            wall = at.replace(tzinfo=None)
            assert wall.replace(tzinfo=ours).utcoffset() == wall.replace(tzinfo=true).utcoffset(), (name, wall)


def test_clocks_that_were_changed_by_dates_and_rules_with_an_end_are_followed():
    """Real use 10: RDATE and UNTIL, as the package itself writes zones."""
    text = Timezone.from_tzid("Europe/Helsinki", first_date=datetime(2020, 1, 1).date()).to_ical().decode()
    ours = zone_in(text.replace("TZID:Europe/Helsinki", "TZID:Oma").replace("\r\n", "\n"))
    for day in range(0, 2500, 17):
        at = datetime(2021, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
        assert at.astimezone(ours).replace(tzinfo=None) == at.astimezone(HELSINKI).replace(tzinfo=None)
    ended = (
        ruled("Oma", 2)
        .replace("BYMONTH=3", "BYMONTH=3;UNTIL=20240331T010000Z")
        .replace("BYMONTH=10", "BYMONTH=10;UNTIL=20231029T010000Z")
    )
    assert datetime(2027, 1, 15, 13, tzinfo=zone_in(ended)).utcoffset() == timedelta(hours=3)


def test_our_own_zones_are_read_back():
    """Real use 10."""
    head = calendar_head("x", ["Europe/Helsinki"]) + "END:VCALENDAR\r\n"
    (calendar,) = calendars_in(lines_of(head.encode()))
    zones = Zones(calendar.named("VTIMEZONE"))
    assert not zones.is_told_otherwise("Europe/Helsinki", datetime(2027, 7, 1))


def test_a_zone_that_nobody_knows_is_none():
    assert Zones([]).find("Kuu/Kraateri") is None
