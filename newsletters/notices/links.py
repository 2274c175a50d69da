"""The signed links in letters of notices. They carry a row number and no address, and die with the account."""

from contacts.models import User
from youthnet import tokens
from youthnet.links import absolute_url

SETTINGS, STOP = "notices.settings", "notices.stop"
SETTINGS_SLOT, STOP_SLOT = "settings_url", "stop_url"


def settings_url(pk: int, language: str) -> str:
    """One's own page of notices, without signing in; the link never grows old."""
    return absolute_url("newsletters:notices-by-link", tokens.sign_row(SETTINGS, pk), language=language)


def stop_url(pk: int, language: str) -> str:
    """Stops all notices in one press (RFC 8058)."""
    return absolute_url("newsletters:notices-stop", tokens.sign_row(STOP, pk), language=language)


def fill(pk: int, language: str) -> dict[str, str]:
    """The slots of one reader's letter."""
    return {SETTINGS_SLOT: settings_url(pk, language), STOP_SLOT: stop_url(pk, language)}


def person_of(purpose: str, token: str) -> User | None:
    """Whose link it is; None when the account is gone or closed. Raises BadToken."""
    return User.objects.active().filter(pk=tokens.read_row(purpose, token)).first()
