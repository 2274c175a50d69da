"""A mailing list: a name that people join and that issues are sent to."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea
from lib.querysets import InArea
from lib.text.mailboxes import header_address
from lib.text.multilingual import translated
from networks.models import Network
from outbox.message.validation import LetterRefused, mailbox, name_and_address, one_line


class MailingListQuerySet(InArea, models.QuerySet["MailingList"]):
    def visible_to(self, user: Any) -> "MailingListQuerySet":
        """Public lists for everybody; those of a network also for its members. The others are only on the desk.

        A list never shows a network to somebody who may not see the network itself.
        """
        seen = Network.objects.visible_to(user) if user else Network.objects.filter(visibility=Network.PUBLIC)
        shown = Q(is_public=True) & (Q(network=None) | Q(network__in=seen))
        if user and user.is_authenticated:
            shown |= Q(network__in=user.network_ids())
        return self.filter(shown)

    def with_counts(self) -> "MailingListQuerySet":
        """`number_of_subscribers`: whoever has confirmed and not left."""
        active = Q(subscriptions__ended_at=None, subscriptions__confirmed_at__isnull=False)
        return self.annotate(number_of_subscribers=Count("subscriptions", filter=active))

    def in_order(self) -> "MailingListQuerySet":
        return self.order_by("area", "order", "pk")


class MailingList(models.Model):
    """One list of one area: for everybody, for a network, or for bodies outside the region."""

    REGION, OUTSIDE = "region", "outside"
    KINDS = [
        (REGION, _("our own region")),
        (OUTSIDE, _("bodies outside the region")),
    ]

    area = models.ForeignKey(
        CoordinationArea, on_delete=models.PROTECT, related_name="mailing_lists", verbose_name=_("area")
    )
    kind = models.CharField(
        _("who is on it"),
        max_length=8,
        choices=KINDS,
        default=REGION,
        help_text=_("Bodies outside the region are the funder, the ministry and centres of expertise."),
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
    sender_name = models.CharField(
        _("name of the sender"),
        max_length=60,
        blank=True,
        help_text=_("Mailboxes show it before the subject, and readers learn to know it. Empty: the name in Finnish."),
    )
    is_public = models.BooleanField(
        _("anyone may join"),
        default=True,
        help_text=_(
            "The issues of a public list are also shown on the site, without links to online meetings. A list that is "
            "not public is offered to the members of its network; without a network only the coordinator adds readers."
        ),
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
            ),
            models.CheckConstraint(
                condition=Q(kind="region") | Q(network=None),
                name="mailing_list_outside_has_no_network",
                violation_error_message=_("A list of bodies outside the region belongs to no network."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its archive, which exists for public lists only."""
        return reverse("newsletters:list-issues", args=[self.area.slug, self.code])

    def clean(self) -> None:
        """What no constraint can see: the network stands in another table."""
        if self.network and self.network.area_id != self.area_id:
            raise ValidationError({"network": _("Choose a network of the same area.")})
        if self.network and self.is_public and self.network.visibility != Network.PUBLIC:
            raise ValidationError({"is_public": _("The network is not shown to everybody, so its list cannot be.")})
        try:
            one_line(_("name of the sender"), self.sender_name)
        except LetterRefused as refusal:
            raise ValidationError({"sender_name": str(refusal)}) from refusal

    # questions

    @property
    def name(self) -> str:
        return translated(self, "name")

    @property
    def description(self) -> str:
        return translated(self, "description")

    @property
    def sender(self) -> str:
        """From whom its issues come: the same for all recipients and issues, so that mailboxes learn to know it."""
        _name, address = name_and_address(settings.DEFAULT_FROM_EMAIL)
        return mailbox(header_address(self.sender_name or self.name_fi, address))

    @property
    def list_id(self) -> str:
        """The name of the list for mail programs (RFC 2919)."""
        return f"<{self.code}.{self.area.slug}.{urlsplit(settings.SITE_URL).hostname}>"

    @property
    def joining_in_words(self) -> str:
        """Who may join, for the desk."""
        if self.is_public:
            return gettext("anyone")
        return gettext("members of the network") if self.network_id else gettext("only the coordinator adds readers")

    def reply_address(self) -> str:
        """Where answers to a letter go: the coordinator on the area's first card with an address."""
        card = self.area.cards.answering()
        return card.email if card else ""
