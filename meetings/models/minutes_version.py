"""What becomes of minutes on their way: comments of those who were there, and a copy of every approved version."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models import User


class MinutesVersion(models.Model):
    """Minutes as they were approved, word for word; nobody changes this row."""

    minutes = models.ForeignKey("meetings.Minutes", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    approver_name = models.CharField(max_length=120)
    reason = models.CharField(_("why a new version was made"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("version of minutes")
        verbose_name_plural = _("versions of minutes")
        constraints = [models.UniqueConstraint(fields=["minutes", "number"], name="minutes_version_once")]

    def __str__(self) -> str:
        return f"{self.minutes} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:minutes-version", args=[self.minutes.meeting.slug, self.number])


class CommentQuerySet(models.QuerySet["MinutesComment"]):
    def oldest_first(self) -> "CommentQuerySet":
        return self.select_related("author", "item").order_by("at", "pk")


class MinutesComment(models.Model):
    """What a participant says of a draft: of one item, or of the whole."""

    minutes = models.ForeignKey("meetings.Minutes", on_delete=models.CASCADE, related_name="comments")
    item = models.ForeignKey(
        "meetings.AgendaItem", on_delete=models.CASCADE, null=True, blank=True, related_name="comments"
    )
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("comment"), max_length=2000)
    at = models.DateTimeField()

    objects: Any = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment on minutes")
        verbose_name_plural = _("comments on minutes")

    def __str__(self) -> str:
        return self.text
