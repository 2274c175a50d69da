"""Certificates by the hours of a whole series: who has come long enough in all, and which meetings count."""

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from meetings.models.participation import Participation
from meetings.models.participation_queryset import ParticipationQuerySet

if TYPE_CHECKING:
    from meetings.models.meeting import Meeting


def came_to_series(last: "Meeting") -> ParticipationQuerySet:
    """Everybody who came to a meeting of the series, up to this one. A series split in two is still one."""
    came = Participation.objects.came().exclude(user=None, name="")
    came = came.filter(meeting__cancelled_at=None, meeting__starts_at__lte=last.starts_at)
    series = last.series
    return came.filter(meeting__series__in=series.with_earlier()) if series else came.filter(meeting=last)


def last_of_each(last: "Meeting", least: Decimal) -> list[int]:
    """For each person with so many hours in all, the row of the last meeting they came to. Never joined by a name."""
    rows: dict[tuple[str, int | str], list[Participation]] = defaultdict(list)
    for row in came_to_series(last).order_by("meeting__starts_at", "pk"):
        rows[_whose(row)].append(row)
    return [own[-1].pk for own in rows.values() if sum((row.hours or Decimal(0) for row in own), Decimal(0)) >= least]


def parts_of(row: Participation) -> list[Participation]:
    """The meetings of the series to which the person of this row came, up to the row's own, the first first."""
    whose: dict[str, object] = {"user": row.user_id} if row.user_id else {"email__iexact": row.email}
    if not row.user_id and not row.email:
        whose = {"pk": row.pk}
    own = came_to_series(row.meeting).filter(**whose).select_related("meeting")
    return list(own.order_by("meeting__starts_at", "pk"))


def _whose(row: Participation) -> tuple[str, int | str]:
    if row.user_id:
        return "account", row.user_id
    return ("address", row.email.lower()) if row.email else ("row", row.pk)
