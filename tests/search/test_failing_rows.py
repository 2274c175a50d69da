"""Rows that cannot be made findable, or cannot say what stands in them, stop no other of any model."""

import pytest
from django.utils import timezone

from newsletters.models import Issue
from search import reindexing
from search.models import Word
from search.tasks import keep_fresh
from search.word_counts import count_all
from tests.failing import Scene, endures, noon


@pytest.fixture
def stale(issue):
    """Three issues that an older analyser took apart."""
    rows = [issue(f"Leikki numero {number}") for number in range(3)]
    Issue.objects.update(search_backend="snowball")
    return rows


@pytest.mark.parametrize("batch", [1, 2, 200])
@pytest.mark.parametrize("number", [0, 2])
def test_rows_to_be_taken_apart_again(client, world, stale, broken, monkeypatch, batch, number):
    monkeypatch.setattr(reindexing, "BATCH", batch)
    row = stale[number]
    scene = Scene(
        task=keep_fresh,
        left=lambda now: set(reindexing.stale(Issue).values_list("pk", flat=True)),
        bad={row.pk},
        row=lambda: row,
        mend=broken(row),
        at=noon(),
    )
    assert endures(scene, client, world.kaisa).name == str(row)


def test_a_model_that_comes_first_holds_up_no_other(world, stale, broken):
    """People are taken apart before issues: one of them that fails leaves the issues their turn."""
    type(world.aino).objects.update(search_backend="snowball")
    broken(world.aino)
    keep_fresh()
    assert set(reindexing.stale(type(world.aino))) == {world.aino}
    assert not reindexing.stale(Issue).exists()


def test_words_of_a_row_that_cannot_say_them_are_left_out_of_the_count(world, issue, monkeypatch, caplog):
    bad, _good = issue("Salasana"), issue("Ryhmäytymisleikkejä")
    said = Issue.weighted_words

    def say(self):
        if self.pk == bad.pk:
            raise ValueError("aino@example.org is broken")
        return said(self)

    monkeypatch.setattr(Issue, "weighted_words", say)
    count_all(timezone.now())
    assert Word.objects.filter(text="ryhmäytymisleikki").exists()
    assert not Word.objects.filter(text="salasana").exists()
    assert "newsletters.issue" in caplog.text and "aino" not in caplog.text
