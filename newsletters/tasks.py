"""Rounds: letters to confirm, issues whose time has come, what is new, and sign-ups that nobody confirmed."""

from celery import shared_task
from django.utils import timezone

from lib.tasks import for_each_locked
from newsletters.issues import mailing
from newsletters.models import AddressChange, Issue, Subscription
from newsletters.notices import digest
from newsletters.subscriptions import emails, feedback_loop


@shared_task(name="newsletters.tasks.send_confirmations")
def send_confirmations() -> None:
    """Answer those who asked for letters on a page, or for letters to another address."""
    now = timezone.now()
    for_each_locked(
        Subscription.objects.first_wanting_letter,
        lambda subscription: emails.ask_to_confirm(subscription.email, now),
        round="newsletters.confirmations",
        now=now,
    )
    for_each_locked(
        AddressChange.objects.wanting_letter,
        lambda change: emails.ask_new_address(change, now),
        round="newsletters.addresses",
        now=now,
    )


@shared_task(name="newsletters.tasks.send_issues")
def send_issues() -> None:
    """Address the issues whose time has come; the outbox then carries the letters."""
    now = timezone.now()
    for_each_locked(
        lambda: Issue.objects.due(now).select_related("list__area").order_by("scheduled_at", "pk"),
        lambda issue: mailing.send(issue, now),
        round="newsletters.issues",
        now=now,
    )


@shared_task(name="newsletters.tasks.forget_unconfirmed")
def forget_unconfirmed() -> None:
    """Forget the addresses that nobody confirmed while the link was good."""
    now = timezone.now()
    Subscription.objects.unanswered(now).delete()
    AddressChange.objects.over(now).delete()


@shared_task(name="newsletters.tasks.send_digests")
def send_digests() -> None:
    """Tell people of what is new, at once, daily or weekly as each has chosen."""
    digest.send_due(timezone.now())


@shared_task(name="newsletters.tasks.heed_mail")
def process_feedback() -> None:
    """Whoever has reported a letter as unwanted, or has left by letter, is no longer a subscriber."""
    now = timezone.now()
    for_each_locked(
        feedback_loop.open_complaints,
        lambda complaint: feedback_loop.process_complaint(complaint, now),
        round="newsletters.complaints",
        now=now,
    )
    for_each_locked(
        lambda: feedback_loop.unsubscribe_messages(now),
        lambda letter: feedback_loop.process_unsubscribe(letter, now),
        round="newsletters.leaving",
        now=now,
    )
