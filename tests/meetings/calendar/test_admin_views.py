"""The coordinator's calendar: moving by dragging asks first, the year at a glance, the data for the calendar."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import Meeting
from tests.leaks import assert_not_leaked
from tests.meetings.test_desk import even, invited, kaisa  # noqa: F401  the fixtures


def move_url(meeting, to):
    return reverse("admin:meetings_meeting_move", args=[meeting.pk]) + f"?to={to}"


def test_letting_go_asks_and_changes_nothing_until_the_button_is_pressed(kaisa, invited, send):  # noqa: F811
    day = timezone.localdate(invited.starts_at) + timedelta(days=2)
    page = kaisa.get(move_url(invited, day.isoformat()))
    assert len(page.context["people"]) == 2
    assert Meeting.objects.get().starts_at == invited.starts_at
    kaisa.post(move_url(invited, day.isoformat()), {"_tell": "1"})
    moved = Meeting.objects.get()
    assert timezone.localdate(moved.starts_at) == day
    assert (timezone.localtime(moved.starts_at).time(), moved.sequence) == (
        timezone.localtime(invited.starts_at).time(),
        1,
    )
    assert len(send()) == 2


def test_a_quiet_move_tells_nobody(kaisa, invited, send):  # noqa: F811
    kaisa.post(move_url(invited, "2030-03-28"), {"_quiet": "1"})
    moved = Meeting.objects.get()
    assert (timezone.localdate(moved.starts_at).isoformat(), send()) == ("2030-03-28", [])


@pytest.mark.parametrize(
    ("to", "warnings"),
    [
        ("2030-03-27", 0),
        ("2030-12-06", 1),  # Independence Day, a Friday
        ("2030-07-06", 2),  # a Saturday in July
        ("2020-03-25", 1),  # has passed
    ],
)
def test_what_speaks_against_the_new_day_is_said_before_the_button(kaisa, invited, to, warnings):  # noqa: F811
    page = kaisa.get(move_url(invited, to))
    assert (len(page.context["warnings"]), page.text.count('class="day-warning"')) == (warnings, warnings)


@pytest.mark.parametrize("to", ["", "huomenna", "2027-02-30", "0"])
def test_a_day_that_is_none_moves_nothing(kaisa, invited, to):  # noqa: F811
    assert kaisa.get(move_url(invited, to)).status_code == 200
    kaisa.post(move_url(invited, to), {"_quiet": "1"})
    assert Meeting.objects.get().starts_at == invited.starts_at


def test_the_calendar_gets_the_meetings_of_own_areas_in_local_time(kaisa, world, invited, make_meeting):  # noqa: F811
    make_meeting(title="Muualla", area=world.other_area, networks=[])
    url = reverse("admin:meetings_meeting_events")
    start, end = (f"{invited.starts_at + timedelta(days=n):%Y-%m-%d}" for n in (-10, 10))
    answer = kaisa.get(url, {"start": start + "T00:00:00+02:00", "end": end})
    (event,) = answer.json()
    assert (event["title"], event["editable"]) == (invited.title, True)
    assert event["start"] == f"{timezone.localtime(invited.starts_at):%Y-%m-%dT%H:%M:%S}"
    assert_not_leaked(invited.join_url, answer)
    for wrong in ({}, {"start": "eilen", "end": end}, {"start": "2027-13-45T00:00", "end": end}):
        assert kaisa.get(url, wrong).status_code == 400


def test_the_year_holds_each_meeting_in_its_month(kaisa, world, make_meeting):  # noqa: F811
    year = timezone.localdate().year + 1
    march = timezone.make_aware(datetime(year, 3, 10, 13))
    make_meeting(title="Kevät", starts_at=march)
    make_meeting(title="Muualla", area=world.other_area, networks=[], starts_at=march)
    page = kaisa.get(reverse("admin:meetings_meeting_year", args=[year]))
    months = {first.month: [meeting.title for meeting in found] for first, found in page.context["months"]}
    assert (months[3], sum(map(len, months.values()))) == (["Kevät"], 1)
    assert kaisa.get(reverse("admin:meetings_meeting_year", args=[1999])).status_code == 404


def test_a_meeting_of_two_days_stands_in_what_is_asked_for_either_day(kaisa, world, make_meeting):  # noqa: F811
    """Real use 24: in the data for dragging, the month and the year, over the turn of the year."""
    starts_at = timezone.make_aware(datetime(2027, 12, 31, 18))
    meeting = make_meeting(starts_at=starts_at, ends_at=starts_at + timedelta(hours=20))
    for day in ("2027-12-31", "2028-01-01"):
        asked = {"start": f"{day}T00:00", "end": f"{day}T23:59"}
        assert [each["id"] for each in kaisa.get(reverse("admin:meetings_meeting_events"), asked).json()] == [
            str(meeting.pk)
        ]
        year, month, _day = map(int, day.split("-"))
        table = kaisa.get(reverse("admin:meetings_meeting_month", args=[year, month])).context["month"]
        assert [day.on.isoformat() for day in table.busy_days] == [day]
        page = kaisa.get(reverse("admin:meetings_meeting_year", args=[year]))
        assert page.context["months"][month - 1].meetings == [meeting]
        assert "31.12.–1.1." in page.text


def test_the_calendar_is_for_coordinators_of_the_area(client, world, even):  # noqa: F811
    for name, args in [("events", []), ("year", [2027]), ("move", [even.pk])]:
        client.force_login(world.aino)
        assert client.get(reverse(f"admin:meetings_meeting_{name}", args=args)).status_code == 302
    client.force_login(world.kerttu)
    assert client.get(move_url(even, "2030-01-01")).status_code == 404
