"""One row per meeting and person: asked → answered → came. The report counts these rows."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Municipality, Organisation, User
from contacts.models.term import term_field
from lib.text.addresses import normal, readable
from lib.text.model_fields import AddressField, NameField
from meetings.exceptions import MeetingCancelled, MeetingOver
from meetings.models.meeting import Meeting
from meetings.models.participation_queryset import ParticipationQuerySet
from meetings.models.told_facts import facts_of

# Ways of answering in which the person had the meeting's present facts before the eyes.
SEEN_ON_PAGE = ("web", "link")


class Participation(models.Model):
    """One person's part in one meeting."""

    YES, NO, MAYBE = "yes", "no", "maybe"
    ANSWERS = [
        (YES, pgettext_lazy("answer", "Coming")),
        (NO, pgettext_lazy("answer", "Not coming")),
        (MAYBE, pgettext_lazy("answer", "Maybe")),
    ]
    WAYS = [
        ("web", _("on the page")),
        ("link", _("from the letter")),
        ("coordinator", _("through the coordinator")),
        ("calendar", _("from the calendar")),
        ("turn", _("by the turn in line")),
    ]
    MODES = [("onsite", _("on site")), ("online", _("online"))]

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="participations", verbose_name=_("meeting")
    )
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="participations", verbose_name=_("person")
    )
    name = NameField(_("name"), max_length=120, blank=True)
    email = AddressField(_("e-mail"), blank=True, help_text=_("For somebody who has no account here."))
    is_guest = models.BooleanField(_("invited by hand"), default=False)
    added_at = models.DateTimeField(_("on the list since"), default=timezone.now, editable=False)
    asked_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
    told_at = models.DateTimeField(_("last letter"), null=True, blank=True, editable=False)
    told_sequence = models.PositiveIntegerField(null=True, blank=True, editable=False)
    told_facts = models.JSONField(null=True, blank=True, editable=False)  # as in told_facts.py
    answer = models.CharField(_("answer"), max_length=5, choices=ANSWERS, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    answered_sequence = models.PositiveIntegerField(null=True, blank=True, editable=False)
    answered_via = models.CharField(_("way of answering"), max_length=12, choices=WAYS, blank=True, editable=False)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    # Sign-up: a place, or a turn in line, or neither. `stood_at` is when that last changed, so that a letter is due.
    place_mode = models.CharField(_("wishes to take part"), max_length=10, choices=MODES, blank=True, editable=False)
    queued_at = models.DateTimeField(_("in line since"), null=True, blank=True, editable=False)
    placed_at = models.DateTimeField(_("has a place since"), null=True, blank=True, editable=False)
    stood_at = models.DateTimeField(_("place changed"), null=True, blank=True, editable=False)
    standing_told_at = models.DateTimeField(_("letter about the place"), null=True, blank=True, editable=False)
    brought_by = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="colleagues",
        verbose_name=_("signed up by"),
    )
    organisation_name = NameField(_("organisation as written"), max_length=160, blank=True)
    # What counts as one municipality when there is one place for each first (waiting_list.py); empty counts alone.
    comes_from = models.CharField(_("municipality in the line"), max_length=200, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, blank=True, editable=False)
    # What was true when the person came: the report survives a change of job and an erasure.
    attended_at = models.DateTimeField(_("came"), null=True, blank=True)
    attended_mode = models.CharField(_("way of taking part"), max_length=10, choices=MODES, blank=True)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=2, null=True, blank=True)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    sector = term_field("sectors", _("sector"), null=True, blank=True)
    disowned_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("said that it is not theirs"),
    )
    thanked_at = models.DateTimeField(_("letter of thanks"), null=True, blank=True, editable=False)
    fed_back_on = models.DateField(_("gave feedback"), null=True, blank=True, editable=False)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="participation_once_per_person"),
            models.UniqueConstraint(
                "meeting", Lower("email"), condition=~Q(email=""), name="participation_once_per_address"
            ),
            models.CheckConstraint(
                condition=Q(user=None) | Q(email=""),
                name="participation_account_or_address",
                violation_error_message=_("Choose a person or write an address, not both."),
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & ~Q(answered_at=None)),
                name="participation_answer_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["", "yes", "no", "maybe"]), name="participation_answer_is_known"
            ),
            models.CheckConstraint(
                condition=Q(placed_at=None) | Q(queued_at=None, answer="yes"),
                name="participation_place_is_a_yes_and_no_turn",
            ),
            models.CheckConstraint(
                condition=Q(queued_at=None) | Q(answer=""), name="participation_in_line_has_no_answer"
            ),
        ]

    def __str__(self) -> str:
        """The name; of somebody who was only counted, whose colleague it is."""
        known = str(self.user) if self.user else self.name or readable(self.email)
        return known or (_("colleague of %(name)s") % {"name": self.brought_by} if self.brought_by else "")

    # questions

    @property
    def address(self) -> str:
        return self.user.email if self.user else self.email

    @property
    def own_name(self) -> str:
        """The name to write on an envelope; empty when only the address is known."""
        return " ".join((self.user.name if self.user else self.name).split())

    def may_see_meeting(self) -> bool:
        """Whether a link in a letter still shows the inside of the meeting: by an account that sees it, as a guest.

        Colleagues see what the one who signed them up sees; an account that was closed sees nothing.
        """
        if self.user and not self.user.is_active:
            return False
        return self._sees(self.meeting) or bool(self.brought_by and self.brought_by._sees(self.meeting))

    def _sees(self, meeting: Meeting) -> bool:
        if self.user:
            return meeting.is_shown_to(self.user)
        return self.is_guest or meeting.visibility == Meeting.PUBLIC

    @property
    def is_untouched(self) -> bool:
        """Neither asked nor answered: nothing is lost when the row goes."""
        return self.asked_at is None and not self.answer

    @property
    def is_answer_current(self) -> bool:
        """Whether the answer was given to the present time of the meeting and not to an earlier one."""
        return bool(self.answer) and self.answered_sequence == self.meeting.sequence

    @property
    def is_only_counted(self) -> bool:
        return not (self.user_id or self.name or self.email)

    @property
    def has_place(self) -> bool:
        return self.placed_at is not None

    @property
    def is_queued(self) -> bool:
        """Waits for a place, or for the own answer to an offer."""
        return self.queued_at is not None

    @property
    def is_signed_up(self) -> bool:
        """Has a place or a turn that can be given up: in a meeting that was called off nobody has either any more."""
        return (self.has_place or self.is_queued) and not self.meeting.is_cancelled

    # verbs, in the order life calls them

    def list_as_guest(self, now: datetime) -> None:
        """Put somebody on the list by hand; whoever has an account with that address is listed with it."""
        person = User.objects.active().filter(email__iexact=self.email).first()
        self.user, self.email = person, "" if person else normal(self.email)
        self.is_guest, self.added_at = True, now
        self.save()

    def introduce(self, name: str, organisation_name: str, language: str = "") -> None:
        """What somebody writes of themselves; name and language of an account are kept there."""
        name = "" if self.user_id else name or self.name
        self._store(name=name, organisation_name=organisation_name, language=language or self.language)

    def mark_asked(self, now: datetime) -> None:
        """The invitation was handed to the outbox."""
        self._store(asked_at=now, **self._told(now))

    def mark_told(self, now: datetime) -> None:
        """Word of a change was handed to the outbox."""
        self._store(**self._told(now))

    def requeue(self, is_invitation: bool) -> None:
        """A letter that was handed over will not leave: its word is due once more."""
        self._store(told_at=None, **({"asked_at": None, "told_sequence": None} if is_invitation else {}))

    def give_answer(self, answer: str, now: datetime, via: str, comment: str = "", sequence: int | None = None) -> None:
        """Keep the answer; an empty one takes an earlier back. Where there is sign-up, yes asks for a place.

        `sequence` is the version of the meeting that was answered, when it is not the present one. Perhaps, said by
        somebody with a place or a turn, changes neither. Raises MeetingOver, MeetingCancelled, or as sign-up refuses:
        NotInvited for one who left the networks meanwhile.
        """
        if self.meeting.is_cancelled:
            raise MeetingCancelled
        if self.meeting.is_over(now):
            raise MeetingOver
        signup = self.meeting.rules_of_signup()
        if signup is None:
            self.store_answer(answer, now, via, comment=comment, placed_at=None)
        elif answer == self.YES:
            signup.refuse_others(self, via)
            signup.assign_places([self], now, via, comment=comment)
        elif answer != self.MAYBE or not (self.has_place or self.is_queued):
            signup.release_place(self, now, via, answer=answer, comment=comment)
        if sequence is not None and self.answer:
            self._store(answered_sequence=sequence)

    def store_answer(self, answer: str, now: datetime, via: str, **more: Any) -> None:
        """The answer with its moment and way, and what goes with it; for `give_answer` and the rules of sign-up."""
        given: dict[str, Any] = {"answered_at": now, "answered_via": via, "answered_sequence": self.meeting.sequence}
        none = {"answered_at": None, "answered_via": "", "answered_sequence": None}
        if via in SEEN_ON_PAGE and answer:
            given["told_facts"] = facts_of(self.meeting)
        self._store(answer=answer, **more, **(given if answer else none))

    def mark_place_changed(self, now: datetime, **values: Any) -> None:
        """Keep a new place or turn; a letter tells of it."""
        self._store(stood_at=now, **values)

    def move_to(self, queued_at: datetime) -> None:
        """Another turn in line; no letter tells of it."""
        self._store(queued_at=queued_at)

    def mark_place_told(self, now: datetime) -> None:
        """A letter about the present place or turn was handed to the outbox. Its calendar entry is an invitation."""
        asked = {"asked_at": self.asked_at or now, **self._told(now)}
        self._store(standing_told_at=self.stood_at, **(asked if self.has_place else {}))

    def belong_to(self, user: User) -> None:
        """The person has an account now, and has said that this row is theirs (history.py)."""
        self._store(user=user, email="", name="", language="")

    def absorb(self, **facts: Any) -> None:
        """Keep what another row of the same person knew; the rules stand in history.py."""
        self._store(**facts)

    def attend(self, **facts: Any) -> None:
        """Keep who came, how and for how long; the rules stand in attendance.py."""
        self._store(**facts)

    def mark_thanked(self, now: datetime) -> None:
        """The letter of thanks was handed to the outbox."""
        self._store(thanked_at=now)

    def _told(self, now: datetime) -> dict[str, Any]:
        return {"told_at": now, "told_sequence": self.meeting.sequence, "told_facts": facts_of(self.meeting)}

    def _store(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))
