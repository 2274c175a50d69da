"""Redirects from the addresses that methods had, and how a free address is found."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import resolve, reverse
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from methods.models.method import Method


class FormerAddress(models.Model):
    """One address that a method no longer has, and that no other method gets."""

    method = models.ForeignKey(
        "methods.Method", on_delete=models.CASCADE, related_name="former_addresses", verbose_name=_("method")
    )
    slug = models.SlugField(_("address"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")

    def __str__(self) -> str:
        return self.slug


def free_slug(method: "Method") -> str:
    """A slug made of the title that no other method has or had and that is not a page of the room in any language."""
    stem = slugify(method.title)[:110] or method.kind
    others = type(method).objects.exclude(pk=method.pk)
    taken = set(others.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= set(
        others.filter(former_addresses__slug__startswith=stem).values_list("former_addresses__slug", flat=True)
    )
    wishes = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 4))]
    return next(slug for slug in wishes if slug not in taken and _leads_to_a_method(slug))


def _leads_to_a_method(slug: str) -> bool:
    pages = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            pages.append(resolve(reverse("methods:method-detail", args=[slug])).url_name)
    return set(pages) == {"method-detail"}
