"""The daily round of the method bank: old methods are asked about, what was removed is forgotten."""

import logging
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from methods import emails
from methods.models import Action, Collection, CompetenceOffer, Method, SessionPlan, Trial
from outbox.models import LetterRefused

UNDO = timedelta(days=30)  # how long what was removed can be put back

log = logging.getLogger(__name__)


@shared_task(name="methods.tasks.ask_to_check")
def ask_to_check() -> None:
    """Ask the authors of methods that nobody has checked for two years, and once more after a month."""
    now = timezone.now()
    for method in Method.objects.to_remind(now).select_related("area__host").order_by("pk"):
        _ask(method, now, again=True)
    for method in Method.objects.to_ask(now).select_related("area__host").order_by("pk"):
        _ask(method, now, again=False)


@shared_task(name="methods.tasks.forget_removed")
def forget_removed() -> None:
    """What was taken away a month ago is gone."""
    before = timezone.now() - UNDO
    models: list[Any] = [Action, Collection, CompetenceOffer, SessionPlan, Trial]
    for model in models:
        model.objects.removed_before(before).delete()


def _ask(method: Method, now: datetime, *, again: bool) -> None:
    """Take one turn and write; the turn and the letters are stored together or not at all."""
    try:
        with transaction.atomic():
            taken = method.remind_to_check(now) if again else method.ask_to_check(now)
            if taken and not emails.still_right(method, again=again) and not again:
                method.give_up_asking(now)
    except LetterRefused:
        log.exception("a letter about method %s was refused", method.pk)
