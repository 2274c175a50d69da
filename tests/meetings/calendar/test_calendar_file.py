"""Files exported from other calendars: when their events are here, where, and how one joins."""

from dataclasses import replace
from datetime import UTC, datetime
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from meetings.calendar.ics_import import MOST_EVENTS, MOST_OF_ONE, read_events
from meetings.calendar.ics_parser import Unreadable
from meetings.calendar.ics_text import LONGEST_SUMMARY, link_in, place_in, summary_of, title_in, words_in
from tests.leaks import assert_not_leaked

HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
TEAMS = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc/0?context=%7b%22Tid%22%7d"


def file_of(*events, end="\r\n"):
    """A calendar file; each event is a list of its lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Somebody//Calendar//EN"]
    for number, event in enumerate(events):
        own = [] if any(each.startswith("UID") for each in event) else [f"UID:{number}@example.org"]
        lines += ["BEGIN:VEVENT", *own, *event, "END:VEVENT"]
    return end.join([*lines, "END:VCALENDAR", ""]).encode()


def read(*events, **how):
    return read_events(file_of(*events, **how), HELSINKI, NOW)


def only(*lines):
    (event,) = read(list(lines))
    return event


def local(event):
    return f"{event.starts_at.astimezone(HELSINKI):%d.%m.%Y %H:%M}–{event.ends_at.astimezone(HELSINKI):%H:%M}"


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["DTSTART:20270120T110000Z", "DTEND:20270120T140000Z"], "20.01.2027 13:00–16:00"),
        (["DTSTART:20270120T130000", "DTEND:20270120T160000"], "20.01.2027 13:00–16:00"),
        (["DTSTART;TZID=FLE Standard Time:20270120T130000", "DURATION:PT3H"], "20.01.2027 13:00–16:00"),
        (["DTSTART;TZID=Europe/Stockholm:20270720T120000", "DTEND;TZID=Europe/Stockholm:20270720T150000"],
         "20.07.2027 13:00–16:00"),
        (["DTSTART;VALUE=DATE:20270120"], "20.01.2027 00:00–00:00"),
    ],
    ids=["utc", "floating", "windows", "another zone", "whole day"],
)  # fmt: skip
def test_every_way_of_writing_a_time_is_read_on_our_clock(lines, wanted):
    assert local(only(*lines)) == wanted


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["DTSTART;VALUE=DATE:20270120"], "A whole day: set the hours in the draft"),
        (["DTSTART:20270120T110000Z"], "The file does not say when it ends: one hour was taken"),
        (["DTSTART:20270120T110000Z", "DTEND:20270120T100000Z"],
         "The file says that it ends before it begins: one hour was taken"),
        (["DTSTART;TZID=Europe/Helsinki:20270328T033000", "DURATION:PT1H"],
         "This hour does not exist: the clocks go forward"),
        (["DTSTART;TZID=Kuu/Kraateri:20270120T130000", "DURATION:PT1H"],
         "The time zone of the file is not known: the time was read as local time"),
        (["DTSTART:20270120T110000Z", "DURATION:PT1H", "STATUS:CANCELLED"], "Cancelled in the file"),
        (["DTSTART:20200120T110000Z", "DURATION:PT1H"], "Over already"),
        (["DTSTART:20270120T110000Z", "DURATION:PT1H", "RRULE:FREQ=SECONDLY"],
         "It repeats in a way that could not be read: only its first time is shown"),
    ],
)  # fmt: skip
def test_what_is_odd_about_a_time_is_said_in_words(lines, words, settings):
    from django.utils.translation import gettext

    event = only(*lines)
    assert event.warnings == (gettext(words),)
    assert event.ends_at > event.starts_at


def test_a_usual_event_gives_nothing_to_think_about():
    assert only("DTSTART:20270120T110000Z", "DURATION:PT1H").warnings == ()


def test_the_past_comes_last_and_the_coming_in_order_of_time():
    days = ["20270301", "20200101", "20270101", "20210101"]
    found = read(*[[f"DTSTART:{day}T100000Z", "DURATION:PT1H"] for day in days])
    assert [f"{each.starts_at:%Y%m%d}" for each in found] == ["20270101", "20270301", "20210101", "20200101"]


# repeating


def test_a_repeating_event_is_one_row_for_each_coming_time_at_the_same_hour_all_the_year():
    found = read(
        ["DTSTART;TZID=Europe/Helsinki:20260204T130000", "DURATION:PT3H", "RRULE:FREQ=MONTHLY;BYDAY=1WE;COUNT=18"]
    )
    assert [local(each) for each in found] == [
        "02.12.2026 13:00–16:00", "06.01.2027 13:00–16:00", "03.02.2027 13:00–16:00", "03.03.2027 13:00–16:00",
        "07.04.2027 13:00–16:00", "05.05.2027 13:00–16:00", "02.06.2027 13:00–16:00", "07.07.2027 13:00–16:00",
    ]  # fmt: skip
    assert len({each.identity for each in found}) == 8


def test_left_out_added_and_moved_times_of_a_series_are_as_in_the_calendar_it_comes_from():
    rule = ["UID:sarja", "DTSTART;TZID=Europe/Helsinki:20270106T130000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4"]
    rule += ["EXDATE;TZID=Europe/Helsinki:20270113T130000", "RDATE;TZID=Europe/Helsinki:20270109T100000"]
    moved = ["UID:sarja", "RECURRENCE-ID;TZID=Europe/Helsinki:20270120T130000"]
    moved += ["DTSTART;TZID=Europe/Helsinki:20270121T090000", "DURATION:PT1H"]
    assert [local(each)[:16] for each in read(rule, moved)] == [
        "06.01.2027 13:00", "09.01.2027 10:00", "21.01.2027 09:00", "27.01.2027 13:00",
    ]  # fmt: skip
    before = {local(each)[:5]: each.identity for each in read(rule)}
    assert {local(each)[:5]: each.identity for each in read(rule, moved)}["21.01"] == before["20.01"]


def test_an_hour_that_one_night_skips_is_pointed_out_on_that_night_only():
    lines = ["DTSTART;TZID=Europe/Helsinki:20270314T033000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4"]
    assert [bool(each.warnings) for each in read(lines)] == [False, False, True, False]


def test_a_series_without_end_stops_after_sixty_times_and_one_that_is_over_shows_its_first():
    found = read(["DTSTART:20200101T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"])
    assert (len(found), f"{found[0].starts_at:%d.%m.%Y}") == (MOST_OF_ONE, "27.11.2026")
    (over,) = read(["DTSTART:20200101T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=9"])
    assert f"{over.starts_at:%d.%m.%Y}" == "01.01.2020"


# words


@pytest.mark.parametrize(
    "lines",
    [
        [f"X-MICROSOFT-SKYPETEAMSMEETINGURL:{TEAMS}"],
        [f"CONFERENCE;VALUE=URI;FEATURE=VIDEO:{TEAMS}"],
        [f"LOCATION:Nuorisotila\\; {TEAMS}"],
        [f"DESCRIPTION:Tervetuloa!\\n________________\\nLiity: <{TEAMS}>\\nKokoustunnus: 123"],
        [f"URL:{TEAMS}"],
    ],
)
def test_the_link_for_joining_is_found_wherever_it_stands(lines):
    event = only("DTSTART:20270120T110000Z", "DURATION:PT1H", *lines)
    assert (event.join_url, event.is_online) == (TEAMS, True)
    assert_not_leaked("teams", event.words, event.place)


@pytest.mark.parametrize(
    "link",
    ["http://teams.microsoft.com/l/1", "javascript:alert(1)", "https://evil.example/teams.microsoft.com",
     "https://teams.microsoft.com.evil.example/l", "https://", "https://[", "https://zoom.us/" + "x" * 1000],
)  # fmt: skip
def test_what_is_no_safe_link_to_a_video_meeting_is_none(link):
    assert link_in([link]) == ""


def test_a_place_is_told_from_the_name_of_a_program():
    assert place_in("Microsoft Teams Meeting") == place_in("Teams-kokous") == place_in(TEAMS) == ""
    assert place_in("Nuorisotila, Kauppakatu 1; Microsoft Teams Meeting") == "Nuorisotila, Kauppakatu 1"
    event = only("DTSTART:20270120T110000Z", "DURATION:PT1H", "LOCATION:Microsoft Teams -kokous")
    assert (event.place, event.is_online, event.join_url) == ("", True, "")


def test_neither_the_link_nor_the_code_for_joining_stays_in_the_words():
    text = f"Tervetuloa!\n\nLiity tästä {TEAMS}\nKokoustunnus: 123 456\nTunnuskoodi: aBc\nEsityslista liitteenä.\n"
    assert words_in(text) == "Tervetuloa!\n\nEsityslista liitteenä."
    assert words_in("Hei<br>kaikki <b>te</b><script>x</script><p>Loppu</p>") == "Hei\nkaikki te\nLoppu".replace(
        "te\n", "te"
    )
    assert title_in(f"Kokous {TEAMS}") == "Kokous"


def test_a_summary_is_the_first_line_or_the_title():
    assert summary_of("Eka.\nToka.", "Nimi") == "Eka."
    assert summary_of("", "Nimi") == "Nimi"
    assert len(summary_of("sana " * 200, "Nimi")) <= LONGEST_SUMMARY


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_words_come_out_of_every_encoding_and_people_of_none(encoding, line_end):
    lines = ["DTSTART:20270120T110000Z", "DURATION:PT1H", "SUMMARY:Äänekosken yö", "ATTENDEE:mailto:aino@example.org"]
    (event,) = read_events(file_of(lines, end=line_end).decode().encode(encoding), HELSINKI, NOW)
    assert event.title == "Äänekosken yö"
    assert_not_leaked("@", repr(replace(event, uid="")))


# bounds


def cost_of_refusing(data):
    """How much work a refusal is, as a multiple of adding up a million numbers: on a busy machine both take longer."""
    begun = process_time()
    with pytest.raises(Unreadable) as refused:
        read_events(data, HELSINKI, NOW)
    took = process_time() - begun
    assert str(refused.value)
    begun = process_time()
    sum(number for number in range(1_000_000))
    return took / (process_time() - begun)


def crowd(number):
    return [f"ATTENDEE;CN=N{n}:mailto:n{n}@example.org" for n in range(number)]


@pytest.mark.parametrize(
    "data",
    [file_of(["DTSTART:20270120T110000Z", *crowd(100_000)]), b"x" * 5_000_000,
     file_of(["DTSTART:20270120T110000Z", *crowd(20_000)]), b"BEGIN:VEVENT\r\n" * (MOST_EVENTS + 1),
     b"RRULE:FREQ=DAILY\r\n" * 101, b"X:1\r\n" * 40_000, b"\0" * 900_000, b"BEGIN:VCALENDAR\r\n" * 5_000],
    ids=["100 000 people", "5 MB", "20 000 people", "events", "rules", "lines", "nul", "nested"],
)  # fmt: skip
def test_a_file_that_would_cost_much_is_refused_in_words_and_at_once(data):
    assert min(cost_of_refusing(data) for _time in range(3)) < 10


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY;COUNT=99999;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2",
     "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9", "FREQ=WEEKLY;INTERVAL=999999999"],
)  # fmt: skip
def test_a_rule_that_never_comes_true_holds_nobody_up(rule):
    begun = process_time()
    read(["DTSTART:20000101T110000Z", f"RRULE:{rule}"])
    assert process_time() - begun < 1


def test_people_of_the_file_are_gone_and_control_characters_add_nothing():
    lines = [
        "DTSTART:20270120T110000Z",
        "DURATION:PT1H",
        "SUMMARY:Ko\x00kous\\r\\nX-EVIL:1",
        "ORGANIZER:mailto:o@example.org",
    ]
    event = only(*lines, "ATTENDEE;CN=Aino;ROLE=REQ-PARTICIPANT:mailto:ai\r\n no@example.org", "DESCRIPTION:Hei")
    assert_not_leaked("@", repr(replace(event, uid="")))
    assert "\n" not in event.title and "\r" not in event.title and "\0" not in event.title
    assert event.words == "Hei"
