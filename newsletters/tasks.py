"""Rounds: letters to confirm, issues whose time has come, sign-ups that nobody confirmed."""

from celery import shared_task
from django.utils import timezone

from newsletters import emails
from newsletters.models import Issue, Subscription


@shared_task(name="newsletters.tasks.send_confirmations")
def send_confirmations() -> None:
    """Answer those who asked for letters on a page."""
    now = timezone.now()
    waiting = Subscription.objects.wanting_letter().order_by("email").values_list("email", flat=True).distinct()
    for email in waiting:
        emails.ask_to_confirm(email, now)


@shared_task(name="newsletters.tasks.send_issues")
def send_issues() -> None:
    """Address the issues whose time has come; the outbox then carries the letters."""
    now = timezone.now()
    for issue in Issue.objects.due(now).select_related("list__area").order_by("scheduled_at", "pk"):
        issue.address(now)


@shared_task(name="newsletters.tasks.forget_unconfirmed")
def forget_unconfirmed() -> None:
    """Forget the addresses that nobody confirmed while the link was good."""
    Subscription.objects.unanswered(timezone.now()).delete()
