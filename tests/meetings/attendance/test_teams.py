"""The report of Teams is read in every form it comes in, and nothing makes it stumble."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.attendance.teams_report import Unreadable, decoded, joined_as_one, people_in, seconds_in
from meetings.attendance.teams_times import is_day_first, moment
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
        ("1,5 h", 5400),
        ("2 tim 3 min", 7380),
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


# more than one row of a person, and what is no person

DATA = Path(__file__).parent / "data"
NINE, ELEVEN = datetime(2026, 12, 1, 9), datetime(2026, 12, 1, 11)
HEAD = "Full Name\tJoin Time\tLeave Time\tDuration\tEmail\n"


def row_of(name, joined, left, told, email=""):
    return f"{name}\t1.12.2026 {joined}\t1.12.2026 {left}\t{told}\t{email}\n"


def minutes_of(text, meeting=(NINE, ELEVEN)):
    return [(each.name, each.minutes) for each in people_in(text, meeting)]


def test_two_devices_at_once_count_once_and_namesakes_without_an_address_stay_apart():
    """Real use 25: a report as Teams wrote it."""
    text = decoded((DATA / "two_devices_and_namesakes.csv").read_bytes())
    assert minutes_of(text) == [("Kaksi Laitetta", 120), ("Matti Virtanen", 120), ("Matti Virtanen", 90)]


@pytest.mark.parametrize(
    ("stays", "minutes"),
    [
        ([("09.00", "10.00", "1 t"), ("09.30", "10.30", "1 t")], 90),
        ([("09.00", "09.30", "30 min"), ("10.00", "10.30", "30 min")], 60),
        ([("08.30", "11.00", "2 t 30 min")], 120),
        ([("09.00", "12.30", "3 t 30 min"), ("09.00", "12.00", "3 t")], 120),
        ([("08.40", "08.55", "15 min")], 0),
        ([("09.00", "11.00", "1 t 10 min")], 70),  # away in between
        ([("09.00", "11.00", "")], 120),
    ],
)
def test_nobody_is_there_longer_than_the_meeting_or_twice_at_once(stays, minutes):
    """Real use 25: stays are joined where they overlap and cut where the meeting begins and ends."""
    text = HEAD + "".join(row_of("Aino", *stay, "aino@example.org") for stay in stays)
    assert minutes_of(text) == [("Aino", minutes)]


def test_a_report_in_another_time_zone_is_not_cut_by_the_clock_but_by_length():
    """Real use 25: Teams writes the clock of whoever downloads the report."""
    text = HEAD + row_of("Aino", "07.00", "10.00", "3 t", "aino@example.org")
    assert minutes_of(text) == [("Aino", 120)]


def test_without_times_the_length_of_the_meeting_is_the_most():
    """Real use 25: two devices whose stays were not written."""
    assert minutes_of("Name,Duration,Email\n" + "Aino,2h,aino@example.org\n" * 2) == [("Aino", 120)]


def test_stays_listed_besides_the_people_are_joined_too():
    """Real use 25: the newer report adds up devices in its list of people."""
    people = "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\n" + row_of(
        "Aino", "09.00", "10.00", "1 t 50 min", "aino@example.org"
    )
    stays = HEAD + row_of("Aino", "09.00", "10.00", "1 t", "aino@example.org")
    stays += row_of("Aino", "09.10", "10.00", "50 min", "aino@example.org")
    assert minutes_of(f"{people}\n3. In-Meeting Activities\n{stays}") == [("Aino", 60)]


def test_namesakes_that_turn_out_to_be_one_person_are_joined():
    """Real use 25: when the coordinator says so."""
    text = decoded((DATA / "two_devices_and_namesakes.csv").read_bytes())
    one = joined_as_one(people_in(text, (NINE, ELEVEN))[1:], (NINE, ELEVEN))
    assert (one.name, one.minutes) == ("Matti Virtanen", 120)


@pytest.mark.parametrize(
    ("written", "name", "kind"),
    [
        ("Aino Jäsen", "Aino Jäsen", ""),
        ("Aino Jäsen (Guest)", "Aino Jäsen", "guest"),
        ("Aino Jäsen (Unverified)", "Aino Jäsen", "guest"),
        ("Aino Jäsen (Guest) (Unverified)", "Aino Jäsen", "guest"),
        ("Aino Jäsen (Vieras)", "Aino Jäsen", "guest"),
        ("Aino Jäsen (vahvistamaton)", "Aino Jäsen", "guest"),
        ("Aino Jäsen (Gäst)", "Aino Jäsen", "guest"),
        ("Aino Jäsen (External)", "Aino Jäsen", "guest"),
        ("Aino Jäsen (JYU)", "Aino Jäsen (JYU)", ""),
        ("+358 40 123 4567", "+358 40 123 4567", "phone"),
        ("0401234567", "0401234567", "phone"),
        ("+35840*****67", "+35840*****67", "phone"),
        ("358401234567 (Vieras)", "358401234567", "phone"),
        ("Luokka 12", "Luokka 12", ""),
        ("Otter.ai", "Otter.ai", "bot"),
        ("Kaisan OtterPilot", "Kaisan OtterPilot", "bot"),
        ("Fireflies.ai Notetaker Kaisa", "Fireflies.ai Notetaker Kaisa", "bot"),
        ("read.ai meeting notes", "read.ai meeting notes", "bot"),
        ("Read AI (Guest)", "Read AI", "bot"),
        ("Copilot", "Copilot", "bot"),
        ("Kaisa's Fathom Notetaker", "Kaisa's Fathom Notetaker", "bot"),
        ("tl;dv AI Notetaker", "tl;dv AI Notetaker", "bot"),
        ("Jamie Virtanen", "Jamie Virtanen", ""),
        ("Gong Li", "Gong Li", ""),
        ("Botond Kovács", "Botond Kovács", ""),
    ],
)
def test_guests_telephones_and_programs_that_take_notes_are_told_from_people(written, name, kind):
    """Real use 25: the mark of a guest is no part of the name."""
    (person,) = people_in(f"Name\tDuration\n{written}\t1h\n")
    assert (person.name, person.kind) == (name, kind)


# how it is written


@pytest.mark.parametrize("separator", ["\t", ";", ","])
def test_line_breaks_separators_and_quotation_marks_in_a_cell_belong_to_it(separator):
    """Real use 25: cells in quotation marks."""
    rows = [
        ["Name", "Duration", "Email"],
        [f'"Jäsen{separator} Aino ""Akku"""', "1h", "a@example.org"],
        ['"Virtanen\r\nMatti"', "30m", "m@example.org"],
        ['Liisa "Lissu" Laine', "10m", "l@example.org"],
    ]
    text = "\r\n".join(separator.join(row) for row in rows)
    first = "Jäsen Aino" if separator == "\t" else f"Jäsen{separator} Aino"
    assert told(text) == [
        (f'{first} "Akku', "a@example.org", 3600),
        ("Virtanen Matti", "m@example.org", 1800),
        ('Liisa "Lissu" Laine', "l@example.org", 600),
    ]


