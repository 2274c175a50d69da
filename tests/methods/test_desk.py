"""The method bank on the coordinator's desk."""

import pytest
from django.urls import reverse

from methods.models import Method
from outbox.models import Delivery

LIST = reverse("admin:methods_method_changelist")


def change(method):
    return reverse("admin:methods_method_change", args=[method.pk])


def sent(client, method):
    """The form of the desk as it stands, ready to be sent again."""
    form = client.get(change(method)).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in values.items() if value is not None}
    steps = list(method.steps.in_order())
    data |= {"steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": len(steps)}
    for others in ("reviews", "attachments"):
        data |= {f"{others}-TOTAL_FORMS": 0, f"{others}-INITIAL_FORMS": 0}
    for number, step in enumerate(steps):
        row = {"id": step.pk, "method": method.pk, "order": step.order, "title": step.title, "text": step.text}
        data |= {f"steps-{number}-{name}": value for name, value in row.items()}
    return data


@pytest.mark.parametrize(("person", "status"), [("kaisa", 200), ("ulla", 200), ("kerttu", 302), ("aino", 302)])
def test_the_desk_shows_methods_of_the_own_area(world, method, client, person, status):
    made = method(state="waiting")
    client.force_login(getattr(world, person))
    assert client.get(change(made)).status_code == status


@pytest.mark.parametrize("state", Method.STATES)
def test_the_list_can_be_narrowed_by_state(world, method, sign_in, state):
    made = {each: method(f"Menetelmä {each}", state=each) for each in Method.STATES}
    shown = sign_in(world.kaisa).get(LIST, {"state": state}).context["cl"].queryset
    assert list(shown) == [made[state]]


def test_the_action_publishes_and_writes_to_the_authors(world, method, sign_in):
    others, own = method(state="waiting"), method("Oma", state="waiting", author=world.kaisa)
    chosen = {"action": "publish", "_selected_action": [others.pk, own.pk]}
    sign_in(world.kaisa).post(LIST, chosen)
    assert {row.slug: row.state for row in Method.objects.all()} == {others.slug: "published", own.slug: "waiting"}
    assert list(Delivery.objects.values_list("kind", "recipient")) == [("method-accepted", "aino@example.org")]


def test_the_action_does_not_reach_into_another_area(world, method, sign_in):
    made = method(state="waiting")
    sign_in(world.kerttu).post(LIST, {"action": "publish", "_selected_action": [made.pk]})
    made.refresh_from_db()
    assert made.state == "waiting"


def test_what_is_changed_on_the_desk_is_found_at_once(world, method, sign_in):
    made = method()
    client = sign_in(world.kaisa)
    answer = client.post(change(made), sent(client, made) | {"goal": "Jalkapalloa kaikille", "keywords": ""})
    assert answer.status_code == 302, answer.context["errors"]
    assert list(Method.objects.matching("jalkapallo")) == [made]


def test_a_published_method_is_not_left_incomplete_by_the_desk_and_what_was_typed_comes_back(world, method, sign_in):
    made = method(goal="Vanha tavoite")
    client = sign_in(world.kaisa)
    typed = {"goal": "", "keywords": "", "title": "Pitkään mietitty nimi", "steps-0-text": "Pitkään mietitty askel"}
    answer = client.post(change(made), sent(client, made) | typed)
    made.refresh_from_db()
    stored = (made.goal, made.title, made.steps.filter(text="Pitkään mietitty askel").count())
    assert stored == ("Vanha tavoite", "Välituntikello", 0)
    form = answer.context["adminform"].form
    assert (answer.status_code, list(form.errors), form["title"].value()) == (200, ["goal"], "Pitkään mietitty nimi")
    assert "Pitkään mietitty askel" in answer.text


def test_an_author_whom_the_coordinator_could_not_choose_stays(world, method, sign_in):
    made = method()
    made.co_authors.set([world.kerttu])
    Method.objects.filter(pk=made.pk).update(author=world.ulla)
    client = sign_in(world.kaisa)
    typed = {"author": world.ulla.pk, "co_authors": world.kerttu.pk, "keywords": "", "title": "Uusi nimi"}
    answer = client.post(change(made), sent(client, made) | typed)
    assert answer.status_code == 302, answer.context["errors"]
    made.refresh_from_db()
    assert (made.title, made.author, list(made.co_authors.all())) == ("Uusi nimi", world.ulla, [world.kerttu])
    answer = client.post(change(made), sent(client, made) | typed | {"author": world.eetu.pk})
    assert list(answer.context["adminform"].form.errors) == ["author"]


def test_dates_of_a_life_cannot_be_typed(world, method, sign_in):
    made = method(state="waiting")
    client = sign_in(world.kaisa)
    client.post(change(made), sent(client, made) | {"keywords": "", "published_at": "2026-01-01T09:00", "area": 0})
    made.refresh_from_db()
    assert (made.state, made.area) == ("waiting", world.area)
