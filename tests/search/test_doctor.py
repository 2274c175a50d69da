"""`manage.py doctor search`: what takes words apart, which rows wait, whether the index is used, what is found."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from newsletters.models import Issue
from search.analysis import finnish
from search.word_counts import count_all


def doctor(*arguments):
    """What it says, and whether it ends well."""
    out = StringIO()
    try:
        call_command("doctor", "search", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


@pytest.fixture(autouse=True)
def libvoikko(use):
    use("libvoikko")


def test_a_portal_in_order_has_nothing_to_mend(issue):
    issue("Leirikirje")
    call_command("reindex", stdout=StringIO())
    count_all(timezone.now())
    said, end = doctor()
    assert end == ""
    assert said.splitlines()[-1].endswith(", 0 LOOK, 0 WRONG"), said
    assert f"OK     Words are taken apart by {finnish.backend()}, the best there is." in said
    assert f"OK     newsletters.Issue: 1 by {finnish.backend()}." in said
    assert "OK     Searches in newsletters_issue use the index issue_search." in said
    assert "OK     “kunta” does not find “seurakunnissa”." in said


def test_rows_that_wait_are_counted(issue):
    issue("Leirikirje")
    Issue.objects.update(search_backend="snowball 1")
    said, end = doctor()
    assert end == ""
    assert "LOOK   newsletters.Issue: 1 rows wait to be taken apart anew (1 by snowball 1)." in said
    assert "LOOK   No words have been counted yet, so nothing is suggested." in said


@pytest.mark.parametrize(("name", "verdict"), [("pyvoikko", "LOOK"), ("snowball", "WRONG")])
def test_a_lesser_analyser_is_told_with_the_way_to_a_better_one(use, db, name, verdict):
    use(name)
    said, end = doctor()
    lines = [line for line in said.splitlines() if line.startswith(verdict) and name in line]
    assert len(lines) == 1
    assert "apt install libvoikko1 voikko-fi" in lines[0]
    assert bool(end) is (verdict == "WRONG")


def test_a_missing_index_is_wrong(db):
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX issue_search")
    said, end = doctor()
    assert end == "The doctor found 1 thing wrong."
    assert "WRONG  newsletters_issue has no index over its words" in said


def test_machines_read_the_same(db):
    said, _end = doctor("--json")
    assert {line["about"] for line in json.loads(said)["findings"]} == {"analyser", "rows", "finding"}


def test_it_shows_what_becomes_of_words(db):
    said, _end = doctor("--words", "Ryhmäytymisleikki")
    assert "“ryhmäytymisleikki” in a text is found by ryhmäytymisleikki; as a part: ryhmäytyä, leikki." in said
    assert "A search for it asks PostgreSQL for (('ryhmäytymisleikki'" in said
