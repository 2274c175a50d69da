"""Municipalities, with the inflected forms of their names and their place on the tile map."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.region import Region, SubRegion
from lib.querysets import FinnishOrder
from lib.text.multilingual import translated


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def current(self) -> "MunicipalityQuerySet":
        """Those that have not become part of another."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=timezone.localdate()))

    # What the desk offers wherever a municipality is chosen.
    choosable = current

    def named(self, name: str) -> "Municipality | None":
        """The one that somebody wrote by hand, in Finnish or Swedish. A former name leads to the one of today."""
        written = name.strip()
        found = self.filter(Q(name_fi__iexact=written) | Q(name_sv__iexact=written)) if written else self.none()
        place = found.order_by(F("valid_to").desc(nulls_first=True), "pk").first()
        return place.today() if place else None

    def alphabetical(self) -> "MunicipalityQuerySet":
        return self.order_by(FinnishOrder("name_fi"), "pk")


class Municipality(models.Model):
    """A municipality. Its inflected names come from the data, because they cannot be built by rule."""

    code = models.CharField(_("code"), max_length=3, primary_key=True, help_text=_("Three digits, with leading zeros."))
    slug = models.SlugField(_("address"), unique=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="municipalities", verbose_name=_("region")
    )
    sub_region = models.ForeignKey(
        SubRegion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="municipalities",
        verbose_name=_("sub-region"),
    )
    name_fi = models.CharField(_("name in Finnish"), max_length=60)
    name_sv = models.CharField(_("name in Swedish"), max_length=60, blank=True)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    genitive = models.CharField(_("genitive"), max_length=60, blank=True, help_text=_("Saarijärven"))
    locative = models.CharField(_("locative"), max_length=60, blank=True, help_text=_("Saarijärvellä"))
    is_town = models.BooleanField(_("calls itself a town"), default=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("merged into")
    )
    grid_row = models.PositiveSmallIntegerField(_("row on the tile map"), null=True, blank=True)
    grid_column = models.PositiveSmallIntegerField(_("column on the tile map"), null=True, blank=True)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^\d{3}$"), name="municipality_code_three_digits"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="municipality_valid_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return translated(self, "name")

    def today(self) -> "Municipality":
        """Itself, or the municipality that it has become part of, however many mergers ago."""
        place, passed = self, {self.pk}
        while place.merged_into and place.is_former() and place.merged_into_id not in passed:
            place = place.merged_into
            passed.add(place.pk)
        return place

    def is_former(self) -> bool:
        return self.valid_to is not None and self.valid_to < timezone.localdate()
