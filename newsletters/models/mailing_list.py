"""A mailing list: a name that people join and that issues are sent to."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea
from networks.models import Network
from youthnet.languages import translated


class MailingListQuerySet(models.QuerySet["MailingList"]):
    def visible_to(self, user: Any) -> "MailingListQuerySet":
        """Lists that anyone may join; the others are only on the desk."""
        return self.filter(is_public=True)

    def run_by(self, user: Any) -> "MailingListQuerySet":
        return self if user.is_superuser else self.filter(area__in=user.area_ids_run())

    def in_order(self) -> "MailingListQuerySet":
        return self.order_by("area", "order", "pk")


class MailingList(models.Model):
    """One list of one area, for everybody or kept for a network or for bodies outside."""

    area = models.ForeignKey(
        CoordinationArea, on_delete=models.PROTECT, related_name="mailing_lists", verbose_name=_("area")
    )
    network = models.ForeignKey(
        Network,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="mailing_lists",
        verbose_name=_("network"),
        help_text=_("Leave empty when the list is for the whole area."),
    )
    code = models.SlugField(_("code"), max_length=40, help_text=_("Part of the address of the issues. Never changes."))
    name_fi = models.CharField(_("name in Finnish"), max_length=80)
    name_sv = models.CharField(_("name in Swedish"), max_length=80, blank=True)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    description_fi = models.CharField(_("description in Finnish"), max_length=200, blank=True)
    description_sv = models.CharField(_("description in Swedish"), max_length=200, blank=True)
    description_en = models.CharField(_("description in English"), max_length=200, blank=True)
    is_public = models.BooleanField(
        _("anyone may join"),
        default=True,
        help_text=_("The issues of a public list are also shown on the site, without links to online meetings."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = MailingListQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing list")
        verbose_name_plural = _("mailing lists")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "code"],
                name="mailing_list_code_once_per_area",
                violation_error_message=_("The area already has a list with this code."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return translated(self, "name")

    @property
    def description(self) -> str:
        return translated(self, "description")

    @property
    def list_id(self) -> str:
        """The name of the list for mail programs (RFC 2919)."""
        return f"<{self.code}.{self.area.slug}.{urlsplit(settings.SITE_URL).hostname}>"

    def reply_address(self) -> str:
        """Where answers to a letter go: the coordinator on the area's first card with an address."""
        card = self.area.cards.visible_to(None).exclude(email="").in_order().first()
        return card.email if card else ""
