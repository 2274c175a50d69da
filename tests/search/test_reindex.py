"""Rows that an older analyser took apart: `manage.py reindex`, and the round that does it bit by bit."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletters.models import Issue
from search import reindexing, tasks
from search.analysis import finnish
from search.management.commands import reindex as command
from search.models import Word


class Terminal(StringIO):
    def isatty(self):
        return True


def reindexed(*arguments, out=None):
    out = out or StringIO()
    call_command("reindex", *arguments, stdout=out)
    return out.getvalue().splitlines()


def make_stale(*rows):
    Issue.objects.filter(pk__in=[row.pk for row in rows]).update(search_backend="snowball", search_vector="")


def found(words):
    return set(Issue.objects.matching(words))


def test_only_rows_of_another_analyser_are_taken_apart_again(issue):
    old, fresh = issue("Ryhmäytymisleikkejä"), issue("Tunnekortit")
    make_stale(old)
    assert found("leikki") == set()
    assert reindexed("--room", "newsletters")[:2] == [f"analyser: {finnish.backend()}", "newsletters.Issue: 1"]
    assert found("leikki") == {old}
    assert "newsletters.Issue: 0" in reindexed()
    assert "newsletters.Issue: 2" in reindexed("--all")
    assert found("tunnekortti") == {fresh}


def test_one_room_alone_is_taken_apart_again(issue):
    make_stale(issue("Ryhmäytymisleikkejä"))
    assert "newsletters.Issue: 1" not in reindexed("--room", "methods")
    assert reindexed("--room", "newsletters")[1] == "newsletters.Issue: 1"
    with pytest.raises(CommandError, match="nothing to search in a room named kitchen"):
        reindexed("--room", "kitchen")


def test_who_stops_it_goes_on_from_there(issue, monkeypatch):
    rows = [issue(f"Leikki numero {number}") for number in range(3)]
    make_stale(*rows)
    monkeypatch.setattr(reindexing, "BATCH", 1)
    told = command.Command.report

    def report(self, model, done, total, seconds):
        told(self, model, done, total, seconds)
        raise KeyboardInterrupt

    monkeypatch.setattr(command.Command, "report", report)
    with pytest.raises(CommandError, match=r"say manage.py reindex to go on"):
        reindexed("--room", "newsletters")
    assert len(found("leikki")) == 1
    monkeypatch.setattr(command.Command, "report", told)
    assert "newsletters.Issue: 2" in reindexed()
    assert found("leikki") == set(rows)


def test_all_rows_stay_findable_while_they_wait_for_their_turn(issue):
    row = issue("Ryhmäytymisleikkejä")
    reindexing.forget_backend(Issue)
    assert found("leikki") == {row}
    assert set(reindexing.stale(Issue)) == {row}


def test_a_terminal_sees_how_far_it_is_and_how_long_it_takes(issue):
    make_stale(issue("Ryhmäytymisleikkejä"))
    out = Terminal()
    reindexed(out=out)
    assert "newsletters.Issue [########################] 1/1, " in out.getvalue()
    assert "/s, 0 s left" in out.getvalue()
    assert "\r\x1b[Knewsletters.Issue: 1\n" in out.getvalue()


def test_a_batch_is_written_by_one_statement(issue, monkeypatch):
    make_stale(*[issue(f"Leikki numero {number}") for number in range(3)])
    with CaptureQueriesContext(connection) as asked:
        assert sum(reindexing.reindex(Issue)) == 3
    updates = [each["sql"] for each in asked if each["sql"].startswith("UPDATE")]
    assert len(updates) == 1


def test_the_round_makes_stale_rows_findable_and_counts_the_words(issue):
    row = issue("Ryhmäytymisleikkejä")
    tasks.keep_fresh()
    make_stale(row)
    assert tasks.keep_fresh() == 1
    assert found("leikki") == {row}
    assert Word.objects.filter(text="ryhmäytymisleikki").exists()
    assert tasks.keep_fresh() == 0


def test_the_round_stops_when_its_time_is_over(issue, monkeypatch):
    make_stale(issue("Ryhmäytymisleikkejä"))
    monkeypatch.setattr(tasks, "_SECONDS", 0.0)
    assert tasks.keep_fresh() == 0
    assert reindexing.stale(Issue).count() == 1
