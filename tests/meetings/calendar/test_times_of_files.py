"""Versions, whole days, left-out and moved times and broken parts of calendar files from other programs."""

from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path
from time import process_time

import pytest

from meetings.calendar.ics.content_lines import rule_of_vcalendar
from meetings.calendar.ics_import import MOST_EVENTS, MOST_NOTES, Window, read_events, read_file
from meetings.calendar.ics_parser import Unreadable
from tests.meetings.calendar.test_calendar_file import HELSINKI, NOW, file_of, local, only, read

DATA = Path(__file__).parent / "data"
SERIES = ["UID:sarja", "DTSTART;TZID=Europe/Helsinki:20270106T130000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4"]
WHOLE = "Koko päivän tapahtuma: anna kellonajat luonnoksessa"


def times(*events, **how):
    return [local(each)[:16] for each in read(*events, **how)]


def version(sequence, hour, stamp="20261101T000000Z", **more):
    lines = [f"SEQUENCE:{sequence}", f"DTSTAMP:{stamp}", f"DTSTART:20270120T{hour}0000Z", "DURATION:PT1H"]
    return ["UID:sama", *lines, *(f"{name}:{value}" for name, value in more.items())]


# versions


@pytest.mark.parametrize("order", list(permutations([0, 2, 1])))
def test_the_highest_sequence_of_a_uid_wins_wherever_it_stands(order):
    """Real use 23."""
    hours = {0: 10, 1: 11, 2: 12}
    (event,) = read(*[version(number, hours[number]) for number in order])
    assert local(event) == "20.01.2027 14:00–15:00"


def test_of_one_sequence_the_later_stamp_wins():
    """Real use 23: RFC 5546, 2.1.5."""
    old, new = version(1, 10, "20261101T000000Z"), version(1, 11, "20261102T000000Z")
    assert times(old, new) == times(new, old) == ["20.01.2027 13:00"]


def test_an_event_that_stopped_repeating_does_not_repeat_and_one_that_was_cancelled_is_pointed_out():
    """Real use 23."""
    assert len(read(version(0, 10, RRULE="FREQ=DAILY;COUNT=5"), version(1, 11))) == 1
    (event,) = read(version(3, 10, STATUS="CANCELLED"), version(2, 10))
    assert event.warnings
    cancel = file_of(version(4, 10)).replace(b"VERSION:2.0", b"VERSION:2.0\r\nMETHOD:CANCEL")
    (event,) = read_events(file_of(version(3, 10)) + cancel, HELSINKI, NOW)
    assert event.warnings


def test_events_of_one_uid_that_are_no_versions_of_each_other_are_all_shown_with_a_warning():
    """Real use 23: programs that give every event the same UID."""
    events = [["UID:1", f"DTSTART:202701{day}T100000Z", "DURATION:PT1H"] for day in (20, 21, 22)]
    found = read(*events)
    assert [bool(each.warnings) for each in found] == [True] * 3
    assert len({each.identity for each in found}) == 3


def test_a_time_that_was_changed_before_the_series_lost_it_is_pointed_out():
    """Real use 23."""
    moved = ["UID:sarja", "SEQUENCE:1", "RECURRENCE-ID;TZID=Europe/Helsinki:20270113T130000"]
    moved += ["DTSTART;TZID=Europe/Helsinki:20270114T130000", "DURATION:PT1H"]
    series = [each.replace("T130000", "T150000") for each in SERIES]
    found = read([*series, "SEQUENCE:2"], moved)
    assert {local(each)[:16]: bool(each.warnings) for each in found} == {
        "06.01.2027 15:00": False, "13.01.2027 15:00": False, "14.01.2027 13:00": True, "20.01.2027 15:00": False,
        "27.01.2027 15:00": False,
    }  # fmt: skip


# left out


@pytest.mark.parametrize(
    "line",
    ["EXDATE;VALUE=DATE:20270113", "EXDATE:20270113", "EXDATE;TZID=Europe/Helsinki;VALUE=DATE:20270113",
     "EXDATE:20270113T110000Z", "EXDATE:20270113T130000", "EXDATE;TZID=Europe/Stockholm:20270113T120000",
     "EXDATE;TZID=FLE Standard Time:20270113T130000", "EXDATE:20270113;20260101"],
)  # fmt: skip
def test_a_time_is_left_out_in_whatever_way_the_file_writes_it(line):
    """Real use 23: EXDATE by DATE on a series with hours, and the others."""
    assert times([*SERIES, line]) == ["06.01.2027 13:00", "20.01.2027 13:00", "27.01.2027 13:00"]


