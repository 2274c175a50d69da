"""Wall time over both changes of the clocks, the way to a video meeting, words for what cannot be (ME-05, TK-05)."""

import logging
import os
import re
import time as system_time
from datetime import UTC, date, datetime, time, timedelta
from datetime import timezone as fixed
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lib.text.dates import format_period
from lib.tokens import sign
from meetings.calendar.ical import time_zone
from meetings.calendar.ics_import import read_events
from meetings.models import Meeting, MeetingSeries
from meetings.series.recurrence import WEEKS, Rule, days_of, occasions
from tests.leaks import assert_not_leaked
from tests.meetings.calendar.test_calendar_file import file_of
from tests.meetings.conftest import CANARY, calendar_of
from tests.meetings.test_desk import even, kaisa, typed  # noqa: F401  the fixtures

HELSINKI = ZoneInfo("Europe/Helsinki")
CHANGES = [date(2027, 3, 21), date(2027, 10, 24)]  # Sundays a week before the clocks change


@pytest.fixture(params=["UTC", "Australia/Sydney"])
def server_elsewhere(request):
    """A server whose own clock is set for another part of the world."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    system_time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    system_time.tzset()


@pytest.mark.parametrize("first", CHANGES, ids=str)
def test_a_weekly_meeting_stays_at_one_o_clock_wherever_the_server_stands(server_elsewhere, make_meeting, world, first):
    """ME-05."""
    rule = Rule(WEEKS, first, time(13), "Europe/Helsinki", count=3)
    pattern = make_meeting(starts_at=datetime.combine(first, time(13), tzinfo=HELSINKI))
    series = MeetingSeries(
        area=world.area,
        frequency=WEEKS,
        starts_on=first,
        at=time(13),
        minutes=180,
        time_zone="Europe/Helsinki",
        count=3,
    )
    series.start(pattern, days_of(rule), timezone.now())
    found = list(series.meetings.next_first())
    assert [f"{each.starts_at.astimezone(HELSINKI):%H:%M}" for each in found] == ["13:00"] * 3
    assert [f"{each.ends_at.astimezone(HELSINKI):%H:%M}" for each in found] == ["16:00"] * 3
    hours = [each.starts_at.astimezone(UTC).hour for each in found]
    assert hours == ([11, 10, 10] if first.month == 3 else [10, 11, 11])
    assert [each.starts_at for each in occasions(rule, "FI", "fi")] == [each.starts_at for each in found]


def test_the_letter_of_a_meeting_after_the_change_says_the_wall_time(make_meeting, send):
    """ME-05: a reader in Stockholm sees Helsinki's hour in words, and the own calendar moves it to the own clock."""
    made = make_meeting(starts_at=datetime(2027, 3, 31, 13, tzinfo=HELSINKI))
    made.publish(timezone.now())
    made.invite(timezone.now())
    letter = send()[0]
    assert "klo 13–16" in format_period(made.starts_at, made.ends_at, made.time_zone, "fi")
    (event,) = calendar_of(letter).walk("VEVENT")
    assert event.decoded("DTSTART").astimezone(ZoneInfo("Europe/Stockholm")).hour == 12


@pytest.mark.parametrize(
    "typed_in", ["2027-03-28T03:30", "2027-10-31T03:30"], ids=["an hour that is not", "an hour that comes twice"]
)
def test_an_hour_that_is_not_or_comes_twice_is_asked_for_again_in_words(kaisa, even, typed_in):  # noqa: F811
    """ME-05."""
    address = reverse("admin:meetings_meeting_change", args=[even.pk])
    page = kaisa.post(address, typed(even, starts_at=typed_in, ends_at="2027-11-01T12:00"))
    form = page.context["adminform"].form
    assert form.errors["starts_at"]
    assert form["starts_at"].value() == typed_in
    assert Meeting.objects.get().starts_at == even.starts_at


def test_should_the_law_change_the_clocks_the_hour_of_a_coming_meeting_can_be_put_back(make_meeting):
    """ME-05, the policy of docs/operations.md: the rule by which a moment was stored stands in our code too."""
    made = make_meeting(starts_at=datetime(2027, 7, 7, 13, tzinfo=HELSINKI))
    kept = Meeting.objects.get(pk=made.pk)
    wall = kept.starts_at.astimezone(time_zone(kept.time_zone).to_tz(lookup_tzid=False)).replace(tzinfo=None)
    assert wall == datetime(2027, 7, 7, 13)
    for_ever_winter = fixed(timedelta(hours=2))
    assert wall.replace(tzinfo=for_ever_winter) - kept.starts_at == timedelta(hours=1)


