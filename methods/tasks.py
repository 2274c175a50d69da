"""The round of saved searches: tells people of what is new in theirs."""

import logging
from datetime import datetime

from celery import shared_task
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from methods import emails
from methods.filters import MethodFilter
from methods.models import SavedSearch

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
