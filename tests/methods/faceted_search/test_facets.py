"""Live counts beside every choice: they honour the other facets, the words and the reader's rights."""

import re

import pytest
from django.utils import timezone

from methods.models import Method
from search.word_counts import count_all
from tests.methods.conftest import MONDAY

LIST = "/en/methods/"


@pytest.fixture
def counts(client):
    """counts("?topic=x", "setting") gives {choice: count} of one facet."""

    def shown(query, name):
        facets = {facet.name: facet for facet in client.get(LIST + query).context["filter"].facets}
        return {option.value: option.number for option in facets[name].options}

    return shown


@pytest.fixture
def bank(method, words, term, world):
    """Four methods that differ in topic, place, municipality and range."""
    words["koulu"], words["ohjaus"] = term("settings", "koulu"), term("competences", "ohjaus")
    both = ["osallisuus", "ryhmaytyminen"]
    pair = {"group_min": 2, "group_max": 2, "duration_min": 60, "duration_max": 90}
    return [
        method("Kello", topics=["osallisuus"]),
        method("Piiri", topics=["ryhmaytyminen"], settings=["koulu"], competences=["ohjaus"]),
        method("Pari", topics=both, settings=["koulu"], **pair),
        method("Salainen", topics=both, visibility="members", municipality=world.towns.saarijarvi),
    ]


@pytest.fixture(autouse=True)
def competences_too(monkeypatch):
    """The form of a complete method may name competences."""
    from tests.methods import conftest

    monkeypatch.setitem(conftest.LISTS, "competences", [])


def test_counts_tell_what_each_choice_would_leave(bank, counts):
    assert counts("", "topic") == {"osallisuus": 2, "ryhmaytyminen": 2}
    assert counts("", "setting") == {"nuorisotila": 1, "koulu": 2}
    assert counts("", "kind") == {"method": 3, "model": 0}
    assert counts("", "group_size") == {"pari": 1, "ryhma": 2}
    assert counts("", "duration") == {"alle-15": 2, "46-90": 1, "useita-kertoja": 0, "jatkuva": 0}
    assert counts("", "competence") == {"ohjaus": 1}
    assert counts("", "preparation") == {"kevyt": 3}
    assert counts("", "language") == {"fi": 3, "sv": 0}
    assert counts("", "stage") == {"kokeilu": 0, "valmis": 0}


def test_a_choice_narrows_the_other_facets_and_not_its_own(bank, counts):
    assert counts("?topic=osallisuus", "topic") == {"osallisuus": 2, "ryhmaytyminen": 2}
    assert counts("?topic=osallisuus", "setting") == {"nuorisotila": 1, "koulu": 1}
    assert counts("?topic=osallisuus&setting=koulu", "topic") == {"osallisuus": 1, "ryhmaytyminen": 2}
    assert counts("?topic=osallisuus&setting=koulu", "setting") == {"nuorisotila": 1, "koulu": 1}
    assert counts("?q=pari&topic=osallisuus", "setting") == {"nuorisotila": 0, "koulu": 1}
    assert counts("?age=40", "topic") == {"osallisuus": 0, "ryhmaytyminen": 0}


def test_counts_are_those_of_the_reader(world, bank, counts, sign_in):
    assert counts("", "municipality") == {"jyvaskyla": 3}
    sign_in(world.niilo)
    assert counts("", "topic") == {"osallisuus": 2, "ryhmaytyminen": 2}
    sign_in(world.matti)
    assert counts("", "topic") == {"osallisuus": 3, "ryhmaytyminen": 3}
    assert counts("", "municipality") == {"jyvaskyla": 3, "saarijarvi": 1}
    assert counts("?municipality=saarijarvi", "topic") == {"osallisuus": 1, "ryhmaytyminen": 1}


def test_every_count_is_the_length_of_the_list_it_promises(bank, client):
    for query in ("?", "?topic=osallisuus&", "?q=pari&setting=koulu&", "?age=13&"):
        found = client.get(LIST + query).context["filter"]
        for facet in found.facets:
            for option in facet.options:
                if not facet.ticked:
                    page = client.get(f"{LIST}{query}{facet.name}={option.value}").context["page"]
                    assert (query, facet.name, option.value, page.paginator.count) == (
                        query, facet.name, option.value, option.number,
                    )  # fmt: skip


def test_counts_follow_what_happens_to_a_method(bank, counts):
    kello = Method.objects.get(title="Kello")
    kello.archive(MONDAY)
    assert counts("", "topic") == {"osallisuus": 1, "ryhmaytyminen": 2}
    kello.restore()
    Method.objects.filter(title="Salainen").update(visibility="public")
    assert counts("", "topic") == {"osallisuus": 3, "ryhmaytyminen": 3}
    Method.objects.filter(title="Pari").delete()
    assert counts("", "topic") == {"osallisuus": 2, "ryhmaytyminen": 2}


def test_of_choices_partly_unknown_the_known_ones_narrow(bank, client):
    page = client.get(LIST + "?topic=osallisuus&topic=olematon&kind=x&municipality=%FF").context["page"]
    assert {method.title for method in page.object_list} == {"Kello", "Pari"}


@pytest.mark.parametrize(
    "query", ["?age=9999999999999", "?age=-1", "?age=1.5", "?page=x&order=", "?q=%22%22", "?q=-x", "?q=" + "ä" * 3000]
)
def test_no_address_breaks_the_page(bank, client, query):
    assert client.get(LIST + query).status_code == 200


def test_htmx_gets_the_list_and_the_counts_only_and_the_address_is_kept(bank, client):
    answer = client.get(LIST + "?topic=osallisuus&q=&age=&page=1", headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert "<html" not in html
    assert answer["HX-Push-Url"] == f"{LIST}?topic=osallisuus"
    assert "HX-Request" in answer["Vary"]
    assert re.search(r'id="n-setting-koulu" hx-swap-oob="true">\(1\)<', html)
    restored = client.get(LIST, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in restored.content.decode()


def test_nothing_found_offers_to_remove_the_last_filter_and_other_words(bank, client):
    html = client.get(LIST + "?topic=osallisuus&age=99").content.decode()
    assert "Remove the last filter: 99 years" in html
    count_all(timezone.now())
    found = client.get(LIST + "?q=osalisuuss").context["filter"]
    assert found.suggestion == ("osallisuus", "?q=osallisuus")
