"""Reviewing: verdicts, words to the author, and who may not."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from contacts.models import User
from methods import emails
from methods.exceptions import CommentNeeded
from methods.models import Incomplete, Method, NotWaiting, OwnMethod, Review
from outbox.models import Delivery
from tests.methods.conftest import MONDAY

ACCEPT = {"verdict": "accepted", "comment": ""}
RETURN = {"verdict": "returned", "comment": "Täydennä tavoite."}


def letters():
    """(kind, recipient) of every letter in the ledger, in order."""
    return list(Delivery.objects.order_by("pk").values_list("kind", "recipient"))


@pytest.mark.parametrize(
    ("person", "status", "state"),
    [
        (None, 302, "waiting"),
        ("niilo", 404, "waiting"),
        ("aino", 404, "waiting"),
        ("matti", 404, "waiting"),
        ("eetu", 404, "waiting"),
        ("kerttu", 404, "waiting"),
        ("kaisa", 302, "published"),
        ("ulla", 302, "published"),
    ],
)
def test_only_the_areas_coordinator_reviews(world, method, client, person, status, state):
    made = method(state="waiting")
    if person:
        client.force_login(getattr(world, person))
    assert client.post(f"/en/methods/{made.slug}/review/", ACCEPT).status_code == status
    made.refresh_from_db()
    assert (made.state, made.reviews.count()) == (state, int(state == "published"))


def test_a_review_is_given_by_a_button_never_by_looking(world, method, sign_in):
    made = method(state="waiting")
    assert sign_in(world.kaisa).get(f"/en/methods/{made.slug}/review/").status_code == 405


def test_nobody_reviews_their_own(world, method, sign_in):
    made = method(state="waiting", author=world.kaisa)
    client = sign_in(world.kaisa)
    page = client.get(f"/en/methods/{made.slug}/")
    assert "form" not in page.context
    answer = client.post(f"/en/methods/{made.slug}/review/", ACCEPT, follow=True)
    assert [str(m) for m in answer.context["messages"]] == [str(OwnMethod())]
    made.refresh_from_db()
    assert (made.state, letters()) == ("waiting", [])


def test_a_co_author_does_not_review_either(world, method):
    made = method(state="waiting")
    made.co_authors.add(world.kaisa)
    with pytest.raises(OwnMethod):
        Review.objects.give(made, world.kaisa, "accepted", "", MONDAY)


def test_publishing_tells_the_author(world, method, sign_in):
    made = method(state="waiting")
    answer = sign_in(world.kaisa).post(f"/en/methods/{made.slug}/review/", ACCEPT)
    assert answer.url == "/en/methods/reviews/"
    letter = Delivery.objects.get()
    assert (letter.kind, letter.recipient, letter.language) == ("method-accepted", "aino@example.org", "fi")
    assert "/methods/valituntikello/" in letter.text.replace("/menetelmat/", "/methods/")
    assert letter.reply_to == ["kaisa@example.org"]


def test_returning_needs_words_and_keeps_the_choice(world, method, sign_in):
    made = method(state="waiting")
    answer = sign_in(world.kaisa).post(f"/en/methods/{made.slug}/review/", {"verdict": "returned", "comment": " "})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"comment": [str(CommentNeeded())]}
    assert answer.context["form"]["verdict"].value() == "returned"
    made.refresh_from_db()
    assert (made.state, letters()) == ("waiting", [])


def test_returning_carries_the_words_to_the_author(world, method, sign_in):
    made = method(state="waiting")
    client = sign_in(world.kaisa)
    client.post(f"/en/methods/{made.slug}/review/", RETURN)
    made.refresh_from_db()
    assert (made.state, made.submitted_at) == ("returned", None)
    assert "Täydennä tavoite." in Delivery.objects.get(kind="method-returned", recipient="aino@example.org").text
    page = sign_in(world.aino).get(f"/en/methods/{made.slug}/").content.decode()
    assert "Täydennä tavoite." in page


def test_co_authors_get_the_letter_too_and_the_disabled_do_not(world, method):
    made = method(state="waiting")
    made.co_authors.add(world.matti, world.vaino)
    emails.reviewed(Review.objects.give(made, world.kaisa, "accepted", "", MONDAY))
    assert letters() == [("method-accepted", "aino@example.org"), ("method-accepted", "matti@example.org")]


def test_a_second_verdict_comes_too_late(world, method, sign_in):
    made = method(state="waiting")
    same = Method.objects.get(pk=made.pk)
    Review.objects.give(made, world.kaisa, "accepted", "", MONDAY)
    with pytest.raises(NotWaiting):
        Review.objects.give(same, world.ulla, "returned", "Ei vielä.", MONDAY)
    assert same.reviews.count() == 1
    client = sign_in(world.kaisa)
    client.post(f"/en/methods/{made.slug}/review/", RETURN)
    assert letters() == []


def test_what_became_incomplete_while_it_waited_is_not_published(world, method):
    made = method(state="waiting")
    made.topics.clear()
    with pytest.raises(Incomplete) as refusal:
        Review.objects.give(made, world.kaisa, "accepted", "", MONDAY)
    assert [lack.field for lack in refusal.value.lacks] == ["topics"]


def test_the_words_of_a_review_that_cannot_be_kept_come_back(world, method, sign_in):
    made = method(state="waiting")
    made.topics.clear()
    words = {"verdict": "accepted", "comment": "Hieno menetelmä, kiitos."}
    answer = sign_in(world.kaisa).post(f"/en/methods/{made.slug}/review/", words)
    assert (answer.status_code, answer.context["form"]["comment"].value()) == (422, "Hieno menetelmä, kiitos.")


def test_submitting_twice_tells_the_coordinator_once(world, typed, sign_in):
    client = sign_in(world.aino)
    client.post("/en/methods/new/?kind=method", typed(action="submit"))
    made = Method.objects.get()
    client.post(f"/en/methods/{made.slug}/edit/", typed(action="submit"))
    assert made.submit(MONDAY) is False
    assert letters() == [("method-submitted", "kaisa@example.org")]


def test_a_disabled_coordinator_gets_no_letter(world, method):
    User.objects.filter(pk=world.kaisa.pk).update(is_active=False)
    assert emails.submitted(method(state="waiting")) == []


def test_letters_are_written_in_the_readers_language(world, method):
    User.objects.filter(pk=world.kaisa.pk).update(language="en")
    (letter,) = emails.submitted(method(state="waiting"))
    assert letter.subject == "Waits for review: Välituntikello"
    assert "/en/methods/valituntikello/" in letter.text


def test_the_letters_text_shows_markup_as_text(world, method):
    made = method("<b>Lihava</b> nimi", state="waiting")
    (letter,) = emails.submitted(made)
    assert "<b>Lihava</b>" in letter.text
    assert "<b>Lihava</b>" not in letter.html


def test_the_database_keeps_returned_reviews_with_words(world, method):
    made = method(state="waiting")
    with pytest.raises(IntegrityError), transaction.atomic():
        made.reviews.create(reviewer=world.kaisa, verdict=Review.RETURNED, comment="", at=MONDAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"age_min": 9, "age_max": 8},
        {"group_min": 9, "group_max": 8},
        {"duration_min": 9, "duration_max": 8},
        {"visibility": "network"},
        {"published_at": MONDAY},
    ],
)
def test_the_database_refuses_what_cannot_be(method, changes):
    made = method(state="draft")
    with pytest.raises(IntegrityError), transaction.atomic():
        Method.objects.filter(pk=made.pk).update(**changes)


def test_the_database_refuses_a_phase_of_development_for_a_method(method, words):
    made = method(state="draft")
    with pytest.raises(IntegrityError), transaction.atomic():
        Method.objects.filter(pk=made.pk).update(stage=words["valmis"])


def test_states_follow_from_dates_in_the_database_and_on_the_row(method):
    made = {state: method(state=state, at=MONDAY + timedelta(days=n)) for n, state in enumerate(Method.STATES)}
    assert {state: row.state for state, row in made.items()} == {state: state for state in Method.STATES}
    assert {state: list(Method.objects.in_state(state)) for state in made} == {s: [row] for s, row in made.items()}
