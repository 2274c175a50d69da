"""Pictures and documents of a method: its cover, and up to five attachments, stored as `lib/uploads/` does."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from lib.exceptions import Refused
from lib.uploads.models import PICTURE_TOLD_IN_WORDS, UploadedFile, UploadedFileQuerySet
from lib.uploads.validation import PICTURE, ValidatedFile
from methods.models.method import Method

ROOM = "methods"
MOST = 5
TOO_MUCH = _("The files of one method may take %(most)d MB together, those removed within a week included.")


class AttachmentQuerySet(UploadedFileQuerySet):
    def visible_to(self, user: Any) -> "AttachmentQuerySet":
        """Whoever sees the method sees what belongs to it."""
        return self.shown().filter(method__in=Method.objects.visible_to(user))

    def covers(self) -> "AttachmentQuerySet":
        return self.shown().filter(is_cover=True)

    def in_order(self) -> "AttachmentQuerySet":
        return self.order_by("-is_cover", "order", "pk")

    def on_page(self) -> dict[str, Any]:
        """What a method's page shows, in one query: its `cover`, or None, and the other `attachments` in order."""
        rows = list(self.shown().in_order().select_related("method"))
        covers = [row for row in rows if row.is_cover]
        return {"cover": covers[0] if covers else None, "attachments": [row for row in rows if not row.is_cover]}

    @transaction.atomic
    def store_upload(
        self,
        method: Method,
        judged: ValidatedFile,
        person: User,
        now: datetime,
        *,
        is_cover: bool,
        alt: str,
        caption: str,
    ) -> "Attachment":
        """Store a file and its row; a new cover replaces the old one. Raises Refused when there is no room.

        The person has said that it may be published and that nobody young can be recognised.
        """
        Method.objects.select_for_update().get(pk=method.pk)
        own = self.filter(method=method)
        if not is_cover:
            _refuse_sixth(own)
        own.refuse_without_room(judged, TOO_MUCH)
        if is_cover:
            own.covers().update(removed_at=now)
        row = Attachment(method=method, is_cover=is_cover, alt=alt, caption=caption, agreed_at=now)
        row.order = own.next_order()
        row.bring_in(judged, person)
        return row


def _refuse_sixth(own: AttachmentQuerySet) -> None:
    if own.shown().filter(is_cover=False).count() >= MOST:
        raise Refused(_("There are %(most)d attachments already. Remove one first."), most=MOST)


class Attachment(UploadedFile):
    """A picture or a document of a method."""

    ROOM, PAGES = ROOM, "methods:attachment"

    method = models.ForeignKey(Method, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("method"))
    is_cover = models.BooleanField(_("cover picture"), default=False)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    agreed_at = models.DateTimeField(_("added"))

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.UniqueConstraint(
                fields=["method"], condition=Q(is_cover=True, removed_at=None), name="attachment_one_cover"
            ),
            models.CheckConstraint(
                condition=PICTURE_TOLD_IN_WORDS | ~Q(kind=PICTURE) & Q(is_cover=False),
                name="attachment_picture_told_in_words",
            ),
        ]

    def __str__(self) -> str:
        return self.caption or self.name or str(self.get_kind_display())

    # questions

    @property
    def slug_of_page(self) -> str:
        return self.method.slug

    @property
    def change_url(self) -> str:
        return reverse("methods:attachment-change", args=[self.method.slug, self.pk])

    @property
    def what(self) -> str:
        return str(_("cover picture")) if self.is_cover else super().what

    def neighbours(self) -> AttachmentQuerySet:
        """The attachments; a cover stands alone."""
        return self.method.attachments.shown().filter(is_cover=False).in_order()

    # verbs

    def reword(self, alt: str, caption: str) -> None:
        """What is said of it."""
        self.alt, self.caption = alt, caption
        self.save(update_fields=["alt", "caption"])

    def put_back(self, now: datetime) -> None:
        """Show it again. Raises Refused when there are enough; a cover replaces the one that came after it."""
        own = Attachment.objects.filter(method=self.method)
        with transaction.atomic():
            Method.objects.select_for_update().get(pk=self.method_id)
            if self.is_cover:
                own.covers().update(removed_at=now)
            else:
                _refuse_sixth(own)
            own.filter(pk=self.pk).update(removed_at=None)
