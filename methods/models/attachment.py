"""Pictures and documents of a method: its cover, and up to five attachments.

The bytes lie on the shelf of `youthnet/uploads/`, in a folder with a name that nobody can guess; the row says what they
are. What is removed can be put back for a week; then the nightly round throws it away.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Max, Q, Sum
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from methods.models.finding import MethodQuerySet
from methods.models.method import Method
from youthnet.uploads import shelf
from youthnet.uploads.documents import DOCX, ODT, PDF
from youthnet.uploads.judging import MEGABYTE, PICTURE, Judged
from youthnet.uploads.pictures import widths_of
from youthnet.uploads.refusal import Refused

ROOM = "methods"
MOST = 5
MOST_BYTES_OF_A_METHOD = 120 * MEGABYTE  # what was removed within the week counts too
KEPT_AFTER_REMOVAL = timedelta(days=7)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    # which

    def visible_to(self, user: Any) -> "AttachmentQuerySet":
        """Whoever sees the method sees what belongs to it."""
        return self.shown().filter(method__in=Method.objects.visible_to(user))

    def shown(self) -> "AttachmentQuerySet":
        return self.filter(removed_at=None)

    def covers(self) -> "AttachmentQuerySet":
        return self.shown().filter(is_cover=True)

    def removed(self) -> "AttachmentQuerySet":
        """What can still be put back, the latest first."""
        return self.exclude(removed_at=None).order_by("-removed_at", "-pk")

    def past_putting_back(self, now: datetime) -> "AttachmentQuerySet":
        return self.filter(removed_at__lt=now - KEPT_AFTER_REMOVAL)

    def in_order(self) -> "AttachmentQuerySet":
        return self.order_by("-is_cover", "order", "pk")

    def on_page(self) -> dict[str, Any]:
        """What a method's page shows, in one query: its `cover`, or None, and the other `attachments` in order."""
        rows = list(self.shown().in_order().select_related("method"))
        covers = [row for row in rows if row.is_cover]
        return {"cover": covers[0] if covers else None, "attachments": [row for row in rows if not row.is_cover]}

    # how much

    def bytes(self) -> int:
        """What they take on the disk together."""
        return self.aggregate(all=Sum("size"))["all"] or 0

    # verbs

    def take_in(
        self, method: Method, judged: Judged, person: User, now: datetime, *, is_cover: bool, alt: str, caption: str
    ) -> "Attachment":
        """Store a file and its row. Raises Refused when there are enough, or no room. A new cover replaces the old one.

        The person has said that it may be published and that nobody young can be recognised.
        """
        with transaction.atomic():
            Method.objects.select_for_update().get(pk=method.pk)
            own = self.filter(method=method)
            _refuse_without_room(own, judged, is_cover)
            if is_cover:
                own.covers().update(removed_at=now)
            row = Attachment(method=method, is_cover=is_cover, kind=judged.kind, name=judged.name, size=judged.size)
            row.width, row.height, row.alt, row.caption = judged.width, judged.height, alt, caption
            row.agreed_by, row.agreed_at, row.order = person, now, own._next_order()
            row.token = shelf.put(ROOM, judged)
            try:
                row.save(force_insert=True)
            except Exception:
                shelf.discard(ROOM, [row.token])
                raise
            return row

    def discard(self) -> None:
        """Remove the rows, and their files as soon as that is safely stored."""
        tokens = list(self.values_list("token", flat=True))
        self.delete()
        transaction.on_commit(partial(shelf.discard, ROOM, tokens), robust=True)

    def _next_order(self) -> int:
        return (self.aggregate(last=Max("order"))["last"] or 0) + 1


def _refuse_without_room(own: AttachmentQuerySet, judged: Judged, is_cover: bool) -> None:
    if not is_cover and own.shown().filter(is_cover=False).count() >= MOST:
        raise Refused(_("There are %(most)d attachments already. Remove one first."), most=MOST)
    if own.bytes() + judged.size > MOST_BYTES_OF_A_METHOD:
        raise Refused(
            _("The files of one method may take %(most)d MB together, those removed within a week included."),
            most=MOST_BYTES_OF_A_METHOD // MEGABYTE,
        )
    if Attachment.objects.bytes() + judged.size > settings.UPLOAD_QUOTA_MB * MEGABYTE:
        raise Refused(_("The method bank has no room for more files. Tell the coordinator."))


