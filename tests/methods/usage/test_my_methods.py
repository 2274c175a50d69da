"""Collections and session plans: made, arranged, shared, copied."""

from datetime import date, time, timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from methods.models import Collection, SessionPlan
from tests.methods.conftest import MONDAY

ROOM = "/en/methods/"


@pytest.fixture
def collection(world, method):
    """Aino's collection of a public method and one for members."""
    made = Collection(title="Materials")
    made.start(world.aino, MONDAY)
    made.add(method("Julkinen menetelmä"), MONDAY)
    made.add(method("Jäsenten menetelmä", visibility="members"), MONDAY)
    return made


@pytest.fixture
def plan(world, method):
    """Aino's plan: a method of ten minutes, then coffee."""
    made = SessionPlan(title="Ryhmäilta", begins=time(17), ends=time(18))
    made.start(world.aino, MONDAY)
    made.add(method("Julkinen menetelmä"), MONDAY)
    return made


def rows(items, **changes):
    """What a browser sends of rows: changes["0-note"] and so on for something else."""
    sent = {"form-TOTAL_FORMS": len(items), "form-INITIAL_FORMS": len(items)}
    for number, item in enumerate(items):
        sent |= {f"form-{number}-id": item.pk, f"form-{number}-place": item.order, f"form-{number}-note": item.note}
    return sent | {f"form-{name}": value for name, value in changes.items()}


def titles(collection):
    return [item.method.title for item in collection.items.in_order()]


def test_a_collection_is_begun_with_a_day_and_filled_from_the_page_of_a_method(world, method, sign_in):
    client = sign_in(world.matti)
    client.post(f"{ROOM}collections/new/", {"title": "Materials of 20.1.", "held_on": "2027-01-20"})
    made = Collection.objects.get()
    assert (made.owner, made.title, made.held_on) == (world.matti, "Materials of 20.1.", date(2027, 1, 20))
    for slug in (method().slug, method("Toinen menetelmä").slug, method("Kolmas menetelmä").slug):
        client.post(f"{ROOM}{slug}/collect/", {"collection": made.pk})
        client.post(f"{ROOM}{slug}/collect/", {"collection": made.pk})
    assert titles(made) == ["Välituntikello", "Toinen menetelmä", "Kolmas menetelmä"]
    client.post(f"{ROOM}{slug}/collect/", {"title": "New one"})
    assert titles(Collection.objects.get(title="New one")) == ["Kolmas menetelmä"]


@pytest.mark.parametrize("number", ["", "0", "x", "²", "99999999999999999999"])
def test_a_collection_that_is_not_there_takes_nothing(world, method, sign_in, number):
    assert sign_in(world.matti).post(f"{ROOM}{method().slug}/collect/", {"collection": number}).status_code == 404


def test_rows_are_put_in_order_noted_and_taken_away(world, collection, method, sign_in):
    collection.add(method("Kolmas menetelmä"), MONDAY)
    items = list(collection.items.in_order())
    sent = rows(items, **{"0-place": 9, "1-drop": "on", "2-note": "Aloita tästä"})
    assert sign_in(world.aino).post(f"{ROOM}collections/{collection.pk}/", sent).status_code == 302
    assert titles(collection) == ["Kolmas menetelmä", "Julkinen menetelmä"]
    assert [item.note for item in collection.items.in_order()] == ["Aloita tästä", ""]


def test_arranging_keeps_what_is_not_shown_now(world, collection, sign_in):
    """An archived method is not listed, and not lost either."""
    first, second = collection.items.in_order()
    second.method.archive(MONDAY)
    client = sign_in(world.aino)
    assert len(client.get(f"{ROOM}collections/{collection.pk}/").context["formset"].forms) == 1
    client.post(f"{ROOM}collections/{collection.pk}/", rows([first]))
    assert collection.items.count() == 2


@pytest.mark.parametrize("person", ["matti", "kaisa", "ulla"])
def test_a_collection_is_its_owners_alone(world, collection, sign_in, person):
    client = sign_in(getattr(world, person))
    for page in ("", "edit/", "share/", "remove/"):
        assert client.post(f"{ROOM}collections/{collection.pk}/{page}").status_code == 404


def test_a_link_shows_each_reader_only_what_the_reader_may_see(world, collection, client):
    client.force_login(world.aino)
    client.post(f"{ROOM}collections/{collection.pk}/share/")
    path = urlsplit(client.get(f"{ROOM}collections/{collection.pk}/").context["shared_url"]).path
    seen = {}
    for person in (None, "eetu", "matti"):
        reader = Client()
        if person:
            reader.force_login(getattr(world, person))
        seen[person] = [item.method.title for item in reader.get(path).context["items"]]
    public = ["Julkinen menetelmä"]
    assert seen == {None: public, "eetu": public, "matti": [*public, "Jäsenten menetelmä"]}


