"""Calendar files of the whole world, as the icalendar package brings them along: each is read, or refused in words."""

from importlib.resources import files

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from icalendar import Calendar

from meetings.calendar.ics_parser import Unreadable
from meetings.models import Meeting
from tests.meetings.calendar.test_calendar_file import HELSINKI, NOW, cost_of_refusing, file_of, read_events
from tests.meetings.test_desk import kaisa  # noqa: F401  the fixture

CORPUS = sorted((each for each in files("icalendar").joinpath("tests").rglob("*.ics")), key=str)


def has_usable_event(data):
    """Whether the package itself finds an event with a time in our years; None when it finds the file broken."""
    try:
        calendars = Calendar.from_ical(data.decode("utf-8", "replace"), multiple=True)
        events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
        return any(1970 <= event.start.year <= 2100 for event in events)
    except Exception:
        return None


def test_the_corpus_is_there():
    assert len(CORPUS) > 150


@pytest.mark.filterwarnings("ignore")
def test_every_file_of_the_corpus_is_read_or_refused_in_words():
    """Check 15."""
    read, refused = 0, 0
    for each in CORPUS:
        data = each.read_bytes()
        try:
            rows = read_events(data, HELSINKI, NOW)
        except Unreadable as words:
            assert str(words)
            assert has_usable_event(data) is not True, each.name
            refused += 1
        else:
            assert all(row.title and row.ends_at > row.starts_at for row in rows)
            read += 1
    assert (read > 60, refused > 15) == (True, True)


@pytest.mark.filterwarnings("ignore")
def test_the_desk_shows_every_fourth_of_them_or_a_form_with_words(kaisa):  # noqa: F811
    """Check 15."""
    codes = set()
    for each in CORPUS[::4]:
        file = SimpleUploadedFile(each.name, each.read_bytes())
        page = kaisa.post(reverse("admin:meetings_meeting_import"), {"file": file})
        codes.add(page.status_code)
        assert page.status_code == 200 or page.context["form"].errors["file"]
    assert codes == {200, 422}
    assert not Meeting.objects.exists()


CROWD = file_of([f"ATTENDEE:mailto:n{n}@example.org" for n in range(100_000)])


@pytest.mark.parametrize("data", [b"X" * 5_000_000, CROWD], ids=["5 MB", "100 000 people"])
def test_five_megabytes_and_a_hundred_thousand_people_are_refused_at_once(kaisa, data):  # noqa: F811
    """Check 15."""
    kaisa.get(reverse("admin:meetings_meeting_import"))
    file = SimpleUploadedFile("iso.ics", data)
    assert min(cost_of_refusing(data) for _time in range(3)) < 10
    assert kaisa.post(reverse("admin:meetings_meeting_import"), {"file": file}).status_code == 422
