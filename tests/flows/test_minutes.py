"""From an agenda to the next one (N5), and what a member sees of a meeting before and after it (S0-12)."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from meetings.models import AgendaItem, Decision, Material, Minutes, Participation, Task
from meetings.tasks import close_comments
from tests.leaks import assert_not_leaked
from tests.meetings.conftest import CANARY, make_meeting  # noqa: F401  the fixtures


@pytest.fixture
def door(client):
    """door("minutes-write", meeting) reads a page of a meeting; with facts it presses the button there."""

    def through(name, meeting, **facts):
        address = reverse(f"meetings:{name}", args=[meeting.slug])
        return client.post(address, facts, follow=True) if facts else client.get(address)

    return through


def begun(make_meeting):  # noqa: F811
    """Two meetings of the big network: one that has just begun, and one in a month."""
    now = timezone.now()
    first = make_meeting(starts_at=now - timedelta(minutes=10), title="Ensimmäinen")
    second = make_meeting(days=30, title="Toinen")
    for meeting in (first, second):
        meeting.publish(now)
    Participation.objects.update(asked_at=now)
    return first, second


def test_from_an_agenda_over_minutes_decision_and_task_to_the_next_agenda(client, world, door, make_meeting):  # noqa: F811
    first, second = begun(make_meeting)
    client.force_login(world.kaisa)

    # the agenda becomes the page on which minutes are written: a box per item
    door("agenda-edit", first, title="Kesän tapahtuma", kind="decision", minutes=30, visibility="everybody")
    (box,) = door("minutes-write", first).context["sections"]
    door("note-save", first, item=box["item"], version=0, notes="Keskusteltiin päivästä.")
    door("decision-add", first, item=box["item"], text="Tapahtuma on 12.6.")
    page = door("task-add", first, item=box["item"], text="Varaa puisto", owner=world.aino.pk)
    assert page.context["next"] == second  # from here one press leads to the agenda of the next meeting

    # the open task stands on the next agenda by itself; nobody copied it
    assert [task.text for task in door("meeting-detail", second).context["carried"]] == ["Varaa puisto"]

    # seven days of comments, approval, lock
    door("minutes-send", first, _quiet="1")
    client.force_login(world.matti)
    door("minutes-comment", first, text="Puistossa on myös lava.")
    first.kept_minutes.refresh_from_db()
    close_comments()
    client.force_login(world.kaisa)
    door("minutes-approve", first, _quiet="1")
    first.kept_minutes.refresh_from_db()
    assert (first.kept_minutes.is_approved, first.kept_minutes.comments.count()) == (True, 1)
    door("decision-add", first, text="Liian myöhään")
    assert [str(row) for row in Decision.objects.all()] == [f"1/{first.starts_at.year}: Tapahtuma on 12.6."]

    # its owner does the task, and the next agenda is clean
    client.force_login(world.aino)
    client.post(reverse("meetings:task-done", args=[Task.objects.get().pk]))
    assert list(door("meeting-detail", second).context["carried"]) == []


def test_what_a_member_does_with_a_meeting(client, world, door, make_meeting):  # noqa: F811
    caches["calendar"].clear()
    meeting, _later = begun(make_meeting)
    AgendaItem.objects.add(meeting, "Tilannekatsaus", minutes=20)
    Material.objects.create(
        meeting=meeting, title="Diat", url="https://example.org/diat", visibility="members", added_at=timezone.now()
    )
    client.force_login(world.aino)

    # agenda, materials and the link for joining
    page = door("meeting-detail", meeting)
    seen = page.context
    assert [slot.item.title for slot in seen["timetable"].slots] == ["Tilannekatsaus"]
    assert ([row.title for row in seen["materials"]], seen["join_url"]) == (["Diat"], CANARY)
    # the answer
    door("meeting-answer", meeting, answer="yes")
    assert Participation.objects.get(meeting=meeting, user=world.aino).answer == "yes"
    # the own calendar: a file, two compose links, a subscription
    assert len(Calendar.from_ical(door("meeting-ics", meeting).content).walk("VEVENT")) == 1
    assert seen["google"].startswith("https://calendar.google.com/")
    assert_not_leaked(CANARY, seen["google"], seen["outlook"])
    address = client.post(reverse("meetings:own-feed-renew"), follow=True).context["own"]
    feed = client.get(address.replace("http://testserver", ""))
    assert {str(event["SUMMARY"]) for event in Calendar.from_ical(feed.content).walk("VEVENT")} >= {"Ensimmäinen"}
    # afterwards the minutes, not before
    assert door("minutes-detail", meeting).status_code == 404
    Minutes.objects.start(meeting).write("Sovittiin asioista.", 0, now=timezone.now(), by=world.kaisa)
    meeting.kept_minutes.approve(timezone.now(), by=world.kaisa, notify=False)
    assert "Sovittiin asioista." in door("minutes-detail", meeting).text
