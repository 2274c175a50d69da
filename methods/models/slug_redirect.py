"""Addresses that methods had: links that were once shared lead on for ever."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from methods.models.method import Method


class FormerAddress(models.Model):
    """One address that a method no longer has, and that no other method gets."""

    method = models.ForeignKey(
        Method, on_delete=models.CASCADE, related_name="former_addresses", verbose_name=_("method")
    )
    slug = models.SlugField(_("address"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")

    def __str__(self) -> str:
        return self.slug
