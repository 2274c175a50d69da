"""What somebody is typing: kept as typed, before it is valid and before anybody else sees it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, models
from django.db.models import Q
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from contacts.models import HeldText, HeldTextQuerySet, User
from lib.forms.params import int_or_none
from methods.exceptions import Outrun, TooMuch
from methods.models.method import Method

MOST_TYPED = 400_000  # characters; a full form of the longest texts is a third of it
UNTYPED = {"csrfmiddlewaretoken", "action", "key", "based_on", "serial", "over", "knowingly"}


class WorkingCopyQuerySet(HeldTextQuerySet, models.QuerySet[Any]):
    def of(self, person: Any, key: UUID) -> "WorkingCopyQuerySet":
        """The one a person has of the method that was begun with this key."""
        return self.filter(person=person, key=key)

    def run_by(self, user: Any) -> "WorkingCopyQuerySet":
        """Those of the methods of the areas this person coordinates; asked of held ones, which nobody else may read."""
        held = self.held_back()
        return held if user.is_superuser else held.filter(method__area__in=user.area_ids_run())

    def unfinished(self, person: Any) -> "WorkingCopyQuerySet":
        """All a person has left unfinished, the newest first."""
        return self.filter(person=person).select_related("method").order_by("-saved_at", "-pk")

    def store(self, person: Any, method: Method, typed: QueryDict, now: datetime) -> "WorkingCopy":
        """Keep what stands in a form now. Asked twice for the same, it keeps one.

        Raises Outrun, with the copy there is, when another window of the same person has stored something else since
        the form was shown; "over" in the form says that it may be written over. Raises TooMuch.
        """
        words = {name: [each.replace("\0", "") for each in v] for name, v in typed.lists() if name not in UNTYPED}
        if sum(len(each) for values in words.values() for each in values) > MOST_TYPED:
            raise TooMuch
        is_free = "over" in typed or "serial" not in typed
        begun = {"kind": method.kind, "method_id": method.pk, "saved_at": now}
        copy, _is_new = self.get_or_create(person=person, key=method.key, defaults=begun)
        if not is_free and copy.serial > (int_or_none(typed["serial"]) or 0) and copy.typed != words:
            raise Outrun(copy)
        if copy.typed != words:
            copy.held_at = copy.mend_asked_at = None
        copy.typed, copy.saved_at, copy.serial = words, now, copy.serial + 1
        copy.based_on, copy.method_id = parse_datetime(typed.get("based_on", "")), method.pk
        copy.save()
        return copy

    def start(self, person: Any, kind: str, typed: dict[str, list[str]], now: datetime) -> "WorkingCopy":
        """Put text into a form that nobody has opened yet."""
        return self.create(person=person, kind=kind, typed=typed, serial=1, saved_at=now)


def lock(key: UUID) -> None:
    """Let the requests for one form come one after the other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key.int >> 65])


class WorkingCopy(HeldText):
    """The boxes of one form as one person left them. It goes when the method is stored or the copy discarded.

    A change of a published method that may hold personal data stays here, held, until a coordinator has read it.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    key = models.UUIDField(default=uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Method.KINDS)
    method = models.ForeignKey(
        Method, on_delete=models.CASCADE, null=True, blank=True, related_name="copies", verbose_name=_("method")
    )
    typed = models.JSONField(_("what was typed"), default=dict)
    serial = models.PositiveIntegerField(default=0)
    based_on = models.DateTimeField(_("the state it was begun from"), null=True, blank=True)
    saved_at = models.DateTimeField(_("last saved"))

    objects: Any = WorkingCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("working copy")
        verbose_name_plural = _("working copies")
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="one_working_copy"),
            models.CheckConstraint(condition=Q(kind__in=["method", "model"]), name="working_copy_of_a_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What it is called so far."""
        return str((self.typed.get("title") or [""])[0])

    @property
    def data(self) -> QueryDict:
        """As a form would have sent it."""
        data = QueryDict(mutable=True)
        for name, values in self.typed.items():
            data.setlist(name, values)
        return data
