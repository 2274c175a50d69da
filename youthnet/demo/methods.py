"""Demo content of the methods room: activities and operating models in every state of their life."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from contacts.models import CoordinationArea, Organisation, User
from methods.models import Method, MethodStep, Review, SavedSearch
from youthnet.demo import pictures
from youthnet.demo.pack_reader import Pack

KINDS = {"menetelma": Method.METHOD, "toimintamalli": Method.MODEL}
VISIBILITIES = {
    "julkinen": Method.PUBLIC,
    "jasenet": Method.MEMBERS,
    "verkosto": Method.NETWORK,
    "koordinaattorit": Method.COORDINATORS,
}
AS_WRITTEN = [
    "title", "summary", "keywords", "age_min", "age_max", "group_min", "group_max", "duration_min", "duration_max",
    "facilitators", "goal", "materials", "debrief", "variations", "tips", "safety", "evaluation", "basic_idea",
    "environment", "target_understanding", "conditions", "results", "tips_for_adopters", "resources", "funder", "place",
    "author_role",
]  # fmt: skip
WAITS, WAITS_FOR = "nuorisotyontekija.saarijarvi@example.org", "topic=osallisuus&setting=nuorisotila"
LISTS = ["topics", "target_groups", "settings", "languages", "competences"]


def load(pack: Pack) -> None:
    """Every method with its words, its steps and its state."""
    area = CoordinationArea.objects.order_by("pk")[0]
    measured = _indicators(pack)
    rows = pack.file("methods")["methods"]
    for row in rows:
        method, _is_new = Method.objects.update_or_create(
            slug=row["slug"], defaults=_details(pack, row, area, measured)
        )
        for name in LISTS:
            getattr(method, name).set(pack.terms(name, row.get(name)))
        _create_steps(method, row["steps"])
        _create_review(method, row, area)
        method.save_changes(method.changed_at)
    for row in rows:
        _tie(row)
    pictures.load()
    _save_search(pack)


def _save_search(pack: Pack) -> None:
    """One member waits for new methods of a kind. Whoever has saved a search since is left alone."""
    person = User.objects.filter(email=WAITS, saved_searches=None).first()
    if person:
        joined = _moment(pack, "2026-01-15T09:00")
        SavedSearch.objects.save_search(person, "Osallisuutta nuorisotilalle", WAITS_FOR, "weekly", joined)
        SavedSearch.objects.update(told_until=timezone.now())  # what the pack brings is not new to them


def _details(pack: Pack, row: dict[str, Any], area: CoordinationArea, measured: dict[str, str]) -> dict[str, Any]:
    organisation = Organisation.objects.get(slug=row["organisation"])
    details = {name: _unfolded(row[name]) for name in AS_WRITTEN if row.get(name)}
    return details | _dates(pack, row) | {
        "area": area,
        "kind": KINDS[row["kind"]],
        "visibility": VISIBILITIES[row["visibility"]],
        "author": _author(organisation, area),
        "organisation": organisation,
        "municipality_id": row["municipality"],
        "preparation": pack.term("preparation_levels", row.get("preparation")),
        "stage": pack.term("development_stages", row.get("stage")),
        "licence": pack.term("licences", row["licence"]),
        "partners": _names(row.get("partners", [])),
        "indicators": [measured.get(code, code) for code in row.get("indicators", [])],
    }  # fmt: skip


def _unfolded(value: Any) -> Any:
    """Texts are wrapped in the file; a paragraph ends at an empty line."""
    if not isinstance(value, str):
        return value
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in value.split("\n\n")).strip()


def _dates(pack: Pack, row: dict[str, Any]) -> dict[str, Any]:
    """The dates that make the state; none of them lies ahead."""
    now = timezone.now()
    created, updated = (min(_moment(pack, row[name]), now) for name in ("created", "updated"))
    status = row["status"]
    is_published = status == "julkaistu"
    return {
        "created_at": created,
        "changed_at": updated,
        "submitted_at": created if is_published else updated if status == "tarkistettavana" else None,
        "returned_at": updated if status == "palautettu" else None,
        "published_at": created if is_published else None,
        "verified_on": timezone.localdate(updated) if is_published else None,
    }


def _moment(pack: Pack, written: Any) -> datetime:
    moment = pack.moment(written)
    assert moment is not None
    return moment


def _author(organisation: Organisation, area: CoordinationArea) -> User:
    """A demo member of the organisation, else the area's coordinator."""
    member = (
        User.objects.active().filter(organisation=organisation, memberships__network__area=area).order_by("pk").first()
    )
    return member or _coordinator(area)


def _coordinator(area: CoordinationArea) -> User:
    return area.coordinators.current(timezone.localdate()).order_by("pk")[0].user


def _names(slugs: list[str]) -> list[str]:
    names = dict(Organisation.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return [names.get(slug, slug) for slug in slugs]


def _indicators(pack: Pack) -> dict[str, str]:
    """What the networks measure, by code."""
    found = [each for network in pack.file("networks")["networks"] for each in network.get("indicators", [])]
    return {each["code"]: each["name"] for each in found}


def _create_steps(method: Method, steps: list[dict[str, Any]]) -> None:
    method.steps.all().delete()
    MethodStep.objects.bulk_create(
        MethodStep(
            method=method,
            order=order,
            title=step["title"],
            text=step["text"].strip(),
            minutes=step.get("minutes"),
            is_in_advance=step.get("advance", False),
        )
        for order, step in enumerate(steps, start=1)
    )


def _create_review(method: Method, row: dict[str, Any], area: CoordinationArea) -> None:
    if row.get("review_note") and not method.reviews.exists():
        words = {"comment": row["review_note"], "at": method.returned_at}
        review = method.reviews.create(reviewer=_coordinator(area), verdict=Review.RETURNED, **words)
        for section, text in row.get("remarks", {}).items():
            review.remarks.create(section=section, text=text)


def _tie(row: dict[str, Any]) -> None:
    """See also, and the larger whole: when all of them are there."""
    method = Method.objects.get(slug=row["slug"])
    method.related.add(*Method.objects.filter(slug__in=row.get("related", [])))
    if whole := row.get("part_of"):
        Method.objects.filter(pk=method.pk).update(part_of=Method.objects.get(slug=whole))
