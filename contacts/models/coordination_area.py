"""Coordination areas: what one coordination covers, and who funds it. They are not regions."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models.municipality import Municipality
from lib.querysets import FinnishOrder, InArea
from lib.text.multilingual import translated
from lib.text.richtext import RichTextField

if TYPE_CHECKING:
    from contacts.models.coordinator import Coordinator
    from contacts.models.user import User


class AreaQuerySet(InArea, models.QuerySet["CoordinationArea"]):
    area_path = "pk"

    def visible_to(self, user: Any) -> "AreaQuerySet":
        """Coordination areas are public."""
        return self

    def alphabetical(self) -> "AreaQuerySet":
        return self.order_by(FinnishOrder("name_fi"), "pk")


class CoordinationArea(models.Model):
    """What one coordination covers: some municipalities of one or several regions. One installation may hold many."""

    slug = models.SlugField(_("address"), unique=True)
    name_fi = models.CharField(_("name in Finnish"), max_length=80)
    name_sv = models.CharField(_("name in Swedish"), max_length=80, blank=True)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    title_fi = models.CharField(_("heading in Finnish"), max_length=120)
    title_sv = models.CharField(_("heading in Swedish"), max_length=120, blank=True)
    title_en = models.CharField(_("heading in English"), max_length=120, blank=True)
    lead_fi = models.TextField(_("lead in Finnish"), blank=True)
    lead_sv = models.TextField(_("lead in Swedish"), blank=True)
    lead_en = models.TextField(_("lead in English"), blank=True)
    background = RichTextField(_("background"), blank=True, help_text=_("Who works, since when, with whom and why."))
    tasks = models.JSONField(_("the coordination's tasks"), default=list, blank=True)
    aim = models.TextField(_("mission"), blank=True)
    municipalities = models.ManyToManyField(Municipality, related_name="areas", verbose_name=_("municipalities"))
    host = models.ForeignKey(
        "contacts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_areas",
        verbose_name=_("host organisation"),
    )
    accent = models.CharField(
        _("accent colour"), max_length=7, default="#0f6b5c", help_text=_("As #rrggbb; dark enough for white text.")
    )
    started_on = models.DateField(_("coordination began"), null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("coordination area")
        verbose_name_plural = _("coordination areas")
        constraints = [
            models.CheckConstraint(condition=Q(accent__regex=r"^#[0-9a-fA-F]{6}$"), name="area_accent_is_colour"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("area", args=[self.slug])

    @property
    def name(self) -> str:
        return translated(self, "name")

    @property
    def title(self) -> str:
        return translated(self, "title")

    @property
    def lead(self) -> str:
        return translated(self, "lead")

    def funder_on(self, day: date) -> "Funding | None":
        """Who funds the work on a day."""
        return self.fundings.on(day).select_related("funder").order_by("-started_on", "-pk").first()

    def cover(self, municipalities: Iterable[Municipality]) -> None:
        """These municipalities and no others. Former ones stand for those of today."""
        self.municipalities.set({place.today() for place in municipalities})

    def appoint(self, user: "User", on: date) -> "Coordinator":
        """Give a person this area to coordinate from a day on. Doing it again changes nothing."""
        appointed, _is_new = self.coordinators.get_or_create(user=user, ended_on=None, defaults={"started_on": on})
        user.open_desk()
        return appointed


class FundingQuerySet(InArea, models.QuerySet["Funding"]):
    def on(self, day: date) -> "FundingQuerySet":
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=day), started_on__lte=day)


class Funding(models.Model):
    """Who funds an area, from when to when. Former funders stay as history."""

    area = models.ForeignKey(
        CoordinationArea, on_delete=models.CASCADE, related_name="fundings", verbose_name=_("area")
    )
    funder = models.ForeignKey(
        "contacts.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("funder")
    )
    instrument = models.CharField(_("grant"), max_length=200, blank=True)
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("to"), null=True, blank=True)

    objects = FundingQuerySet.as_manager()

    class Meta:
        verbose_name = _("funding")
        verbose_name_plural = _("fundings")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")), name="funding_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.funder} {self.started_on.year}–{self.ended_on.year if self.ended_on else ''}"

    def is_on(self, day: date) -> bool:
        """Whether it pays for the work on a day."""
        return self.started_on <= day and (self.ended_on is None or self.ended_on >= day)

    def is_over(self, day: date) -> bool:
        return self.ended_on is not None and self.ended_on < day
