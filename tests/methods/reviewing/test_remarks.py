"""Remarks on single sections: given, shown beside the fields, answered; and reading a method again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import User
from methods.models import Method, Remark, Review
from outbox.models import Delivery
from tests.leaks import assert_not_leaked
from tests.methods.conftest import MONDAY

RETURN = {"verdict": "returned", "comment": "Hyvä alku."}


@pytest.fixture
def returned(world, method, sign_in):
    """A method of Aino's that Kaisa has returned with a remark on its steps."""
    made = method(state="waiting")
    client = sign_in(User.objects.get(pk=world.kaisa.pk))
    client.post(f"/en/methods/{made.slug}/review/", RETURN | {"on_steps": "Kerro, mitä tehdään.", "on_what": "  "})
    made.refresh_from_db()
    return made


def test_remarks_are_kept_by_section(returned):
    review = returned.reviews.get()
    assert [(r.section, r.text) for r in review.remarks.all()] == [("steps", "Kerro, mitä tehdään.")]


def test_the_author_reads_them_in_the_letter(returned):
    letter = Delivery.objects.get(kind="method-returned")
    assert ["Hyvä alku." in letter.text, "Vaiheet: Kerro, mitä tehdään." in letter.text] == [True, True]


def test_remarks_alone_are_words_enough(world, method, sign_in):
    made = method(state="waiting")
    client = sign_in(User.objects.get(pk=world.kaisa.pk))
    answer = client.post(f"/en/methods/{made.slug}/review/", {"verdict": "returned", "on_safety": "Entä varoaika?"})
    assert answer.status_code == 302
    assert made.reviews.get().comment == "See the comments on the sections."


def test_a_section_that_the_kind_does_not_have_is_not_asked_about(world, method, sign_in):
    made = method(state="waiting")
    form = sign_in(User.objects.get(pk=world.kaisa.pk)).get(f"/en/methods/{made.slug}/").context["form"]
    assert ("on_model" in form.fields, "on_materials" in form.fields) == (False, True)


def test_they_stand_beside_the_fields_and_are_answered_there(world, returned, typed, sign_in):
    client = sign_in(world.aino)
    edit = f"/en/methods/{returned.slug}/edit/"
    sections = client.get(edit).context["editor"].sections
    assert {s.code: [f.remark.text for f in s.remarks] for s in sections if s.remarks} == {
        "steps": ["Kerro, mitä tehdään."]
    }
    remark = Remark.objects.get()
    name = f"remark-{remark.pk}"
    client.post(edit, typed(**{f"{name}-answer": "Lisäsin ohjeen.", f"{name}-is_done": "on"}))
    remark.refresh_from_db()
    assert (remark.answer, remark.is_done) == ("Lisäsin ohjeen.", True)
    page = sign_in(User.objects.get(pk=world.kaisa.pk)).get(returned.get_absolute_url()).content.decode()
    assert "Lisäsin ohjeen." in page


def test_an_answer_is_autosaved_with_the_rest(world, returned, typed, sign_in):
    client, name = sign_in(world.aino), f"remark-{Remark.objects.get().pk}-answer"
    edit = f"/en/methods/{returned.slug}/edit/"
    client.post(edit, typed(action="autosave", **{name: "Kesken"}))
    (remark,) = client.get(edit).context["editor"].remarks
    assert (remark["answer"].value(), Remark.objects.get().answer) == ("Kesken", "")


def test_a_remark_on_another_method_cannot_be_answered(world, returned, method, typed, sign_in):
    other = method("Toinen menetelmä", state="draft")
    name = f"remark-{Remark.objects.get().pk}"
    sign_in(world.aino).post(f"/en/methods/{other.slug}/edit/", typed(**{f"{name}-answer": "Ohi"}))
    assert Remark.objects.get().answer == ""


def test_the_history_of_reviews_is_for_the_authors_and_the_coordinator(world, returned, typed, sign_in, client):
    sign_in(world.aino).post(f"/en/methods/{returned.slug}/edit/", typed(action="submit"))
    Review.objects.give(Method.objects.get(), world.kaisa, "accepted", "Kiitos!", timezone.now())
    page = sign_in(world.aino).get(returned.get_absolute_url())
    assert [review.verdict for review in page.context["reviews"]] == ["accepted", "returned"]
    client.force_login(world.matti)
    assert_not_leaked("Hyvä alku.", client.get(returned.get_absolute_url()))


@pytest.mark.parametrize(
    ("person", "status"), [(None, 302), ("niilo", 403), ("matti", 404), ("kerttu", 404), ("aino", 302), ("kaisa", 302)]
)
def test_a_published_method_is_checked_again_by_its_author_or_the_coordinator(world, method, client, person, status):
    made = method()
    if person:
        client.force_login(getattr(world, person))
    assert client.post(f"/en/methods/{made.slug}/check/").status_code == status
    made.refresh_from_db()
    assert made.verified_on == (timezone.localdate() if person in ("aino", "kaisa") else MONDAY.date())


def test_a_draft_is_not_checked(world, method, sign_in):
    made = method(state="draft")
    sign_in(world.aino).post(f"/en/methods/{made.slug}/check/")
    made.refresh_from_db()
    assert made.verified_on is None


def test_after_two_years_a_method_is_due_for_checking(method):
    made = method()
    soon, later = MONDAY.date() + timedelta(days=729), MONDAY.date() + timedelta(days=731)
    assert [made.is_old(day) for day in (soon, later)] == [False, True]
    assert [Method.objects.old(day).count() for day in (soon, later)] == [0, 1]
