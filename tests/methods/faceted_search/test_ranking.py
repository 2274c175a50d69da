"""In which order a search shows methods: by their words, then by trials and freshness, at last by their number."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from benchmarks import bench_search
from methods.models import Method, Trial
from methods.models.ranking import lift
from tests.methods.conftest import MONDAY

LIST = "/en/methods/"
TUESDAY = MONDAY + timedelta(days=1)
YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def titles(client):
    """titles("leikki") gives what the bank's own list shows for the words, the best match first."""

    def shown(words):
        answer = client.get(LIST, {"q": words})
        return [method.title for method in answer.context["page"]]

    return shown


def tried(method, person, times):
    """The person tells of so many uses of the method, one a day."""
    for day in range(times):
        assert Trial(tried_on=TUESDAY.date() - timedelta(days=day), worked=4).record(method, person, TUESDAY)


def famous(method):
    """Tried by everybody and checked today: as much as trials and freshness can do for a method."""
    Method.objects.filter(pk=method.pk).update(trial_count=10**6, verified_on=TUESDAY.date())
    return method


def test_of_methods_that_fit_equally_well_the_tried_one_comes_first(world, method, titles):
    tried_one = method("Kellopeli yksi")
    method("Kellopeli kaksi", at=MONDAY + timedelta(minutes=1))
    assert titles("kellopeli") == ["Kellopeli kaksi", "Kellopeli yksi"]
    tried(tried_one, world.matti, 2)
    assert titles("kellopeli") == ["Kellopeli yksi", "Kellopeli kaksi"]
    for trial in Trial.objects.all():
        trial.remove(TUESDAY)
    assert titles("kellopeli") == ["Kellopeli kaksi", "Kellopeli yksi"]


def test_of_two_tried_ones_the_one_that_was_tried_more_comes_first(world, method, titles):
    for name, times in [("yksi", 3), ("kaksi", 1), ("kolme", 2)]:
        tried(method(f"Kellopeli {name}"), world.matti, times)
    assert titles("kellopeli") == ["Kellopeli yksi", "Kellopeli kolme", "Kellopeli kaksi"]


def test_of_methods_that_fit_equally_well_the_one_checked_lately_comes_first(method, titles):
    checked = method("Kellopeli yksi", at=MONDAY - 2 * YEAR)
    method("Kellopeli kaksi", at=MONDAY - YEAR)
    assert titles("kellopeli") == ["Kellopeli kaksi", "Kellopeli yksi"]
    checked.verify(TUESDAY)
    assert titles("kellopeli") == ["Kellopeli yksi", "Kellopeli kaksi"]


@pytest.mark.parametrize(
    ("better", "weaker"),
    [
        ({"title": "Kellopeli"}, {"keywords": ["kellopeli"]}),
        ({"title": "Kellopeli"}, {"summary": "Pelataan kellopeli ja vielä toinen kellopeli."}),
        ({"summary": "Pelataan kellopeli."}, {"goal": "Nuori oppii, mikä on kellopeli."}),
        ({"goal": "Nuori oppii, mikä on kellopeli."}, {"goal": "Nuori oppii, mikä on seinäkellopeli."}),
        ({"goal": "Kellopeli ja kellopeli."}, {"goal": "Kellopeli ja muuta."}),
    ],
    ids=["title, keyword", "title, summary", "summary, text", "word, part of a word", "twice, once"],
)
def test_no_fame_beats_a_match_that_is_clearly_better(method, titles, better, weaker):
    first = method(**{"title": "Menetelmä yksi", **better}, at=MONDAY - 5 * YEAR)
    second = famous(method(**{"title": "Menetelmä kaksi", **weaker}))
    assert titles("kellopeli") == [first.title, second.title]


def test_all_that_trials_and_freshness_can_do_is_a_fifth(method):
    plain, best = method(at=MONDAY - 5 * YEAR), famous(method())
    never, early = method(), method()
    Method.objects.filter(pk=never.pk).update(verified_on=None)
    Method.objects.filter(pk=early.pk).update(verified_on=TUESDAY.date() + YEAR)
    lifted = dict(Method.objects.annotate(lift=lift(TUESDAY.date())).values_list("pk", "lift"))
    assert (lifted[plain.pk], lifted[never.pk]) == (1, 1)
    assert (lifted[best.pk], lifted[early.pk]) == (pytest.approx(1.2), pytest.approx(1.1))


def test_of_equal_ones_the_newest_comes_first_and_of_equally_new_ones_the_one_written_last(method, titles):
    for number, minutes in enumerate([1, 0, 0, 2]):
        method(f"Kellopeli {number}", at=MONDAY + timedelta(minutes=minutes))
    assert titles("kellopeli") == ["Kellopeli 3", "Kellopeli 0", "Kellopeli 2", "Kellopeli 1"]


def test_the_list_and_the_search_through_all_rooms_agree(world, method, titles, client):
    for number, times in enumerate([0, 4, 1]):
        tried(method(f"Kellopeli {number}", at=MONDAY - number * YEAR), world.matti, times)
    method("Menetelmä", goal="Nuori oppii, mikä on kellopeli.")
    found = client.get(reverse("search"), {"q": "kellopeli", "in": "methods"}).context["results"][0]
    assert [hit.row.title for hit in found.hits] == titles("kellopeli")


def test_rows_found_by_words_tell_how_well_the_words_fit_and_nothing_else(method):
    plain, best = method("Kellopeli yksi", at=MONDAY - 5 * YEAR), famous(method("Kellopeli kaksi"))
    found = list(Method.objects.matching("kellopeli").best(TUESDAY))
    assert found == [best, plain]
    assert found[0].rank == found[1].rank > 0


@pytest.mark.parametrize("sql", [bench_search.RANKED, bench_search.EVERY_HIT], ids=["newest", "every hit"])
def test_the_plain_sql_of_the_measurement_ranks_as_the_page_does(world, method, titles, sql):
    for number, times in enumerate([0, 4, 1, 9]):
        tried(method(f"Kellopeli {number}", at=MONDAY - number * YEAR), world.matti, times)
    method("Menetelmä", summary="Pelataan kellopeli.")
    famous(method("Toinen menetelmä", goal="Nuori oppii, mikä on kellopeli."))
    assert [row[2] for row in bench_search.ask(sql, "kellopeli")] == titles("kellopeli")
