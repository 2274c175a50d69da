"""Changes of published methods that may show somebody's data: warned of, held, read by the coordinator."""

import pytest
from django.test import Client
from django.urls import reverse

from methods.models import Incomplete, Method, WorkingCopy

CALLED = "Kysy numerosta 040 123 4567."


@pytest.fixture
def change(world, method, typed):
    """change(person, **fields) sends the form of a published method with these fields."""
    made = method(safety="Turvallista.")

    def send(person, **fields):
        client = Client()
        client.force_login(person)
        path = f"/en/methods/{made.slug}/edit/"
        form = client.get(path).context
        stamps = {"serial": form["serial"], "based_on": form["based_on"], "key": made.key}
        return client.post(path, typed(**stamps, **fields))

    send.method = made
    return send


def stored(change):
    change.method.refresh_from_db()
    return change.method.safety


def test_a_change_of_a_published_method_is_warned_of_then_held(world, change, client):
    """Real use 16: readers see the method as it was, until the coordinator has read the change."""
    page = change(world.aino, safety=CALLED)
    assert (page.status_code, page.context["may_be_sent"], len(page.context["personal_data"])) == (422, True, 1)
    assert change(world.aino, safety=CALLED, knowingly="on").status_code == 302
    assert (stored(change), WorkingCopy.objects.get().is_held) == ("Turvallista.", True)
    client.force_login(world.kaisa)
    rows = client.get(reverse("held-texts")).context["rows"]
    assert [(row.kind.code, row.thing) for row in rows] == [("change", change.method)]
    assert CALLED in [text for _label, text, _words in rows[0].texts()]
    client.post(reverse("held-text-answer", args=["change", WorkingCopy.objects.get().pk]), {"show": "1"})
    assert (stored(change), WorkingCopy.objects.count()) == (CALLED, 0)


def test_what_was_there_before_is_not_asked_about_again(world, change):
    """Real use 16: a number that stands in the method stops no other change."""
    Method.objects.filter(pk=change.method.pk).update(safety=CALLED)
    assert change(world.aino, safety=CALLED, goal="Toinen tavoite.").status_code == 302
    assert stored(change) == CALLED


def test_a_change_that_was_held_goes_out_of_date_when_the_method_is_changed(world, change, client):
    """Real use 16: the coordinator never stores a change over a newer text."""
    change(world.aino, safety=CALLED, knowingly="on")
    change(world.kaisa, safety="Uudempi.")
    client.force_login(world.kaisa)
    client.post(reverse("held-text-answer", args=["change", WorkingCopy.objects.held_back().get().pk]), {"show": "1"})
    assert (stored(change), WorkingCopy.objects.count()) == ("Uudempi.", 1)


def test_writing_on_takes_the_change_back_from_the_coordinator(world, change):
    """Real use 16: what waits is what was sent; a change without a number is stored at once."""
    change(world.aino, safety=CALLED, knowingly="on")
    assert change(world.aino, safety="Kysy koululta.").status_code == 302
    assert (stored(change), WorkingCopy.objects.count()) == ("Kysy koululta.", 0)


def test_a_code_keeps_a_method_from_others_however_it_is_sent(world, change, method):
    """Real use 16: neither a change, a sending for review nor a verdict lets it through."""
    page = change(world.aino, safety="Asiakas 131052-308T", knowingly="on")
    assert (page.status_code, page.context["may_be_sent"], stored(change)) == (422, False, "Turvallista.")
    draft = method("Toinen", state="draft", safety="Asiakas 131052-308T")
    assert [lack.field for lack in draft.lacks()] == ["safety"]
    with pytest.raises(Incomplete):
        draft.submit(draft.created_at)


def test_whoever_reviews_is_told_what_to_look_at(world, method, client):
    """Real use 16: a method that waits may hold a number; its reviewer reads so above the verdict."""
    made = method(state="waiting", safety=CALLED)
    client.force_login(world.kaisa)
    assert len(client.get(made.get_absolute_url()).context["personal_data"]) == 1
