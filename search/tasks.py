"""The round of the search: what an older analyser took apart is done anew bit by bit, and words are counted daily."""

from datetime import datetime, timedelta
from time import monotonic

from celery import shared_task
from django.utils import timezone

from search.models import Word
from search.reindexing import refresh
from search.word_counts import count_all

_SECONDS = 20.0
_A_DAY = timedelta(days=1)


@shared_task(name="search.tasks.keep_fresh", expires=2 * 60 * 60)
def keep_fresh() -> int:
    """Index stale rows for some seconds, the rest the next time; returns how many were done."""
    until = monotonic() + _SECONDS
    done = refresh(lambda: monotonic() < until)
    if words_are_old(timezone.now()):
        count_all(timezone.now())
    return done


def words_are_old(now: datetime) -> bool:
    newest = Word.objects.order_by("-counted_at").values_list("counted_at", flat=True).first()
    return newest is None or newest < now - _A_DAY
