"""Meetings of the small world, and the rounds that send their letters."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import compat32

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from meetings.models import Dispatch, Meeting, SignUp
from meetings.tasks import send_invitations
from outbox.tasks import send_queued

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
def send(noon):
    """send() presses "Send now", runs both rounds and gives the letters that left, parsed, newest last."""

    def run():
        before = len(mail.outbox)
        hand_over()
        send_queued()
        return [parsed(message) for message in mail.outbox[before:]]

    return run


def hand_over():
    """What a coordinator has wished is held no longer, and the round writes its letters."""
    Dispatch.objects.send_now(timezone.now())
    send_invitations()


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


@pytest.fixture
def make_training(make_meeting):
    """make_training(capacity=2, …) gives the sign-up of a published meeting on site in a week."""

    def make(capacity=2, mode="onsite", **facts):
        rules = {name: facts.pop(name) for name in [f.name for f in SignUp._meta.fields] if name in facts}
        made = make_meeting(mode=mode, **facts)
        made.publish(timezone.now())
        return SignUp.objects.create(meeting=made, capacity=capacity, **rules)

    return make


@pytest.fixture
def training(make_training):
    """The sign-up of a training with two places, open to anybody."""
    return make_training(open_to=SignUp.ANYBODY)


@pytest.fixture
def guest(training):
    """Somebody without an account on the list of the training."""
    return training.meeting.participations.create(email="vieras@example.org", name="Virpi Vieras")


@pytest.fixture
def crowd(training):
    """crowd(3) signs up three people one after the other."""

    def sign_up(number, stem="n"):
        people = [training.meeting.participations.create(email=f"{stem}{n}@example.org") for n in range(number)]
        for person in people:
            training.assign_places([person], timezone.now(), "web")
        return people

    return sign_up
