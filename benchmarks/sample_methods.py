"""A method bank of any size for measurements: Finnish sentences of the demo pack in ever new company, published.

Some thousand methods are written and indexed as people's are. The rest are copies of them that the database makes, each
with the words of one and the facets of another, so that a hundred thousand are there in a minute.
"""

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED
from django.utils import timezone

from contacts.models import CoordinationArea, Organisation, Term
from methods.models import Method, MethodStep
from youthnet.demo import contacts
from youthnet.demo.pack_reader import Pack

# A word of each search and in which share of the methods it stands, whatever the sentences hold besides.
SEARCHES = {"few": "majakanvartija", "some": "merenkulku", "many": "nuori"}
SOWN = {"Majakanvartijoiden ilta.": 0.001, "Merenkulkuun tutustutaan yhdessä.": 0.03, "Nuorten oma vuoro.": 0.5}
FACETS = "topic=osallisuus&topic=hyvinvointi&setting=nuorisotila&age=14"
MISSPELT = "ryhmäytymiin"
CHUNK = 2_000
TEXTS = ["goal", "safety", "evaluation"]
LISTS = {"topics": 3, "target_groups": 3, "settings": 2, "languages": 2, "competences": 3}


def fill(count: int) -> None:
    """Write so many published methods, nine of ten of them public, that are not indexed yet."""
    pack, chance = Pack(timezone.localdate()), random.Random(7)
    contacts.load(pack)
    sentences = list(_sentences(pack.file("methods")["methods"]))
    writer = _Writer(sentences, chance)
    methods = (writer.method(number) for number in range(count))
    while chunk := list(islice(methods, CHUNK)):
        Method.objects.bulk_create(chunk)
        MethodStep.objects.bulk_create([step for method in chunk for step in writer.steps(method)])
        for name, most in LISTS.items():
            through = getattr(Method, name).through
            through.objects.bulk_create(
                [through(method=method, term=term) for method in chunk for term in writer.terms(name, most)]
            )


def multiply(times: int) -> None:
    """Copies of every method there is, indexed like the first ones."""
    columns = [str(field.column) for field in Method._meta.concrete_fields if _is_copied(field)]
    dates = {"published_at", "submitted_at", "verified_on"}
    told = ", ".join(f"{name} - copy * interval '17 days'" if name in dates else f"m.{name}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(FIRSTS)
        cursor.execute(
            f"INSERT INTO methods_method (slug, {', '.join(columns)}) SELECT m.slug || '-' || copy, {told} "
            "FROM methods_method m CROSS JOIN generate_series(1, %s) AS copy ORDER BY copy, m.id",
            [times],
        )
        cursor.execute(COPIES)
        for name in LISTS:
            cursor.execute(FACETS_OF_ANOTHER.format(table=getattr(Method, name).through._meta.db_table))
        cursor.execute(WORDS_AND_FACETS)


FIRSTS = """
CREATE TEMPORARY TABLE firsts AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM methods_method
"""
COPIES = """
CREATE TEMPORARY TABLE copies AS
SELECT c.id, o.id AS words, a.id AS facets
FROM (SELECT id, slug, (row_number() OVER (ORDER BY id) - 1) AS n FROM methods_method
      WHERE id NOT IN (SELECT id FROM firsts)) c
JOIN methods_method o ON o.slug = substring(c.slug FROM '^menetelma-[0-9]+')
JOIN firsts a ON a.n = (c.n * 37 + c.n / 1000) % (SELECT count(*) FROM firsts)
"""
FACETS_OF_ANOTHER = """
INSERT INTO {table} (method_id, term_id)
SELECT c.id, t.term_id FROM copies c JOIN {table} t ON t.method_id = c.facets
"""
WORDS_AND_FACETS = """
UPDATE methods_findable f SET search_vector = w.search_vector, search_backend = w.search_backend, terms = a.terms
FROM copies c, methods_findable w, methods_findable a
WHERE f.method_id = c.id AND w.method_id = c.words AND a.method_id = c.facets
"""


def _is_copied(field: Any) -> bool:
    return not field.primary_key and field.column != "slug" and field.db_default is NOT_PROVIDED


def _sentences(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Every sentence of every text."""
    for row in rows:
        for value in [*row.values(), *(step["text"] for step in row["steps"])]:
            if isinstance(value, str) and " " in value:
                yield from (f"{each.strip()}." for each in value.split(". ") if len(each) > 20)


class _Writer:
    """Writes methods of sentences that it draws, always the same ones in the same order."""

    def __init__(self, sentences: list[str], chance: random.Random) -> None:
        self.sentences, self.chance = sentences, chance
        self.area = CoordinationArea.objects.order_by("pk")[0]
        self.places = list(self.area.municipalities.order_by("pk"))
        self.organisations = list(Organisation.objects.order_by("pk"))
        self.words = {name: list(Term.objects.in_list(name)) for name in LISTS}
        self.efforts = list(Term.objects.in_list("preparation_levels"))
        self.now = timezone.now()

    def method(self, number: int) -> Method:
        chance = self.chance
        published = self.now - timedelta(minutes=7 * number + chance.randrange(7))
        youngest, smallest, shortest = chance.randrange(7, 20), chance.randrange(1, 12), chance.choice([5, 10, 30, 60])
        return Method(
            area=self.area,
            kind=Method.METHOD,
            slug=f"menetelma-{number}",
            title=" ".join(self._text(1).split()[:6])[:120],
            summary=self._text(1)[:200],
            keywords=self._text(1).split()[:2],
            **{name: self._text(2)[:290] for name in TEXTS},
            debrief=[self._text(1) for _each in range(2)],
            tips=[self._text(1), self._sown()],
            age_min=youngest,
            age_max=youngest + chance.randrange(2, 10),
            group_min=smallest,
            group_max=smallest + chance.randrange(4, 30),
            duration_min=shortest,
            duration_max=shortest * chance.randrange(1, 4),
            facilitators=1,
            preparation=chance.choice(self.efforts),
            organisation=chance.choice(self.organisations),
            municipality=chance.choice(self.places),
            visibility=Method.PUBLIC if chance.random() < 0.9 else Method.MEMBERS,
            submitted_at=published,
            published_at=published,
            verified_on=timezone.localdate(published),
            trial_count=max(0, number % 8 - 4),
        )

    def steps(self, method: Method) -> list[MethodStep]:
        texts = [self._text(3) for _each in range(3)]
        return [
            MethodStep(method=method, order=n, title=text[:60], text=text, minutes=5) for n, text in enumerate(texts)
        ]

    def terms(self, name: str, most: int) -> list[Term]:
        return self.chance.sample(self.words[name], self.chance.randrange(1, most + 1))

    def _text(self, count: int) -> str:
        return " ".join(self.chance.choices(self.sentences, k=count))

    def _sown(self) -> str:
        return " ".join(text for text, share in SOWN.items() if self.chance.random() < share)
