"""Collections: methods put together for a purpose, in order and with notes, shared by a link when one wants."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from lib.tokens import BadToken, read, sign
from methods.models.method import Method
from methods.models.soft_delete import Removable, RemovableQuerySet

PURPOSE = "methods.collection"


class CollectionQuerySet(RemovableQuerySet):
    def of(self, person: Any) -> Self:
        return self.filter(owner=person)

    def latest_first(self) -> Self:
        return self.kept().order_by("-changed_at", "-pk")

    def with_counts(self) -> Self:
        return self.annotate(method_count=models.Count("items"))

    def behind(self, token: str) -> "Collection | None":
        """The collection that a link opens; None when the link is wrong, was renewed or is no longer shared."""
        try:
            pk, number = read(PURPOSE, token)
        except BadToken:
            return None
        found: Collection | None = self.kept().exclude(shared_at=None).filter(pk=pk, link_number=number).first()
        return found


class Collection(Removable):
    """A list of one person. The link carries a number: a new number makes the old link worthless."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="collections", verbose_name=_("owner"))
    title = models.CharField(
        _("title"), max_length=120, help_text=_("For example “Materials of the network meeting” or “Autumn camp”.")
    )
    held_on = models.DateField(
        _("day"), null=True, blank=True, help_text=_("When it belongs to a meeting or an event.")
    )
    note = models.TextField(_("note"), blank=True, max_length=2000)
    created_at = models.DateTimeField(_("made"), editable=False)
    changed_at = models.DateTimeField(_("last changed"), editable=False)
    shared_at = models.DateTimeField(_("shared by link"), null=True, blank=True, editable=False)
    link_number = models.PositiveIntegerField(default=1, editable=False)

    objects = CollectionQuerySet.as_manager()

    if TYPE_CHECKING:
        items: Any
        method_count: int

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("methods:collection-detail", args=[self.pk])

    @property
    def token(self) -> str:
        """What the link carries."""
        return sign(PURPOSE, [self.pk, self.link_number])

    def start(self, owner: User, now: datetime) -> None:
        self.owner, self.created_at = owner, now
        self.save_changes(now)

    def save_changes(self, now: datetime) -> None:
        self.changed_at = now
        self.save()

    def add(self, method: Method, now: datetime) -> bool:
        """Put a method at the end. False when it is there already."""
        with transaction.atomic():
            type(self).objects.select_for_update().get(pk=self.pk)
            last = self.items.aggregate(last=Max("order"))["last"] or 0
            _item, is_new = self.items.get_or_create(method=method, defaults={"order": last + 1})
            self.save_changes(now)
        return is_new

    def arrange(self, rows: "list[CollectionItem]", dropped: "list[CollectionItem]", now: datetime) -> None:
        """Keep these items in this order with their notes, and drop those."""
        with transaction.atomic():
            self.items.filter(pk__in=[row.pk for row in dropped]).delete()
            for number, row in enumerate(rows, start=1):
                self.items.filter(pk=row.pk).update(order=number, note=row.note)
            self.save_changes(now)

    def share(self, now: datetime) -> None:
        self._set(shared_at=now)

    def renew_link(self, now: datetime) -> None:
        """A new link; the old one opens nothing any more."""
        self._set(shared_at=now, link_number=F("link_number") + 1)

    def stop_sharing(self) -> None:
        """The link opens nothing; sharing again makes a new one."""
        self._set(shared_at=None, link_number=F("link_number") + 1)

    def _set(self, **values: Any) -> None:
        type(self).objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db()


class CollectionItemQuerySet(models.QuerySet["CollectionItem"]):
    def visible_to(self, user: Any) -> Self:
        """Only published methods that this reader may see: a shared list shows nobody more than that."""
        return self.filter(method__in=Method.objects.visible_to(user).published())

    def in_order(self) -> Self:
        return self.select_related("method__stage", "method__preparation").order_by("order", "pk")


class CollectionItem(models.Model):
    """One method of a collection, and what its owner says of it."""

    collection = models.ForeignKey(
        Collection, on_delete=models.CASCADE, related_name="items", verbose_name=_("collection")
    )
    method = models.ForeignKey(Method, on_delete=models.CASCADE, related_name="+", verbose_name=_("method"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = CollectionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("method of a collection")
        verbose_name_plural = _("methods of a collection")
        constraints = [models.UniqueConstraint(fields=["collection", "method"], name="collection_item_once")]

    def __str__(self) -> str:
        return f"{self.method} ({self.collection})"
