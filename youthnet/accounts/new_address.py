"""What follows when the address of an account has changed: other sessions end, and the newsletters come along."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from newsletters.models import Subscription
from newsletters.models.subscription import SubscriptionQuerySet
from newsletters.subscriptions import consent_texts

# In the session: the earlier address, while the person has not said what becomes of its newsletters.
ASKED_ABOUT = "newsletters_of_earlier_address"


@transaction.atomic
def follow(request: HttpRequest, earlier: str, now: datetime) -> None:
    """The person of this request has proved another address than `earlier`."""
    person: Any = request.user
    person.refresh_from_db()
    person.end_sessions()
    update_session_auth_hash(request, person)
    if not left_at(earlier).exists():
        return
    if Subscription.objects.of(person.email).active().exists():
        request.session[ASKED_ABOUT] = earlier
    else:
        move(request, earlier, now)


def left_at(earlier: str) -> SubscriptionQuerySet:
    """The newsletters that still go to the earlier address."""
    return Subscription.objects.of(earlier).active()


def move(request: HttpRequest, earlier: str, now: datetime) -> None:
    """All that the earlier address got comes to the present one."""
    person: Any = request.user
    left_at(earlier).move(person.email, now, consent_texts.language(get_language()))
    messages.success(request, _("Your newsletters come to the new address."))


def end(request: HttpRequest, earlier: str, now: datetime) -> None:
    """Only what the present address got comes from now on."""
    left_at(earlier).end(now)
    messages.success(request, _("No newsletters go to the earlier address any more."))
