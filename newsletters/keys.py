"""The signed links in letters: which stay of which reader a link stands for, and what it may do.

The links carry row numbers and no addresses. A link made for one purpose opens nothing else.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.conf import settings

from newsletters.models import AddressChange, Subscription
from newsletters.models.subscription import CONFIRM_WITHIN, SubscriptionQuerySet
from outbox import wire
from youthnet import tokens
from youthnet.links import absolute_url

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
    """The reader's own settings; the link never grows old."""
    return _page("newsletters:preferences", language, settings.SITE_URL) % tokens.sign_row(SETTINGS, pk)


def leave_url(pk: int, language: str) -> str:
    """Leaves one list in one press (RFC 8058); the link never grows old."""
    return _page("newsletters:leave-one-click", language, settings.SITE_URL) % tokens.sign_row(LEAVE, pk)


@lru_cache
def _page(name: str, language: str, site: str) -> str:
    """The address of a page with a gap for the token: looked up once, not for each of thousands of readers."""
    return absolute_url(name, "TOKEN", language=language).replace("%", "%%").replace("TOKEN", "%s")


# What each reader brings to the letter of an issue.
SLOTS = ("settings_url", "leave_url", "leave_token")


def slots(pk: int, language: str) -> Mapping[str, str]:
    """The values of one stay."""
    leaving = leave_url(pk, language)
    return {
        "settings_url": settings_url(pk, language),
        "leave_url": leaving,
        "leave_token": leaving.rstrip("/").rpartition("/")[2],
    }


def ways_to_leave() -> str:
    """The List-Unsubscribe header (RFC 2369, 8058): in one press, and by letter where there is a box for it."""
    pressed = f"<{wire.slot('leave_url')}>"
    box, at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{pressed}, <mailto:{box}+leave-{wire.slot('leave_token')}@{domain}>" if at else pressed


def of_settings(token: str) -> Subscription | None:
    """Whose settings a link opens; None when the person has been erased. Raises BadToken."""
    return _one(SETTINGS, token)


def of_leaving(token: str) -> Subscription | None:
    """Which stay a link ends; None when the person has been erased. Raises BadToken."""
    return _one(LEAVE, token)


def _one(purpose: str, token: str) -> Subscription | None:
    return Subscription.objects.filter(pk=tokens.read_row(purpose, token)).select_related("list__area").first()
