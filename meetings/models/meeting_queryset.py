"""How meetings are found and counted: who may see which, the stretches of time people ask for, figures of a year."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, CharField, Count, Exists, Max, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.text import slugify

from contacts.models import Municipality, Term
from lib.querysets import InArea
from meetings.models.agenda import AgendaItem
from networks.models import Membership
from search.searchable import SearchableQuerySet

if TYPE_CHECKING:
    from meetings.models.meeting import Meeting

# The kind of meeting that is a visit. Codes of the vocabulary never change.
VISIT = "kuntavierailu"


class MeetingQuerySet(InArea, SearchableQuerySet):
    def published(self) -> "MeetingQuerySet":
        return self.exclude(published_at=None)

    def visible_to(self, user: Any) -> "MeetingQuerySet":
        """Published meetings: public ones for all, members' for members of the area, a network's own for its people."""
        shown = self.published()
        if not user.is_authenticated:
            return shown.filter(visibility=self.model.PUBLIC)
        if user.is_superuser:
            return shown
        return shown.filter(self._is_open_to(user) | Q(area__in=user.area_ids_run()) | self._is_asked(user))

    def _is_open_to(self, user: Any) -> Q:
        """Meetings for everybody, and those for members in the areas of which the person is one."""
        members = Q(visibility=self.model.MEMBERS, area__in=user.area_ids())
        return Q(visibility=self.model.PUBLIC) | members

    def _is_asked(self, user: Any) -> Q:
        """Meetings of the person's own networks, and those to which the person was invited by hand."""
        through = self.model.networks.through.objects.filter(meeting=OuterRef("pk"), network__in=user.network_ids())
        asked = user.participations.filter(meeting=OuterRef("pk"), is_guest=True)
        return Q(Exists(through)) | Q(Exists(asked))

    def inside_for(self, user: Any) -> "MeetingQuerySet":
        """Meetings whose inside (the link, what is for its people only) a person may see: as `may_see_link`, for many.

        Those of the areas one coordinates, drafts too; published ones that are for the person, and where there is
        sign-up those in which the person has a place and which are shown to the person.
        """
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        own = user.participations.filter(meeting=OuterRef("pk"))
        asked, open_to = self._is_asked(user), self._is_open_to(user)
        free = Q(signup=None) & (asked | open_to & Q(Exists(own.signed_up())))
        placed = Q(signup__isnull=False) & (asked | open_to) & Q(Exists(own.placed()))
        return self.filter(Q(area__in=user.area_ids_run()) | Q(published_at__isnull=False) & (free | placed))

    def of_calendar_of(self, user: Any) -> "MeetingQuerySet":
        """What belongs in a person's own calendar: their networks' meetings, those they were invited to by hand, and
        those of the areas they coordinate. All of it stands in `visible_to`; asked in one query."""
        networks = Membership.objects.active().filter(user=user).values("network")
        through = self.model.networks.through.objects.filter(meeting=OuterRef("pk"), network__in=networks)
        asked = user.participations.filter(meeting=OuterRef("pk"), is_guest=True)
        runs = user.coordinations.current(timezone.localdate()).values("area")
        return self.published().filter(Exists(through) | Exists(asked) | Q(area__in=runs))

    def with_link_in_calendar_of(self, user: Any) -> "MeetingQuerySet":
        """After `of_calendar_of`: each with `has_link`, where the person may join; False for a calendar of nobody's."""
        if user is None:
            return self.annotate(has_link=Value(False))
        placed = user.participations.placed().filter(meeting=OuterRef("pk"))
        runs = user.coordinations.current(timezone.localdate()).values("area")
        may_join = Q(signup=None) | Q(Exists(placed)) | Q(area__in=runs)
        return self.annotate(has_link=Case(When(may_join, then=Value(True)), default=Value(False)))

    def in_feed(self, since: datetime, until: datetime) -> "MeetingQuerySet":
        """Those of a stretch of time that a calendar still wants to hear of; cancelled ones as long as past ones."""
        gone = Q(cancelled_at__lt=since)
        return self.filter(ends_at__gt=since, starts_at__lt=until).exclude(gone)

    def minuted_by(self, user: Any) -> "MeetingQuerySet":
        """Meetings whose minutes a person may write: the coordinator, and whoever was given the right for this one."""
        if user.is_superuser:
            return self
        taker = Q(kept_minutes__taker=user, published_at__isnull=False) & self._is_asked(user)
        return self.filter(Q(area__in=user.area_ids_run()) | taker)

    def last_made(self) -> "Meeting | None":
        """The network's meeting that was written last: the next is probably much like it."""
        return self.filter(is_external=False, networks__isnull=False).order_by("-created_at", "-pk").first()

    def usual_lengths(self) -> list[tuple[int, int, timedelta]]:
        """(network, kind, how long the last one took) of each kind in each network, the latest made first."""
        own = self.filter(is_external=False, networks__isnull=False)
        last = own.order_by("networks", "kind", "-created_at", "-pk").distinct("networks", "kind")
        rows = last.values_list("networks", "kind", "starts_at", "ends_at", "created_at", "pk")
        latest = sorted(rows, key=lambda row: row[4:], reverse=True)
        return [(network, kind, ends_at - starts_at) for network, kind, starts_at, ends_at, *_made in latest]

    def not_over(self, now: datetime) -> "MeetingQuerySet":
        return self.filter(ends_at__gt=now)

    def over(self, now: datetime) -> "MeetingQuerySet":
        return self.filter(ends_at__lte=now)

    def upcoming(self, now: datetime) -> "MeetingQuerySet":
        """Those that will be held, or go on now: the cancelled are left out."""
        return self.not_over(now).filter(cancelled_at=None)

    def changeable(self, now: datetime) -> "MeetingQuerySet":
        """Those that a change of their whole series may still reach."""
        return self.upcoming(now).filter(detached_at=None)

    def past(self, now: datetime) -> "MeetingQuerySet":
        """Those that were held."""
        return self.over(now).filter(cancelled_at=None)

    def in_month(self, year: int, month: int) -> "MeetingQuerySet":
        """Those that touch a month of the reader's clock."""
        first = date(year, month, 1)
        after = (first + timedelta(days=32)).replace(day=1)
        return self.filter(starts_at__lt=midnight(after), ends_at__gt=midnight(first))

    def years(self) -> list[int]:
        """The years in which one of these begins."""
        return [first.year for first in self.order_by().datetimes("starts_at", "year")]

    def in_year(self, year: int) -> "MeetingQuerySet":
        """Those that touch a year of the reader's clock."""
        return self.filter(starts_at__lt=midnight(date(year + 1, 1, 1)), ends_at__gt=midnight(date(year, 1, 1)))

    def fresh(self, since: datetime, until: datetime) -> "MeetingQuerySet":
        """Coming meetings published, changed or called off after `since`, up to `until`; `fresh_at` is when.

        A change that the coordinator kept quiet is no news.
        """
        shown = self.published().not_over(until)
        shown = shown.annotate(fresh_at=Greatest("published_at", "announced_at"))
        return shown.filter(fresh_at__gt=since, fresh_at__lte=until)

    def with_answer_of(self, user: Any) -> "MeetingQuerySet":
        """Each with the person's own answer as `own_answer`; nothing is added for a visitor."""
        if not user.is_authenticated:
            return self
        own = user.participations.filter(meeting=OuterRef("pk")).values("answer")[:1]
        return self.annotate(own_answer=Subquery(own))

    def with_numbers(self) -> "MeetingQuerySet":
        """Each with how many were asked and how many come."""
        asked = Count("participations", filter=Q(participations__asked_at__isnull=False))
        return self.annotate(
            number_asked=asked, number_coming=Count("participations", filter=Q(participations__answer="yes"))
        )

    def free_slug(self, title: str, day: date) -> str:
        """An address nobody has yet, of the title and the day."""
        stem = f"{slugify(title)[:100].strip('-') or 'meeting'}-{day.isoformat()}"
        taken = set(self.filter(slug__startswith=stem).values_list("slug", flat=True))
        tries = (stem if n == 1 else f"{stem}-{n}" for n in range(1, len(taken) + 2))
        return next(slug for slug in tries if slug not in taken)

    def for_indexing(self) -> "MeetingQuerySet":
        """With what the words of each row are made of, for many at once."""
        return self.select_related("kind", "municipality").prefetch_related("themes")

    def best(self, now: datetime) -> "MeetingQuerySet":
        """The best match first, what is still ahead before what is over; only after `matching`."""
        ahead_first = Case(When(ends_at__gt=now, then=Value(0)), default=Value(1))
        return self.select_related("municipality").order_by(ahead_first, "-rank", "-starts_at", "-pk")

    def coming_of(self, network: Any, now: datetime) -> "MeetingQuerySet":
        """Meetings of a network still to come, drafts too: where a proposal can go."""
        return self.filter(networks=network, is_external=False).upcoming(now).next_first()

    def next_after(self, meeting: "Meeting") -> "Meeting | None":
        """The meeting of the same networks that comes next after this one."""
        later = self.published().filter(starts_at__gt=meeting.starts_at, cancelled_at=None, is_external=False)
        return later.filter(networks__in=meeting.networks.all()).next_first().first()

    def with_agenda(self) -> "MeetingQuerySet":
        """Those that have an agenda."""
        return self.filter(Exists(AgendaItem.objects.current().filter(meeting=OuterRef("pk"))))

    def with_readiness(self, now: datetime) -> "MeetingQuerySet":
        """Each with `has_agenda`, `has_newcomers`, and as `minutes_owed` the title of the last meeting when its minutes
        are not done.

        The last meeting is the one of the same network that was held last and had an agenda.
        """
        through = self.model.networks.through.objects
        same = through.filter(meeting=OuterRef("pk"), network__meetings=OuterRef(OuterRef("pk")))
        before = self.model.objects.with_agenda().published().filter(cancelled_at=None, is_external=False)
        before = before.filter(Exists(same), ends_at__lte=now).exclude(pk=OuterRef("pk")).latest_first()
        done = Q(kept_minutes__approved_at__isnull=False) | Q(kept_minutes__skipped_at__isnull=False)
        owed = Case(When(done, then=Value("")), default="title")
        agenda = AgendaItem.objects.current().filter(meeting=OuterRef("pk"))
        return self.select_related("kind").annotate(
            has_agenda=Exists(agenda),
            has_newcomers=self._has_newcomers(),
            minutes_owed=Subquery(before.annotate(owed=owed).values("owed")[:1]),
        )

    def _has_newcomers(self) -> Exists:
        """Somebody joined a network of the meeting after its people were invited, and has not heard of it."""
        listed = self.model.participations.rel.related_model.objects.filter(
            meeting=OuterRef(OuterRef("pk")), user=OuterRef("user")
        )
        heard = Q(asked_at__isnull=False) | Q(queued_at__isnull=False) | ~Q(answer="")
        in_time = Q(added_at__lte=OuterRef(OuterRef("invited_at")))
        joined = Membership.objects.active().filter(network__meetings=OuterRef("pk"))
        return Exists(joined.filter(~Exists(listed.filter(heard | in_time))))

    def closest_first(self, meeting: "Meeting") -> "MeetingQuerySet":
        """Meetings of the same networks first, of those the latest first."""
        through = self.model.networks.through.objects.filter(meeting=OuterRef("pk"))
        same = Exists(through.filter(network__in=meeting.networks.all()))
        return self.order_by(same.desc(), "-starts_at", "-pk")

    def next_first(self) -> "MeetingQuerySet":
        return self.order_by("starts_at", "pk")

    def latest_first(self) -> "MeetingQuerySet":
        return self.order_by("-starts_at", "-pk")

    # what a report counts: visits, the municipalities they reached, meetings held by others, themes. A year is one of
    # the reader's clock; `today` comes from the edge

    def visits(self) -> "MeetingQuerySet":
        """Visits to municipalities, planned ones and drafts too."""
        return self.filter(kind__list="event_types", kind__code=VISIT)

    def come(self, today: date) -> "MeetingQuerySet":
        """Those whose day has come: published, and not called off."""
        return self.filter(_has_come(today))

    def visits_in(self, year: int, today: date) -> "MeetingQuerySet":
        """Visits made in a year."""
        return self.visits().come(today).filter(_within(year))

    def external_in(self, year: int, today: date) -> "MeetingQuerySet":
        """Meetings of a year that others held and we attended."""
        return self.filter(is_external=True).come(today).filter(_within(year))

    def unreported(self, today: date) -> "MeetingQuerySet":
        """Visits that have been made and not been told of."""
        return self.visits().come(today).filter(visit_report__reported_at=None)

    def to_any_of(self, places: Iterable[Municipality]) -> "MeetingQuerySet":
        """Visits that went to at least one of some municipalities; without a report, to that of its place."""
        told = self.model.objects.filter(visit_report__municipalities__in=places).values("pk")
        return self.visits().filter(Q(pk__in=told) | Q(visit_report=None, municipality__in=places))

    def by_municipality(self, year: int, today: date) -> list[dict[str, Any]]:
        """Visits by `area` and `visited` municipality: `number` in the year, `last_at` of any year, `planned_at`.

        One question. A visit without a report went to the municipality of its place; drafts count as planned.
        """
        came, ahead = _has_come(today), Q(starts_at__gte=_morning_after(today), cancelled_at=None)
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


def counted(rows: models.QuerySet[Any]) -> list[tuple[Term, int]]:
    """How often each term stands in rows that join something with terms, the most frequent first. Two questions."""
    found = rows.values_list("term").annotate(number=Count("pk")).order_by("-number", "term")
    terms = Term.objects.in_bulk([term for term, _number in found])
    return [(terms[term], number) for term, number in found]


def _has_come(today: date) -> Q:
    return Q(published_at__isnull=False, cancelled_at=None, starts_at__lt=_morning_after(today))


def _within(year: int) -> Q:
    return Q(starts_at__gte=midnight(date(year, 1, 1)), starts_at__lt=midnight(date(year + 1, 1, 1)))


def _morning_after(day: date) -> datetime:
    return midnight(day + timedelta(days=1))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=timezone.get_current_timezone())
