"""Countable actions and dated events of an operating model, and what they add up to."""

from datetime import date

import pytest

from methods.models import Action
from tests.methods.conftest import MONDAY

ROOM = "/en/methods/"


@pytest.fixture
def model(method, words):
    """Aino's published operating model."""
    return method(
        "Kehittäjätyöryhmä",
        kind="model",
        stage=words["kokeilu"],
        basic_idea="Idea.",
        environment="Ympäristö.",
        target_understanding="Nuoret.",
        conditions=["Aikaa."],
        tips_for_adopters=["Aloita pienestä."],
    )


@pytest.fixture
def done(world, model):
    """done("Workshops", from, to=None, occasions=…, people=…) stores a row."""

    def record(what, starts_on, ends_on=None, other_kind="Työpaja", **counts):
        row = Action(what=what, starts_on=starts_on, ends_on=ends_on, other_kind=other_kind, **counts)
        row.record(model, world.aino, MONDAY)
        return row

    return record


def typed(**other):
    return {"other_kind": "Survey", "what": "Survey 2021", "starts_on": "2021-03-01", "occasions": "1", **other}


@pytest.mark.parametrize(
    ("person", "status"), [(None, 302), ("niilo", 403), ("matti", 404), ("kerttu", 404), ("aino", 302), ("kaisa", 302)]
)
def test_its_authors_and_the_coordinator_write_rows(world, model, client, person, status):
    if person:
        client.force_login(getattr(world, person))
    assert client.post(f"{ROOM}{model.slug}/actions/", typed(people="18")).status_code == status
    written = person in ("aino", "kaisa")
    assert list(Action.objects.values_list("what", "occasions", "people")) == [("Survey 2021", 1, 18)] * written


def test_a_word_of_the_vocabulary_names_the_kind(world, model, sign_in, term):
    kind = term("action_kinds", "paneeli")
    sign_in(world.aino).post(f"{ROOM}{model.slug}/actions/", typed(kind=kind.pk, other_kind=""))
    assert Action.objects.get().kind_words == "Paneeli"


@pytest.mark.parametrize(
    "wrong", [{"other_kind": ""}, {"what": ""}, {"starts_on": ""}, {"ends_on": "2021-02-28"}, {"source_url": "x:y"}]
)
def test_what_cannot_be_counted_is_refused(world, model, sign_in, wrong):
    assert sign_in(world.aino).post(f"{ROOM}{model.slug}/actions/", typed(**wrong)).status_code == 422
    assert Action.objects.count() == 0


def test_an_activity_has_no_actions(world, method, sign_in):
    assert sign_in(world.aino).get(f"{ROOM}{method().slug}/actions/").status_code == 404


def test_rows_stand_on_the_page_and_are_changed_removed_and_put_back(world, model, done, sign_in, client):
    row = done("Workshops", date(2026, 3, 3), date(2026, 5, 12), occasions=11, people=223)
    assert list(client.get(model.get_absolute_url()).context["actions"]) == [row]
    client = sign_in(world.aino)
    client.post(f"{ROOM}actions/{row.pk}/", typed(what="Changed"))
    removed = client.post(f"{ROOM}actions/{row.pk}/remove/")
    page = client.get(removed["Location"])
    assert (list(page.context["actions"]), page.context["removed_action"]) == ([], row)
    client.post(f"{ROOM}actions/{row.pk}/remove/", {"put_back": "1"})
    assert Action.objects.kept().get().what == "Changed"


@pytest.mark.parametrize("person", ["matti", "kerttu"])
def test_others_do_not_change_a_row(world, done, sign_in, person):
    row = done("Panel", date(2026, 5, 20))
    client = sign_in(getattr(world, person))
    assert client.post(f"{ROOM}actions/{row.pk}/", typed()).status_code == 404
    assert client.post(f"{ROOM}actions/{row.pk}/remove/").status_code == 404


def test_each_row_counts_in_the_period_in_which_it_was_over(done):
    done("Over the turn of the year", date(2025, 12, 1), date(2026, 1, 31), occasions=11, people=223)
    done("Last year", date(2025, 12, 16), occasions=2, people=41)
    done("A panel", date(2026, 12, 31), other_kind="Paneeli", people=4)
    done("Meetings", date(2026, 2, 1), occasions=10)
    years = {
        year: Action.objects.in_period(date(year, 1, 1), date(year, 12, 31)).totals() for year in (2025, 2026, 2027)
    }
    assert years == {
        2025: {"rows": 1, "occasions": 2, "people": 41},
        2026: {"rows": 3, "occasions": 22, "people": 227},
        2027: {"rows": 0, "occasions": 0, "people": 0},
    }
    kinds = Action.objects.in_period(date(2026, 1, 1), date(2026, 12, 31)).by_kind()
    assert [(kind, sums["occasions"]) for kind, sums in kinds] == [("Työpaja", 21), ("Paneeli", 1)]
