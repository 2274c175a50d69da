"""The round of the search: what an older analyser took apart, or none, is done anew bit by bit."""

from time import monotonic

from celery import shared_task

from search import finnish
from search.management.commands.reindex import searchable

_SECONDS = 20.0


@shared_task(name="search.tasks.keep_fresh")
def keep_fresh() -> int:
    """Index stale rows for some seconds, the rest the next time; returns how many were done."""
    until, done = monotonic() + _SECONDS, 0
    for model in searchable():
        stale = model._default_manager.exclude(search_backend=finnish.backend())
        for row in stale.order_by("pk").iterator(chunk_size=200):
            if monotonic() > until:
                return done
            row.index()  # type: ignore[attr-defined]
            done += 1
    return done
