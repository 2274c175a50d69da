"""The readers of the small world, and what an issue of it tells about."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.models import Meeting
from methods.models import Method
from networks.models import NewsItem
from newsletters.models import Block, Issue, MailingList, Subscription

LINK = "https://meet.example.org/iso-123"


@pytest.fixture(autouse=True)
def empty_cache(settings):
    """The counters of the sign-up form begin at nothing in each test."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def letters(world):
    """The public list of Kaisa's area."""
    return MailingList.objects.create(
        area=world.area, code="infokirje", name_fi="Verkoston infokirje", name_sv="Nätverkets brev"
    )


@pytest.fixture
def reads(letters, now):
    """reads("virpi@example.org") makes a confirmed reader."""

    def make(email, language="fi", mailing_list=None):
        return Subscription.objects.create(
            list=mailing_list or letters, email=email, language=language, requested_at=now, confirmed_at=now
        )

    return make


@pytest.fixture
def meeting(world, term, now):
    """A public online meeting of the big network in a week."""
    meeting = Meeting.objects.create(
        area=world.area,
        slug="iso-tammikuu",
        title="ISO-verkoston tapaaminen",
        summary="Kevään kalenteri.",
        kind=term("event_types", "verkostotapaaminen"),
        mode=Meeting.ONLINE,
        starts_at=now + timedelta(days=7),
        ends_at=now + timedelta(days=7, hours=3),
        join_url=LINK,
    )
    meeting.networks.add(world.iso)
    meeting.publish(now)
    return meeting


@pytest.fixture
def news(world, now):
    return NewsItem.objects.create(
        area=world.area, slug="uutinen", title="Avustushaku auki", summary="Haku päättyy pian.", published_at=now
    )


@pytest.fixture
def method(world, now):
    return Method.objects.create(
        area=world.area,
        slug="kello",
        title="Välituntikello",
        summary="Leikki",
        kind=Method.METHOD,
        submitted_at=now,
        published_at=now,
    )


@pytest.fixture
def issue(letters, meeting):
    """A draft with a text and the meeting."""
    issue = Issue.objects.create(
        list=letters, number=1, slug="infokirje-1", subject_fi="Tammikuun infokirje", subject_sv="Brev i januari"
    )
    issue.blocks.create(
        order=1, kind=Block.TEXT, title_fi="Hei verkosto", body_fi="<p>Uusi <strong>vuosi</strong> alkaa.</p>"
    )
    issue.blocks.create(order=2, kind=Block.MEETING, meeting=meeting)
    return issue


@pytest.fixture
def send(noon, now):
    """send(issue) schedules it and runs the round."""
    from newsletters.tasks import send_issues

    def send(issue):
        issue.schedule(now)
        send_issues()
        issue.refresh_from_db()
        return issue

    return send