class Attachment(models.Model):
    """A picture or a document of a method."""

    KINDS = [(PICTURE, _("picture")), (PDF, "PDF"), (ODT, "ODT"), (DOCX, "DOCX")]

    method = models.ForeignKey(Method, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("method"))
    is_cover = models.BooleanField(_("cover picture"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)
    name = models.CharField(_("name of the file"), max_length=80, blank=True)
    alt = models.CharField(_("what the picture shows"), max_length=250, blank=True)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    token = models.CharField(max_length=32, unique=True, editable=False)
    agreed_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("may be published, says"),
    )
    agreed_at = models.DateTimeField(_("added"))
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.UniqueConstraint(
                fields=["method"], condition=Q(is_cover=True, removed_at=None), name="attachment_one_cover"
            ),
            models.CheckConstraint(
                condition=Q(kind=PICTURE, width__isnull=False, height__isnull=False) & ~Q(alt="")
                | ~Q(kind=PICTURE) & Q(is_cover=False),
                name="attachment_picture_told_in_words",
            ),
        ]

    def __str__(self) -> str:
        return self.caption or self.name or str(self.get_kind_display())

    # questions

    @property
    def is_picture(self) -> bool:
        return self.kind == PICTURE

    @property
    def size_words(self) -> str:
        """ "340 kB", "2,4 MB"."""
        if self.size < MEGABYTE:
            return _("%(size)s kB") % {"size": max(1, round(self.size / 1000))}
        return _("%(size)s MB") % {"size": localize(round(self.size / MEGABYTE, 1))}

    @property
    def file_name(self) -> str:
        """How a download is called: with the ending of what it is."""
        return f"{self.name or _('attachment')}.{self.kind}"

    @property
    def download_url(self) -> str:
        return reverse("methods:attachment-download", args=[self.method.slug, self.token])

    @property
    def url(self) -> str:
        """The middle copy of a picture, for browsers that choose nothing."""
        return self.url_of(self.widths[min(1, len(self.widths) - 1)])

    @property
    def srcset(self) -> str:
        """All copies with their widths, from which the browser chooses."""
        return ", ".join(f"{self.url_of(width)} {width}w" for width in self.widths)

    @property
    def widths(self) -> list[int]:
        return widths_of(self.width or 0)

    def url_of(self, width: int) -> str:
        """The address of one copy."""
        return reverse("methods:attachment-picture", args=[self.method.slug, self.token, width])

    def stored(self, name: str) -> str:
        """Where one of its files lies in the storage."""
        return shelf.path(ROOM, self.token, name)

    # verbs

    def reword(self, alt: str, caption: str) -> None:
        """What is said of it."""
        self.alt, self.caption = alt, caption
        self.save(update_fields=["alt", "caption"])

    def move(self, step: int) -> None:
        """One place up (-1) or down (1) among the attachments."""
        row = list(self.method.attachments.shown().filter(is_cover=False).in_order())
        here = row.index(self)
        there = max(0, min(len(row) - 1, here + step))
        row.insert(there, row.pop(here))
        for order, each in enumerate(row, start=1):
            each.order = order
        Attachment.objects.bulk_update(row, ["order"])

    def remove(self, now: datetime) -> None:
        """Nobody sees it any more; for a week it can be put back."""
        Attachment.objects.filter(pk=self.pk, removed_at=None).update(removed_at=now)

    def put_back(self, now: datetime) -> None:
        """Show it again. Raises Refused when there are enough; a cover replaces the one that came after it."""
        own = Attachment.objects.filter(method=self.method)
        with transaction.atomic():
            Method.objects.select_for_update().get(pk=self.method_id)
            if self.is_cover:
                own.covers().update(removed_at=now)
            elif own.shown().filter(is_cover=False).count() >= MOST:
                raise Refused(_("There are %(most)d attachments already. Remove one first."), most=MOST)
            own.filter(pk=self.pk).update(removed_at=None)


def with_cover(methods: MethodQuerySet) -> MethodQuerySet:
    """Each with its cover in `covers`, in one query more."""
    return methods.prefetch_related(models.Prefetch("attachments", Attachment.objects.covers(), to_attr="covers"))
