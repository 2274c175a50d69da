"""What came of a meeting, told in short and in plain words to everybody who sees the meeting (S2-8)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import AgendaItem, Minutes
from meetings.tasks import send_minutes
from tests.meetings.conftest import text_of

WORDS = "Päätimme avata tilan lauantaisin.\nKokeilu alkaa tammikuussa."


@pytest.fixture
def held(world, meeting):
    AgendaItem.objects.add(meeting, "Aukiolo", notes="Pitkä keskustelu resursseista.", notes_version=1)
    return meeting


def tell(client, meeting, words=WORDS):
    return client.post(reverse("meetings:minutes-short", args=[meeting.slug]), {"in_short": words}, follow=True)


def approve(meeting, by, notify=False):
    Minutes.objects.start(meeting).approve(timezone.now(), by=by, notify=notify)


def words_shown(client, meeting):
    page = client.get(meeting.get_absolute_url())
    return "Päätimme avata tilan" in page.content.decode()


def test_plain_words_are_public_once_the_minutes_are_approved_though_the_minutes_are_not(client, world, sign_in, held):
    assert tell(sign_in(world.kaisa), held).status_code == 200
    client.logout()
    assert not words_shown(client, held)
    approve(held, world.kaisa)
    assert words_shown(client, held)
    assert client.get(reverse("meetings:minutes-detail", args=[held.slug])).status_code == 404
    held.kept_minutes.open_again(timezone.now(), "Kirjoitusvirhe")
    assert words_shown(client, held)


def test_before_anything_is_written_the_box_is_empty(world, sign_in, held):
    page = sign_in(world.kaisa).get(reverse("meetings:minutes-write", args=[held.slug]))
    assert (page.context["short"]["in_short"].value(), page.context["minutes"].is_told_in_short) == ("", False)


def test_approved_minutes_still_take_plain_words_and_stay_as_they_are(world, sign_in, held):
    approve(held, world.kaisa)
    tell(sign_in(world.kaisa), held)
    held.kept_minutes.refresh_from_db()
    assert (held.kept_minutes.in_short, held.kept_minutes.versions.count()) == (WORDS, 1)


def test_too_many_words_are_refused_and_kept_in_the_box(world, sign_in, held):
    answer = tell(sign_in(world.kaisa), held, "a" * 2001)
    assert (answer.status_code, set(answer.context["short"].errors)) == (422, {"in_short"})
    assert "a" * 2001 in answer.content.decode()


@pytest.mark.parametrize("who", ["aino", "niilo", "kerttu"])
def test_nobody_else_writes_them(world, sign_in, held, who):
    assert tell(sign_in(getattr(world, who)), held).status_code == 404


def test_the_letter_of_approved_minutes_begins_with_them(world, sign_in, held, send):
    held.invite(timezone.now())
    send()
    tell(sign_in(world.kaisa), held)
    approve(held, world.kaisa, notify=True)
    send_minutes()
    text = text_of(send()[-1])
    assert text.index("Kokeilu alkaa tammikuussa.") < text.index("Pitkä keskustelu resursseista.")
