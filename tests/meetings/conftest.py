"""Meetings of the small world, and the rounds that send their letters."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import compat32

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from meetings.models import Meeting
from meetings.tasks import send_invitations
from outbox.tasks import pump

CANARY = "https://kokous.example.org/salainen-linkki"


@pytest.fixture
def make_meeting(world, term):
    """make_meeting(days=7, networks=[…], …) gives a draft, three hours long, with a link that must not leak."""

    def make(days=7, networks=None, **facts):
        starts_at = facts.pop("starts_at", timezone.now().replace(microsecond=0) + timedelta(days=days))
        facts = {
            "area": world.area,
            "title": "Verkoston tapaaminen",
            "kind": term("event_types", "verkostotapaaminen"),
            "mode": Meeting.HYBRID,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=3),
            "place_name": "Nuorisotila",
            "town": "Jyväskylä",
            "municipality": world.towns.jyvaskyla,
            "join_url": CANARY,
            "summary": "Tavataan ja sovitaan kevään kuviot.",
            **facts,
        }
        facts.setdefault("slug", Meeting.objects.free_slug(facts["title"], timezone.localdate(starts_at)))
        meeting = Meeting.objects.create(**facts)
        meeting.networks.set([world.iso] if networks is None else networks)
        return meeting

    return make


@pytest.fixture
def meeting(make_meeting):
    """A published meeting of the big network in a week."""
    made = make_meeting()
    made.publish(timezone.now())
    return made


@pytest.fixture
def send():
    """send() runs both rounds and gives the letters that left, parsed, newest last."""

    def run():
        before = len(mail.outbox)
        send_invitations()
        pump()
        return [parsed(message) for message in mail.outbox[before:]]

    return run


def parsed(message):
    """A letter of mail.outbox as the recipient's program reads it."""
    return message_from_bytes(message.message().as_bytes(), policy=compat32)


def calendar_of(letter):
    """The calendar part of a letter, parsed, or None."""
    for part in letter.walk():
        if part.get_content_type() == "text/calendar":
            return Calendar.from_ical(part.get_payload(decode=True))
    return None


def text_of(letter):
    """The plain text of a letter."""
    part = next(part for part in letter.walk() if part.get_content_type() == "text/plain")
    return part.get_payload(decode=True).decode()