def test_a_link_is_renewed_and_stopped(world, collection, sign_in):
    client, share = sign_in(world.aino), f"{ROOM}collections/{collection.pk}/share/"

    def answers(token):
        return Client().get(f"{ROOM}shared/{token}/").status_code

    unshared = collection.token
    assert answers(unshared) == 404
    client.post(share)
    first = Collection.objects.get().token
    assert answers(first) == 200
    client.post(share, {"action": "renew"})
    second = Collection.objects.get().token
    assert (answers(first), answers(second)) == (404, 200)
    client.post(share, {"action": "stop"})
    client.post(share)
    third = Collection.objects.get().token
    assert (answers(second), answers(third), answers(third[:-1]), answers("x")) == (404, 200, 404, 404)
    client.post(f"{ROOM}collections/{collection.pk}/remove/")
    assert answers(third) == 404


def test_a_removed_collection_is_put_back(world, collection, sign_in):
    client = sign_in(world.aino)
    removed = client.post(f"{ROOM}collections/{collection.pk}/remove/")
    assert removed["Location"] == f"{ROOM}shelf/?removed={collection.pk}"
    page = client.get(removed["Location"])
    assert (page.context["removed_collection"], list(page.context["collections"])) == (collection, [])
    client.post(f"{ROOM}collections/{collection.pk}/remove/", {"put_back": "1"})
    assert list(client.get(f"{ROOM}shelf/").context["collections"]) == [collection]


def test_a_plan_runs_its_clock_and_warns_when_it_goes_over(world, plan, sign_in):
    part = plan.parts.get()
    assert (part.title, part.minutes) == ("Julkinen menetelmä", 10)
    sent = rows([part], **{"TOTAL_FORMS": 3, "0-title": part.title, "0-minutes": 50, "0-form": "group"})
    sent |= {"form-1-title": "Kahvi", "form-1-minutes": 15, "form-1-place": 1, "form-0-place": 2}
    client = sign_in(world.aino)
    assert client.post(f"{ROOM}session-plans/{plan.pk}/", sent).status_code == 302
    page = client.get(f"{ROOM}session-plans/{plan.pk}/")
    slots = [(slot.part.title, slot.begins, slot.ends) for slot in page.context["slots"]]
    assert slots == [("Kahvi", time(17), time(17, 15)), ("Julkinen menetelmä", time(17, 15), time(18, 5))]
    assert (page.context["minutes"], page.context["over"]) == (65, 5)


@pytest.mark.parametrize("wrong", [{"1-minutes": ""}, {"1-minutes": "0"}, {"1-title": ""}, {"1-role": "king"}])
def test_a_part_without_a_title_or_time_is_refused_and_nothing_changes(world, plan, sign_in, wrong):
    part = plan.parts.get()
    sent = rows([part], **{"TOTAL_FORMS": 3, "0-title": "Toinen", "0-minutes": 50})
    sent |= {"form-1-title": "Kahvi", "form-1-minutes": 15} | {f"form-{name}": value for name, value in wrong.items()}
    assert sign_in(world.aino).post(f"{ROOM}session-plans/{plan.pk}/", sent).status_code == 422
    assert plan.parts.get().title == "Julkinen menetelmä"


def test_a_plan_becomes_an_agenda(world, plan):
    part = plan.parts.get()
    part.form, part.role, part.who, part.note = "discussion", "opener", "kokemusasiantuntija", "Tuolit piiriin"
    plan.arrange([part], [], MONDAY)
    [(title, minutes, text)] = plan.as_agenda()
    assert (title, minutes, text.splitlines()[1]) == ("Julkinen menetelmä", 10, "Tuolit piiriin")
    assert text.splitlines()[0].endswith(": kokemusasiantuntija")


def test_a_plan_is_copied_with_its_parts(world, plan, sign_in):
    copied = sign_in(world.aino).post(f"{ROOM}session-plans/{plan.pk}/copy/")
    twin = SessionPlan.objects.exclude(pk=plan.pk).get()
    assert copied["Location"] == f"{ROOM}session-plans/{twin.pk}/edit/"
    assert (twin.as_agenda(), twin.held_on, twin.begins) == (plan.as_agenda(), None, time(17))
    assert plan.parts.count() == 1


@pytest.mark.parametrize("person", ["matti", "kaisa", "ulla"])
def test_a_plan_is_its_owners_alone(world, plan, sign_in, person):
    client = sign_in(getattr(world, person))
    for page in ("", "edit/", "copy/", "remove/"):
        assert client.post(f"{ROOM}session-plans/{plan.pk}/{page}").status_code == 404


def test_an_end_before_the_beginning_is_refused(world, sign_in):
    sent = {"title": "Ilta", "begins": "17:00", "ends": "16:00"}
    assert sign_in(world.aino).post(f"{ROOM}session-plans/new/", sent).status_code == 422
    assert SessionPlan.objects.count() == 0


def test_a_part_outlives_its_method(world, plan):
    plan.parts.get().method.delete()
    assert [slot.part.title for slot in plan.schedule()] == ["Julkinen menetelmä"]


@pytest.mark.parametrize("page", ["shelf/", "collections/{collection}/", "session-plans/{plan}/"])
def test_the_pages_cost_the_same_with_few_rows_and_with_many(world, collection, plan, method, sign_in, page):
    client = sign_in(world.aino)
    path = ROOM + page.format(collection=collection.pk, plan=plan.pk)
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for number in range(10):
        made = method(f"Menetelmä {number}", at=MONDAY + timedelta(minutes=number))
        collection.add(made, MONDAY)
        plan.add(made, MONDAY)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few)
