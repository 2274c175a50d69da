"""Places: regions, municipalities, and the areas that a coordination covers (which are not regions)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lib.text.multilingual import translated
from lib.text.richtext import RichTextField

if TYPE_CHECKING:
    from contacts.models.user import Coordinator, User


class FinnishOrder(Func):
    """Sorts words as a Finn does, Å Ä Ö after Z, whatever collation the server was built with."""

    template = "translate(lower(%(expressions)s), 'åäöšž', '{|}sz') COLLATE \"C\""
    output_field = models.TextField()


class Region(models.Model):
    """A region (maakunta) of the national classification. Its code is not its ISO 3166-2 number."""

    code = models.CharField(_("code"), max_length=2, primary_key=True)
    slug = models.SlugField(_("address"), unique=True)
    name_fi = models.CharField(_("name in Finnish"), max_length=60)
    name_sv = models.CharField(_("name in Swedish"), max_length=60, blank=True)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    genitive = models.CharField(_("genitive"), max_length=60, blank=True, help_text=_("Keski-Suomen"))
    locative = models.CharField(_("locative"), max_length=60, blank=True, help_text=_("Keski-Suomessa"))
    nuts3 = models.CharField(_("NUTS code"), max_length=6, blank=True)
    iso = models.CharField(_("ISO code"), max_length=6, blank=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return translated(self, "name")


class SubRegion(models.Model):
    """A sub-regional unit (seutukunta): a group of municipalities inside a region."""

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="sub_regions", verbose_name=_("region"))
    name_fi = models.CharField(_("name in Finnish"), max_length=80)
    name_sv = models.CharField(_("name in Swedish"), max_length=80, blank=True)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("sub-region")
        verbose_name_plural = _("sub-regions")

    def __str__(self) -> str:
        return translated(self, "name")


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def named(self, name: str) -> "Municipality | None":
        """The one that somebody wrote by hand, in Finnish or Swedish, when it is known."""
        written = name.strip()
        found = self.filter(Q(name_fi__iexact=written) | Q(name_sv__iexact=written)) if written else self.none()
        return found.order_by("pk").first()

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


class AreaQuerySet(models.QuerySet["CoordinationArea"]):
    def visible_to(self, user: Any) -> "AreaQuerySet":
        """Coordination areas are public."""
        return self

    def run_by(self, user: Any) -> "AreaQuerySet":
        """The areas this person coordinates."""
        if user.is_superuser:
            return self
        return self.filter(pk__in=user.area_ids_run())

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

    def appoint(self, user: "User", on: date) -> "Coordinator":
        """Give a person this area to coordinate from a day on. Doing it again changes nothing."""
        appointed, _is_new = self.coordinators.get_or_create(user=user, ended_on=None, defaults={"started_on": on})
        user.open_desk()
        return appointed


class FundingQuerySet(models.QuerySet["Funding"]):
    def on(self, day: date) -> "FundingQuerySet":
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=day), started_on__lte=day)

    def run_by(self, user: Any) -> "FundingQuerySet":
        return self if user.is_superuser else self.filter(area__in=user.area_ids_run())


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
