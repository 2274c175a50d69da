"""The proof of one consent in words: who, to what, when, in which words, how it was confirmed (GDPR article 7(1)).

The desk, the page for printing, the file and the reader's own settings all show these same lines.
"""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsletters.models import Subscription

Row = tuple[str, str]


def record_of(stay: Subscription) -> list[Row]:
    """What is known about one stay on one list, as (name, value) in the order of life."""
    return [(name, value) for name, value in _rows(stay) if value]


def how_confirmed(stay: Subscription) -> str:
    """By which act the owner of the address said yes, in one sentence."""
    if not stay.confirmed_at:
        return _("Not confirmed: no letters are sent.")
    return {
        Subscription.PAGE: _("By the button behind the link in the letter to this address."),
        Subscription.COORDINATOR: _("In person: the coordinator wrote down how."),
        Subscription.MEMBER: _("Signed in to the portal with this address, which had been proved."),
        Subscription.PREFERENCES: _("By the link to the settings in a letter to this address."),
        Subscription.RETURNED: _("By the link in a letter to this address, right after leaving."),
        Subscription.MOVED: _("By the button behind the link in the letter to the new address."),
    }[stay.source]


def _rows(stay: Subscription) -> Iterator[Row]:
    yield _("Address"), stay.email
    yield _("List"), stay.list.name
    yield _("Asked"), _moment(stay.requested_at)
    yield _("How it was asked"), str(stay.get_source_display())
    yield _("Letter to confirm sent"), _moment(stay.letter_sent_at)
    yield _("Confirmed"), _moment(stay.confirmed_at)
    yield _("How it was confirmed"), how_confirmed(stay)
    yield _("Text that was agreed to"), stay.consent_text
    yield _("Version and language of the text"), _version(stay)
    yield _("Coordinator's note"), stay.consent_note
    yield _("Noted by"), stay.noted_by.name if stay.noted_by else ""
    yield _("Moved from"), stay.previous.email if stay.previous else ""
    yield _("Left"), _moment(stay.ended_at)
    yield _("Reason for leaving"), stay.ended_reason


def _version(stay: Subscription) -> str:
    if not stay.consent_text_version:
        return ""
    return f"{stay.consent_text_version}, {stay.consent_language or stay.language}"


def _moment(at: object) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""  # type: ignore[arg-type]


def as_text(stays: list[Subscription]) -> str:
    """The proof of several stays as a plain text for an archive or a letter."""
    parts = ["\n".join(f"{name}: {value}" for name, value in record_of(stay)) for stay in stays]
    return "\n\n".join(parts) + "\n"
