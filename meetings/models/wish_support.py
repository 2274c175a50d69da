"""One person's name under a wish, and what that person would need of it."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import User
from meetings.models.wish import Wish


class WishSupportQuerySet(models.QuerySet["WishSupport"]):
    def said(self) -> "WishSupportQuerySet":
        """Those that came with words, the first first."""
        return self.exclude(comment="").select_related("user").order_by("created_at", "pk")

    def in_order(self) -> Any:
        return self.select_related("user").order_by("created_at", "pk")


class WishSupport(models.Model):
    """Counted when its person is gone, too."""

    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="supports", verbose_name=_("wish"))
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="wish_supports", verbose_name=_("person")
    )
    comment = models.CharField(_("what you would need"), max_length=300, blank=True)
    created_at = models.DateTimeField(pgettext_lazy("a wish", "supported"), editable=False)

    objects = WishSupportQuerySet.as_manager()

    class Meta:
        verbose_name = _("support of a wish")
        verbose_name_plural = _("support of wishes")
        constraints = [models.UniqueConstraint(fields=["wish", "user"], name="wish_support_once_per_person")]

    def __str__(self) -> str:
        return f"{self.wish} – {self.user}"
