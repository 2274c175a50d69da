"""What came from somebody else's calendar file: drafts made of its events, and how an event is known again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea, Term
from lib.querysets import InArea
from lib.text.richtext import html_from_marks
from meetings.calendar.ics_import import FileEvent
from meetings.calendar.ics_text import summary_of
from meetings.models.meeting import Meeting
from networks.models import Network


class ImportedEventQuerySet(InArea, models.QuerySet["ImportedEvent"]):
    def known(self, events: Iterable[FileEvent]) -> "dict[str, ImportedEvent]":
        """Those of a file that have been taken in before, by their identity."""
        rows = self.filter(identity__in=[event.identity for event in events]).select_related("meeting")
        return {row.identity: row for row in rows.order_by("pk")}

    def import_events(
        self, events: Iterable[FileEvent], now: datetime, *, area: CoordinationArea, kind: Term, networks: Any = ()
    ) -> list[Meeting]:
        """A draft of each event that the area does not have yet. Nobody is told of it."""
        made = (_import_event(event, now, area, kind, list(networks)) for event in events)
        return [meeting for meeting in made if meeting]


class ImportedEvent(models.Model):
    """Which event of which file a meeting was made of.

    The meeting has an identity of its own in calendars, for its organiser is somebody else now. UIDs of strangers are
    long and may hold addresses, so only a digest is kept.
    """

    meeting = models.OneToOneField(
        Meeting, on_delete=models.CASCADE, related_name="imported_from", verbose_name=_("meeting")
    )
    area = models.ForeignKey(CoordinationArea, on_delete=models.PROTECT, related_name="+", verbose_name=_("area"))
    identity = models.CharField(max_length=64)
    version = models.CharField(max_length=64)
    starts_at = models.DateTimeField(_("begins"))
    imported_at = models.DateTimeField(_("made"))

    objects = ImportedEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event from a calendar file")
        verbose_name_plural = _("events from calendar files")
        constraints = [
            models.UniqueConstraint(fields=["area", "identity"], name="imported_event_once_per_area"),
        ]

    def __str__(self) -> str:
        return str(self.meeting)

    def says_otherwise(self, event: FileEvent) -> bool:
        """Whether the file says something else now than when it was taken in."""
        return self.version != event.version


def _import_event(event: FileEvent, now: datetime, area: CoordinationArea, kind: Term, networks: list[Network]) -> Any:
    """The draft, or None when somebody was quicker: the row that knows the event can be stored only once."""
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(**_facts(event), area=area, kind=kind, created_at=now, changed_at=now)
            ImportedEvent.objects.create(
                meeting=meeting,
                area=area,
                identity=event.identity,
                version=event.version,
                starts_at=event.starts_at,
                imported_at=now,
            )
    except IntegrityError:
        if not ImportedEvent.objects.filter(area=area, identity=event.identity).exists():
            raise
        return None
    meeting.networks.set(networks)
    meeting.index()
    return meeting


def _facts(event: FileEvent) -> dict[str, Any]:
    onsite = Meeting.HYBRID if event.is_online and event.place else Meeting.ONSITE
    return {
        "title": event.title,
        "slug": Meeting.objects.free_slug(event.title, timezone.localdate(event.starts_at)),
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "mode": Meeting.ONLINE if event.is_online and not event.place else onsite,
        "place_name": event.place,
        "join_url": event.join_url,
        "summary": summary_of(event.words, event.title),
        "description": html_from_marks(event.words),
    }
