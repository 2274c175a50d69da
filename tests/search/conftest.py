"""Choosing a back end for one test, and asking PostgreSQL what a search finds."""

from functools import cache

import pytest
from django.db import connection
from django.utils import timezone

from newsletters.models import Issue, MailingList
from search.analysis import backends, finnish
from search.analysis.finnish import analyse
from search.analysis.tsvector import tsvector
from search.analysis.voikko import NoVoikko
from search.query import tsquery


@cache
def built(name):
    """Loading a dictionary takes a second or two."""
    return backends.backends()[name]()


def forget():
    lexemes = (finnish._lexemes, finnish._entries, finnish._of_short, finnish.lexemes_of)
    for remembered in (*lexemes, finnish.is_known, finnish.says_nothing):
        remembered.cache_clear()


@pytest.fixture
def use(monkeypatch):
    """use("pyvoikko") makes one back end the chosen one for a test; skips where it is missing."""

    def choose(name):
        try:
            chosen = built(name)
        except (ImportError, NoVoikko):
            pytest.skip(f"{name} is not on this machine")
        monkeypatch.setattr(backends, "chosen", lambda: chosen)
        forget()
        return chosen[0]

    yield choose
    forget()


@pytest.fixture
def matches(db):
    """matches("leikki", "ryhmäytymisleikkejä") asks PostgreSQL whether a search finds a row of these texts."""

    def ask(typed, *texts, language="fi"):
        vector = tsvector([(analyse(text, language), "C") for text in texts])
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector, tsquery(typed)])
            return cursor.fetchone()[0]

    return ask


@pytest.fixture
def issue(world):
    """issue("Leirikirje") is a sent issue of a public list; with public=False of one that is on the desk only."""

    def make(subject, preheader="", public=True, **more):
        name = "infokirje" if public else "sisainen"
        letters = MailingList.objects.get_or_create(
            area=world.area, code=name, defaults={"name_fi": name, "is_public": public}
        )[0]
        number = Issue.objects.count() + 1
        made = Issue.objects.create(
            list=letters,
            number=number,
            slug=f"{name}-{number}",
            subject_fi=subject,
            preheader_fi=preheader,
            addressed_at=timezone.now(),
            **more,
        )
        made.index()
        return made

    return make
