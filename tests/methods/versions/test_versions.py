"""Versions: who changed what, what differs, going back, and what is no version."""

from datetime import timedelta

import pytest
from django.utils import translation
from pghistory.models import Context

from contacts.models import Term, User
from methods.models import Method, MethodStep, MethodVersion, Review
from methods.versions.changes_in_words import words_changed
from tests.methods.conftest import MONDAY

PLAIN_DIFF = 'Kello <del><span class="visually-hidden">removed: </span>käy</del>'
PLAIN_DIFF += '<ins><span class="visually-hidden">added: </span>seisoo</ins>.'


@pytest.fixture
def edited(world, method, typed, sign_in):
    """A published method of Aino's, changed by herself and then by Kaisa."""
    made = method(goal="Ensimmäinen tavoite")
    edit = f"/en/methods/{made.slug}/edit/"
    sign_in(world.aino).post(edit, typed(goal="Toinen tavoite"))
    sign_in(User.objects.get(pk=world.kaisa.pk)).post(edit, typed(goal="Kolmas tavoite", tips="Vinkki"))
    made.refresh_from_db()
    return made


def entries(client, method):
    return client.get(f"/en/methods/{method.slug}/versions/").context["entries"]


def test_each_save_is_a_version_with_its_author(world, edited, sign_in):
    found = entries(sign_in(world.aino), edited)
    assert [(e.version.goal, e.person) for e in found] == [
        ("Kolmas tavoite", world.kaisa),
        ("Toinen tavoite", world.aino),
        ("Ensimmäinen tavoite", None),
    ]
    assert found[0].changed == ["Goal", "Tips"]


def test_a_save_without_changes_is_no_version(world, edited, typed, sign_in):
    before = edited.versions.count()
    sign_in(world.aino).post(f"/en/methods/{edited.slug}/edit/", typed(goal="Kolmas tavoite", tips="Vinkki"))
    assert edited.versions.count() == before


def test_indexing_reviewing_and_archiving_make_no_version(world, method):
    made = method(state="waiting")
    made.index()
    Review.objects.give(made, world.kaisa, "accepted", "", MONDAY)
    made.verify(MONDAY)
    made.archive(MONDAY)
    assert made.versions.count() == 1


def test_many_rows_changed_at_once_have_versions_too(method):
    made = method()
    Method.objects.update(goal="Kaikille sama")
    assert [version.goal for version in made.versions.newest()] == ["Kaikille sama", "Tavoite."]


def test_steps_and_words_of_the_vocabulary_belong_to_a_version(world, method, words):
    made = method(state="draft")
    made.topics.set([words["ryhmaytyminen"]])
    made.save_changes(MONDAY, [MethodStep(title="Uusi alku", text="Kaikki piiriin.")])
    new, old = made.versions.newest()
    assert new.differs_from(old) == ["topics", "steps"]
    assert [step.title for step in old.steps()] == ["Aloitus", "Lopetus"]


def test_two_versions_are_compared_word_by_word(world, edited, sign_in):
    client = sign_in(world.aino)
    new, _middle, old = (entry.version for entry in entries(client, edited))
    changes = client.get(f"/en/methods/{edited.slug}/versions/", {"old": old.pk, "new": new.pk}).context["changes"]
    told = dict(changes)
    assert "Ensimmäinen</del>" in told["Goal"] and "Kolmas</ins>" in told["Goal"]
    assert told["Goal"].endswith(" tavoite")


def test_words_that_went_and_came_are_told_to_every_reader():
    with translation.override("en"):
        assert words_changed("Kello käy.", "Kello seisoo.") == PLAIN_DIFF
    assert "<script>" not in words_changed("a", "<script>")


