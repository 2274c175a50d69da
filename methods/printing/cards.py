"""A method as a card to print: the sizes of paper, the code that leads back to its page, and what a PDF of it needs."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lib.absolute_urls import absolute_url
from lib.output import pdf
from lib.output.qr import qr
from lib.uploads import storage
from methods.models import Attachment, Method, MethodStep
from methods.models.attachment import ROOM

A4, A5 = "a4", "a5"
PER_SHEET = 4
MOST_ON_SHEETS = 24


class Card(NamedTuple):
    """What one card shows besides the method itself."""

    method: Method
    steps: list[MethodStep]
    cover: Attachment | None
    address: str
    qr: SafeString

    @property
    def picture(self) -> str:
        """The address of the cover's largest copy."""
        return self.cover.url_of(self.cover.widths[-1]) if self.cover else ""

    @property
    def plain_address(self) -> str:
        """The address without its protocol, for typing."""
        return self.address.split("://", 1)[-1].rstrip("/")


def card(method: Method) -> Card:
    """The card of a method; asks for its steps and its cover."""
    steps = list(method.steps.in_order())
    return _card(method, steps, method.attachments.covers().select_related("method").first())


def sheets(methods: Iterable[Method]) -> list[list[Card]]:
    """Small cards, four to a sheet, of methods that came with their steps in `steps_in_order`."""
    cards = [_card(method, method.steps_in_order, None) for method in methods]  # type: ignore[attr-defined]
    return [cards[first : first + PER_SHEET] for first in range(0, len(cards), PER_SHEET)]


def _card(method: Method, steps: list[MethodStep], cover: Attachment | None) -> Card:
    address = absolute_url("methods:method-detail", method.slug, language=get_language())
    words = _("QR code that leads to the page of this method")
    return Card(method, steps, cover, address, qr(address, words))


def pictures_of(one: Card) -> dict[str, bytes]:
    """The cover for a PDF, by the address under which the card shows it."""
    if one.cover is None:
        return {}
    return {one.picture: storage.read(ROOM, one.cover.token, f"{one.cover.widths[-1]}.webp")}


def as_pdf(name: str, context: Mapping[str, Any], pictures: dict[str, bytes]) -> HttpResponse:
    """The card or the sheets as a file. Raises pdf.Busy."""
    made = pdf.pdf("methods/printing/card_pdf.html", context, get_language() or "fi", pictures)
    disposition = f'attachment; filename="{name}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": disposition})
