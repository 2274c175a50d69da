"""Regions and sub-regional units of the national classification."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.text.multilingual import translated


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
