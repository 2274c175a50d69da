"""The rounds of the method bank: saved searches, old methods to be checked, and forgetting what was removed."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import shared_task
from django.http import QueryDict
from django.utils import timezone

from lib.tasks import for_each_locked
from methods import emails
from methods.faceted_search.filters import MethodFilter
from methods.models import Action, Attachment, Collection, CompetenceOffer, Method, SavedSearch, SessionPlan, Trial

UNDO = timedelta(days=30)  # how long what was removed can be put back


@shared_task(name="methods.tasks.tell_of_saved_searches")
def notify_saved_searches() -> None:
    """One letter for each search in which something is new; what was deleted a week ago is forgotten."""
    now = timezone.now()
    for_each_locked(
        lambda: SavedSearch.objects.due(now),
        lambda search: notify(search, now),
        round="methods.saved-searches",
        now=now,
    )
    SavedSearch.objects.forgotten(now).delete()


def notify(search: SavedSearch, now: datetime) -> None:
    """Write the letter of one search, when something fits that its person may see at this moment."""
    since = search.claim_period(now)
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
    for_each_locked(
        lambda: Method.objects.to_remind(now).select_related("area__host"),
        lambda method: ask(method, now, again=True),
        round="methods.checks-again",
        now=now,
    )
    for_each_locked(
        lambda: Method.objects.to_ask(now).select_related("area__host"),
        lambda method: ask(method, now, again=False),
        round="methods.checks",
        now=now,
    )


def ask(method: Method, now: datetime, *, again: bool) -> None:
    """Write to the authors; when each has a letter, the turn is taken. Without authors it is the coordinator's."""
    if not emails.still_right(method, again=again, now=now):
        return
    if again:
        method.remind_to_check(now)
    elif method.ask_to_check(now) and not emails.authors_of(method):
        method.give_up_asking(now)


@shared_task(name="methods.tasks.forget_removed")
def forget_removed() -> None:
    """What was taken away a month ago is gone."""
    now = timezone.now()
    models: list[Any] = [Action, Collection, CompetenceOffer, SessionPlan, Trial]
    for model in models:
        removed = partial(model.objects.removed_before, now - UNDO)
        for_each_locked(removed, lambda row: row.delete(), round="methods.removed", now=now)


@shared_task(name="methods.tasks.sweep_files")
def sweep_files() -> None:
    """Throw away what was removed a week ago, and folders that no row speaks of."""
    Attachment.objects.all().purge(timezone.now())
