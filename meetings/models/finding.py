"""How meetings are found: who may see which, and the stretches of time people ask for."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.text import slugify

from networks.models import Membership

if TYPE_CHECKING:
    from meetings.models.meeting import Meeting  # noqa: F401  names the rows below


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def published(self) -> "MeetingQuerySet":
        return self.exclude(published_at=None)

    def visible_to(self, user: Any) -> "MeetingQuerySet":
        """Published meetings: public ones for all, members' for members of the area, a network's own for its people."""
        shown = self.published()
        public = Q(visibility=self.model.PUBLIC)
        if not user.is_authenticated:
            return shown.filter(public)
        if user.is_superuser:
            return shown
        members = Q(visibility=self.model.MEMBERS, area__in=user.area_ids())
        return shown.filter(public | members | Q(area__in=user.area_ids_run()) | self._is_asked(user))

    def _is_asked(self, user: Any) -> Q:
        """Meetings of the person's own networks, and those to which the person was invited by hand."""
        through = self.model.networks.through.objects.filter(meeting=OuterRef("pk"), network__in=user.network_ids())
        asked = user.participations.filter(meeting=OuterRef("pk"), is_guest=True)
        return Q(Exists(through)) | Q(Exists(asked))

    def of_calendar_of(self, user: Any) -> "MeetingQuerySet":
        """What belongs in a person's own calendar: their networks' meetings, those they were invited to by hand, and
        those of the areas they coordinate. All of it stands in `visible_to`; asked in one query."""
        networks = Membership.objects.active().filter(user=user).values("network")
        through = self.model.networks.through.objects.filter(meeting=OuterRef("pk"), network__in=networks)
        asked = user.participations.filter(meeting=OuterRef("pk"), is_guest=True)
        runs = user.coordinations.current(timezone.localdate()).values("area")
        return self.published().filter(Exists(through) | Exists(asked) | Q(area__in=runs))

    def in_feed(self, since: datetime, until: datetime) -> "MeetingQuerySet":
        """Those of a stretch of time that a calendar still wants to hear of; cancelled ones as long as past ones."""
        gone = Q(cancelled_at__lt=since)
        return self.filter(ends_at__gt=since, starts_at__lt=until).exclude(gone)

    def run_by(self, user: Any) -> "MeetingQuerySet":
        """Meetings of the areas this person coordinates, drafts too."""
        return self if user.is_superuser else self.filter(area__in=user.area_ids_run())

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
        return self.filter(starts_at__lt=_midnight(after), ends_at__gt=_midnight(first))

    def in_year(self, year: int) -> "MeetingQuerySet":
        """Those that begin in a year of the reader's clock."""
        return self.filter(starts_at__gte=_midnight(date(year, 1, 1)), starts_at__lt=_midnight(date(year + 1, 1, 1)))

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

    def next_first(self) -> "MeetingQuerySet":
        return self.order_by("starts_at", "pk")

    def latest_first(self) -> "MeetingQuerySet":
        return self.order_by("-starts_at", "-pk")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=timezone.get_current_timezone())
