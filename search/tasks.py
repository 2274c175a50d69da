"""The round that makes findable what nobody has taken apart yet: rows from before an update, or of another analyser."""

from celery import shared_task
from django.core.management import call_command

AT_MOST = 5000  # rows a round, which is some seconds of work


@shared_task(name="search.tasks.make_findable")
def make_findable() -> None:
    """Take some of the rows that wait."""
    call_command("reindex", at_most=AT_MOST)
