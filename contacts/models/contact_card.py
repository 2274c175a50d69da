"""The cards that the public sees: whom to ask about what."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models.coordination_area import CoordinationArea
from contacts.models.organisation import Organisation
from contacts.models.term import term_field
from lib.querysets import FinnishOrder, InArea
from lib.text.addresses import is_address
from lib.text.mailboxes import header_address
from lib.text.model_fields import AddressField, NameField
from lib.text.multilingual import LANGUAGES
from search.searchable import Searchable, SearchableQuerySet, name_words


class ContactCardQuerySet(InArea, SearchableQuerySet):
    def visible_to(self, user: Any) -> "ContactCardQuerySet":
        """Cards are made to be public."""
        return self.filter(ended_on=None)

    def in_order(self) -> "ContactCardQuerySet":
        """With what a card shows besides its own columns."""
        return self.select_related("organisation", "role").order_by("order", "pk")

    def answering(self) -> "ContactCard | None":
        """Who answers letters about these areas: the first shown card with an address that a letter can be sent to."""
        shown = self.visible_to(None).exclude(email="").in_order()
        return next((card for card in shown if is_address(card.email)), None)

    def for_indexing(self) -> "ContactCardQuerySet":
        """With what the words of each row are made of, for many at once."""
        return self.select_related("organisation", "role")

    def best(self) -> "ContactCardQuerySet":
        """The best match first; only after `matching`."""
        return self.select_related("organisation", "role").order_by("-rank", "order", "pk")

    def by_area(self) -> "ContactCardQuerySet":
        """For a page that shows several areas, one after the other."""
        by_name = (FinnishOrder("area__name_fi"), "area", "order", "pk")
        return self.select_related("organisation", "role", "area").order_by(*by_name)


class ContactCard(Searchable):
    """A public card of a post: when its holder changes, one edit changes every page and letter that shows it."""

    area = models.ForeignKey(CoordinationArea, on_delete=models.CASCADE, related_name="cards", verbose_name=_("area"))
    role = term_field("contact_roles", _("role"))
    name = NameField(_("name"), max_length=120)
    title = models.CharField(pgettext_lazy("of a person", "title"), max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cards",
        verbose_name=_("organisation"),
    )
    email = AddressField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    phone_note = models.CharField(_("note on the telephone"), max_length=60, blank=True)
    second_phone = models.CharField(_("second telephone"), max_length=30, blank=True)
    second_phone_note = models.CharField(
        _("note on the second telephone"), max_length=60, blank=True, help_text=_("txt, WhatsApp")
    )
    street_address = models.CharField(_("street address with floor"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    town = models.CharField(_("town"), max_length=60, blank=True)
    postal_address = models.CharField(
        _("post-box address"), max_length=160, blank=True, help_text=_("When letters go elsewhere than visitors.")
    )
    hours = models.CharField(pgettext_lazy("when to call", "hours"), max_length=80, blank=True)
    help_with = models.JSONField(_("helps with"), default=list, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True)
    ended_on = models.DateField(_("withdrawn"), null=True, blank=True)

    objects = ContactCardQuerySet.as_manager()

    class Meta(Searchable.Meta):
        verbose_name = _("contact card")
        verbose_name_plural = _("contact cards")

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"

    @property
    def mailbox(self) -> str:
        """Its address with its name, for the header of a letter."""
        return header_address(self.name, self.email)

    @property
    def place(self) -> str:
        """Where to visit, in one line: "Esimerkkikatu 1, 2. kerros, 40100 Jyväskylä"."""
        town = f"{self.postcode} {self.town}".strip()
        return ", ".join(part for part in (self.street_address, town) if part)

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """The name and the post, what it helps with, where it sits."""
        yield from name_words(self.name)
        yield self.title, "fi", "B"
        for language in LANGUAGES:
            yield getattr(self.role, language), language, "B"
        for subject in self.help_with:
            yield subject, "fi", "B"
        if self.organisation:
            yield from self.organisation.words_for_people()
        yield self.town, "fi", "C"