def test_a_left_out_time_at_another_hour_and_a_bad_one_among_good_ones_are_pointed_out():
    """Real use 23."""
    found = read([*SERIES, "EXDATE:20270113T090000Z"])
    assert [bool(each.warnings) for each in found] == [False, True, False, False]
    found = read([*SERIES, "EXDATE:20270113T110000Z,huomenna"])
    assert [local(each)[:5] for each in found] == ["06.01", "20.01", "27.01"]
    assert all(each.warnings for each in found)


def test_days_are_left_out_of_a_series_of_whole_days_by_midnights_too():
    """Real use 23."""
    series = ["UID:sarja", "DTSTART;VALUE=DATE:20270106", "RRULE:FREQ=WEEKLY;COUNT=4"]
    for line in (
        "EXDATE;VALUE=DATE:20270113",
        "EXDATE:20270113T000000",
        "EXDATE:20270112T220000Z",
        "EXDATE:20270113T000000Z",
    ):
        assert [each[:5] for each in times([*series, line])] == ["06.01", "20.01", "27.01"]


# moved


@pytest.mark.parametrize(
    "origin",
    [";TZID=Europe/Helsinki:20270113T130000", ";TZID=Europe/Stockholm:20270113T120000", ":20270113T110000Z",
     ":20270113T130000", ";VALUE=DATE:20270113", ":20270113", ";TZID=FLE Standard Time:20270113T130000"],
)  # fmt: skip
def test_a_moved_time_takes_the_place_of_its_own_in_whatever_way_it_is_named(origin):
    """Real use 23: RECURRENCE-ID in another zone, in UTC, by day."""
    moved = ["UID:sarja", f"RECURRENCE-ID{origin}", "DTSTART;TZID=Europe/Stockholm:20270114T080000", "DURATION:PT2H"]
    wanted = ["06.01.2027 13:00", "14.01.2027 09:00", "20.01.2027 13:00", "27.01.2027 13:00"]
    assert times(SERIES, moved) == times(moved, SERIES) == wanted
    before = {local(each)[:5]: each.identity for each in read(SERIES)}
    assert {local(each)[:5]: each.identity for each in read(SERIES, moved)}["14.01"] == before["13.01"]


def test_a_move_of_this_and_all_that_follow_moves_them_by_as_much_with_its_words_and_length():
    """Real use 23: RANGE=THISANDFUTURE, over the change of the clocks."""
    series = ["UID:sarja", "DTSTART;TZID=Europe/Helsinki:20270310T130000", "DURATION:PT1H", "SUMMARY:Vanha"]
    moved = ["UID:sarja", "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Helsinki:20270324T130000", "SUMMARY:Uusi"]
    moved += ["DTSTART;TZID=Europe/Helsinki:20270325T143000", "DURATION:PT2H"]
    single = ["UID:sarja", "RECURRENCE-ID:20270407T100000Z", "DTSTART:20270407T060000Z", "DURATION:PT1H"]
    found = read([*series, "RRULE:FREQ=WEEKLY;COUNT=6"], moved, [*single, "SUMMARY:Yksi"])
    assert [(local(each), each.title) for each in found] == [
        ("10.03.2027 13:00–14:00", "Vanha"), ("17.03.2027 13:00–14:00", "Vanha"), ("25.03.2027 14:30–16:30", "Uusi"),
        ("01.04.2027 14:30–16:30", "Uusi"), ("07.04.2027 09:00–10:00", "Yksi"), ("15.04.2027 14:30–16:30", "Uusi"),
    ]  # fmt: skip


def test_what_is_cancelled_from_one_time_on_is_pointed_out_on_each():
    """Real use 23."""
    end = [
        "UID:sarja",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20270120T110000Z",
        "DTSTART:20270120T110000Z",
        "DURATION:PT1H",
    ]
    assert [bool(each.warnings) for each in read(SERIES, [*end, "STATUS:CANCELLED"])] == [False, False, True, True]


