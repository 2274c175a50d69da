"""The consent record of a subscription: who, to what, when, in which words, how it was confirmed (GDPR article 7(1)).

The desk, the page for printing, the file and the subscriber's own preferences all show these same rows.
"""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsletters.models import Subscription

Row = tuple[str, str]


def record_of(subscription: Subscription) -> list[Row]:
    """What is known about one subscription, as (name, value) in the order of events."""
    return [(name, value) for name, value in _rows(subscription) if value]


def how_confirmed(subscription: Subscription) -> str:
    """By which act the owner of the address said yes, in one sentence."""
    if not subscription.confirmed_at:
        return _("Not confirmed: no letters are sent.")
    return {
        Subscription.PAGE: _("By the button behind the link in the letter to this address."),
        Subscription.COORDINATOR: _("In person: the coordinator wrote down how."),
        Subscription.MEMBER: _("Signed in to the portal with this address, which had been proved."),
        Subscription.PREFERENCES: _("By the link to the settings in a letter to this address."),
        Subscription.RETURNED: _("By the link in a letter to this address, right after leaving."),
        Subscription.MOVED: _("By the button behind the link in the letter to the new address."),
    }[subscription.source]


def _rows(subscription: Subscription) -> Iterator[Row]:
    yield _("Address"), subscription.email
    yield _("List"), subscription.list.name
    yield _("Asked"), _moment(subscription.requested_at)
    yield _("How it was asked"), str(subscription.get_source_display())
    yield _("Letter to confirm sent"), _moment(subscription.letter_sent_at)
    yield _("Confirmed"), _moment(subscription.confirmed_at)
    yield _("How it was confirmed"), how_confirmed(subscription)
    yield _("Text that was agreed to"), subscription.consent_text
    yield _("Version and language of the text"), _version(subscription)
    yield _("Coordinator's note"), subscription.consent_note
    yield _("Noted by"), subscription.noted_by.name if subscription.noted_by else ""
    yield _("Moved from"), subscription.previous.email if subscription.previous else ""
    yield _("Left"), _moment(subscription.ended_at)
    yield _("Reason for leaving"), subscription.ended_reason


def _version(subscription: Subscription) -> str:
    if not subscription.consent_text_version:
        return ""
    return f"{subscription.consent_text_version}, {subscription.consent_language or subscription.language}"


def _moment(at: object) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""  # type: ignore[arg-type]


def as_text(subscriptions: list[Subscription]) -> str:
    """The records of several subscriptions as a plain text for an archive or a letter."""
    parts = ["\n".join(f"{name}: {value}" for name, value in record_of(subscription)) for subscription in subscriptions]
    return "\n\n".join(parts) + "\n"
