"""The rounds of the method bank: saved searches, old methods to be checked, and forgetting what was removed."""

import logging
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from methods import emails
from methods.faceted_search.filters import MethodFilter
from methods.models import Action, Attachment, Collection, CompetenceOffer, Method, SavedSearch, SessionPlan, Trial
from outbox.models import LetterRefused

UNDO = timedelta(days=30)  # how long what was removed can be put back

log = logging.getLogger(__name__)


@shared_task(name="methods.tasks.tell_of_saved_searches")
def tell_of_saved_searches() -> None:
    """One letter for each search in which something is new; what was deleted a week ago is forgotten."""
    now = timezone.now()
    for search in SavedSearch.objects.due(now):
        try:
            with transaction.atomic():
                tell(search, now)
        except Exception:
            log.exception("saved search %s waits for the next round", search.pk)
    SavedSearch.objects.forgotten(now).delete()


def tell(search: SavedSearch, now: datetime) -> None:
    """Write the letter of one search, when something fits that its person may see at this moment."""
    since = search.take_turn(now)
    if since is None:
        return
    fresh = MethodFilter(QueryDict(search.query), search.user).fresh(since, now)
    methods = list(fresh.exclude(author=search.user).select_related("area__host"))
    if methods:
        emails.fits_search(search, methods)


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


@shared_task(name="methods.tasks.sweep_files")
def sweep_files() -> None:
    """Throw away what was removed a week ago, and folders that no row speaks of."""
    Attachment.objects.all().sweep(timezone.now())
