"""The part of the doctor that looks at the search: what takes words apart, which rows wait for it, what is found."""

from argparse import ArgumentParser
from collections.abc import Iterator
from time import perf_counter

from django.db import DatabaseError, connection
from django.db.models import Count, Model

from search.analysis import backends, finnish
from search.analysis.finnish import analyse
from search.analysis.tokenizer import words_of
from search.analysis.tsvector import tsvector
from search.analysis.voikko import NoVoikko
from search.models import Word
from search.query import search_query, tsquery
from search.reindexing import searchable, stale
from youthnet.doctor.report import Check, Section

HELP = "search: the Finnish analyser, rows that wait for it, the index, and searches that must find something"

# What the search must find in words as people write them, and what it must not.
SAMPLES = [
    ("leikki", "ryhmäytymisleikkejä", True),
    ("kunta", "kuntien", True),
    ("kunta", "seurakunnissa", False),
    ("osallisuus", "osallisuutta", True),
    ("menetelmä", "menetelmäpankkiin", True),
    ("tietotekniikka", "tieto- ja viestintätekniikkaa", True),
]
_BETTER = "Install libvoikko (on Debian: apt install libvoikko1 voikko-fi) and say manage.py reindex."
_WORDS = "nuorisotyöntekijöiden ryhmäytymisleikkejä kunnissa osallisuutta vahvistavia menetelmiä verkostotapaamisessa"
_ROUNDS = 40

analyser, rows, finding = Section("analyser"), Section("rows"), Section("finding")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--words", metavar="TEXT", help="only show what the search makes of these words")


def examine(words: str | None = None) -> Iterator[Check]:
    if words:
        yield from explained(words)
        return
    yield from the_analyser()
    try:
        yield from the_rows()
        yield from what_is_found()
    except DatabaseError as error:
        first = str(error).strip().splitlines()[0]
        yield rows.wrong(f"The database cannot be asked: {first}", "Bring it up to date: manage.py migrate.")


# --- what takes words apart ---


def the_analyser() -> Iterator[Check]:
    name = finnish.backend()
    if name.startswith("libvoikko"):
        yield analyser.ok(f"Words are taken apart by {name}, the best there is.")
    elif name.startswith("pyvoikko"):
        yield analyser.look(f"Words are taken apart by {name}: all is found, but indexing is slow.", _BETTER)
    else:
        yield analyser.wrong(f"Words are only stemmed ({name}): most Finnish searches find nothing.", _BETTER)
    yield from _missing()
    yield analyser.ok(f"It takes {speed():,} words a second apart that it has not seen before.")


def _missing() -> Iterator[Check]:
    """Better ones that are not here, each with what it says of itself."""
    for name, build in backends.backends().items():
        if finnish.backend().startswith(name):
            return
        try:
            build()
        except (ImportError, NoVoikko) as error:
            yield analyser.look(
                f"{name} cannot be used: {error}.", _BETTER if name == "libvoikko" else "pip install it."
            )


def speed() -> int:
    """Words a second, without what is remembered of words seen before."""
    describe, words = backends.chosen()[1], _WORDS.split()
    began = perf_counter()
    for _round in range(_ROUNDS):
        for word in words:
            describe(word)
    return int(_ROUNDS * len(words) / max(perf_counter() - began, 1e-6))


# --- which rows wait for it ---


def the_rows() -> Iterator[Check]:
    for model in searchable():
        yield from _of(model)
    yield _word_counts()


def _of(model: type[Model]) -> Iterator[Check]:
    name = str(model._meta.label)
    taken = model._default_manager.values_list("search_backend").annotate(Count("pk")).order_by("search_backend")
    told = ", ".join(f"{number} by {by or 'nothing yet'}" for by, number in taken)
    if waiting := stale(model).count():
        todo = "The round search-keep-fresh does them bit by bit; manage.py reindex does them now."
        yield rows.look(f"{name}: {waiting} rows wait to be taken apart anew ({told}).", todo)
    else:
        yield rows.ok(f"{name}: {told or 'no rows'}.")
    yield _index(model)


def _index(model: type[Model]) -> Check:
    """Whether there is an index over the words, and PostgreSQL would use it."""
    column, table = "search_vector", model._meta.db_table
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    names = [name for name, each in found.items() if each["columns"] == [column] and each["type"] == "gin"]
    if not names:
        return rows.wrong(f"{table} has no index over its words, so each search reads every row.", "manage.py migrate")
    if names[0] not in _plan(model):
        return rows.look(f"PostgreSQL does not use the index {names[0]}.", f"Say ANALYZE {table}; in the database.")
    return rows.ok(f"Searches in {table} use the index {names[0]}.")


def _plan(model: type[Model]) -> str:
    """How PostgreSQL would go about a search if reading every row were dear: with few rows it reads them all."""
    query = search_query("ryhmäytymisleikki ")
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        before = cursor.fetchone()[0]
        cursor.execute("SET enable_seqscan = off")
        try:
            return str(model._default_manager.filter(search_vector=query).values("pk").explain())
        finally:
            cursor.execute(f"SET enable_seqscan = {before}")


def _word_counts() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extversion FROM pg_extension WHERE extname = 'pg_trgm'")
        extension = cursor.fetchone()
    if not extension:
        return rows.wrong("The extension pg_trgm is missing, so no suggestions can be made.", "manage.py migrate")
    when = Word.objects.order_by("-counted_at").values_list("counted_at", flat=True).first()
    if not when:
        todo = "The round search-keep-fresh counts them; manage.py reindex does it now."
        return rows.look("No words have been counted yet, so nothing is suggested.", todo)
    return rows.ok(
        f"{Word.objects.count():,} words for suggestions, counted on {when:%Y-%m-%d} (pg_trgm {extension[0]})."
    )


# --- what is found ---


def what_is_found() -> Iterator[Check]:
    for typed, written, wanted in SAMPLES:
        vector = tsvector([(analyse(written), "C")])
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector, tsquery(typed)])
            found = bool(cursor.fetchone()[0])
        said = f"“{typed}” {'finds' if found else 'does not find'} “{written}”"
        if found == wanted:
            yield finding.ok(f"{said}.")
        else:
            yield finding.wrong(f"{said}, which is not right.", _BETTER)


def explained(words: str) -> Iterator[Check]:
    for word, entry in zip(words_of(words), analyse(words), strict=False):
        parts = f"; as a part: {', '.join(entry.parts)}" if entry.parts else ""
        yield finding.ok(f"“{word}” in a text is found by {', '.join(entry.wholes)}{parts}.")
    yield finding.ok(f"A search for it asks PostgreSQL for {tsquery(words) or 'nothing'}")
