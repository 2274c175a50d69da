"""An address that leads nowhere is met by a search and the pages whose addresses are nearest."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.leaks import assert_not_leaked
from tests.permissions.scene import build
from tests.permissions.test_pages import signed_in


@pytest.fixture
def scene(world, term):
    return build(world, term)


def near(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    return [page.title for page in answer.context["nearest"]]


def rename(row, slug, **more):
    type(row).objects.filter(pk=row.pk).update(slug=slug, **more)


@pytest.mark.parametrize(
    "path", ["/tapaamiset/kevatseminaari-2027-01/", "/kevatseminari", "/sv/x/kevat-seminaari-2026/"]
)
def test_a_cut_or_mistyped_address_leads_to_the_page_that_was_meant(client, scene, path):
    rename(scene.meeting, "kevatseminaari-2027", title="Kevätseminaari")
    assert near(client, path)[0] == "Kevätseminaari"


@pytest.mark.parametrize("role", [None, "niilo", "aino", "kaisa", "ulla"])
def test_nothing_hidden_is_named_to_anybody(world, scene, role):
    for name in ("meeting_members", "meeting_closed", "meeting_draft", "method_members", "method_draft", "news_draft"):
        rename(getattr(scene, name), f"kanarialintu-{name}".replace("_", "-"), title="Kanarian salaisuus")
    rename(scene.network_closed, "kanarialintu", name_fi="Kanarian salaisuus")
    client = signed_in(getattr(world, role) if role else None)
    answer = client.get("/kanarialintu-meeting-closed-x/")
    assert (answer.status_code, answer.context["nearest"]) == (404, [])
    assert_not_leaked("Kanarian salaisuus", answer)


def test_what_is_hidden_and_what_is_not_there_look_the_same(client, scene):
    hidden = client.get(f"/tapaamiset/{scene.meeting_closed.slug}/")
    absent = client.get("/tapaamiset/suljettx/")
    bodies = [a.content.decode().replace("suljettx", scene.meeting_closed.slug) for a in (hidden, absent)]
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("path", ["/wp-login.php", "/.env", "/a/", "/" + "x" * 500, "/%F0%9F%99%82/", "/a'b/", "/%25/"])
def test_doors_that_programs_try_cost_no_search(client, scene, path):
    assert near(client, path) == []


@pytest.mark.parametrize("role, most", [(None, 3), ("aino", 5)])
def test_the_page_costs_few_queries(world, scene, role, most):
    """The house and its pages at the foot, which are remembered for a minute, and the search; the reader besides."""
    client = signed_in(getattr(world, role) if role else None)
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/kevatseminaari/").status_code == 404
    assert len(asked) <= most, [q["sql"][:90] for q in asked]
