"""What people's calendars answered by mail: taken when it surely comes from the person, else kept to be judged."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.exceptions import Refused
from lib.querysets import InArea
from lib.text.addresses import is_address
from lib.text.model_fields import NameField
from meetings.calendar.reply_parser import COUNTER, REFRESH, REPLY, Attendee, Reply
from meetings.exceptions import AlreadyDecided, MeetingCancelled, MeetingOver, NewerAnswer, NothingAnswered
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

    refusal = ""  # why an answer that was accepted does not count, in words; not stored

    TAKEN, OLD, CLOSED, WAITS, NOTE = "taken", "old", "closed", "waits", "note"
    DISMISSED, FOREIGN = "dismissed", "foreign"
    ADDED, DELEGATED, MOVED, DECLINED, SENT = "added", "delegated", "moved", "declined", "sent"
    FATES = [
        (TAKEN, pgettext_lazy("an answer", "taken")),
        (OLD, pgettext_lazy("an answer", "a newer one was there")),
        (CLOSED, pgettext_lazy("an answer", "came when the meeting was over or cancelled")),
        (WAITS, pgettext_lazy("an answer", "waits for you")),
        (NOTE, pgettext_lazy("an answer", "waits: another time is proposed")),
        (DISMISSED, pgettext_lazy("an answer", "put aside")),
        (ADDED, pgettext_lazy("an answer", "who answered was put on the list")),
        (DELEGATED, pgettext_lazy("an answer", "somebody comes instead")),
        (MOVED, pgettext_lazy("an answer", "the meeting was moved to the proposed time")),
        (DECLINED, pgettext_lazy("an answer", "the proposed time was declined")),
        (SENT, pgettext_lazy("an answer", "the calendar entry was sent again")),
        (FOREIGN, pgettext_lazy("an answer", "belongs to no meeting here, or cannot be read")),
    ]
    METHODS = [
        (REPLY, pgettext_lazy("what a calendar sent", "answer")),
        (COUNTER, pgettext_lazy("what a calendar sent", "another time")),
        (REFRESH, pgettext_lazy("what a calendar sent", "asks for the newest entry")),
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
    method = models.CharField(_("what came"), max_length=10, choices=METHODS, default=REPLY, db_default=REPLY)
    attendee = models.CharField(_("who answers"), max_length=254, blank=True)
    name = NameField(_("name"), max_length=120, blank=True, db_default="")
    delegate = models.CharField(_("who comes instead"), max_length=254, blank=True, db_default="")
    delegator = models.CharField(_("instead of whom"), max_length=254, blank=True, db_default="")
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
        return f"{self.attendee or self.sender}: {self.get_answer_display() or self.comment}"

    # questions

    @property
    def is_waiting(self) -> bool:
        return self.settled_at is None

    @property
    def may_be_taken(self) -> bool:
        """Somebody on the list is meant, and something was answered."""
        return self.participation_id is not None and bool(self.answer) and not self.delegate

    @property
    def may_add_guest(self) -> bool:
        """Who answered is not on the list, and has an address."""
        return self.participation_id is None and is_address(self.attendee)

    @property
    def may_delegate(self) -> bool:
        return is_address(self.delegate)

    @property
    def may_move(self) -> bool:
        return self.starts_at is not None

    @property
    def may_decline(self) -> bool:
        """A proposal can be declined in a letter to somebody who is on the list."""
        return self.method == COUNTER and self.participation_id is not None

    @property
    def may_send_again(self) -> bool:
        return self.method == REFRESH and self.participation_id is not None

    # verbs

    @classmethod
    def of_reply(
        cls, reply: Reply, attendee: Attendee, meeting: Meeting, sender: str, received_at: datetime
    ) -> "CalendarAnswer":
        """Not stored yet. A stamp from the future counts as of the moment it came in."""
        people = meeting.participations
        return cls(
            meeting=meeting,
            participation=people.at_address(attendee.address).first() if attendee.address else None,
            method=reply.method,
            attendee=attendee.address[:254],
            name=attendee.name[:120],
            delegate=attendee.delegate[:254],
            delegator=attendee.delegator[:254],
            sender=sender[:254],
            answer=attendee.answer,
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
        if self.is_surely_theirs and self.method == REPLY and self.may_be_taken:
            self._give(now)
        self.save()

    # verbs of the coordinator: each raises AlreadyDecided when somebody was quicker

    @transaction.atomic
    def accept(self, now: datetime) -> None:
        """The coordinator trusts it; `refusal` says when it does not count all the same. Raises NothingAnswered."""
        self._lock_both()
        if not self.may_be_taken:
            raise NothingAnswered
        self._give(now)
        self.save()

    @transaction.atomic
    def add_guest(self, now: datetime) -> Participation:
        """Put who answered on the list, with the answer; instead of whom they come says no."""
        self._lock_coming(now)
        guest = self._guest(self.attendee, self.name, now)
        if self.answer:
            guest.give_answer(self.answer, now=now, via="calendar", comment=self.comment, sequence=self.sequence)
        self._let_off(self.delegator, self.attendee, now)
        self.participation = guest
        self._settle(self.ADDED, now)
        return guest

    @transaction.atomic
    def hand_on(self, now: datetime) -> Participation:
        """Put on the list whom somebody sends instead; that person says no. The guest is still to be invited."""
        self._lock_coming(now)
        guest = self._guest(self.delegate, "", now)
        self._let_off(self.attendee, self.delegate, now)
        self._settle(self.DELEGATED, now)
        return guest

    @transaction.atomic
    def move_meeting(self, now: datetime) -> Meeting:
        """The meeting takes the proposed time, as long as it was when no end was proposed."""
        meeting = self._lock_coming(now)
        if self.starts_at is None:
            raise NothingAnswered
        meeting.move(self.starts_at, self.ends_at or self.starts_at + (meeting.ends_at - meeting.starts_at), now)
        self._settle(self.MOVED, now)
        return meeting

    @transaction.atomic
    def settle(self, fate: str, now: datetime, write: Callable[[], Any] | None = None) -> None:
        """The coordinator answers by a letter, which `write` queues and a meeting to come needs, or puts it aside."""
        if write:
            self._lock_coming(now)
            write()
        else:
            self._lock_both()
        self._settle(fate, now)

    def dismiss(self, now: datetime) -> None:
        """The coordinator has seen it, and nothing comes of it."""
        CalendarAnswer.objects.waiting().filter(pk=self.pk).update(fate=self.DISMISSED, settled_at=now)

    def _lock_both(self) -> Meeting:
        """The meeting before the answer, as everywhere; whoever comes second learns that it is settled."""
        meeting = Meeting.objects.select_for_update(no_key=True).get(pk=self.meeting_id)
        if not CalendarAnswer.objects.select_for_update(of=("self",)).get(pk=self.pk).is_waiting:
            raise AlreadyDecided
        return meeting

    def _lock_coming(self, now: datetime) -> Meeting:
        """Raises MeetingCancelled or MeetingOver."""
        meeting = self._lock_both()
        if meeting.is_cancelled:
            raise MeetingCancelled
        if meeting.is_over(now):
            raise MeetingOver
        self.meeting = meeting
        return meeting

    def _guest(self, address: str, name: str, now: datetime) -> Participation:
        if not is_address(address):
            raise NothingAnswered
        known = Participation.objects.filter(meeting=self.meeting_id).at_address(address).first()
        if known is None:
            known = Participation(meeting=self.meeting, email=address, name=name)
            known.list_as_guest(now)
        known.meeting = self.meeting  # type: ignore[assignment]
        return known

    def _let_off(self, address: str, instead: str, now: datetime) -> None:
        """Who sent somebody else does not come."""
        row = Participation.objects.filter(meeting=self.meeting_id).at_address(address).first() if address else None
        if row is not None:
            row.meeting = self.meeting  # type: ignore[assignment]
            words = _("%(address)s comes instead.") % {"address": instead}
            row.give_answer(row.NO, now=now, via="calendar", comment=words[:300], sequence=self.sequence)

    def _settle(self, fate: str, now: datetime) -> None:
        self.fate, self.settled_at = fate, now
        self.save()

    def _give(self, now: datetime) -> None:
        """The newest word counts, by its own stamp; an answer to an earlier time of the meeting is kept as such.

        The meeting is held before the person, as sign-up does it: whoever holds both in the same order never waits for
        each other. `refusal` says in words why it was not taken.
        """
        meeting = Meeting.objects.select_for_update(no_key=True).get(pk=self.meeting_id)
        participation = Participation.objects.select_for_update(no_key=True).get(pk=self.participation_id)  # type: ignore[misc]
        participation.meeting = meeting
        self.settled_at, self.fate = now, self.TAKEN
        if participation.answered_at and participation.answered_at >= self.stamped_at:
            self.fate, self.refusal = self.OLD, str(NewerAnswer())
            return
        try:
            participation.give_answer(
                self.answer, now=self.stamped_at, via="calendar", comment=self.comment, sequence=self.sequence
            )
        except Refused as refused:
            self.fate, self.refusal = self.CLOSED, str(refused)
