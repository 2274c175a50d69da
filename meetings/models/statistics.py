"""What a report counts of meetings: visits, the municipalities they reached, meetings held by others, themes."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction
from django.db.models import CharField, Count, Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from contacts.models import CoordinationArea, Municipality, Term, User
from meetings.exceptions import NowhereVisited, VisitAhead, VisitKnown
from meetings.models.visit_report import VISIT, VisitReport, sentence_of, visit_kind
from search.searchable import SearchableQuerySet

# A visit that was written down afterwards has a day and no hours: so it stands in the calendar.
FROM, UNTIL = time(9), time(15)
# The promise of a visit is reminded of after so long, unless the coordinator says otherwise.
FOLLOW_UP = timedelta(weeks=4)


class Countable(SearchableQuerySet):
    """Mixed into the QuerySet of meetings. A year is one of the reader's clock; `today` comes from the edge."""

    def visits(self) -> Any:
        """Visits to municipalities, planned ones and drafts too."""
        return self.filter(kind__list="event_types", kind__code=VISIT)

    def come(self, today: date) -> Any:
        """Those whose day has come: published, and not called off."""
        return self.filter(_come(today))

    def visits_in(self, year: int, today: date) -> Any:
        """Visits made in a year."""
        return self.visits().come(today).filter(_within(year))

    def external_in(self, year: int, today: date) -> Any:
        """Meetings of a year that others held and we attended."""
        return self.filter(is_external=True).come(today).filter(_within(year))

    def unreported(self, today: date) -> Any:
        """Visits that have been made and not been told of."""
        return self.visits().come(today).filter(visit_report__reported_at=None)

    def to_any_of(self, places: Iterable[Municipality]) -> Any:
        """Visits that went to at least one of some municipalities; without a report, to that of its place."""
        told = VisitReport.objects.filter(municipalities__in=places).values("meeting")
        return self.visits().filter(Q(pk__in=told) | Q(visit_report=None, municipality__in=places))

    def by_municipality(self, year: int, today: date) -> list[dict[str, Any]]:
        """Visits by `area` and `visited` municipality: `number` in the year, `last_at` of any year, `planned_at`.

        One question. A visit without a report went to the municipality of its place; drafts count as planned.
        """
        came, ahead = _come(today), Q(starts_at__gte=_morning_after(today), cancelled_at=None)
        visited = Coalesce("visit_report__municipalities", "municipality", output_field=CharField())
        rows = self.visits().annotate(visited=visited).exclude(visited=None).order_by().values("area", "visited")
        return list(
            rows.annotate(
                number=Count("pk", filter=came & _within(year), distinct=True),
                last_at=Max("starts_at", filter=came),
                planned_at=Min("starts_at", filter=ahead),
            )
        )

    def by_theme(self) -> list[tuple[Term, int]]:
        """How many of these meetings have each theme, the most frequent first."""
        return counted(self.model.themes.through.objects.filter(meeting__in=self.order_by().values("pk")))

    def by_topic(self) -> list[tuple[Term, int]]:
        """How many of these visits spoke of each topic, the most frequent first. For coordinators of the area."""
        joined: Any = VisitReport.topics.through.objects
        return counted(joined.filter(visitreport__meeting__in=self.order_by().values("pk")))

    @transaction.atomic
    def log_visit(
        self,
        area: CoordinationArea,
        municipalities: Iterable[Municipality],
        visited_on: date,
        by: User,
        now: datetime,
        follow_up: str = "",
        **told: Any,
    ) -> VisitReport:
        """Write down a visit afterwards: a meeting that only coordinators see, with its report. Invites nobody.

        `told` are words and topics of the report. Raises VisitAhead, NowhereVisited or VisitKnown.
        """
        places = list(municipalities)
        if visited_on > timezone.localdate(now):
            raise VisitAhead
        if not places:
            raise NowhereVisited
        if self.to_any_of(places).filter(area=area, starts_at__gte=_midnight(visited_on)).come(visited_on).exists():
            raise VisitKnown
        report = VisitReport(meeting=self._meeting_of(area, places, visited_on, now))
        report.keep(now, municipalities=places, went=[by], **told)
        if follow_up.strip():
            report.follow_up(follow_up.strip(), now, owner=by, due_on=timezone.localdate(now) + FOLLOW_UP)
        return report

    def _meeting_of(self, area: CoordinationArea, places: list[Municipality], on: date, now: datetime) -> Any:
        kind, names = visit_kind(), ", ".join(place.name_fi for place in places)
        title, zone = f"{kind.fi}: {names}"[:160], ZoneInfo(settings.TIME_ZONE)
        meeting = self.create(
            area=area,
            title=title,
            slug=self.model.objects.free_slug(title, on),
            kind=kind,
            starts_at=datetime.combine(on, FROM, tzinfo=zone),
            ends_at=datetime.combine(on, UNTIL, tzinfo=zone),
            municipality=places[0],
            summary=sentence_of(names)[:300],
            visibility=self.model.NETWORK,
            created_at=now,
            changed_at=now,
        )
        meeting.publish(now)
        meeting.index()
        return meeting


def counted(rows: models.QuerySet[Any]) -> list[tuple[Term, int]]:
    """How often each term stands in rows that join something with terms, the most frequent first. Two questions."""
    found = rows.values_list("term").annotate(number=Count("pk")).order_by("-number", "term")
    terms = Term.objects.in_bulk([term for term, _number in found])
    return [(terms[term], number) for term, number in found]


def _come(today: date) -> Q:
    return Q(published_at__isnull=False, cancelled_at=None, starts_at__lt=_morning_after(today))


def _within(year: int) -> Q:
    return Q(starts_at__gte=_midnight(date(year, 1, 1)), starts_at__lt=_midnight(date(year + 1, 1, 1)))


def _morning_after(day: date) -> datetime:
    return _midnight(day + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=timezone.get_current_timezone())
