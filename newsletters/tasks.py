"""Rounds: letters to confirm, issues whose time has come, sign-ups that nobody confirmed."""

import logging

from celery import shared_task
from django.utils import timezone

from newsletters.models import AddressChange, Issue, NoticeRound, Subscription
from newsletters.notices import digest
from newsletters.subscriptions import emails, feedback_loop
from outbox.models import LetterRefused

log = logging.getLogger(__name__)

# One letter that the ledger refuses must not keep the others in the house.


@shared_task(name="newsletters.tasks.send_confirmations")
def send_confirmations() -> None:
    """Answer those who asked for letters on a page, or for letters to another address."""
    now = timezone.now()
    waiting = Subscription.objects.wanting_letter().order_by("email").values_list("email", flat=True).distinct()
    for email in waiting:
        try:
            emails.ask_to_confirm(email, now)
        except LetterRefused:
            log.exception("a letter to confirm was refused")
    for change in AddressChange.objects.wanting_letter().order_by("pk"):
        try:
            emails.ask_new_address(change, now)
        except LetterRefused:
            log.exception("a letter to a new address was refused")


@shared_task(name="newsletters.tasks.send_issues")
def send_issues() -> None:
    """Address the issues whose time has come; the outbox then carries the letters."""
    now = timezone.now()
    for issue in Issue.objects.due(now).select_related("list__area").order_by("scheduled_at", "pk"):
        try:
            issue.address(now)
        except LetterRefused:
            log.exception("issue %s was refused", issue.pk)


@shared_task(name="newsletters.tasks.forget_unconfirmed")
def forget_unconfirmed() -> None:
    """Forget the addresses that nobody confirmed while the link was good."""
    now = timezone.now()
    Subscription.objects.unanswered(now).delete()
    AddressChange.objects.over(now).delete()


@shared_task(name="newsletters.tasks.send_digests")
def send_digests() -> None:
    """Tell people of what is new, at once, daily or weekly as each has chosen."""
    now = timezone.now()
    for due in NoticeRound.objects.due(now):
        digest.send(due, now)


@shared_task(name="newsletters.tasks.heed_mail")
def heed_mail() -> None:
    """Whoever has reported a letter as unwanted, or has left by letter, is no longer a reader."""
    now = timezone.now()
    feedback_loop.heed_complaints(now)
    feedback_loop.heed_leaving(now)
