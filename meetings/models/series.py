"""A series: the rule by which meetings were made, and the verbs that change several of them at once.

Each occurrence is a meeting of its own; the series only remembers how they belong together.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea
from lib.querysets import InArea
from meetings.models.meeting import Meeting
from meetings.series import recurrence

THIS, FOLLOWING, ALL = "this", "following", "all"
SPREADS = [
    (THIS, _("only this meeting")),
    (FOLLOWING, _("this and the following ones")),
    (ALL, _("all to come that have not been changed by themselves")),
]


class MeetingSeriesQuerySet(InArea, models.QuerySet["MeetingSeries"]):
    def with_meetings(self) -> "MeetingSeriesQuerySet":
        """Each with how many meetings it has (`number`) and what its first is called (`first_title`)."""
        title = Meeting.objects.filter(series=OuterRef("pk")).next_first().values("title")[:1]
        return self.annotate(number=Count("meetings"), first_title=Subquery(title))


class MeetingSeries(models.Model):
    """The rule as fields, in local time."""

    FREQUENCIES = [
        (recurrence.MONTH_BY_WEEKDAY, _("every month on the same weekday")),
        (recurrence.MONTH_BY_DATE, _("every month on the same date")),
        (recurrence.WEEKS, _("every week or every few weeks")),
        (recurrence.CHOSEN, _("on chosen days")),
    ]
    NTH = [(1, _("first")), (2, _("second")), (3, _("third")), (4, _("fourth")), (recurrence.LAST, _("last"))]

    area = models.ForeignKey(CoordinationArea, on_delete=models.PROTECT, related_name="+", verbose_name=_("area"))
    frequency = models.CharField(_("how often"), max_length=10, choices=FREQUENCIES)
    every = models.PositiveSmallIntegerField(
        _("weeks or months between"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    nth = models.SmallIntegerField(_("which weekday of the month"), choices=NTH, default=1)
    starts_on = models.DateField(_("first day"))
    at = models.TimeField(_("begins at"))
    minutes = models.PositiveIntegerField(_("length in minutes"))
    time_zone = models.CharField(_("time zone"), max_length=40)
    count = models.PositiveSmallIntegerField(
        _("how many times"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(recurrence.MOST)],
    )
    until = models.DateField(_("until"), null=True, blank=True)
    days = ArrayField(models.DateField(), verbose_name=_("chosen days"), default=list, blank=True)
    continues = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="continued_by",
        verbose_name=_("continues"),
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = MeetingSeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(frequency=recurrence.CHOSEN) | Q(count__isnull=False) | Q(until__isnull=False),
                name="series_ends",
                violation_error_message=_("A series must end: say how many times, or until when."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_frequency_display()}, {self.starts_on:%d.%m.%Y}"

    def with_earlier(self) -> list[int]:
        """This series and those it continues, by number."""
        found, series = [self.pk], self
        while series.continues is not None and series.continues.pk not in found:
            series = series.continues
            found.append(series.pk)
        return found

    # verbs

    @transaction.atomic
    def start(self, pattern: Meeting, days: Iterable[date], now: datetime) -> list[Meeting]:
        """Store the rule and make a draft like `pattern` on each of the days where the series has none yet."""
        self.save()
        if pattern.series_id != self.pk:
            pattern.join(self)
        taken = {meeting.starts_at.astimezone(meeting.zone).date() for meeting in self.meetings.all()}
        made = [pattern.copy_to(self._moment(day), now) for day in sorted(set(days) - taken)]
        for meeting in made:
            meeting.join(self)
        return made

    @transaction.atomic
    def spread(self, changed: Meeting, facts: set[str], before: datetime, scope: str, now: datetime) -> list[Meeting]:
        """Carry the changed facts of one meeting over to others of its series, and give those that were changed.

        `before` is when it began before the change. Those that are over or called off, and those changed by
        themselves before, stay as they are. Scope FOLLOWING splits the series here.
        """
        if scope == THIS:
            changed.detach(now)
            return []
        if scope == FOLLOWING:
            self._split(changed, before)
        shift = _Shift.between(before, changed)
        reached = []
        for meeting in (
            Meeting.objects.filter(series=changed.series).changeable(now).exclude(pk=changed.pk).next_first()
        ):
            _carry_over(changed, meeting, facts, shift.moved(meeting), now)
            reached.append(meeting)
        return reached

    def _split(self, changed: Meeting, before: datetime) -> None:
        """The rest goes on as a series of its own; those before stay in the old one."""
        rest = type(self).objects.create(
            **{name: getattr(self, name) for name in ("area", "frequency", "every", "nth", "count", "until", "days")},
            starts_on=changed.starts_at.astimezone(changed.zone).date(),
            at=changed.starts_at.astimezone(changed.zone).time(),
            minutes=int((changed.ends_at - changed.starts_at).total_seconds() // 60),
            time_zone=changed.time_zone,
            continues=self,
        )
        self.meetings.filter(Q(starts_at__gte=before) | Q(pk=changed.pk)).update(series=rest)
        changed.refresh_from_db(fields=["series"])

    def _moment(self, day: date) -> datetime:
        return datetime.combine(day, self.at, tzinfo=ZoneInfo(self.time_zone))


def _carry_over(changed: Meeting, to: Meeting, facts: set[str], moved: dict[str, datetime], now: datetime) -> None:
    """Give another meeting of the series the named facts, and a time moved as the changed one's was."""
    own = {"starts_at", "ends_at", "slug"}
    taken = {name: getattr(changed, name) for name in (facts & set(Meeting.FACTS)) - own}
    to.change(now, **taken, **(moved if facts & {"starts_at", "ends_at"} else {}))
    if "themes" in facts:
        to.themes.set(changed.themes.all())
        to.index()
    if "networks" in facts:
        to.networks.set(changed.networks.all())
        if not to.is_draft:
            to.participations.list_members(to, now)


class _Shift:
    """How a meeting moved on the wall clock: by days, to an hour, to a length."""

    def __init__(self, days: int, changed: Meeting) -> None:
        self.days = timedelta(days=days)
        self.at = changed.starts_at.astimezone(changed.zone).time()
        self.length = changed.ends_at - changed.starts_at

    @classmethod
    def between(cls, before: datetime, changed: Meeting) -> "_Shift":
        was, now = before.astimezone(changed.zone), changed.starts_at.astimezone(changed.zone)
        return cls((now.date() - was.date()).days, changed)

    def moved(self, meeting: Meeting) -> dict[str, datetime]:
        day = meeting.starts_at.astimezone(meeting.zone).date() + self.days
        starts_at = datetime.combine(day, self.at, tzinfo=meeting.zone)
        return {"starts_at": starts_at, "ends_at": starts_at + self.length}
