"""Inserts the reference rows that a database lacks; what is there stays as people have left it.

A migration calls it with its historical models, so nothing here imports a model.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml

FILES = Path(__file__).parent / "files"
# The parser in C is seven times as fast; not every build of PyYAML has it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
GetModel = Callable[[str, str], Any]


def load(get_model: GetModel) -> dict[str, int]:
    """All registers, each after those that it points at. Tells how many rows of each were missing."""
    return {
        "terms": _insert(get_model("contacts", "Term"), list(_terms())),
        "regions": _insert(get_model("contacts", "Region"), list(_regions())),
        "sub-regions": _insert(get_model("contacts", "SubRegion"), list(_sub_regions())),
        "municipalities": _insert(get_model("contacts", "Municipality"), [*_municipalities(), *_former()]),
    }


def read(name: str) -> dict[str, Any]:
    """The parsed content of one file."""
    return yaml.load((FILES / f"{name}.yaml").read_text(encoding="utf-8"), LOADER)


def _insert(model: Any, rows: list[dict[str, Any]]) -> int:
    """The rows whose code nobody has used. An address that a row of another code has got is not taken from it."""
    key = ("list", "code") if "list" in rows[0] else ("code",)
    known = set(model.objects.values_list(*key))
    missing = [row for row in rows if tuple(row[name] for name in key) not in known]
    if "slug" in rows[0]:
        taken = set(model.objects.values_list("slug", flat=True))
        missing = [row | {"slug": f"{row['slug']}-{row['code']}"} if row["slug"] in taken else row for row in missing]
    model.objects.bulk_create([model(**row) for row in missing])
    return len(missing)


def _terms() -> Iterable[dict[str, Any]]:
    lists = {name: words for name, words in read("vocabulary").items() if isinstance(words, list)}
    for name, words in lists.items():
        for place, word in enumerate(words, start=1):
            yield {
                "list": name,
                "code": word["code"],
                "fi": word["fi"],
                "sv": word["sv"],
                "en": word["en"],
                "help": word.get("help", ""),
                "minimum": word.get("min"),
                "maximum": word.get("max"),
                "order": word.get("order", place),
            }


def _regions() -> Iterable[dict[str, Any]]:
    for row in read("regions")["regions"]:
        same = {name: row[name] for name in ("code", "slug", "nuts3", "iso")}
        yield same | _names(row) | {"genitive": row["gen"], "locative": row["loc"]}


def _sub_regions() -> Iterable[dict[str, Any]]:
    for row in read("municipalities")["sub_regions"]:
        yield {"code": row["code"], "region_id": row["region"]} | _names(row)


def _municipalities() -> Iterable[dict[str, Any]]:
    for row in read("municipalities")["municipalities"]:
        grid_row, grid_column = row["grid"]
        place = {"sub_region_id": row["sub_region"], "grid_row": grid_row, "grid_column": grid_column}
        yield _municipality(row) | place


def _former() -> Iterable[dict[str, Any]]:
    for row in read("former_municipalities")["former_municipalities"]:
        yield _municipality(row) | {"valid_to": row["valid_to"], "merged_into_id": row["merged_into"]}


def _municipality(row: dict[str, Any]) -> dict[str, Any]:
    return _names(row) | {
        "code": row["code"],
        "slug": row["slug"],
        "region_id": row["region"],
        "genitive": row["gen"],
        "locative": row["loc"],
        "is_town": row["form"] == "kaupunki",
    }


def _names(row: dict[str, Any]) -> dict[str, str]:
    return {f"name_{language}": row.get(language, "") for language in ("fi", "sv", "en")}