def test_an_added_stretch_of_time_keeps_its_own_length():
    """Real use 23: RDATE;VALUE=PERIOD."""
    found = read([*SERIES[:3], "RDATE;VALUE=PERIOD:20270201T100000Z/PT3H,20270202T100000Z/20270202T120000Z"])
    assert [local(each)[-11:] for each in found] == ["13:00–14:00", "12:00–15:00", "12:00–14:00"]


# whole days


def test_the_five_whole_days_are_days_and_pointed_out():
    """Real use 23: the handed file."""
    found = read_events((DATA / "whole_days.ics").read_bytes(), HELSINKI, NOW)
    assert [(local(each)[:10], (each.ends_at - each.starts_at).days) for each in found] == [
        ("20.05.2027", 1), ("25.05.2027", 3), ("01.06.2027", 1), ("05.06.2027", 1), ("10.06.2027", 1),
    ]  # fmt: skip
    assert [each.warnings for each in found] == [(WHOLE,)] * 5


FLAG = "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"


@pytest.mark.parametrize(
    "lines",
    [["DTSTART:20270610", "DTEND:20270611"], ["DTSTART;VALUE=DATE:20270610", "DTEND;VALUE=DATE:20270610"],
     ["DTSTART;VALUE=DATE:20270610", "DURATION:P1D"], ["DTSTART;VALUE=DATE:20270610T000000"],
     ["DTSTART;VALUE=DATE-TIME:20270610", "DTEND;VALUE=DATE-TIME:20270611"],
     ["DTSTART:20270610T000000", "DTEND:20270611T000000"], ["DTSTART:20270610T000000", "DURATION:P1D"],
     ["DTSTART:20270610T000000", "DURATION:PT24H"], ["DTSTART:20270610T000000", "DTEND:20270610T240000"],
     ["DTSTART:20270610T000000", "DTEND:20270610T235900"], ["DTSTART:20270610T000000", "DTEND:20270610T235959"],
     ["DTSTART:20270610T000000"], ["DTSTART:20270610T000000", "DTEND:20270610T000000"],
     ["DTSTART:20270610T000000Z", "DTEND:20270611T000000Z"], ["DTSTART:20270609T210000Z", "DTEND:20270610T210000Z"],
     ["DTSTART:20270609T210000Z", "DTEND:20270610T205900Z"], ["DTSTART:20270610T000000Z", "DTEND:20270610T235959Z"],
     ["DTSTART;TZID=Europe/Stockholm:20270610T000000", "DTEND;TZID=Europe/Stockholm:20270611T000000"],
     ["DTSTART;TZID=FLE Standard Time:20270610T000000", "DTEND;TZID=FLE Standard Time:20270611T000000"],
     ["DTSTART;TZID=UTC:20270610T000000", "DTEND;TZID=UTC:20270611T000000"],
     ["DTSTART;VALUE=DATE:20270610", "DTEND:20270611T000000"],
     ["DTSTART:20270609T220000Z", "DTEND:20270610T220000Z", FLAG],
     ["DTSTART:20270610T080000", "DTEND:20270610T160000", FLAG], ["DTSTART:20270610T080000Z", "X-FUNAMBOL-ALLDAY:1"],
     ["DTSTART:20270610T080000Z", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT:TRUE"]],
    ids=" ".join,
)  # fmt: skip
def test_a_whole_day_is_one_in_every_spelling(lines):
    """Real use 23."""
    event = only(*lines)
    assert local(event) == "10.06.2027 00:00–00:00"
    assert (event.ends_at - event.starts_at).days == 1
    assert WHOLE in event.warnings


@pytest.mark.parametrize(
    "lines",
    [["DTSTART:20270610T000000", "DTEND:20270610T010000"], ["DTSTART:20270610T100000", "DTEND:20270611T100000"],
     ["DTSTART:20270610T080000", "DTEND:20270610T160000", "X-MICROSOFT-CDO-ALLDAYEVENT:FALSE"],
     ["DTSTART:20270610T220000", "DTEND:20270611T000000"],
     ["DTSTART;TZID=Europe/Berlin:20270610T230000", "DURATION:PT1H"]],
)  # fmt: skip
def test_an_event_at_night_is_no_whole_day(lines):
    """Real use 23: the other side of it."""
    assert only(*lines).warnings == ()


def test_whole_days_end_at_midnight_when_the_clocks_change_and_repeat_as_days():
    """Real use 23."""
    assert local(only("DTSTART;VALUE=DATE:20270328")) == "28.03.2027 00:00–00:00"
    assert local(only("DTSTART;VALUE=DATE:20271031")) == "31.10.2027 00:00–00:00"
    found = read(["DTSTART:20270326T220000Z", "DTEND:20270327T220000Z", "RRULE:FREQ=DAILY;COUNT=3"])
    assert [local(each) for each in found] == [
        f"{day} 00:00–00:00" for day in ("27.03.2027", "28.03.2027", "29.03.2027")
    ]
    assert all(WHOLE in each.warnings for each in found)


# clocks without a zone


@pytest.mark.parametrize(
    ("zone", "wanted"),
    [("Europe/Stockholm", "14:00"), ("W. Europe Standard Time", "14:00"), ("Europe/Helsinki", "13:00"), ("", "13:00"),
     ("Kuu/Kraateri", "13:00"), ("UTC", "15:00")],
)  # fmt: skip
def test_times_without_a_zone_are_on_the_clock_of_the_calendar(zone, wanted):
    """Real use 23: X-WR-TIMEZONE; times that say their zone stay where they are."""
    lines = [["DTSTART:20270120T130000", "DURATION:PT1H"], ["DTSTART:20270121T110000Z", "DURATION:PT1H"],
             ["DTSTART;VALUE=DATE:20270122"],
             ["UID:s", "DTSTART:20270125T130000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2",
              "EXDATE:20270125T130000"]]  # fmt: skip
    data = file_of(*lines).replace(b"VERSION:2.0", f"VERSION:2.0\r\nX-WR-TIMEZONE:{zone}".encode())
    found = [local(each)[11:16] for each in read_events(data, HELSINKI, NOW)]
    assert found == [wanted, "13:00", "00:00", wanted]


# what is broken


GOOD = ["DTSTART:20270120T110000Z", "DURATION:PT1H", "SUMMARY:Hyvä"]
ALARM = ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "END:VALARM"]


@pytest.mark.parametrize(
    "trigger", ["TRIGGER:kohta", "TRIGGER;VALUE=DATE-TIME:huomenna", "TRIGGER:-PT15M\r\nDURATION:x"]
)
def test_a_bad_reminder_costs_itself_and_is_named(trigger):
    """Real use 23: one bad VALARM."""
    data = file_of([*GOOD, *ALARM[:2], trigger, ALARM[3]], [*GOOD, *ALARM])
    found = read_file(data, HELSINKI, Window(NOW))
    assert [(each.title, each.warnings) for each in found.events] == [("Hyvä", ())] * 2
    (note,) = found.notes
    assert "VALARM" in note and "Hyvä" in note


@pytest.mark.parametrize("start", ["DTSTART:huomenna", "DTSTART;TZID=Europe/Helsinki:20271399T990000", "X-ALKU:1"])
def test_an_event_without_a_time_costs_itself_and_is_named(start):
    """Real use 23."""
    found = read_file(file_of([start, "SUMMARY:Ilman aikaa"], GOOD), HELSINKI, Window(NOW))
    assert [each.title for each in found.events] == ["Hyvä"]
    (note,) = found.notes
    assert "Ilman aikaa" in note and "DTSTART" in note


@pytest.mark.parametrize(
    "bad",
    ["GEO:pohjoinen", "PRIORITY:suuri", "SEQUENCE:uusi", "DTSTAMP:eilen", "rivi ilman kaksoispistettä", ";;:",
     "ATTACH;VALUE=BINARY:x",
     "DTEND:joskus", "RDATE:", "EXDATE:", "CATEGORIES",
     "ATTENDEE;CN=\"x:mailto:a@example.org", "UID:", "RRULE:FREQ=JOSKUS"],
)  # fmt: skip
def test_a_bad_line_costs_no_more_than_itself(bad):
    """Real use 23: the event with it stays, and so does the event beside it."""
    found = read([*GOOD, bad], [*GOOD[:2], "SUMMARY:Toinen"])
    assert sorted(each.title for each in found) == ["Hyvä", "Toinen"]


def test_a_file_that_breaks_off_keeps_its_events_and_the_last_is_pointed_out():
    """Real use 23."""
    whole = file_of(["SUMMARY:Eka", *GOOD[:2]], [*GOOD, "DESCRIPTION:Pitkä teksti"])
    found = read_events(whole[: whole.index(b"Pitk") + 3], HELSINKI, NOW)
    assert sorted((each.title, bool(each.warnings)) for each in found) == [("Eka", False), ("Hyvä", True)]
    lost_end = file_of(["SUMMARY:Eka", *GOOD[:2]], GOOD).replace(b"END:VEVENT\r\n", b"", 1)
    assert len(read_events(lost_end, HELSINKI, NOW)) == 2


def test_many_things_that_could_not_be_read_are_named_shortly():
    """Real use 23."""
    found = read_file(file_of(GOOD, *[[f"SUMMARY:Nro {n}"] for n in range(100)]), HELSINKI, Window(NOW))
    assert len(found.notes) == MOST_NOTES + 1
    assert str(100 - MOST_NOTES) in found.notes[-1]


# vCalendar 1.0 and encodings


def old(*lines, end="\r\n"):
    head = ["BEGIN:VCALENDAR", "VERSION:1.0", "BEGIN:VEVENT", "DTSTART:20270120T130000", "DTEND:20270120T140000"]
    return end.join([*head, *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode("latin-1")


@pytest.mark.parametrize(
    "lines",
    [["SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=C3=84=C3=A4nekosken y=C3=B6"],
     ["SUMMARY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=84=C3=A4nekosken=", " y=C3=B6"],
     ["SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=", "=C3=84=C3=A4nekos=", "ken y=C3=B6"],
     ["SUMMARY;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:=C4=E4nekosken y=F6"],
     ["SUMMARY;ENCODING=QUOTED-PRINTABLE:=C4=E4nekosken y=F6"], ["SUMMARY;CHARSET=ISO-8859-1:Äänekosken yö"],
     ["SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=outo:=C3=84=C3=A4nekosken y=C3=B6"],
     ["SUMMARY;ENCODING=BASE64;CHARSET=UTF-8:w4TDpG5la29za2VuIHnDtg=="], ["SUMMARY:Äänekosken yö"]],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_titles_of_vcalendar_come_out_in_letters(lines, end):
    """Real use 23: quoted-printable with and without CHARSET."""
    (event,) = read_events(old(*lines, end=end), HELSINKI, NOW)
    assert (event.title, local(event)) == ("Äänekosken yö", "20.01.2027 13:00–14:00")


def test_line_breaks_in_quoted_printable_stay_in_the_description_only():
    """Real use 23."""
    lines = ["SUMMARY;ENCODING=QUOTED-PRINTABLE:Kokous=0D=0Aiso", "DESCRIPTION;ENCODING=QUOTED-PRINTABLE:Eka=0D=0AToka"]
    (event,) = read_events(old(*lines), HELSINKI, NOW)
    assert (event.title, event.words) == ("Kokous iso", "Eka\nToka")


def test_a_character_that_was_folded_in_its_middle_is_whole_again():
    """Real use 23: simple programs fold by octets."""
    data = file_of([*GOOD[:2], "SUMMARY:yö"]).replace("yö".encode(), b"y\xc3\r\n \xb6")
    assert read_events(data, HELSINKI, NOW)[0].title == "yö"


@pytest.mark.parametrize(
    ("old_rule", "rule"),
    [("D1 #5", "FREQ=DAILY;INTERVAL=1;COUNT=5"), ("W2 MO WE #0", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE"),
     ("MP1 1+ MO TU 1- FR #3", "FREQ=MONTHLY;INTERVAL=1;COUNT=3;BYDAY=1MO,1TU,-1FR"),
     ("MD1 15 1- 20271231T000000Z", "FREQ=MONTHLY;INTERVAL=1;UNTIL=20271231T000000Z;BYMONTHDAY=15,-1"),
     ("YM1 6", "FREQ=YEARLY;INTERVAL=1;COUNT=2;BYMONTH=6"), ("FREQ=DAILY", "FREQ=DAILY"), ("X1 kissa", "X1 kissa")],
)  # fmt: skip
def test_rules_of_vcalendar_are_those_of_today(old_rule, rule):
    """Real use 23."""
    assert rule_of_vcalendar(old_rule) == rule


# large files


def large(number, per_day=1):
    words = "sana " * 60
    days = [date.fromordinal(date(2026, 12, 1).toordinal() + n // per_day) for n in range(number)]
    return file_of(*[[f"UID:{n}", f"DTSTART;TZID=Europe/Helsinki:{day:%Y%m%d}T130000", "DURATION:PT1H",
                      f"SUMMARY:Nro {n}", f"DESCRIPTION:{words}",
                      *(f"ATTENDEE;CN=N{k}:mailto:n{k}@example.org" for k in range(8))]
                     for n, day in enumerate(days)])  # fmt: skip


def test_five_thousand_events_are_read_in_seconds_and_one_more_is_refused():
    """Real use 23: files up to 5 MB and 5,000 events."""
    data = large(MOST_EVENTS, per_day=5)
    assert 3_000_000 < len(data) < 5_000_000
    begun = process_time()
    assert len(read_events(data, HELSINKI, NOW)) == MOST_EVENTS
    assert process_time() - begun < 15
    with pytest.raises(Unreadable):
        read_events(data + file_of(GOOD), HELSINKI, NOW)


def test_a_window_gives_the_times_in_it_and_those_of_series_that_began_long_before():
    """Real use 23: days to choose from."""
    series = ["UID:s", "DTSTART:20200101T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "SUMMARY:Sarja"]
    data = file_of(series, *[[f"DTSTART:2027{month:02}10T100000Z", "DURATION:PT1H"] for month in range(1, 13)])
    window = Window(NOW, datetime(2027, 6, 9, tzinfo=HELSINKI), datetime(2027, 6, 11, tzinfo=HELSINKI))
    found = read_file(data, HELSINKI, window)
    assert [local(each)[:16] for each in found.events] == ["09.06.2027 13:00", "10.06.2027 13:00", "10.06.2027 13:00"]
    assert (found.first, found.last) == (datetime(2020, 1, 1, 10, tzinfo=UTC), datetime(2027, 12, 10, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("old", "new"), [(b"\r\n", b"\r"), (b"BEGIN:VEVENT", b"BEGIN:VEV\r\n ENT"), (b"BEGIN:VEVENT", b"begin: vevent")]
)
def test_a_limit_is_not_passed_by_another_way_of_writing(old, new):
    """Real use 23: counted is what is read."""
    events = [[f"UID:{n}", *GOOD[:2]] for n in range(MOST_EVENTS + 1)]
    with pytest.raises(Unreadable):
        read_events(file_of(*events).replace(old, new), HELSINKI, NOW)
    assert len(read_events(file_of(*events[:9]).replace(old, new), HELSINKI, NOW)) == 9


HOSTILE = {
    "rules without end": [[f"UID:{n}", "DTSTART:20000101T100000Z", "RRULE:FREQ=DAILY"] for n in range(1500)],
    "rules that never come true": [
        [f"UID:{n}", "DTSTART:20000101T100000Z", "RRULE:FREQ=YEARLY;COUNT=9999;BYMONTHDAY=31;BYMONTH=2"]
        for n in range(1500)
    ],
    "left-out times": [[*GOOD, "RRULE:FREQ=DAILY", "EXDATE:" + ",".join(["20270101T100000Z"] * 19_000)]],
    "parameters": [[*GOOD, "DESCRIPTION" + ";A=b" * 1_200_000 + ":x"]],
    "quotes": [[*GOOD, "DESCRIPTION;A=" + '"' * 4_800_000]],
    "one long line": [[*GOOD, "DESCRIPTION:" + "a" * 4_800_000]],
    "versions": [[*GOOD, "UID:sama", f"SEQUENCE:{n}"] for n in range(5000)],
    "moved times": [
        ["UID:s", "DTSTART:20200101T100000Z", "RRULE:FREQ=DAILY;COUNT=9000", "SEQUENCE:9", *GOOD[1:2]],
        *(["UID:s", *GOOD, f"RECURRENCE-ID:20{n % 60 + 30}0101T1{n % 9}0000Z"] for n in range(2000)),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_made_to_hold_a_page_up_does_not(kind):
    """Real use 23: bounded time."""
    data = file_of(*HOSTILE[kind])
    begun = process_time()
    read_events(data, HELSINKI, NOW)
    assert process_time() - begun < 10