def test_a_stray_quotation_mark_swallows_nobody():
    """Real use 25: a name that begins with one."""
    rows = "".join(f"Jäsen {number}\t1h\n" for number in range(9))
    assert len(people_in(f'Name\tDuration\n"Aino\t1h\n{rows}')) == 10


@pytest.mark.parametrize("encoding", ["cp850", "cp1252", "mac-roman", "utf-8", "utf-16-le"])
@pytest.mark.parametrize("names", ["Ääkkönen Östen", "Åsa Öhman", "Hämäläinen Päivi"])
def test_the_code_page_is_told_by_the_words_it_makes(encoding, names):
    """Real use 25: reports saved by spreadsheets, also of DOS."""
    (person,) = people_in(decoded(f"Nimi;Kesto;Sähköposti\r\n{names};1 t;\r\n".encode(encoding)))
    assert person.name == names


@pytest.mark.parametrize(
    ("written", "is_day_first_", "read"),
    [
        ("1/20/27, 12:58:11 PM", False, datetime(2027, 1, 20, 12, 58, 11)),
        ("12/1/2026, 9:00:00\u202fAM", False, datetime(2026, 12, 1, 9)),
        ("1/20/2027, 12:05 AM", False, datetime(2027, 1, 20, 0, 5)),
        ("20/01/2027, 13:10:00", True, datetime(2027, 1, 20, 13, 10)),
        ("20.1.2027 12.58.11", True, datetime(2027, 1, 20, 12, 58, 11)),
        ("20.1.2027 klo 9.05", True, datetime(2027, 1, 20, 9, 5)),
        ("20.1.2027, 12:58:11", True, datetime(2027, 1, 20, 12, 58, 11)),
        ("2027-01-20 12:58:11", True, datetime(2027, 1, 20, 12, 58, 11)),
        ("2027-01-20 kl. 12:58", True, datetime(2027, 1, 20, 12, 58)),
        ("2027-01-20T12:58:11Z", True, datetime(2027, 1, 20, 12, 58, 11)),
        ("13:00", True, datetime(1900, 1, 1, 13)),
        ("31.2.2027 klo 9", True, None),
        ("", True, None),
    ],
)
def test_moments_are_read_in_three_languages(written, is_day_first_, read):
    """Real use 25: dates as reports write them."""
    assert moment(written, is_day_first([written])) == read
    assert is_day_first([written]) == is_day_first_


def test_a_date_that_could_be_two_is_the_one_of_the_meeting():
    """Real use 25: 12/1 is the first of December, or the twelfth of January."""
    assert is_day_first(["12/1/2026 9:00"], date(2026, 1, 12))
    assert not is_day_first(["12/1/2026 9:00"], date(2026, 12, 1))


@pytest.mark.parametrize(
    "head",
    [
        "Nimi;Ensimmäinen liittyminen;Viimeinen poistuminen;Kesto kokouksessa;Sähköpostiosoite",
        "Namn;Första anslutningen;Sista utträdet;Varaktighet i mötet;E-postadress",
        "Fullständigt namn;Anslutningstid;Tid för utträde;Varaktighet;E-post",
        "Full Name;Join Time;Leave Time;Duration;Email",
    ],
)
def test_headings_of_three_languages_are_known(head):
    """Real use 25: all columns, not only the name."""
    (person,) = people_in(f"{head}\nAino;1.12.2026 9.00;1.12.2026 10.00;1 t;aino@example.org\n")
    assert (person.email, person.seconds, len(person.stays)) == ("aino@example.org", 3600, 1)


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
