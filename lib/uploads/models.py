"""What a row with an uploaded file has in every room: what the file is, where it lies, how it is removed and kept.

The bytes lie in private storage, in a folder with a name that nobody can guess; the row says what they are.
What is removed can be put back for a week; then the nightly round of its room throws it away.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Max, Q, Sum
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from lib.exceptions import Refused
from lib.tasks import for_each_locked
from lib.uploads import storage
from lib.uploads.documents import DOCX, ODT, PDF
from lib.uploads.pictures import widths_of
from lib.uploads.validation import MEGABYTE, PICTURE, ValidatedFile

KEPT_AFTER_REMOVAL = timedelta(days=7)
MOST_BYTES_TOGETHER = 120 * MEGABYTE  # of one method or meeting; what was removed within the week counts too
# A picture is told in words for those who do not see it.
PICTURE_TOLD_IN_WORDS = Q(kind=PICTURE, width__isnull=False, height__isnull=False) & ~Q(alt="")

log = logging.getLogger(__name__)


class UploadedFileQuerySet(models.QuerySet[Any]):
    """To be the QuerySet of a model that stands on `UploadedFile`."""

    # which

    def shown(self) -> Any:
        return self.filter(removed_at=None)

    def removed(self) -> Any:
        """What can still be put back, the latest first."""
        return self.exclude(removed_at=None).order_by("-removed_at", "-pk")

    def past_putting_back(self, now: datetime) -> Any:
        return self.filter(removed_at__lt=now - KEPT_AFTER_REMOVAL)

    # how much

    def bytes(self) -> int:
        """What they take on the disk together."""
        return self.aggregate(all=Sum("size"))["all"] or 0

    def next_order(self) -> int:
        return (self.aggregate(last=Max("order"))["last"] or 0) + 1

    # verbs

    def refuse_without_room(self, judged: ValidatedFile, too_much: Any) -> None:
        """Raises Refused when these and a new one are too large together, in words, or the house is full."""
        if self.bytes() + judged.size > MOST_BYTES_TOGETHER:
            raise Refused(too_much, most=MOST_BYTES_TOGETHER // MEGABYTE)
        if bytes_of_all() + judged.size > settings.UPLOAD_QUOTA_MB * MEGABYTE:
            raise Refused(_("The portal has no room for more files. Tell the coordinator."))

    def discard(self) -> None:
        """Remove the rows, and their files as soon as that is safely stored."""
        tokens = [token for token in self.values_list("token", flat=True) if token]
        self.delete()
        transaction.on_commit(partial(storage.discard, self.model.ROOM, tokens), robust=True)

    def purge(self, now: datetime) -> None:
        """Throw away what was removed a week ago, and folders of the room that no row speaks of."""
        for_each_locked(
            lambda: self.past_putting_back(now),
            lambda row: self.filter(pk=row.pk).discard(),
            round=f"{self.model.ROOM}.files",
            now=now,
        )
        lost = storage.orphans(self.model.ROOM, self.exclude(token="").values_list("token", flat=True), now)
        storage.discard(self.model.ROOM, lost)
        if lost:
            log.warning("%s folders of uploaded files belonged to nothing and are removed", len(lost))


class UploadedFile(models.Model):
    """A picture or a document."""

    ROOM = ""  # the folder of the room in the storage
    PAGES = ""  # "methods:attachment": what the names of its two addresses begin with
    KINDS = [(PICTURE, _("picture")), (PDF, "PDF"), (ODT, "ODT"), (DOCX, "DOCX")]

    order = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)
    name = models.CharField(_("name of the file"), max_length=80, blank=True)
    alt = models.CharField(_("what the picture shows"), max_length=250, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    token: Any = models.CharField(max_length=32, unique=True, editable=False)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("may be published, says"),
    )
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)

    objects: Any

    class Meta:
        abstract = True

    # questions

    @property
    def slug_of_page(self) -> str:
        """The address of the thing it belongs to."""
        raise NotImplementedError

    @property
    def change_url(self) -> str:
        """Where the buttons of its row are pressed."""
        raise NotImplementedError

    @property
    def what(self) -> str:
        """ "picture", "PDF"."""
        return str(self.get_kind_display())

    def neighbours(self) -> Any:
        """Those among which it can be moved, in order."""
        raise NotImplementedError

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
        return reverse(f"{self.PAGES}-download", args=[self.slug_of_page, self.token])

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
        return reverse(f"{self.PAGES}-picture", args=[self.slug_of_page, self.token, width])

    def stored(self, name: str) -> str:
        """Where one of its files lies in the storage."""
        return storage.path(self.ROOM, self.token, name)

    # verbs

    def bring_in(self, judged: ValidatedFile, person: Any) -> None:
        """Store the bytes and insert the row. Raises Refused, and leaves nothing, when the disk is full.

        The person has said that it may be shown and that nobody young can be recognised.
        """
        self.kind, self.name, self.size = judged.kind, judged.name, judged.size
        self.width, self.height, self.agreed_by = judged.width, judged.height, person
        self.token = storage.store(self.ROOM, judged)
        try:
            self.save(force_insert=True)
        except Exception:
            storage.discard(self.ROOM, [self.token])
            raise

    def move(self, step: int) -> None:
        """One place up (-1) or down (1) among its neighbours."""
        row = list(self.neighbours())
        here = row.index(self)
        there = max(0, min(len(row) - 1, here + step))
        row.insert(there, row.pop(here))
        for order, each in enumerate(row, start=1):
            each.order = order
        type(self).objects.bulk_update(row, ["order"])

    def remove(self, now: datetime) -> None:
        """Nobody sees it any more; for a week it can be put back."""
        type(self).objects.filter(pk=self.pk, removed_at=None).update(removed_at=now)

    def put_back(self, now: datetime) -> None:
        """Show it again. Raises Refused when there is no room for it."""
        raise NotImplementedError


def bytes_of_all() -> int:
    """What the files of all rooms take on the disk together."""
    return sum(model.objects.all().bytes() for model in apps.get_models() if issubclass(model, UploadedFile))