# the link


def links_to(page, address):
    return re.findall(rf'<a [^>]*href="{re.escape(address)}"[^>]*>', page.text)


def test_whoever_joins_tells_the_provider_nothing_of_where_they_came_from(client, world, meeting, training):
    """TK-05: no referrer goes along, neither by the page nor by the link."""
    training.meeting.change(timezone.now(), mode=Meeting.HYBRID)
    guest = training.meeting.participations.create(email="vieras@example.org", name="Virpi Vieras")
    training.assign_places([guest], timezone.now(), "web")
    own = client.get(reverse("meetings:signup-own", args=[sign("meetings.signup", guest.pk)]))
    client.force_login(world.aino)
    for page in (client.get(meeting.get_absolute_url()), own):
        (link,) = links_to(page, CANARY)
        assert 'rel="noopener noreferrer"' in link
        assert page["Referrer-Policy"] in ("same-origin", "no-referrer")


def test_the_link_stands_in_no_title_address_or_log(client, world, meeting, caplog):
    """TK-05."""
    client.force_login(world.aino)
    page = client.get(meeting.get_absolute_url())
    with caplog.at_level(logging.DEBUG):
        client.get(meeting.get_absolute_url())
        client.get(reverse("meetings:meeting-ics", args=[meeting.slug]))
        client.get(meeting.get_absolute_url() + "ei-ole/")
        meeting.change(timezone.now(), join_url=CANARY + "/2")
    (title,) = re.findall(r"<title>(.*?)</title>", page.text, re.DOTALL)
    assert_not_leaked("salainen", title, meeting.get_absolute_url(), str(meeting))
    records = [each for each in caplog.records if not each.name.startswith("django.db")]
    assert_not_leaked("salainen", "\n".join(each.getMessage() for each in records))
    assert len(links_to(page, CANARY)) == page.text.count("salainen-linkki") == 1


# what cannot be


@pytest.mark.parametrize("title", ["Ko\x00kous", "\x00"])
def test_a_null_byte_in_a_title_is_refused_in_words(kaisa, even, title):  # noqa: F811
    page = kaisa.post(reverse("admin:meetings_meeting_change", args=[even.pk]), typed(even, title=title))
    assert page.context["adminform"].form.errors["title"]


def test_line_breaks_in_a_title_add_nothing_to_a_letter_or_a_calendar(kaisa, even, send):  # noqa: F811
    address = reverse("admin:meetings_meeting_change", args=[even.pk])
    assert kaisa.post(address, typed(even, title="Kokous\r\nBcc: paha@example.org")).status_code == 302
    even.refresh_from_db()
    even.publish(timezone.now())
    even.invite(timezone.now())
    for letter in send():
        assert letter["Bcc"] is None
        assert str(calendar_of(letter).walk("VEVENT")[0]["SUMMARY"]) == "Kokous Bcc: paha@example.org"


@pytest.mark.parametrize("data", [b"\xff\xd8\xff\xe0kuva", b"\x00" * 100, b"PK\x03\x04zip", "hei".encode("utf-16")])
def test_a_report_of_teams_that_is_none_is_refused_in_words(kaisa, meeting, data):  # noqa: F811
    file = SimpleUploadedFile("raportti.csv", data)
    page = kaisa.post(reverse("meetings:attendance-report", args=[meeting.slug]), {"file": file})
    assert page.status_code == 422
    assert page.context["form"].errors["file"]
    assert not meeting.participations.exclude(attended_at=None).exists()


def test_the_same_nonsense_in_a_calendar_file_is_pointed_out():
    gap = ["DTSTART;TZID=Europe/Helsinki:20270328T033000", "DTEND;TZID=Europe/Helsinki:20270328T023000"]
    (event,) = read_events(file_of(gap), HELSINKI, datetime(2026, 11, 27, tzinfo=UTC))
    assert len(event.warnings) == 2
    assert event.ends_at > event.starts_at
