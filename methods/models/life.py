"""The life of a method: draft → sent for review → returned or published → archived. Each state is a date."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchVectorField
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea
from methods.models.completeness import lacks_of
from methods.models.refusals import CommentNeeded, Incomplete, NotWaiting, OwnMethod
from methods.models.words import weighted_words
from search import finnish
from search.vector import tsvector

if TYPE_CHECKING:
    from contacts.models import User
    from methods.models.method import Method
    from methods.models.review import Review
    from methods.models.step import MethodStep


class Life:
    """The states and verbs of a Method, mixed into it so that the fields and the life can each be read alone."""

    DRAFT, WAITING, RETURNED, PUBLISHED, ARCHIVED = "draft", "waiting", "returned", "published", "archived"
    STATES = {
        DRAFT: _("draft"),
        WAITING: _("waits for review"),
        RETURNED: _("returned for changes"),
        PUBLISHED: _("published"),
        ARCHIVED: _("archived"),
    }

    # questions

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

    def begin(self: "Method", author: "User", now: datetime) -> None:
        """Store a new draft of a person, in the person's area, with an address made of the title."""
        self.author, self.area = author, _area_of(author)
        self.slug = self._free_slug()
        self.created_at = self.changed_at = now
        self.save()

    def keep(self: "Method", now: datetime, steps: "list[MethodStep] | None" = None) -> None:
        """Store what was written, the steps in their order, and make it findable.

        A published method must stay complete: raises Incomplete, and the caller's transaction decides.
        """
        self.changed_at = now
        self.save()
        if steps is not None:
            self._put_steps(steps)
        self.index()
        if self.is_published:
            self._refuse_incomplete()

    def submit(self: "Method", now: datetime) -> bool:
        """Send for review. Raises Incomplete with all that is missing. True when this call did it."""
        self._refuse_incomplete()
        waiting_for_author = type(self).objects.filter(pk=self.pk, submitted_at=None, archived_at=None)
        return self._took(waiting_for_author.update(submitted_at=now))

    def review(self: "Method", reviewer: "User", verdict: str, comment: str, now: datetime) -> "Review":
        """Publish the method, or return it with words to its author. Nobody reviews their own.

        Raises OwnMethod, CommentNeeded, NotWaiting, or Incomplete when something went missing while it waited.
        """
        if self.is_written_by(reviewer):
            raise OwnMethod
        accepts = verdict == "accepted"
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
            return self.reviews.create(reviewer=reviewer, verdict=verdict, comment=comment.strip(), at=now)

    def archive(self: "Method", now: datetime) -> bool:
        """Take it from the shelf; its page stays for its author and the coordinator."""
        return self._took(type(self).objects.filter(pk=self.pk, archived_at=None).update(archived_at=now))

    def restore(self: "Method") -> bool:
        """Put an archived one back where it was."""
        return self._took(type(self).objects.filter(pk=self.pk).exclude(archived_at=None).update(archived_at=None))

    def index(self: "Method") -> None:
        """Make the words of this method findable as they are now."""
        words = [(finnish.analyse(text, language), weight) for text, language, weight in weighted_words(self)]
        vector = Cast(Value(tsvector(words)), SearchVectorField())
        type(self).objects.filter(pk=self.pk).update(search_vector=vector, search_backend=finnish.backend())

    def lacks(self: "Method") -> list[Any]:
        """What is missing before others can use this, in the order of the form."""
        return lacks_of(self)

    # inside

    def _refuse_incomplete(self: "Method") -> None:
        lacks = self.lacks()
        if lacks:
            raise Incomplete(lacks)

    def _took(self: "Method", changed: int) -> bool:
        self.refresh_from_db()
        return changed == 1

    def _put_steps(self: "Method", steps: "list[MethodStep]") -> None:
        self.steps.all().delete()
        for order, step in enumerate(steps, start=1):
            step.pk, step.method, step.order = None, self, order
        self.steps.bulk_create(steps)

    def _free_slug(self: "Method") -> str:
        stem = slugify(self.title)[:110] or self.kind
        taken = set(type(self).objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        return next(slug for slug in [stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))] if slug not in taken)


def _area_of(author: "User") -> CoordinationArea:
    """Where the author belongs; who belongs to several areas writes for that of the own municipality."""
    own = CoordinationArea.objects.filter(pk__in=author.area_ids()) or CoordinationArea.objects.all()
    at_home = own.filter(municipalities=author.municipality) if author.municipality else own.none()
    return at_home.order_by("pk").first() or own.order_by("pk")[0]
