"""The privacy file knows every personal column, and nothing that is gone."""

import tomllib
from pathlib import Path

from django.apps import apps

FILE = Path(__file__).resolve().parent.parent / "youthnet" / "privacy.toml"
ROOMS = ["lib", "contacts", "networks", "meetings", "methods", "newsletters", "plans", "outbox"]
ANSWERS = {"why", "basis", "keep", "erase"}


def written():
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def columns():
    """Every column of every model of ours, as Model.column."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            for field in model._meta.get_fields():
                if field.concrete and not field.auto_created:
                    yield f"{room}.{model.__name__}", field.name


def test_every_column_is_either_personal_or_said_not_to_be():
    known = written()
    missing = [
        f"{model}.{column}"
        for model, column in columns()
        if column not in known.get("not_personal", {}).get(model, []) and column not in known["personal"].get(model, {})
    ]
    assert missing == []


def test_the_file_names_no_column_that_is_gone():
    real = set(columns())
    known = written()
    gone = [f"{m}.{c}" for m, cs in known["personal"].items() for c in cs if (m, c) not in real]
    gone += [f"{m}.{c}" for m, cs in known["not_personal"].items() for c in cs if (m, c) not in real]
    assert gone == []


def test_every_personal_column_says_why_on_what_basis_how_long_and_what_erasure_does():
    poor = [f"{m}.{c}" for m, cs in written()["personal"].items() for c, says in cs.items() if set(says) != ANSWERS]
    assert poor == []
