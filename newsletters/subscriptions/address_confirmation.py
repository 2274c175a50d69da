"""Confirming a change of address: subscriptions move to the new address, and the old one gets a letter about it."""

from datetime import datetime

from django.db import transaction

from newsletters.models import AddressChange, ConfirmationLimit, Subscription
from newsletters.subscriptions import emails


@transaction.atomic
def confirm(change: AddressChange, now: datetime, shown_in: str = "") -> bool:
    """The owner of the new address says yes: everything moves there, and the old address is told. Once only."""
    if not change.mark_confirmed(now):
        return False
    moving = Subscription.objects.of(change.old_email)
    told = moving.active().select_related("list__area").order_by("pk").first()
    moving.move(change.new_email, now, shown_in)
    ConfirmationLimit.objects.forget([change.new_email])
    if told:
        emails.address_changed(told, now)
    return True
