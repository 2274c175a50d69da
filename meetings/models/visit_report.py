"""A visit to one or several municipalities: whom the coordinator met, what was spoken of, and what follows."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea, Municipality, Term, User
from contacts.models.term import terms_field
from lib.querysets import InArea
from meetings.exceptions import NowhereVisited, VisitAhead, VisitAnnounced, VisitKnown
from meetings.models.meeting import Meeting
from meetings.models.meeting_queryset import VISIT, counted, midnight
from meetings.models.task import Task

WORDS = {"fi": "Kuntavierailu", "sv": "Kommunbesök", "en": "Municipal visit"}
LONGEST = 5_000
# A visit that was written down afterwards has a day and no hours: so it stands in the calendar.
FROM, UNTIL = time(9), time(15)
# The promise of a visit is reminded of after so long, unless the coordinator says otherwise.
FOLLOW_UP = timedelta(weeks=4)


def visit_kind() -> Term:
    """The word for a visit; an installation without it gets it."""
    return Term.objects.get_or_create(list="event_types", code=VISIT, defaults=WORDS)[0]


class VisitReportQuerySet(InArea, models.QuerySet["VisitReport"]):
    area_path = "meeting__area"

    def visible_to(self, user: Any) -> "VisitReportQuerySet":
        """Only those who coordinate the area read what was spoken of."""
        return self.run_by(user) if user.is_authenticated else self.none()

    def naming_before(self, moment: datetime) -> "VisitReportQuerySet":
        """Those that still name whom they met, of visits that ended before a moment."""
        return self.exclude(met="").filter(meeting__ends_at__lt=moment)

    def forget_names(self) -> int:
        """Take the names away; how many were met, what was spoken of and the topics stay. Returns how many."""
        return self.update(met="")

    def of(self, meeting: Meeting) -> "VisitReport":
        """The report of a visit, or a row not stored when nobody has begun it."""
        return getattr(meeting, "visit_report", None) or VisitReport(meeting=meeting)

    def by_topic(self, visits: Any) -> list[tuple[Term, int]]:
        """How many of these visits spoke of each topic, the most frequent first. For coordinators of the area."""
        joined: Any = VisitReport.topics.through.objects
        return counted(joined.filter(visitreport__meeting__in=visits.order_by().values("pk")))

    @transaction.atomic
    def log(
        self,
        area: CoordinationArea,
        municipalities: Iterable[Municipality],
        visited_on: date,
        by: User,
        now: datetime,
        follow_up: str = "",
        **told: Any,
    ) -> "VisitReport":
        """Write down a visit afterwards: a meeting that only coordinators see, with its report. Invites nobody.

        `told` are words and topics of the report. Raises VisitAhead, NowhereVisited or VisitKnown.
        """
        places = list(municipalities)
        if visited_on > timezone.localdate(now):
            raise VisitAhead
        if not places:
            raise NowhereVisited
        same = Meeting.objects.to_any_of(places).filter(area=area, starts_at__gte=midnight(visited_on))
        if same.come(visited_on).exists():
            raise VisitKnown
        report = VisitReport(meeting=_meeting_of(area, places, visited_on, now))
        report.store(now, municipalities=places, went=[by], **told)
        if follow_up.strip():
            report.follow_up(follow_up.strip(), now, owner=by, due_on=timezone.localdate(now) + FOLLOW_UP)
        return report


class VisitReport(models.Model):
    """What belongs to a meeting that is a visit. Before the day it holds only where the journey goes, and who goes."""

    WORDS = ("met", "met_number", "talked", "strengths", "needs")

    meeting = models.OneToOneField(
        "meetings.Meeting", on_delete=models.CASCADE, related_name="visit_report", verbose_name=_("meeting")
    )
    municipalities = models.ManyToManyField(
        Municipality, related_name="visit_reports", verbose_name=_("municipalities visited")
    )
    went = models.ManyToManyField(User, blank=True, related_name="+", verbose_name=_("who of the coordination went"))
    topics = terms_field("topics", _("topics"), blank=True)
    met = models.TextField(
        _("whom you met"),
        max_length=1000,
        blank=True,
        help_text=_(
            "A post is enough. Names are removed by themselves two years after the visit; until then only the "
            "coordinators of the area read them."
        ),
    )
    met_number = models.PositiveSmallIntegerField(
        _("how many people you met"), null=True, blank=True, help_text=_("The number stays when the names are removed.")
    )
    talked = models.TextField(_("what was spoken of"), max_length=LONGEST, blank=True)
    strengths = models.TextField(_("what works well there"), max_length=LONGEST, blank=True)
    needs = models.TextField(_("what is needed there"), max_length=LONGEST, blank=True)
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True, editable=False)

    objects = VisitReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit report")
        verbose_name_plural = _("visit reports")

    def __str__(self) -> str:
        return str(self.meeting)

    # questions

    def is_a_note(self) -> bool:
        """Whether the whole visit was only written down: made on its day or later, seen by coordinators alone."""
        meeting = self.meeting
        afterwards = meeting.has_come(timezone.localdate(meeting.created_at))
        alone = meeting.visibility == meeting.NETWORK and not meeting.networks.exists()
        return bool(self.pk) and afterwards and alone and not meeting.participations.exists()

    # verbs

    @transaction.atomic
    def take_back(self) -> None:
        """It was written down by mistake: visit, report and promises go. Raises VisitAnnounced."""
        if not self.is_a_note():
            raise VisitAnnounced
        self.meeting.delete()

    @transaction.atomic
    def store(
        self,
        now: datetime,
        municipalities: Iterable[Municipality],
        went: Iterable[User] = (),
        topics: Iterable[Term] = (),
        **words: Any,
    ) -> None:
        """Keep where it went and what is told of it. Raises VisitAhead when something is told before the day."""
        if not self.meeting.has_come(timezone.localdate(now)):
            if any(words.values()) or topics:
                raise VisitAhead
        else:
            self.reported_at = self.reported_at or now
        for name, value in words.items():
            setattr(self, name, value)
        if self.pk is None:  # somebody else may have begun it meanwhile
            self.pk = VisitReport.objects.get_or_create(meeting=self.meeting)[0].pk
        self.save()
        self.municipalities.set(municipalities)
        self.went.set(went)
        self.topics.set(topics)

    def follow_up(
        self, text: str, now: datetime, owner: User | None = None, owner_name: str = "", due_on: date | None = None
    ) -> Task:
        """Write down who does what by when. It belongs to no network: its doer and the coordinators see it."""
        facts = {"owner": owner, "owner_name": "" if owner else owner_name, "due_on": due_on, "created_at": now}
        return self.meeting.tasks.create(area_id=self.meeting.area_id, text=text, **facts)


def sentence_of(places: str) -> str:
    """What the page of a visit says of it, in the language of the house."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(_("The coordinator's visit: %(places)s.") % {"places": places})


def _meeting_of(area: CoordinationArea, places: list[Municipality], on: date, now: datetime) -> Meeting:
    kind, names = visit_kind(), ", ".join(place.name_fi for place in places)
    title, zone = f"{kind.fi}: {names}"[:160], ZoneInfo(settings.TIME_ZONE)
    meeting = Meeting.objects.create(
        area=area,
        title=title,
        slug=Meeting.objects.free_slug(title, on),
        kind=kind,
        starts_at=datetime.combine(on, FROM, tzinfo=zone),
        ends_at=datetime.combine(on, UNTIL, tzinfo=zone),
        municipality=places[0],
        summary=sentence_of(names)[:300],
        visibility=Meeting.NETWORK,
        created_at=now,
        changed_at=now,
    )
    meeting.publish(now)
    meeting.index()
    return meeting
