"""What others may take along: the feed, the table, the data, the marks in the page, and addresses that lead on."""

import csv
import io
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from methods.models import Method, Review
from methods.open_data import exports

BANK = "/en/methods/"


def data(answer):
    return b"".join(answer.streaming_content).decode()


@pytest.fixture
def bank(method):
    return [
        method("Kello"),
        method("=HYPERLINK(1)", topics=["ryhmaytyminen"], summary="+1"),
        method("Salainen", visibility="members"),
        method("Luonnos", state="draft"),
    ]


def test_the_feed_holds_what_everybody_may_see_and_the_filters_hold(world, bank, client, sign_in):
    sign_in(world.kaisa)
    answer = client.get(BANK + "feed/")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert re.findall(r"<title>(.*?)</title>", answer.text) == ["New methods", "=HYPERLINK(1)", "Kello"]
    narrowed = client.get(BANK + "feed/?topic=osallisuus")
    assert re.findall(r"<title>(.*?)</title>", narrowed.text) == ["New methods: Osallisuus", "Kello"]
    again = client.get(BANK + "feed/", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_list_tells_readers_of_its_feed(client, db):
    assert '<link rel="alternate" type="application/atom+xml"' in client.get(BANK).content.decode()


def test_the_table_opens_in_a_spreadsheet_and_runs_no_formula(world, bank, client, sign_in):
    sign_in(world.kaisa)
    text = data(client.get(BANK + "methods.csv"))
    assert text[0] == "\ufeff"
    rows = list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))
    assert [(row["title"], row["summary"]) for row in rows] == [("'=HYPERLINK(1)", "'+1"), ("Kello", "Lyhyt kuvaus.")]
    assert {row["licence_url"] for row in rows} == {"https://creativecommons.org/licenses/by/4.0/"}
    assert all(row["address"].startswith("http") for row in rows)
    assert list(rows[0]) == exports.COLUMNS == list(exports.row(bank[0]))


def test_the_data_is_json_and_the_filters_hold(bank, client):
    found = json.loads(data(client.get(BANK + "methods.json?topic=osallisuus")))
    assert [each["title"] for each in found["methods"]] == ["Kello"]
    assert found["methods"][0]["steps"] == ["Aloitus", "Lopetus"]
    assert json.loads(data(client.get(BANK + "methods.json?age=99"))) == {"methods": []}


def test_data_is_read_in_pieces(bank, client, monkeypatch):
    data(client.get(BANK + "methods.json"))
    monkeypatch.setattr(exports, "CHUNK", 1)
    with CaptureQueriesContext(connection) as two:
        assert len(json.loads(data(client.get(BANK + "methods.json")))["methods"]) == 2
    monkeypatch.setattr(exports, "CHUNK", 200)
    with CaptureQueriesContext(connection) as one:
        data(client.get(BANK + "methods.json"))
    assert len(two) - len(one) == 7  # rows, five lists and steps once more


def test_a_public_method_tells_machines_what_it_is(world, method, client):
    made = method("Kello</script><b>", materials=["Kello"])
    html = client.get(f"{BANK}{made.slug}/").content.decode()
    told = json.loads(re.search(r'<script type="application/ld\+json" nonce="[^"]+">(.*?)</script>', html)[1])
    assert (told["name"], told["timeRequired"], told["typicalAgeRange"]) == ("Kello</script><b>", "PT15M", "12-16")
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [step["name"] for step in told["step"]] == ["Aloitus", "Lopetus"]
    assert told["audience"] == [{"@type": "Audience", "audienceType": "Ylakoululaiset"}]
    assert f'<link rel="canonical" href="{told["url"]}">' in html
    client.force_login(world.aino)
    hidden = method("Jäsenille", visibility="members")
    assert "ld+json" not in client.get(f"{BANK}{hidden.slug}/").content.decode()


def test_the_address_follows_the_title_until_publication_and_the_former_one_leads_on(world, method, client, typed):
    made = method("Työnimi", state="waiting")
    made.title = "Lopullinen nimi"
    made.save_changes(made.changed_at)
    Review.objects.give(made, world.ulla, "accepted", "", made.changed_at)
    assert made.slug == "lopullinen-nimi"
    answer = client.get(f"{BANK}tyonimi/")
    assert (answer.status_code, answer.url) == (301, f"{BANK}lopullinen-nimi/")
    assert method("Työnimi").slug == "tyonimi-2"
    Method.objects.filter(pk=made.pk).update(visibility="members")
    assert client.get(f"{BANK}tyonimi/").status_code == 404


@pytest.mark.parametrize(("begin", "heading"), [("/menetelmat/", "otsikko"), ("/sv/metoder/", "rubrik")])
def test_the_headings_of_the_table_are_in_the_readers_language(bank, client, begin, heading):
    """Real use 32: whoever opens it in a spreadsheet reads it; programs read the data, whose names never change."""
    table = data(client.get(f"{begin}methods.csv"))[1:]
    first = next(csv.reader(io.StringIO(table), delimiter=";"))
    assert (first[1], len(first), len(set(first))) == (heading, len(exports.COLUMNS), len(exports.COLUMNS))
    assert list(json.loads(data(client.get(f"{begin}methods.json")))["methods"][0]) == exports.COLUMNS
