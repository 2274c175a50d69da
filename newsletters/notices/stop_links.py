"""The signed links in letters of notices. They carry a row number and no address.

The page of notices closes with the account; stopping works for everybody.
"""

from contacts.models import User
from lib import tokens
from lib.absolute_urls import absolute_url, absolute_url_around
from outbox.message.builder import merge_field

SETTINGS, STOP = "notices.settings", "notices.stop"


def settings_url(pk: int, language: str) -> str:
    """One's own page of notices, without signing in; the link never grows old."""
    return absolute_url("newsletters:notices-by-link", tokens.sign_row(SETTINGS, pk), language=language)


def stop_url(pk: int, language: str) -> str:
    """Stops all notices in one click (RFC 8058)."""
    return absolute_url("newsletters:notices-stop", tokens.sign_row(STOP, pk), language=language)


def merge_field_urls(language: str) -> dict[str, str]:
    """Both links for a letter to many, with merge fields where each recipient's tokens stand."""
    return {
        "settings_url": absolute_url_around(merge_field("settings"), "newsletters:notices-by-link", language),
        "stop_url": absolute_url_around(merge_field("stop"), "newsletters:notices-stop", language),
    }


def fill(pk: int, language: str) -> dict[str, str]:
    """The values of one recipient for the merge fields."""
    return {"settings": tokens.sign_row(SETTINGS, pk), "stop": tokens.sign_row(STOP, pk)}


def person_of(purpose: str, token: str) -> User | None:
    """Whose link it is; None when the account is gone, or closed and more than stopping is asked. Raises BadToken."""
    people = User.objects.all() if purpose == STOP else User.objects.active()
    return people.filter(pk=tokens.read_row(purpose, token)).first()
