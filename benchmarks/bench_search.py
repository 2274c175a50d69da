"""How fast methods are found: a faceted page beside the same ranked query in bare SQL, and indexing."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benchmarks import sample_methods
from benchmarks.environment import Environment
from benchmarks.report import Figure
from methods.models import Findable
from search.query import tsquery
from search.reindexing import reindex
from search.suggest import suggestion as meant
from servers import ServerError


@dataclass(frozen=True)
class Size:
    written: int  # and indexed one by one
    times: int  # as many in all
    rounds: int


SMALL, FULL = Size(2_000, 5, 15), Size(4_000, 25, 40)
# The house's ranking in plain SQL: search/ranking.py, lifted by trials and freshness as in methods/models/ranking.py.
RANK = """ts_rank('{0.04, 0.2, 0.45, 1}', f.search_vector, %(query)s::tsquery, 1) * (
    1 + 0.1::float8 * m.trial_count / (m.trial_count + 4)
      + 0.1::float8 * least(1, greatest(0, 1 - (%(today)s::date - m.verified_on) / 730::float8)))"""
# What the page must not do slower than two and a half times: the newest thousand hits, ranked, and how many there are.
RANKED = f"""
WITH hits AS MATERIALIZED (
    SELECT method_id, published_at FROM methods_findable
    WHERE search_vector @@ %(query)s::tsquery AND published_at IS NOT NULL AND archived_at IS NULL
      AND visibility = 'public'
), newest AS (SELECT method_id FROM hits ORDER BY published_at DESC, method_id DESC LIMIT 1000)
SELECT m.id, m.slug, m.title, m.summary, {RANK} AS rank,
       (SELECT count(*) FROM hits) AS found
FROM newest JOIN methods_findable f USING (method_id) JOIN methods_method m ON m.id = f.method_id
ORDER BY rank DESC, f.published_at DESC, m.id DESC LIMIT 24
"""
EVERY_HIT = f"""
SELECT m.id, m.slug, m.title, m.summary, {RANK} AS rank, count(*) OVER () AS found
FROM methods_findable f JOIN methods_method m ON m.id = f.method_id
WHERE f.search_vector @@ %(query)s::tsquery AND f.published_at IS NOT NULL AND f.archived_at IS NULL
  AND f.visibility = 'public'
ORDER BY rank DESC, f.published_at DESC, m.id DESC LIMIT 24
"""


def measure(stage: Environment, full: bool) -> Iterator[Figure]:
    size = FULL if full else SMALL
    call_command("collectstatic", interactive=False, verbosity=0)
    stage.say(f"Writing {size.written * size.times} methods.")
    sample_methods.fill(size.written)
    yield indexing(stage, size)
    sample_methods.multiply(size.times - 1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    reader = Client(HTTP_HOST="127.0.0.1")
    yield first_page(reader)
    for name, words in sample_methods.SEARCHES.items():
        stage.say(f"Searching for {words}, which is in {name} methods.")
        yield from beside(reader, name, words, size.rounds)
    yield from browsing(reader, size.rounds)
    yield from suggestion(size.rounds)


def indexing(stage: Environment, size: Size) -> Figure:
    """In batches, as the command and the round do it; the words for suggestions are counted apart from it."""
    stage.say("Indexing them.")
    began, used = time.perf_counter(), time.process_time()
    sum(reindex(Findable))
    rate, own = size.written / (time.perf_counter() - began), (time.process_time() - used) / size.written * 1e3
    if Findable.objects.filter(search_vector=None).exists():
        raise ServerError("some methods were not indexed")
    return Figure("indexing", rate, "/s", (">=", 500), f"in batches; {own:.2g} ms of processor each")


def first_page(reader: Client) -> Figure:
    """What a process that has just started needs to learn the bank."""
    spent, _queries = _page(reader, "")
    return Figure("first_page", spent, "ms", note="of a fresh process, which learns the bank")


def beside(reader: Client, name: str, words: str, rounds: int) -> Iterator[Figure]:
    """The page of one search, with and without facets, by turns with bare SQL."""
    plain, faceted = f"?q={words}", f"?q={words}&{sample_methods.FACETS}"
    spent: dict[str, list[float]] = defaultdict(list)
    queries = 0
    for _round in range(rounds):
        spent["bare"].append(_timed(lambda: ask(RANKED, words)))
        spent["every"].append(_timed(lambda: ask(EVERY_HIT, words)))
        for kind, address in (("page", plain), ("faceted", faceted)):
            time_spent, asked = _page(reader, address)
            spent[kind].append(time_spent)
            queries = max(queries, asked)
    found = ask(RANKED, words)
    hits = found[0][-1] if found else 0
    yield Figure(f"{name}.bare", _high(spent["bare"]), "ms", note=f"p95, {hits} hits, the newest 1000 ranked, counted")
    yield Figure(f"{name}.every_hit", _high(spent["every"]), "ms", note="p95, bare SQL that ranks every hit")
    for kind, what in (("page", "the page with all facets counted"), ("faceted", "the same with three facets chosen")):
        yield Figure(f"{name}.{kind}", _high(spent[kind]), "ms", note=f"p95, p50 {median(spent[kind]):.3g}: {what}")
    for kind in ("page", "faceted"):
        ratio = _high(spent[kind]) / _high(spent["bare"])
        yield Figure(f"{name}.{kind}_times_bare", ratio, "times", ("<=", 2.5), "p95 by p95")
    yield Figure(f"{name}.queries", queries, "queries", ("<=", 10), "of one page")


def browsing(reader: Client, rounds: int) -> Iterator[Figure]:
    """No words: the newest of all, and of what three facets leave."""
    for name, address in (("browse", ""), ("narrowed", f"?{sample_methods.FACETS}")):
        pages = [_page(reader, address) for _round in range(rounds)]
        spent = [each for each, _queries in pages]
        yield Figure(f"{name}.page", _high(spent), "ms", note=f"p95, p50 {median(spent):.3g}")
        yield Figure(f"{name}.queries", max(queries for _each, queries in pages), "queries", ("<=", 10))


def suggestion(rounds: int) -> Iterator[Figure]:
    """Other words for a search that finds nothing."""
    spent = [_timed(lambda: meant(sample_methods.MISSPELT)) for _round in range(rounds)]
    yield Figure("suggestion", _high(spent), "ms", note=f"p95 of “{sample_methods.MISSPELT}”")


def _page(reader: Client, address: str) -> tuple[float, int]:
    """(milliseconds, questions to the database) of one page through the whole house."""
    with CaptureQueriesContext(connection) as asked:
        began = time.perf_counter()
        answer = reader.get(reverse("methods:method-list") + address)
        spent = (time.perf_counter() - began) * 1e3
    if answer.status_code != 200:
        raise ServerError(f"the page answered {answer.status_code}")
    return spent, len(asked)


def ask(sql: str, words: str) -> list[Any]:
    """What plain SQL finds today."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"query": tsquery(words), "today": timezone.localdate()})
        return cursor.fetchall()


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1e3


def _high(spent: list[float]) -> float:
    """The 95th percentile."""
    return sorted(spent)[min(len(spent) - 1, int(0.95 * len(spent)))]