def test_going_back_is_a_new_version_with_steps_and_words(world, edited, sign_in):
    client = sign_in(world.aino)
    first = entries(client, edited)[-1].version
    assert client.post(f"/en/methods/{edited.slug}/versions/{first.pk}/restore/").status_code == 302
    edited.refresh_from_db()
    assert (edited.goal, edited.tips, edited.versions.count()) == ("Ensimmäinen tavoite", [], 4)
    assert [step.title for step in edited.steps.in_order()] == ["Aloitus", "Lopetus"]
    assert Method.objects.matching("ensimmäinen").count() == 1
    assert entries(client, edited)[0].person == world.aino


def test_going_back_shows_it_to_nobody_new(world, method):
    made = method(visibility="public")
    Method.objects.filter(pk=made.pk).update(visibility="members", goal="Vain jäsenille")
    made.refresh_from_db()
    made.versions.with_people().order_by("pk").first().put_back(made, MONDAY)
    made.refresh_from_db()
    assert (made.goal, made.visibility) == ("Tavoite.", "members")


def test_a_published_method_does_not_go_back_to_what_is_incomplete(world, method, typed, sign_in):
    client = sign_in(world.aino)
    made = method(state="draft", goal="")
    edit = f"/en/methods/{made.slug}/edit/"
    client.post(edit, typed(action="submit"))
    Review.objects.give(Method.objects.get(pk=made.pk), world.kaisa, "accepted", "", MONDAY)
    first = made.versions.order_by("pk").first()
    answer = client.post(f"/en/methods/{made.slug}/versions/{first.pk}/restore/", follow=True)
    assert [m.level_tag for m in answer.context["messages"]][-1] == "error"
    made.refresh_from_db()
    assert made.goal == "Nuori saa mielekästä tekemistä."


def test_a_word_that_is_gone_stays_away(world, method, words):
    made = method(state="draft")
    extra = Term.objects.create(list="topics", code="poistuva", fi="Poistuva")
    made.topics.add(extra)
    made.save_changes(MONDAY)
    made.topics.remove(extra)
    made.save_changes(MONDAY)
    extra.delete()
    made.versions.with_people().order_by("-pk")[1].put_back(made, MONDAY)
    assert list(made.topics.all()) == [words["osallisuus"]]


@pytest.mark.parametrize(
    ("person", "status"),
    [(None, 302), ("niilo", 403), ("matti", 404), ("eetu", 404), ("kerttu", 404), ("aino", 200), ("kaisa", 200)],
)
def test_versions_are_for_the_authors_and_the_coordinator(world, method, client, person, status):
    made = method()
    if person:
        client.force_login(getattr(world, person))
    assert client.get(f"/en/methods/{made.slug}/versions/").status_code == status
    restored = client.post(f"/en/methods/{made.slug}/versions/{made.versions.get().pk}/restore/")
    assert restored.status_code == (302 if status == 200 else status)


def test_a_version_of_another_method_cannot_be_restored_here(world, method, sign_in):
    made, other = method(), method("Toisen menetelmä", author=world.matti)
    path = f"/en/methods/{made.slug}/versions/{other.versions.get().pk}/restore/"
    assert sign_in(world.aino).post(path).status_code == 404


def test_the_list_asks_as_much_for_many_versions_as_for_few(world, method, sign_in, django_assert_num_queries):
    made = method()
    client = sign_in(world.aino)
    path = f"/en/methods/{made.slug}/versions/"
    client.get(path)
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        client.get(path)
    for number in range(25):
        made.goal = f"Tavoite {number}"
        made.save_changes(MONDAY + timedelta(hours=number))
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        client.get(path)


QUERIES_OF_THE_LIST = 8


def test_only_the_number_of_the_person_is_kept_beside_a_version(world, edited):
    assert {frozenset(context.metadata) for context in Context.objects.all()} == {frozenset({"user"})}
    world_pks = {context.metadata["user"] for context in Context.objects.all()}
    assert world_pks == {world.aino.pk, world.kaisa.pk}


def test_versions_go_with_their_method(method):
    method().delete()
    assert MethodVersion.objects.count() == 0
