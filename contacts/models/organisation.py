"""Organisations: who employs the members, who funds, who hosts. They change names and have successors."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.municipality import Municipality
from contacts.models.term import term_field, terms_field
from lib.querysets import FinnishOrder
from lib.text.model_fields import AddressField, NameField
from search.searchable import Searchable, SearchableQuerySet


class OrganisationQuerySet(SearchableQuerySet):
    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """The register of organisations is public."""
        return self

    def current(self) -> "OrganisationQuerySet":
        """Those without a successor."""
        return self.filter(successor=None)

    def with_work(self) -> "OrganisationQuerySet":
        """With what it tells of the work of its people."""
        return self.select_related("municipality", "sector")

    def for_indexing(self) -> "OrganisationQuerySet":
        return self.select_related("municipality", "type", "sector").prefetch_related("work_forms")

    def best(self) -> "OrganisationQuerySet":
        """The best match first; only after `matching`."""
        return self.select_related("municipality", "type").order_by("-rank", FinnishOrder("name"), "pk")

    def named(self, name: str) -> "Organisation | None":
        """The one that somebody wrote by hand, when it is known."""
        written = name.strip()
        return self.filter(name__iexact=written).order_by("pk").first() if written else None

    def alphabetical(self) -> "OrganisationQuerySet":
        return self.order_by(FinnishOrder("name"), "pk")


class Organisation(Searchable):
    """A municipality's youth services, an NGO, a parish, an authority. Units stand under their employer."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = NameField(_("name"), max_length=160)
    abbreviation = models.CharField(_("abbreviation"), max_length=30, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="units", verbose_name=_("part of")
    )
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
        help_text=_("Who carries on when this organisation has ended: old pages stay true."),
    )
    type = term_field("organisation_types", _("type"))
    sector = term_field("sectors", _("sector"), null=True, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("municipality"),
    )
    work_forms = terms_field("work_forms", _("forms of youth work"), blank=True)
    email = AddressField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    website = models.URLField(_("website"), blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta(Searchable.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name

    def words_for_people(self) -> Iterator[tuple[str, str, str]]:
        """What it gives to the words of its people and cards."""
        yield self.name, "fi", "B"
        yield self.abbreviation, "fi", "B"

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        yield f"{self.name}\n{self.abbreviation}", "fi", "A"
        if self.municipality:
            yield self.municipality.name_fi, "fi", "B"
            yield self.municipality.name_sv, "sv", "B"
        for term in (self.type, self.sector, *self.work_forms.all()):
            if term:
                yield term.fi, "fi", "C"
                yield term.sv, "sv", "C"

    def index_people(self) -> None:
        """People and cards are found by what is known of their organisation: make them so by what is known now."""
        for row in (*self.people.all(), *self.cards.all()):
            row.index()

    @property
    def full_name(self) -> str:
        """With the abbreviation people know it by: "Lupa- ja valvontavirasto (LVV)"."""
        return f"{self.name} ({self.abbreviation})" if self.abbreviation else self.name
