"""Times in words, in three languages."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from lib.text.dates import clock, day, days, format_period, hours, time_of_day

HELSINKI = ZoneInfo("Europe/Helsinki")


def at(*parts):
    return datetime(*parts, tzinfo=HELSINKI)


@pytest.mark.parametrize(
    "language, words",
    [
        ("fi", "ke 20.1.2027 klo 13–16"),
        ("sv", "ons 20.1.2027 kl. 13–16"),
        ("en", "Wed 20 January 2027, 13:00–16:00"),
        ("fi-FI", "ke 20.1.2027 klo 13–16"),
        ("de", "ke 20.1.2027 klo 13–16"),
    ],
)
def test_a_meeting_is_told_in_the_readers_language(language, words):
    assert format_period(at(2027, 1, 20, 13), at(2027, 1, 20, 16), "Europe/Helsinki", language) == words


def test_minutes_follow_a_full_stop_and_only_where_there_are_some():
    assert format_period(at(2027, 1, 20, 9, 5), at(2027, 1, 20, 11), HELSINKI, "fi") == "ke 20.1.2027 klo 9.05–11"
    assert format_period(at(2027, 1, 20, 9), at(2027, 1, 20, 11, 30), HELSINKI, "sv") == "ons 20.1.2027 kl. 9–11.30"


def test_a_meeting_without_an_end_tells_its_beginning():
    assert format_period(at(2027, 1, 20, 13), None, HELSINKI, "fi") == "ke 20.1.2027 klo 13"


@pytest.mark.parametrize(
    "language, words",
    [
        ("fi", "ke 20.1. klo 13 – to 21.1.2027 klo 12.30"),
        ("sv", "ons 20.1. kl. 13 – tors 21.1.2027 kl. 12.30"),
        ("en", "Wed 20 January, 13:00 – Thu 21 January 2027, 12:30"),
    ],
)
def test_two_days_are_both_named_and_the_year_once(language, words):
    assert format_period(at(2027, 1, 20, 13), at(2027, 1, 21, 12, 30), HELSINKI, language) == words


def test_over_new_year_both_years_are_told():
    words = format_period(at(2026, 12, 31, 20), at(2027, 1, 1, 2), HELSINKI, "fi")
    assert words == "to 31.12.2026 klo 20 – pe 1.1.2027 klo 2"


def test_midnight_at_the_end_belongs_to_the_evening():
    assert format_period(at(2027, 1, 20, 22), at(2027, 1, 21, 0), HELSINKI, "fi") == "ke 20.1.2027 klo 22–24"
    assert format_period(at(2027, 1, 20, 22), at(2027, 1, 21, 0), HELSINKI, "en") == "Wed 20 January 2027, 22:00–24:00"


def test_the_clocks_of_the_place_are_told_on_both_sides_of_their_turning():
    """The same hour in UTC is an hour later on the wall in summer; 28.3.2027 and 31.10.2027 are the turns."""
    winter = format_period(datetime(2027, 3, 27, 11, tzinfo=UTC), datetime(2027, 3, 27, 13, tzinfo=UTC), HELSINKI, "fi")
    summer = format_period(datetime(2027, 3, 28, 11, tzinfo=UTC), datetime(2027, 3, 28, 13, tzinfo=UTC), HELSINKI, "fi")
    autumn = format_period(
        datetime(2027, 10, 31, 11, tzinfo=UTC), datetime(2027, 10, 31, 13, tzinfo=UTC), HELSINKI, "fi"
    )
    assert (winter, summer, autumn) == (
        "la 27.3.2027 klo 13–15",
        "su 28.3.2027 klo 14–16",
        "su 31.10.2027 klo 13–15",
    )


def test_a_night_of_the_turning_clock_is_told_as_the_wall_shows_it():
    start, end = datetime(2027, 10, 30, 20, tzinfo=UTC), datetime(2027, 10, 31, 3, tzinfo=UTC)
    assert format_period(start, end, HELSINKI, "fi") == "la 30.10. klo 23 – su 31.10.2027 klo 5"


@pytest.mark.parametrize(
    "language, first, last, words",
    [
        ("fi", date(2027, 1, 20), None, "ke 20.1.2027"),
        ("fi", date(2027, 1, 20), date(2027, 1, 20), "ke 20.1.2027"),
        ("fi", date(2027, 1, 20), date(2027, 1, 22), "20.–22.1.2027"),
        ("fi", date(2027, 1, 30), date(2027, 2, 2), "30.1.–2.2.2027"),
        ("sv", date(2026, 12, 30), date(2027, 1, 2), "30.12.2026–2.1.2027"),
        ("en", date(2027, 1, 20), date(2027, 1, 22), "20–22 January 2027"),
        ("en", date(2027, 1, 30), date(2027, 2, 2), "30 January – 2 February 2027"),
    ],
)
def test_a_stretch_of_days_says_nothing_twice(language, first, last, words):
    assert days(first, last, language) == words


def test_a_day_may_leave_its_year_or_weekday_out():
    assert day(date(2027, 1, 20), "fi", year=False, weekday=False) == "20.1."
    assert day(date(2027, 1, 20), "en", year=False) == "Wed 20 January"


def test_the_clock_alone():
    assert [clock(at(2027, 1, 20, 9), tongue) for tongue in ("fi", "sv", "en")] == ["9", "9", "09:00"]
    assert [time_of_day(at(2027, 1, 20, 9), tongue) for tongue in ("fi", "sv", "en")] == ["9.00", "9.00", "09:00"]


@pytest.mark.parametrize(
    "language, words, over_days",
    [
        ("fi", "klo 13–16.30", "ke klo 13 – to klo 12"),
        ("sv", "kl. 13–16.30", "ons kl. 13 – tors kl. 12"),
        ("en", "13:00–16:30", "Wed 13:00 – Thu 12:00"),
    ],
)
def test_beside_a_date_stand_the_hours_only(language, words, over_days):
    start = at(2027, 1, 20, 13)
    assert hours(start, at(2027, 1, 20, 16, 30), HELSINKI, language) == words
    assert hours(start, at(2027, 1, 21, 12), HELSINKI, language) == over_days
    assert hours(start, None, HELSINKI, language) == words.split("–")[0]
