"""A method (one activity) or an operating model (a way to organise work), from draft to published.

Its life is draft → sent for review → returned or published → archived; each state is a date.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import resolve, reverse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import CoordinationArea, User
from methods.exceptions import CommentNeeded, Incomplete, Lack, NotWaiting, OwnMethod
from methods.models.completeness import lacks_of
from methods.models.method_facts import VOCABULARY
from methods.models.method_queryset import MethodQuerySet
from methods.models.method_relations import Bonds
from methods.models.verification import ShelfLife

if TYPE_CHECKING:
    from methods.models.review import Review
    from methods.models.step import MethodStep


def _in_order(low: str, high: str, name: str, words: Any) -> models.CheckConstraint:
    condition = Q(**{low: None}) | Q(**{high: None}) | Q(**{f"{high}__gte": F(low)})
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=words)


class Method(ShelfLife, Bonds):  # type: ignore[django-manager-missing]
    """One page of the method bank, with its life."""

    DRAFT, WAITING, RETURNED, PUBLISHED, ARCHIVED = "draft", "waiting", "returned", "published", "archived"
    STATES = {
        DRAFT: _("draft"),
        WAITING: _("waits for review"),
        RETURNED: _("returned for changes"),
        PUBLISHED: _("published"),
        ARCHIVED: _("archived"),
    }

    # its life
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("sent for review"), null=True, blank=True, editable=False)
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    verified_on = models.DateField(_("last checked"), null=True, blank=True, editable=False)

    # the form it was begun with, so that a request that comes twice begins one method
    key = models.UUIDField(default=uuid4, db_default=RandomUUID(), unique=True, editable=False)
    # steps and words of the vocabulary as they were kept, so that a version is one row
    kept = models.JSONField(default=dict, editable=False)

    objects = MethodQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind", "method")
        verbose_name_plural = _("methods")
        indexes = [
            GinIndex(fields=["slug"], opclasses=["gin_trgm_ops"], name="method_address"),
            models.Index(
                fields=["verified_on"], condition=Q(check_reminded_at__isnull=False), name="method_unanswered_check"
            ),
            models.Index(F("published_at").desc(nulls_last=True), F("id").desc(), name="method_newest"),
        ]
        constraints = [
            _in_order("age_min", "age_max", "method_age_in_order", _("The youngest cannot be older than the oldest.")),
            _in_order(
                "group_min", "group_max", "method_group_in_order", _("The smallest group is larger than the largest.")
            ),
            _in_order(
                "duration_min",
                "duration_max",
                "method_time_in_order",
                _("The shortest time is longer than the longest."),
            ),
            models.CheckConstraint(
                condition=Q(kind="model") | Q(stage=None),
                name="method_stage_only_for_models",
                violation_error_message=_("Only an operating model has a phase of development."),
            ),
            models.CheckConstraint(
                condition=~Q(visibility="network") | Q(network__isnull=False),
                name="method_network_named",
                violation_error_message=_("Choose the network whose members see this."),
            ),
            models.CheckConstraint(condition=~Q(part_of=F("id")), name="method_not_part_of_itself"),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(submitted_at__isnull=False), name="method_submitted_before_published"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("methods:method-detail", args=[self.slug])

    # questions

    def may_be_reviewed_by(self, user: Any) -> bool:
        """It waits, this person coordinates its area, and did not write it."""
        runs = user.is_superuser or self.area_id in user.area_ids_run()
        return self.is_waiting and runs and not self.is_written_by(user)

    def is_editable_by(self, user: Any) -> bool:
        """For the author and the area's coordinator."""
        return user.is_authenticated and Method.objects.editable_by(user).filter(pk=self.pk).exists()

    @property
    def state(self) -> str:
        """Where in its life the method stands, told by its dates."""
        if self.archived_at:
            return self.ARCHIVED
        if self.published_at:
            return self.PUBLISHED
        if self.submitted_at:
            return self.WAITING
        return self.RETURNED if self.returned_at else self.DRAFT

    @property
    def state_words(self) -> str:
        return str(self.STATES[self.state])

    @property
    def is_draft(self) -> bool:
        """Not sent yet, or returned: the author has the next move."""
        return self.state in (self.DRAFT, self.RETURNED)

    @property
    def is_waiting(self) -> bool:
        return self.state == self.WAITING

    @property
    def is_published(self) -> bool:
        return self.state == self.PUBLISHED

    @property
    def is_archived(self) -> bool:
        return self.state == self.ARCHIVED

    # verbs, in the order life calls them

    def start(self, author: User, now: datetime) -> None:
        """Store a new draft of a person, in the person's area, with an address made of the title."""
        self.author, self.area = author, _area_of(author)
        self.slug = self._free_slug()
        self.created_at = self.changed_at = now
        self.save()

    def save_changes(self, now: datetime, steps: "list[MethodStep] | None" = None) -> None:
        """Store what was written, the steps in their order, and make it findable.

        A published method must stay complete: raises Incomplete, and the caller's transaction decides.
        """
        self.changed_at = now
        if steps is not None:
            self._put_steps(steps)
        self.kept = self._as_kept()
        self.save()
        self.index()
        if self.is_published:
            self._refuse_incomplete()

    def submit(self, now: datetime) -> bool:
        """Send for review. Raises Incomplete with all that is missing. True when this call did it."""
        self._refuse_incomplete()
        waiting_for_author = type(self).objects.filter(pk=self.pk, submitted_at=None, archived_at=None)
        return self._took(waiting_for_author.update(submitted_at=now))

    def review(
        self, reviewer: User, verdict: str, comment: str, now: datetime, remarks: Mapping[str, str] | None = None
    ) -> "Review":
        """Publish the method, or return it with words to its author. Nobody reviews their own.

        `remarks` are words on single sections, by the section's code. Raises OwnMethod, CommentNeeded, NotWaiting, or
        Incomplete when something went missing while it waited.
        """
        if self.is_written_by(reviewer):
            raise OwnMethod
        accepts = verdict == "accepted"
        if remarks and not comment.strip():
            comment = str(_("See the comments on the sections."))
        if not accepts and not comment.strip():
            raise CommentNeeded
        if accepts:
            self._refuse_incomplete()
        changes: dict[str, Any] = {"published_at": now, "verified_on": timezone.localdate(now), "returned_at": None}
        if not accepts:
            changes = {"submitted_at": None, "returned_at": now}
        with transaction.atomic():
            if not self._took(type(self).objects.waiting().filter(pk=self.pk).update(**changes)):
                raise NotWaiting
            if accepts:
                self.readdress()
            review = self.reviews.create(reviewer=reviewer, verdict=verdict, comment=comment.strip(), at=now)
            for section, words in (remarks or {}).items():
                review.remarks.create(section=section, text=words)
            return review

    def readdress(self) -> None:
        """Before readers come, the address follows the title; the one it had leads on to it."""
        stem = slugify(self.title)[:110] or self.kind
        if self.slug != stem and not re.fullmatch(rf"{stem}-\d+", self.slug):
            former, self.slug = self.slug, self._free_slug()
            type(self).objects.filter(pk=self.pk).update(slug=self.slug)
            self.former_addresses.filter(slug=self.slug).delete()
            self.former_addresses.create(slug=former)

    def archive(self, now: datetime) -> bool:
        """Take it from the lists; its page stays for its author and the coordinator."""
        return self._took(type(self).objects.filter(pk=self.pk, archived_at=None).update(archived_at=now))

    def restore(self) -> bool:
        """Put an archived one back where it was."""
        return self._took(type(self).objects.filter(pk=self.pk).exclude(archived_at=None).update(archived_at=None))

    def index(self) -> None:
        """Make the words of this method findable as they are now."""
        self.findable.index()

    def lacks(self) -> list[Lack]:
        """What is missing before others can use this, in the order of the form."""
        return lacks_of(self)

    # inside

    def _refuse_incomplete(self) -> None:
        lacks = self.lacks()
        if lacks:
            raise Incomplete(lacks)

    def _took(self, changed: int) -> bool:
        self.refresh_from_db()
        return changed == 1

    def _put_steps(self, steps: "list[MethodStep]") -> None:
        self.steps.all().delete()
        for order, step in enumerate(steps, start=1):
            step.pk, step.method, step.order = None, self, order
        self.steps.bulk_create(steps)

    def _as_kept(self) -> dict[str, Any]:
        rows = self.steps.in_order().values("title", "text", "minutes", "is_in_advance")
        words = {name: sorted(getattr(self, name).values_list("pk", flat=True)) for name in VOCABULARY}
        return {"steps": list(rows), **words}

    def _free_slug(self) -> str:
        """An address that no other method has and that is not a page of the room in any language."""
        stem = slugify(self.title)[:110] or self.kind
        others = Method.objects.exclude(pk=self.pk)
        taken = set(others.filter(slug__startswith=stem).values_list("slug", flat=True))
        taken |= set(
            others.filter(former_addresses__slug__startswith=stem).values_list("former_addresses__slug", flat=True)
        )
        wishes = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 4))]
        return next(slug for slug in wishes if slug not in taken and _leads_to_a_method(slug))


def _leads_to_a_method(slug: str) -> bool:
    pages = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            pages.append(resolve(reverse("methods:method-detail", args=[slug])).url_name)
    return set(pages) == {"method-detail"}


def _area_of(author: User) -> CoordinationArea:
    """Where the author belongs; who belongs to several areas writes for that of the municipality of work."""
    own = CoordinationArea.objects.filter(pk__in=author.area_ids()) or CoordinationArea.objects.all()
    municipality = author.municipality_of_work()
    there = own.filter(municipalities=municipality) if municipality else own.none()
    return there.order_by("pk").first() or own.order_by("pk")[0]
