"""The way of a meeting: a coordinator makes it on the desk, invites, and a member answers from the letter."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from meetings.models import Meeting, Participation
from meetings.tasks import send_invitations
from outbox.models import Delivery
from outbox.tasks import send_queued
from tests.leaks import assert_not_leaked
from tests.meetings.conftest import calendar_of, parsed, text_of

LINK = "https://kokous.example.org/iso-2027-01"


@pytest.fixture
def typed(world, term):
    """What Kaisa types into the form of a new meeting."""
    starts_at = timezone.localtime(timezone.now() + timedelta(days=14)).replace(hour=13, minute=0)
    return {
        "title": "ISO-nuorisotyöverkosto",
        "kind": term("event_types", "verkostotapaaminen").pk,
        "area": world.area.pk,
        "networks": [world.iso.pk],
        "summary": "Vuoden ensimmäinen yhteinen tapaaminen.",
        "starts_at": f"{starts_at:%Y-%m-%dT%H:%M}",
        "ends_at": f"{starts_at + timedelta(hours=3):%Y-%m-%dT%H:%M}",
        "mode": "online",
        "join_url": LINK,
        "visibility": "public",
    }


def test_from_the_desk_to_the_members_answer(client, world, typed):
    # Kaisa makes a draft; nobody else sees it
    client.force_login(world.kaisa)
    assert client.post(reverse("admin:meetings_meeting_add"), typed).status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.is_draft, meeting.slug) == (True, f"iso-nuorisotyoverkosto-{typed['starts_at'][:10]}")
    client.logout()
    assert client.get(meeting.get_absolute_url()).status_code == 404

    # the page that asks changes nothing; the button publishes and invites
    client.force_login(world.kaisa)
    step = reverse("admin:meetings_meeting_publish", args=[meeting.pk])
    page = client.get(step)
    assert sorted(str(person) for person in page.context["people"]) == ["Aino Jäsen", "Matti Yhteyshenkilö"]
    assert Participation.objects.count() == 0
    assert client.post(step, {"_tell": "1"}).status_code == 302
    assert Delivery.objects.count() == 0  # the request hands nothing over; the round does

    # for five minutes the letters can be recalled: the bar says so, and a press sends them at once
    desk = reverse("admin:meetings_meeting_change", args=[meeting.pk])
    send_invitations()
    assert Delivery.objects.count() == 0
    assert len(client.get(desk).context["held"]) == 1
    assert client.post(reverse("admin:meetings_meeting_letters", args=[meeting.pk]), {"send": "1"}).url == desk

    # the round puts one letter per person into the ledger, once; the worker sends it
    send_invitations()
    send_invitations()
    rows = Delivery.objects.order_by("recipient").values_list("recipient", "kind", "calendar_method")
    assert list(rows) == [
        ("aino@example.org", "meeting-invitation", "REQUEST"),
        ("matti@example.org", "meeting-invitation", "REQUEST"),
    ]
    send_queued()
    letter = next(parsed(m) for m in mail.outbox if m.recipients() == ["aino@example.org"])
    parts = [(part.get_content_type(), part.get_param("method")) for part in letter.walk()]
    assert ("text/calendar", "REQUEST") in parts
    event = calendar_of(letter).walk("VEVENT")[0]
    assert str(event["UID"]) == meeting.uid
    assert str(event["ATTENDEE"]) == "mailto:aino@example.org"
    assert LINK in text_of(letter)
    assert_not_leaked("matti@example.org", letter)

    # looking at the link changes nothing, not even with an answer in the address
    client.logout()
    address = next(word for word in text_of(letter).split() if word.endswith("?answer=yes"))
    path = urlsplit(address).path
    before = Participation.objects.filter(user=world.aino).values().get()
    page = client.get(path, {"answer": "yes"})
    assert page.context["form"].initial["answer"] == "yes"
    assert Participation.objects.filter(user=world.aino).values().get() == before

    # the button answers, without signing in
    assert client.post(path, {"answer": "yes", "comment": "Tulen junalla"}).status_code == 302
    answered = Participation.objects.get(user=world.aino)
    assert (answered.answer, answered.answered_via, answered.comment) == ("yes", "link", "Tulen junalla")

    # the visitor finds the meeting and no link; the member finds the link
    assert_not_leaked(LINK, client.get(meeting.get_absolute_url()))
    client.force_login(world.aino)
    assert f'href="{LINK}"' in client.get(meeting.get_absolute_url()).text
