"""The list of the method bank: facets in the address, chips, orders, and the cost of a page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from methods.faceted_search import filters
from methods.models import Findable, MethodStep
from tests.methods.conftest import MONDAY

LIST = "/en/methods/"


def queries():
    """Counts what the database is asked."""
    return CaptureQueriesContext(connection)


@pytest.fixture
def titles(client):
    """titles("?kind=method") gives what the list shows."""

    def shown(query=""):
        answer = client.get(LIST + query)
        assert answer.status_code == 200
        return [method.title for method in answer.context["page"]]

    return shown


def test_only_published_methods_are_listed_the_newest_first(method, titles):
    for number, state in enumerate(["published", "draft", "waiting", "returned", "archived", "published"]):
        method(f"Menetelmä {number}", state=state, at=MONDAY + timedelta(days=number))
    assert titles() == ["Menetelmä 5", "Menetelmä 0"]


def test_an_own_draft_is_not_in_the_bank(world, method, sign_in, titles):
    method(state="draft")
    sign_in(world.aino)
    assert titles() == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?kind=method", ["Pariharjoitus", "Välituntikello"]),
        ("?kind=model", ["Nuorisoauto"]),
        ("?kind=model&kind=method", ["Nuorisoauto", "Pariharjoitus", "Välituntikello"]),
        ("?topic=ryhmaytyminen", ["Pariharjoitus"]),
        ("?topic=ryhmaytyminen&topic=osallisuus", ["Nuorisoauto", "Pariharjoitus", "Välituntikello"]),
        ("?topic=ryhmaytyminen&kind=model", []),
        ("?age=12", ["Nuorisoauto", "Välituntikello"]),
        ("?age=20", ["Nuorisoauto", "Pariharjoitus"]),
        ("?group_size=pari", ["Pariharjoitus"]),
        ("?group_size=ryhma", ["Välituntikello"]),
        ("?group_size=ryhma&group_size=pari", ["Pariharjoitus", "Välituntikello"]),
        ("?duration=alle-15", ["Välituntikello"]),
        ("?duration=46-90", ["Pariharjoitus"]),
        ("?duration=jatkuva", ["Nuorisoauto"]),
        ("?language=sv", ["Pariharjoitus"]),
        ("?preparation=kevyt", ["Pariharjoitus", "Välituntikello"]),
        ("?setting=nuorisotila&target_group=ylakoululaiset", ["Nuorisoauto", "Pariharjoitus", "Välituntikello"]),
        ("?topic=olematon", ["Nuorisoauto", "Pariharjoitus", "Välituntikello"]),
        ("?age=abc&kind=x&nonsense=1&author=1&published_at=2020", ["Nuorisoauto", "Pariharjoitus", "Välituntikello"]),
        ("?topics__code__in=ryhmaytyminen", ["Nuorisoauto", "Pariharjoitus", "Välituntikello"]),
        ("?page=999", ["Nuorisoauto", "Pariharjoitus", "Välituntikello"]),
    ],
)
def test_facets_narrow_the_list(method, titles, words, query, expected):
    method()
    pair = {"age_min": 18, "age_max": 25, "group_min": 2, "group_max": 2, "duration_min": 60, "duration_max": 90}
    lists = {"topics": ["osallisuus", "ryhmaytyminen"], "languages": ["fi", "sv"]}
    method("Pariharjoitus", at=MONDAY + timedelta(days=1), **pair, **lists)
    empty = dict.fromkeys(
        ["age_min", "age_max", "group_min", "group_max", "duration_min", "duration_max", "preparation"]
    )
    model = {"basic_idea": "x", "environment": "x", "target_understanding": "x", "stage": words["kokeilu"]}
    more = {"conditions": ["x"], "tips_for_adopters": ["x"]}
    method("Nuorisoauto", kind="model", at=MONDAY + timedelta(days=2), **empty, **model, **more)
    assert titles(query) == expected


def test_every_choice_is_a_chip_that_takes_itself_away(method, client):
    method()
    found = client.get(LIST + "?q=kello&topic=osallisuus&topic=ryhmaytyminen&age=13&page=1&nonsense=1").context[
        "filter"
    ]
    assert [(chip.label, chip.url) for chip in found.chips] == [
        ("”kello”", "?topic=osallisuus&topic=ryhmaytyminen&age=13&nonsense=1"),
        ("Osallisuus", "?q=kello&topic=ryhmaytyminen&age=13&nonsense=1"),
        ("Ryhmaytyminen", "?q=kello&topic=osallisuus&age=13&nonsense=1"),
        ("13 years", "?q=kello&topic=osallisuus&topic=ryhmaytyminen&nonsense=1"),
    ]


def test_an_empty_result_says_so_and_leads_back(method, client):
    method()
    html = client.get(LIST + "?q=olematon").content.decode()
    assert "0 methods" in html
    assert "No method fits what you chose." in html


def test_the_best_match_comes_first_unless_the_newest_are_asked_for(method, titles, client):
    method("Kellopeli")
    method("Toinen menetelmä", goal="Tässä mainitaan kellopeli.", at=MONDAY + timedelta(days=1))
    assert titles("?q=kellopeli") == ["Kellopeli", "Toinen menetelmä"]
    assert titles("?q=kellopeli&order=newest") == ["Toinen menetelmä", "Kellopeli"]
    offered = {
        query: [way.label for way in client.get(LIST + query).context["filter"].orders] for query in ("", "?q=x")
    }
    assert offered[""] == ["Newest first", "Most tried first"]
    assert offered["?q=x"] == ["Best match first", "Newest first", "Most tried first"]


def test_what_was_tried_most_comes_first_when_asked_for(method, titles):
    for number, trials in enumerate([0, 3, 0, 5]):
        Findable.objects.filter(method=method(f"Menetelmä {number}", at=MONDAY + timedelta(days=number))).update(
            trial_count=trials
        )
    assert titles("?order=tried") == ["Menetelmä 3", "Menetelmä 1", "Menetelmä 2", "Menetelmä 0"]
    assert titles("?order=nonsense") == titles("") == [f"Menetelmä {number}" for number in (3, 2, 1, 0)]


def test_pages_follow_each_other_and_keep_the_choices(method, client, titles):
    for number in range(26):
        method(f"Menetelmä {number:02}", at=MONDAY + timedelta(minutes=number))
    first, second = titles("?kind=method"), titles("?kind=method&page=2")
    assert first + second == [f"Menetelmä {number:02}" for number in reversed(range(26))]
    assert b"kind=method&amp;page=2" in client.get(LIST + "?kind=method").content


def test_where_the_ranked_ones_end_no_method_is_shown_twice_or_left_out(method, titles, monkeypatch):
    assert filters.RANKED % filters.PER_PAGE == 0
    monkeypatch.setattr(filters, "RANKED", filters.PER_PAGE)
    made = [method(f"Kellopeli {number:02}").title for number in range(filters.PER_PAGE + 6)]
    assert titles("?q=kellopeli") + titles("?q=kellopeli&page=2") == made[::-1]


@pytest.mark.parametrize("who", [None, "aino", "kaisa"])
@pytest.mark.parametrize("query", ["", "?q=menetelma&topic=osallisuus&age=13&kind=method"])
def test_the_list_costs_the_same_with_one_and_with_25(world, method, client, who, query):
    if who:
        client.force_login(getattr(world, who))
    method("Menetelmä 0", topics=["osallisuus"])
    client.get(LIST + query)
    with queries() as one:
        client.get(LIST + query)
    for number in range(1, 25):
        method(f"Menetelmä {number}", topics=["osallisuus", "ryhmaytyminen"])
    with queries() as many:
        client.get(LIST + query)
    assert len(many) == len(one)
    # in a test the request's transaction is a savepoint inside the test's own, which is two statements more
    asked = [each["sql"] for each in many.captured_queries if "SAVEPOINT" not in each["sql"]]
    assert len(asked) <= 10


@pytest.mark.parametrize("address", ["mine/", "reviews/"])
def test_the_lists_of_authors_and_coordinators_cost_the_same_too(world, method, sign_in, address):
    client = sign_in(world.kaisa)
    author = world.kaisa if address == "mine/" else world.aino
    method("Menetelmä 0", state="waiting", author=author)
    client.get(LIST + address)
    with queries() as one:
        client.get(LIST + address)
    for number in range(1, 24):
        method(f"Menetelmä {number}", state="waiting", author=author)
    with queries() as many:
        client.get(LIST + address)
    assert len(many) == len(one)


def test_a_page_of_one_method_costs_the_same_with_many_steps_and_adaptations(world, method, client, words):
    made = method()
    page = f"{LIST}{made.slug}/"
    client.get(page)
    with queries() as one:
        client.get(page)
    made.save_changes(MONDAY, [MethodStep(title=f"Vaihe {number}") for number in range(12)])
    made.topics.set([words["osallisuus"], words["ryhmaytyminen"]])
    for number in range(5):
        method(f"Muunnelma {number}", derived_from=made, credits="Kiitos.")
    with queries() as many:
        client.get(page)
    assert len(many) == len(one)
    assert len(many) <= 10
