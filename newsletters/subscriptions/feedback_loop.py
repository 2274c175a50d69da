"""What news of letters means for readers. Everything is read from rows, so that a second round changes nothing."""

import logging
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from lib.tokens import BadToken
from newsletters.models import Subscription
from newsletters.subscriptions import signed_links
from outbox.models import MailEvent

# How far back leaving by letter is looked for; a round is made every few minutes.
LOOK_BACK = timedelta(days=30)

log = logging.getLogger(__name__)


def heed_complaints(now: datetime) -> int:
    """End the subscriptions of addresses that reported a letter as unwanted after they subscribed; tells how many."""
    news = MailEvent.objects.filter(type=MailEvent.Type.COMPLAINT).annotate(address=Lower("delivery__recipient"))
    since = news.filter(address=OuterRef("email"), at__gt=OuterRef("requested_at"))
    return Subscription.objects.lasting().filter(Exists(since)).end(now, _("Reported a letter as unwanted."))


def heed_leaving(now: datetime) -> int:
    """End the stays that a letter to the list's leave address named, unless the reader has come back since."""
    news = MailEvent.objects.filter(type=MailEvent.Type.LEFT, at__gt=now - LOOK_BACK)
    return sum(_leave(token, at, now) for token, at in news.order_by("at", "pk").values_list("detail", "at"))


def _leave(token: str, at: datetime, now: datetime) -> bool:
    try:
        stay = signed_links.of_leaving(token.strip())
    except BadToken:
        log.warning("a letter asked to leave with a link that is not ours")
        return False
    came_back = Subscription.objects.of(stay.email).filter(list=stay.list_id, requested_at__gt=at) if stay else None
    return stay is not None and not came_back and stay.leave(now, _("Left by letter."))
