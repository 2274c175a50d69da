"""The one main button of a meeting's page: what the meeting needs next from this reader."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import SignUp
from tests.meetings.conftest import CANARY


@pytest.fixture
def step(client, world):
    """step(meeting, "aino") gives the main button that she sees."""

    def of(meeting, who=""):
        if who:
            client.force_login(getattr(world, who))
        return client.get(meeting.get_absolute_url()).context["next_step"]

    return of


def own_row(meeting, world):
    return meeting.participations.get(user=world.aino)


def test_a_member_answers_and_then_joins(step, client, world, meeting):
    assert step(meeting) is None
    assert step(meeting, "aino")["kind"] == "answer"
    page = client.post(reverse("meetings:meeting-answer", args=[meeting.slug]), {"answer": "yes"}, follow=True)
    assert page.context["next_step"] == {"kind": "join", "url": CANARY, "words": "Avaa etätapaaminen"}


def test_when_the_meeting_is_about_to_begin_joining_comes_first(step, make_meeting):
    soon = make_meeting(starts_at=timezone.now() + timedelta(minutes=20))
    soon.publish(timezone.now())
    assert step(soon, "aino")["kind"] == "join"


def test_a_training_is_signed_up_for_by_anybody_even_when_it_is_full(step, training, crowd):
    where = reverse("meetings:signup", args=[training.meeting.slug])
    assert step(training.meeting) == {"kind": "link", "url": where, "words": "Ilmoittaudu"}
    crowd(2)
    assert step(training.meeting) == {"kind": "link", "url": where, "words": "Ilmoittaudu jonoon"}


def test_whoever_has_a_place_has_nothing_left_to_do(step, world, training):
    person, _is_new = training.meeting.participations.get_or_create(user=world.aino)
    training.assign_places([person], timezone.now(), "web")
    assert SignUp.objects.get().meeting.participations.get(user=world.aino).has_place
    assert step(training.meeting, "aino") is None


def test_afterwards_come_feedback_and_then_nothing(step, world, make_meeting):
    past = make_meeting(days=-1)
    past.publish(timezone.now() - timedelta(days=2))
    assert step(past, "aino") is None
    row = own_row(past, world)
    row.attended_at = past.starts_at
    row.save()
    assert step(past)["words"] == "Anna palautetta"
    row.fed_back_on = timezone.localdate()
    row.save()
    assert step(past) is None


def test_a_cancelled_meeting_needs_nothing(step, meeting):
    meeting.cancel(timezone.now(), "Sairaus")
    assert step(meeting, "aino") is None
