"""The feedback loop: complaints, and messages to the leave address of a list, end subscriptions.

Everything is read from rows, so that a second round changes nothing.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from lib.tokens import BadToken
from newsletters.models import Subscription
from newsletters.subscriptions import signed_links
from outbox.models import MailEvent
from outbox.models.event import MailEventQuerySet

# How far back leaving by letter is looked for; a round is made every few minutes.
LOOK_BACK = timedelta(days=30)

log = logging.getLogger(__name__)


def open_complaints() -> MailEventQuerySet:
    """Letters reported as unwanted, with the `address`, of people who had subscribed before and still do."""
    complaints = MailEvent.objects.filter(type=MailEvent.Type.COMPLAINT).annotate(address=Lower("delivery__recipient"))
    still = Subscription.objects.lasting().filter(email=OuterRef("address"), requested_at__lt=OuterRef("at"))
    return complaints.filter(Exists(still))


def process_complaint(complaint: Any, now: datetime) -> int:
    """End the subscriptions that the address had when it reported a letter as unwanted; tells how many."""
    subscribed = Subscription.objects.lasting().filter(email=complaint.address, requested_at__lt=complaint.at)
    return subscribed.end(now, _("Reported a letter as unwanted."))


def unsubscribe_messages(now: datetime) -> MailEventQuerySet:
    """Letters to the leave address of a list, the oldest first."""
    return MailEvent.objects.filter(type=MailEvent.Type.LEFT, at__gt=now - LOOK_BACK).order_by("at", "pk")


def process_unsubscribe(letter: MailEvent, now: datetime) -> bool:
    """End the subscription that a letter to the leave address named, unless there is a later one."""
    try:
        subscription = signed_links.of_leaving_by_letter(letter.detail.strip())
    except BadToken:
        log.warning("a letter asked to leave with a link that is not ours")
        return False
    if subscription is None:
        return False
    later = Subscription.objects.of(subscription.email).filter(requested_at__gt=letter.at)
    came_back = later.filter(list=subscription.list_id)
    return not came_back.exists() and subscription.leave(now, _("Left by letter."))
