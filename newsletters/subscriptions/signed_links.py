"""Signed links in letters: which subscription or change of address a link stands for, and what it may do.

The links carry row numbers and no addresses. A link made for one purpose opens nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings

from lib import tokens
from lib.absolute_urls import absolute_url, absolute_url_around
from newsletters.models import AddressChange, Subscription
from newsletters.models.subscription import CONFIRM_WITHIN, SubscriptionQuerySet
from outbox.message.builder import merge_field

CONFIRM, SETTINGS, LEAVE = "newsletters.confirm", "newsletters.settings", "newsletters.leave"
NEW_ADDRESS = "newsletters.address"


def confirm_url(subscriptions: Iterable[Subscription], language: str) -> str:
    """Where the owner of the address says yes; good for seven days."""
    token = tokens.sign(CONFIRM, [subscription.pk for subscription in subscriptions])
    return absolute_url("newsletters:confirm", token, language=language)


def to_confirm(token: str) -> SubscriptionQuerySet:
    """The rows a confirming link stands for. Raises BadToken."""
    rows = tokens.read(CONFIRM, token, max_age=CONFIRM_WITHIN)
    return Subscription.objects.filter(pk__in=rows).select_related("list").order_by("pk")


def new_address_url(pk: int, language: str) -> str:
    """Where the owner of a new address says yes; good for seven days."""
    return absolute_url("newsletters:new-address", tokens.sign(NEW_ADDRESS, pk), language=language)


def of_new_address(token: str) -> AddressChange | None:
    """Which change a link stands for; None when it has been forgotten. Raises BadToken."""
    return AddressChange.objects.filter(pk=tokens.read(NEW_ADDRESS, token, max_age=CONFIRM_WITHIN)).first()


def settings_url(pk: int, language: str) -> str:
    """The subscriber's own preferences; the link never grows old."""
    return absolute_url("newsletters:preferences", tokens.sign_row(SETTINGS, pk), language=language)


def leave_url(pk: int, language: str) -> str:
    """Leaves one list in one click (RFC 8058); the link never grows old."""
    return absolute_url("newsletters:leave-one-click", tokens.sign_row(LEAVE, pk), language=language)


@dataclass(frozen=True)
class Links:
    """The links of a letter to many: each recipient's own, or in tests and previews the page for everybody."""

    settings_url: str
    leave_url: str
    ways_to_leave: str  # the List-Unsubscribe header (RFC 2369, 8058)

    @classmethod
    def of_each_recipient(cls, language: str) -> "Links":
        """With merge fields where the tokens stand; leaving is possible by letter too where there is a box for it."""
        leaving = absolute_url_around(merge_field("leave"), "newsletters:leave-one-click", language)
        box, at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
        by_letter = f", <mailto:{box}+leave-{merge_field('leave')}@{domain}>" if at else ""
        own = absolute_url_around(merge_field("settings"), "newsletters:preferences", language)
        return cls(own, leaving, f"<{leaving}>{by_letter}")

    @classmethod
    def of_nobody(cls, language: str) -> "Links":
        page = absolute_url("newsletters:subscribe", language=language)
        return cls(page, page, f"<{page}>")


def fill(pk: int, language: str) -> Mapping[str, str]:
    """The values of one subscription for the merge fields."""
    return {"settings": tokens.sign_row(SETTINGS, pk), "leave": tokens.sign_row(LEAVE, pk)}


def of_settings(token: str) -> Subscription | None:
    """Whose settings a link opens; None when the person has been erased. Raises BadToken."""
    return _one(SETTINGS, token)


def of_leaving(token: str) -> Subscription | None:
    """Which subscription a link ends; None when the person has been erased. Raises BadToken."""
    return _one(LEAVE, token)


def of_leaving_by_letter(token: str) -> Subscription | None:
    """As `of_leaving`, for the address to leave by: mail servers may change the case of it. Raises BadToken."""
    return _with_list(tokens.read_row_in_any_case(LEAVE, token))


def _one(purpose: str, token: str) -> Subscription | None:
    return _with_list(tokens.read_row(purpose, token))


def _with_list(pk: int) -> Subscription | None:
    return Subscription.objects.filter(pk=pk).select_related("list__area").first()
