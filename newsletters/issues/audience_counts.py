"""Audience counts: how many get an issue and how many do not and why, shown before anything is sent."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q

from newsletters.models import Issue
from outbox.models import Suppression
from outbox.models.suppression import address_key


@dataclass(frozen=True)
class AudienceCounts:
    """`recipients` get it, as (code, name of the language, how many) in `languages`; the others do not, and why."""

    recipients: int
    languages: list[tuple[str, str, int]]
    duplicates: int  # subscriptions to a second list, which bring no second letter
    outside: int  # the audience does not mean them
    paused: int
    unconfirmed: int
    stopped: int  # counted among the recipients, for the worker asks the suppression list at the last moment

    def in_language(self, language: str) -> int:
        return next((number for code, _name, number in self.languages if code == language), 0)


def count_audience(issue: Issue, now: datetime) -> AudienceCounts:
    """A constant number of queries, however many recipients."""
    recipients = issue.recipients(now)
    counted = dict(recipients.order_by().values_list("language").annotate(Count("pk")))
    total = sum(counted.values())
    subscriptions = (
        issue.subscriptions()
        .lasting()
        .aggregate(
            unconfirmed=Count("email", distinct=True, filter=Q(confirmed_at=None)),
            confirmed=Count("pk", filter=Q(confirmed_at__isnull=False)),
            addresses=Count("email", distinct=True, filter=Q(confirmed_at__isnull=False)),
        )
    )
    paused = issue.subscriptions().paused(now).values("email").distinct().count()
    return AudienceCounts(
        recipients=total,
        languages=[(code, str(name), counted[code]) for code, name in settings.LANGUAGES if code in counted],
        duplicates=subscriptions["confirmed"] - subscriptions["addresses"],
        outside=max(subscriptions["addresses"] - total - paused, 0),
        paused=paused,
        unconfirmed=subscriptions["unconfirmed"],
        stopped=_stopped(issue, now),
    )


def _stopped(issue: Issue, now: datetime) -> int:
    """How many recipients' addresses are on the suppression list, which knows them by their keys only."""
    stops = Suppression.objects.current(now).for_letters_of(issue.list.area_id)
    keys = {bytes(key) for key in stops.values_list("key", flat=True)}
    if not keys:
        return 0
    addresses = issue.recipients(now).values_list("email", flat=True)
    return sum(address_key(address) in keys for address in addresses.iterator(chunk_size=2000))
