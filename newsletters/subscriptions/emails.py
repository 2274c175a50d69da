"""Letters to one subscriber: the one to confirm, the welcome, the change of address. Issues: issues/mailing.py."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from newsletters.models import AddressChange, ConfirmationLimit, MailingList, Subscription
from newsletters.subscriptions import signed_links
from outbox.compose import letter
from outbox.models import Delivery, Priority

CONFIRM, WELCOME, TEST = "newsletter-confirm", "newsletter-welcome", "newsletter-test"
NEW_ADDRESS, MOVED = "newsletter-address", "newsletter-moved"
CHUNK = 500

log = logging.getLogger(__name__)


@transaction.atomic
def ask_to_confirm(email: str, now: datetime) -> Delivery | None:
    """One letter for all that an address waits for, unless it has had one today or three without an answer."""
    subscriptions = Subscription.objects.of(email)
    asked = list(subscriptions.wanting_letter().order_by("pk").select_for_update(no_key=True))
    waiting = list(subscriptions.unconfirmed().select_related("list__area").order_by("pk")) if asked else []
    subscriptions.filter(pk__in=[row.pk for row in asked]).mark_answered()
    if not waiting or not ConfirmationLimit.objects.claim(email, now):
        return None
    subscriptions.unconfirmed().mark_sent(now)
    return _confirmation(waiting, now)


def _confirmation(waiting: Iterable[Subscription], now: datetime) -> Delivery:
    waiting = list(waiting)
    newest = waiting[-1]
    return letter(
        "newsletters/subscriptions/emails/confirm",
        to=newest.email,
        language=newest.language,
        context={
            "area": newest.list.area,
            "lists": [subscription.list for subscription in waiting],
            "confirm_url": signed_links.confirm_url(waiting, newest.language),
        },
        kind=CONFIRM,
        reply_to=reply_to(newest.list),
        priority=Priority.URGENT,
        now=now,
    )


def welcome(subscription: Subscription, now: datetime) -> Delivery:
    """Tells a subscriber whom the coordinator added what comes and how to leave."""
    return letter(
        "newsletters/subscriptions/emails/welcome",
        to=subscription.email,
        language=subscription.language,
        context={
            "area": subscription.list.area,
            "list": subscription.list,
            "settings_url": signed_links.settings_url(subscription.pk, subscription.language),
        },
        kind=WELCOME,
        reference=f"subscription:{subscription.pk}",
        reply_to=reply_to(subscription.list),
        now=now,
    )


@transaction.atomic
def ask_new_address(change: AddressChange, now: datetime) -> Delivery | None:
    """The letter to the new address; none when it has had one today or three without an answer. Names no list and no
    earlier address: whoever reads it may be a stranger."""
    if not change.mark_sent(now):
        return None
    if not ConfirmationLimit.objects.claim(change.new_email, now):
        change.delete()
        return None
    return letter(
        "newsletters/subscriptions/emails/new_address",
        to=change.new_email,
        language=change.language,
        context={"confirm_url": signed_links.new_address_url(change.pk, change.language)},
        kind=NEW_ADDRESS,
        priority=Priority.URGENT,
        now=now,
    )


def address_changed(left: Subscription, now: datetime) -> Delivery:
    """Tells the earlier address that the letters now go elsewhere, without saying where."""
    return letter(
        "newsletters/subscriptions/emails/address_changed",
        to=left.email,
        language=left.language,
        context={"area": left.list.area, "settings_url": signed_links.settings_url(left.pk, left.language)},
        kind=MOVED,
        reply_to=reply_to(left.list),
        now=now,
    )


def reply_to(mailing_list: MailingList) -> list[str]:
    address = mailing_list.reply_address()
    return [address] if address else []
