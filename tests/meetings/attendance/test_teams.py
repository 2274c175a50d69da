"""The report of Teams is read in every form it comes in, and nothing makes it stumble."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.attendance.teams_report import Unreadable, decoded, people_in, seconds_in
from tests.meetings.attendance.test_attendance import ENGLISH

FINNISH = (
    "1. Yhteenveto\nKokouksen otsikko\tTapaaminen\n\n2. Osallistujat\n"
    "Nimi\tEnsimmäinen liittyminen\tViimeinen poistuminen\tKokouksessa vietetty aika\tSähköposti\t"
    "Osallistujan tunnus (UPN)\tRooli\n"
    "Aino Jäsen\t20.1.2027 12.58.11\t20.1.2027 15.02.10\t2 t 3 min 59 s\t\tAINO@example.org\tEsittäjä\n"
    "Vieras Ääkkönen\t20.1.2027 13.10\t20.1.2027 13.40\t30 min\t\t\tOsallistuja\n"
)
OLD = (
    "Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n"
    "Aino Jäsen\t13:00\t14:00\t1h\taino@example.org\tPresenter\n"
    "Vieras Ääkkönen\t13:10\t13:40\t30m\t\tAttendee\n"
    "Aino Jäsen\t14:00\t15:04\t1h 3m 59s\taino@example.org\tPresenter\n"
)
TOLD = [("Aino Jäsen", "aino@example.org", 7439), ("Vieras Ääkkönen", "", 1800)]


def told(text):
    return [(each.name, each.email, each.seconds) for each in people_in(text)]


@pytest.mark.parametrize("report", [ENGLISH, FINNISH, OLD])
@pytest.mark.parametrize("separator", ["\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_same_people_come_out_of_every_language_encoding_and_separator(report, separator, encoding, line_end):
    data = report.replace("\t", separator).replace("\n", line_end).encode(encoding)
    assert told(decoded(data)) == TOLD


def test_stays_of_one_person_are_added_up_with_first_coming_and_last_leaving():
    aino = people_in(OLD)[0]
    assert (aino.joined, aino.left, aino.minutes) == ("13:00", "15:04", 124)


def test_two_people_of_the_same_name_with_different_addresses_stay_two():
    text = "Name\tDuration\tEmail\nAino\t1h\ta@example.org\nAino\t1h\tb@example.org\n"
    assert told(text) == [("Aino", "a@example.org", 3600), ("Aino", "b@example.org", 3600)]


def test_a_report_with_commas_and_quotation_marks_is_read():
    text = 'Name,Duration,Email\n"Jäsen, Aino",1h 1m,aino@example.org\n'
    assert told(text) == [("Jäsen, Aino", "aino@example.org", 3660)]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("2h 3m 59s", 7439),
        ("2 t 3 min", 7380),
        ("45 sek", 45),
        ("01:02:03", 3723),
        ("1:30", 5400),
        ("", 0),
        ("pitkään", 0),
    ],
)
def test_durations_are_read_as_people_and_programs_write_them(written, seconds):
    assert seconds_in(written) == seconds


@pytest.mark.parametrize("text", ["", "hei", "Name\tDuration\n", "a;b;c\n1;2;3\n"])
def test_what_is_no_report_is_refused_in_words(text):
    with pytest.raises(Unreadable) as words:
        people_in(text)
    assert str(words.value)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=200).map(lambda text: (ENGLISH[:200] + text).encode("utf-8", "replace")),
    )
)
def test_whatever_bytes_come_in_there_are_people_or_words(data):
    try:
        assert people_in(decoded(data))
    except Unreadable as words:
        assert str(words)
