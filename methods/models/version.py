"""What a method held, each time it was kept: written by the database itself (docs/adr/0006-versions.md)."""

from typing import Any

import pghistory
from django.db import models
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _
from pghistory.models import EventQuerySet

from contacts.models import Term, User
from methods.models.method import Method
from methods.models.method_facts import VOCABULARY
from methods.models.step import MethodStep

PLAIN = [
    "title", "summary", "language", "keywords", "age_min", "age_max", "goal", "group_min", "group_max", "duration_min",
    "duration_max", "facilitators", "materials", "debrief", "variations", "tips", "safety", "evaluation", "basic_idea",
    "environment", "target_understanding", "conditions", "results", "tips_for_adopters", "resources", "partners",
    "indicators", "funder", "place", "locality", "other", "author_role", "credits", "source_url",
]  # fmt: skip
CHOSEN = ["preparation", "stage", "organisation", "municipality", "licence"]
# Who may see a method is no part of its text: an old version never shows it to more people again.


class VersionQuerySet(EventQuerySet["MethodVersion"]):
    def final(self) -> "VersionQuerySet":
        """The last state of each request: what it passed on the way is no version."""
        later = self.model.objects.filter(
            pgh_obj=OuterRef("pgh_obj"), pgh_context=OuterRef("pgh_context"), pgh_id__gt=OuterRef("pgh_id")
        )
        return self.exclude(Exists(later))

    def newest(self) -> "VersionQuerySet":
        return self.order_by("-pgh_id")

    def with_people(self) -> "VersionQuerySet":
        """`user_id`: who made it, when the portal knows."""
        return self.annotate(user_id=F("pgh_context__metadata__user")).select_related(*CHOSEN)


Stored: Any = pghistory.create_event_model(
    Method,
    pghistory.UpdateEvent(),
    fields=[*PLAIN, *CHOSEN, "kept"],
    obj_field=pghistory.ObjForeignKey(related_name="versions", on_delete=models.CASCADE),
)


class MethodVersion(Stored):
    """One state of a method's text, with its steps and words of the vocabulary."""

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        indexes = [models.Index(fields=["pgh_obj", "-pgh_id"], name="version_newest")]

    def __str__(self) -> str:
        return f"{self.title} {self.pgh_created_at:%Y-%m-%d}"

    # questions

    def differs_from(self, other: "MethodVersion") -> list[str]:
        """The fields, steps and lists in which two versions are not the same, in the order of the form."""
        plain = [name for name in PLAIN if getattr(self, name) != getattr(other, name)]
        chosen = [name for name in CHOSEN if getattr(self, f"{name}_id") != getattr(other, f"{name}_id")]
        lists = [name for name in [*VOCABULARY, "steps"] if self.kept.get(name, []) != other.kept.get(name, [])]
        return [*plain, *chosen, *lists]

    def steps(self) -> list[MethodStep]:
        return [MethodStep(**row) for row in self.kept.get("steps", [])]

    # verbs

    def put_back(self, method: Method, now: Any) -> None:
        """Make a method hold what this version holds; that is a new version. Who may see it stays as it is.

        Words of the vocabulary and organisations that are gone stay away. Raises Incomplete for a published method that
        would lose something it needs.
        """
        for name in PLAIN:
            setattr(method, name, getattr(self, name))
        for name in CHOSEN:
            chosen = getattr(self, name)
            if chosen or getattr(self, f"{name}_id") is None:
                setattr(method, name, chosen)
        for name in VOCABULARY:
            getattr(method, name).set(Term.objects.filter(list=name, pk__in=self.kept.get(name, [])))
        method.save_changes(now, self.steps())


def people_of(versions: list[MethodVersion]) -> dict[int, User]:
    """Who made which, in one query. Somebody erased is not among them."""
    return User.objects.in_bulk({version.user_id for version in versions if version.user_id})
