"""What people's calendars answered by mail: taken when it surely comes from the person, else kept to be judged."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.exceptions import Refused
from lib.querysets import InArea
from meetings.calendar.ics_parser import COUNTER, Reply
from meetings.models.meeting import Meeting
from meetings.models.participation import Participation


class CalendarAnswerQuerySet(InArea, models.QuerySet["CalendarAnswer"]):
    area_path = "meeting__area"

    def waiting(self) -> "CalendarAnswerQuerySet":
        """Those that a coordinator should look at."""
        return self.filter(settled_at=None)

    def oldest_first(self) -> "CalendarAnswerQuerySet":
        return self.order_by("received_at", "pk")


class CalendarAnswer(models.Model):
    """One answer of one calendar to one invitation."""

    TAKEN, OLD, CLOSED, WAITS, NOTE = "taken", "old", "closed", "waits", "note"
    DISMISSED, FOREIGN = "dismissed", "foreign"
    FATES = [
        (TAKEN, pgettext_lazy("an answer", "taken")),
        (OLD, pgettext_lazy("an answer", "a newer one was there")),
        (CLOSED, pgettext_lazy("an answer", "came when the meeting was over or cancelled")),
        (WAITS, pgettext_lazy("an answer", "waits: it may come from somebody else")),
        (NOTE, pgettext_lazy("an answer", "waits: another time is proposed")),
        (DISMISSED, pgettext_lazy("an answer", "put aside")),
        (FOREIGN, pgettext_lazy("an answer", "belongs to no meeting here, or cannot be read")),
    ]

    message = models.PositiveBigIntegerField(unique=True, editable=False)  # which one of the post that came in
    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, null=True, related_name="calendar_answers", verbose_name=_("meeting")
    )
    participation = models.ForeignKey(
        Participation,
        on_delete=models.CASCADE,
        null=True,
        related_name="calendar_answers",
        verbose_name=_("participant"),
    )
    attendee = models.CharField(_("who answers"), max_length=254, blank=True)
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    is_surely_theirs = models.BooleanField(_("surely from this person"), default=False)
    answer = models.CharField(_("answer"), max_length=5, choices=Participation.ANSWERS, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("proposed beginning"), null=True, blank=True)
    ends_at = models.DateTimeField(_("proposed end"), null=True, blank=True)
    stamped_at = models.DateTimeField(_("answered"))
    received_at = models.DateTimeField(_("came in"))
    fate = models.CharField(_("what became of it"), max_length=10, choices=FATES)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = CalendarAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of a calendar")
        verbose_name_plural = _("answers of calendars")
        constraints = [
            models.CheckConstraint(
                condition=Q(fate__in=["waits", "note"], settled_at=None)
                | (~Q(fate__in=["waits", "note"]) & Q(settled_at__isnull=False)),
                name="calendar_answer_settled_or_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.attendee}: {self.get_answer_display() or self.comment}"

    # verbs

    @classmethod
    def of_reply(cls, reply: Reply, meeting: Meeting, sender: str, received_at: datetime) -> "CalendarAnswer":
        """Not stored yet. A stamp from the future counts as of the moment it came in."""
        return cls(
            meeting=meeting,
            participation=meeting.participations.at_address(reply.attendee).first(),
            attendee=reply.attendee[:254],
            sender=sender[:254],
            answer=reply.answer,
            sequence=reply.sequence,
            comment=reply.comment,
            starts_at=reply.starts_at,
            ends_at=reply.ends_at,
            stamped_at=min(reply.stamped_at or received_at, received_at),
            received_at=received_at,
            fate=cls.NOTE if reply.method == COUNTER else cls.WAITS,
        )

    @classmethod
    def of_nothing(cls, received_at: datetime, now: datetime) -> "CalendarAnswer":
        """Not stored yet: remembers that a message was read and answers no meeting here."""
        return cls(received_at=received_at, stamped_at=received_at, fate=cls.FOREIGN, settled_at=now)

    def process(self, now: datetime, proven: bool) -> None:
        """Take it when it surely comes from a person who was invited; otherwise it waits for the coordinator."""
        own = (
            self.participation is not None
            and self.sender.lower() == self.attendee == self.participation.address.lower()
        )
        self.is_surely_theirs = own and proven
        if self.is_surely_theirs and self.fate == self.WAITS and self.answer:
            self._give(now)
        self.save()

    def accept(self, now: datetime) -> bool:
        """The coordinator trusts it. False when nobody on the list is meant, or nothing was answered."""
        if self.participation is None or not self.answer or self.settled_at:
            return False
        self._give(now)
        self.save()
        return True

    def dismiss(self, now: datetime) -> None:
        """The coordinator has seen it, and nothing comes of it."""
        CalendarAnswer.objects.waiting().filter(pk=self.pk).update(fate=self.DISMISSED, settled_at=now)

    def _give(self, now: datetime) -> None:
        """The newest word counts, by its own stamp; an answer to an earlier time of the meeting is kept as such.

        The meeting is held before the person, as sign-up does it: whoever holds both in the same order never waits for
        each other.
        """
        meeting = Meeting.objects.select_for_update(no_key=True).get(pk=self.meeting_id)
        participation = Participation.objects.select_for_update(no_key=True).get(pk=self.participation_id)  # type: ignore[misc]
        participation.meeting = meeting
        self.settled_at, self.fate = now, self.TAKEN
        if participation.answered_at and participation.answered_at >= self.stamped_at:
            self.fate = self.OLD
            return
        try:
            participation.give_answer(
                self.answer, now=self.stamped_at, via="calendar", comment=self.comment, sequence=self.sequence
            )
        except Refused:
            self.fate = self.CLOSED
