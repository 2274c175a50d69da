"""Demo content of what people do with methods, and of the competence bank."""

from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from contacts.models import User
from methods.models import (
    Action,
    Collection,
    CollectionItem,
    CompetenceOffer,
    Favourite,
    Method,
    SessionPart,
    SessionPlan,
    Trial,
)
from youthnet.demo.pack_reader import Pack

LEVELS = {"kouluttaja": CompetenceOffer.REGION, "jakaja": CompetenceOffer.ONLINE}
BETWEEN = timedelta(days=9)  # the trials of one method that were told of without words


def load(pack: Pack) -> None:
    """Each part may be loaded twice: a row is found again by whose and what it is."""
    usage = pack.file("method_usage")
    people = {person.email: person for person in User.objects.with_work()}
    methods = {method.slug: method for method in Method.objects.all()}
    _load_offers(pack, people)
    for row in usage["trials"]:
        _create_trial(pack, methods[row["method"]], people[row["member"]], row)
    _fill_trials(pack, methods, list(people.values()))
    for email, slugs in usage["favourites"].items():
        for slug in slugs:
            Favourite.objects.add(people[email], methods[slug], timezone.now())
    for row in usage["collections"]:
        _create_collection(pack, people[row["owner"]], methods, row)
    for row in usage["session_plans"]:
        _create_plan(pack, people[row["owner"]], methods, row)
    for row in usage["actions"]:
        _create_action(pack, methods[row["method"]], row)


def _load_offers(pack: Pack, people: dict[str, User]) -> None:
    for row in pack.file("members")["members"]:
        wants = [{"competence": code, "level": CompetenceOffer.LEARNS} for code in row.get("wants", [])]
        for offer in [*row.get("offers", []), *wants]:
            details = {
                "level": pack.term("competence_levels", offer["level"]),
                "text": offer.get("text", ""),
                "range": LEVELS.get(offer["level"], CompetenceOffer.MUNICIPALITY),
            }
            CompetenceOffer.objects.update_or_create(
                member=people[row["email"]],
                competence=pack.term("competences", offer["competence"]),
                removed_at=None,
                defaults=details,
                create_defaults={**details, "created_at": timezone.now()},
            )


def _create_trial(pack: Pack, method: Method, person: User, row: dict[str, Any]) -> None:
    day = pack.day(row["day"])
    if day is None or method.trials.filter(person=person, tried_on=day).exists():
        return
    trial = Trial(
        tried_on=day,
        setting=pack.term("settings", row.get("setting")),
        group_size=row.get("group_size"),
        worked=row["worked"],
        note=row.get("note", ""),
        change=row.get("change", ""),
        adopted_on=day if row.get("adopted") else None,
    )
    trial.record(method, person, timezone.now())


def _fill_trials(pack: Pack, methods: dict[str, Method], people: list[User]) -> None:
    """As many trials as the pack says, told of by members of many municipalities."""
    people = [person for person in people if person.municipality_of_work()]
    told = dict(Trial.objects.kept().values_list("method").annotate(Count("pk")).order_by())
    for number, row in enumerate(pack.file("methods")["methods"]):
        method, mean = methods[row["slug"]], row["rating"]["mean"]
        if method.is_published and told.get(method.pk, 0) < row["used"]:
            _fill(pack, method, row["used"] - told.get(method.pk, 0), mean, people[number % 5 :], row["updated"])


def _fill(pack: Pack, method: Method, missing: int, mean: float, people: list[User], updated: Any) -> None:
    for number in range(missing):
        row = {
            "day": updated - BETWEEN * (number + 1),
            "group_size": method.group_min and method.group_min + number % 7,
            "worked": 5 if number % 10 < (mean - 4) * 10 else 4,
        }
        _create_trial(pack, method, people[number % len(people)], row)


def _create_collection(pack: Pack, owner: User, methods: dict[str, Method], row: dict[str, Any]) -> None:
    now = timezone.now()
    if Collection.objects.of(owner).filter(title=row["title"]).exists():
        return
    collection = Collection(title=row["title"], held_on=pack.day(row["day"]), note=row.get("note", ""))
    collection.start(owner, now)
    CollectionItem.objects.bulk_create(
        CollectionItem(collection=collection, method=methods[slug], order=order)
        for order, slug in enumerate(row["methods"], start=1)
    )
    if row.get("shared"):
        collection.share(now)


def _create_plan(pack: Pack, owner: User, methods: dict[str, Method], row: dict[str, Any]) -> None:
    if SessionPlan.objects.of(owner).filter(title=row["title"]).exists():
        return
    plan = SessionPlan(
        title=row["title"], held_on=pack.day(row["day"]), begins=row["begins"], ends=row["ends"], note=row["note"]
    )
    plan.start(owner, timezone.now())
    parts = [_part(methods.get(part.get("method", "")), part) for part in row["parts"]]
    plan.arrange(parts, [], timezone.now())


def _part(method: Method | None, row: dict[str, Any]) -> SessionPart:
    words = {name: row[name] for name in ("minutes", "form", "role", "who") if name in row}
    return SessionPart(method=method, title=method.title if method else row["title"], **words)


def _create_action(pack: Pack, method: Method, row: dict[str, Any]) -> None:
    Action.objects.get_or_create(
        method=method,
        what=row["what"],
        defaults={
            "kind": pack.term("action_kinds", row["kind"]),
            "starts_on": pack.day(row["day"]),
            "ends_on": pack.day(row.get("until")),
            "occasions": row.get("occasions", 1),
            "people": row.get("people"),
            "source": row.get("source", ""),
            "added_by": method.author,
            "added_at": timezone.now(),
        },
    )
