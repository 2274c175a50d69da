"""Methods for the world of tests: complete forms as a person types them, and methods in every state."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from contacts.models import Term
from methods.models import Method, MethodStep, Review
from tests.conftest import HELSINKI

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=HELSINKI)


@pytest.fixture
def words(term):
    """The words of the vocabulary that a complete method needs, by code."""
    lists = {
        "topics": ["osallisuus", "ryhmaytyminen"],
        "target_groups": ["ylakoululaiset"],
        "settings": ["nuorisotila"],
        "languages": ["fi", "sv"],
        "preparation_levels": ["kevyt"],
        "development_stages": ["kokeilu", "valmis"],
        "licences": ["cc-by-4.0", "verkoston-kaytto"],
    }
    presets = [
        ("group_sizes", "pari", 2, 2),
        ("group_sizes", "ryhma", 9, 16),
        ("durations", "alle-15", 0, 15),
        ("durations", "46-90", 46, 90),
        ("durations", "useita-kertoja", 481, None),
        ("durations", "jatkuva", None, None),
    ]
    for list_name, code, low, high in presets:
        term(list_name, code, fi=code, minimum=low, maximum=high)
    return {code: term(list_name, code) for list_name, codes in lists.items() for code in codes}


@pytest.fixture
def typed(world, words):
    """What a person types in the form of a method; typed(title=…) for something else."""

    def fill(**other):
        form = {
            "title": "Välituntikello",
            "summary": "Toimintapiste, jonka nuoret aikatauluttavat.",
            "language": "fi",
            "topics": [words["osallisuus"].pk],
            "target_groups": [words["ylakoululaiset"].pk],
            "settings": [words["nuorisotila"].pk],
            "languages": [words["fi"].pk],
            "age_min": 12,
            "age_max": 16,
            "goal": "Nuori saa mielekästä tekemistä.",
            "group_min": 4,
            "group_max": 40,
            "duration_min": 10,
            "duration_max": 15,
            "facilitators": 1,
            "preparation": words["kevyt"].pk,
            "materials": "Seinäkello\nPyykkipoikia",
            "debrief": "Mikä oli parasta?",
            "safety": "Sovi valvonnasta koulun kanssa.",
            "evaluation": "Laske osallistujat.",
            "organisation": world.employer.pk,
            "municipality": world.towns.jyvaskyla.pk,
            "licence": words["cc-by-4.0"].pk,
            "visibility": "public",
            "steps-TOTAL_FORMS": 2,
            "steps-INITIAL_FORMS": 0,
            "steps-0-title": "Kellon rakentaminen",
            "steps-0-text": "Tehdään kello.",
            "steps-0-minutes": 5,
            "steps-1-title": "Pito",
            "steps-1-minutes": 10,
            "action": "save",
        }
        return {name: value for name, value in {**form, **other}.items() if value is not None}

    return fill


@pytest.fixture
def method(world, words):
    """Make a complete method: method("Title", state="published", author=…, **fields)."""

    def make(title="Välituntikello", state="published", author=None, at=MONDAY, **fields):
        author = author or world.aino
        lists = {name: fields.pop(name, codes) for name, codes in LISTS.items()}
        made = Method(title=title, **{**complete(world), **fields})
        made.start(author, at)
        for name, codes in lists.items():
            getattr(made, name).set([words[code] for code in codes])
        made.save_changes(at, [MethodStep(title="Aloitus", minutes=5), MethodStep(title="Lopetus", minutes=5)])
        bring(made, state, reviewer=world.ulla, at=at)
        return made

    return make


LISTS = {
    "topics": ["osallisuus"],
    "target_groups": ["ylakoululaiset"],
    "settings": ["nuorisotila"],
    "languages": ["fi"],
}


def complete(world):
    """The fields of a method that may be published."""
    return {
        "kind": "method",
        "summary": "Lyhyt kuvaus.",
        "age_min": 12,
        "age_max": 16,
        "group_min": 4,
        "group_max": 40,
        "duration_min": 10,
        "duration_max": 15,
        "facilitators": 1,
        "preparation": Term.objects.get(list="preparation_levels", code="kevyt"),
        "goal": "Tavoite.",
        "debrief": ["Mitä opit?"],
        "safety": "Turvallista.",
        "evaluation": "Kysy.",
        "organisation": world.employer,
        "municipality": world.towns.jyvaskyla,
        "licence": Term.objects.get(list="licences", code="cc-by-4.0"),
    }


def bring(made, state, reviewer, at):
    """Take a draft through its life to a state."""
    if state == "draft":
        return
    made.submit(at + timedelta(hours=1))
    if state == "waiting":
        return
    verdict = Review.RETURNED if state == "returned" else Review.ACCEPTED
    Review.objects.give(made, reviewer, verdict, "Täydennä tavoite.", at + timedelta(hours=2))
    if state == "archived":
        made.archive(at + timedelta(hours=3))


@pytest.fixture
def now():
    return timezone.now()
