"""Feedback after a meeting, given once and kept without names (ME-09)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from lib.tokens import sign
from meetings.models import Feedback
from meetings.models.attendance import mark_present


@pytest.fixture
def held(make_meeting):
    """A meeting that ended yesterday."""
    made = make_meeting(days=-1)
    made.publish(timezone.now())
    return made


def test_feedback_is_given_once_and_holds_no_name(client, held, world):
    came = mark_present(held.participations.get(user=world.aino), timezone.now())
    path = reverse("meetings:feedback", args=[sign("meetings.feedback", came.pk)])
    assert client.get(path).status_code == 200
    assert client.post(path, {"text": "Hyvä"}).status_code == 422
    for _press in range(2):
        client.post(path, {"grade": "5", "recommends": "yes", "text": "Hyvä päivä"})
    given = Feedback.objects.get()
    assert (given.grade, given.recommends, given.text, given.meeting) == (5, True, "Hyvä päivä", held)
    assert {field.name for field in Feedback._meta.fields} == {
        "id", "meeting", "grade", "recommends", "text", "given_on"
    }  # fmt: skip


def test_fewer_than_five_answers_are_hidden_from_the_coordinator_too(client, held, world):
    client.force_login(world.kaisa)
    page = reverse("meetings:feedback-summary", args=[held.slug])
    for number in range(1, 6):
        Feedback.objects.create(
            meeting=held, grade=number, recommends=number > 1, text=f"Sana{number}", given_on=timezone.localdate()
        )
        shown = client.get(page)
        assert shown.context["summary"]["number"] == number
        assert ("Sana1" in shown.text) == (number == 5)
    summary = shown.context["summary"]
    assert (summary["mean"], summary["recommend"], summary["grades"][0]) == (3.0, 80, (5, 1, 20))


@pytest.mark.parametrize("who", ["aino", "kerttu"])
def test_the_summary_is_for_the_coordinator_of_the_area(client, held, world, who):
    client.force_login(getattr(world, who))
    assert client.get(reverse("meetings:feedback-summary", args=[held.slug])).status_code == 404
