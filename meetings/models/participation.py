"""One row per meeting and person: asked → answered → came. The report counts these rows."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Municipality, Organisation, User
from contacts.models.vocabulary import term_field
from meetings.models.meeting import Meeting
from meetings.models.refusals import MeetingCancelled, MeetingOver
from networks.models import Membership


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: Any) -> "ParticipationQuerySet":
        """One's own rows, and for the coordinator those of the area: who comes is nobody else's business."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_superuser else self.filter(Q(user=user) | Q(meeting__area__in=user.area_ids_run()))

    def run_by(self, user: Any) -> "ParticipationQuerySet":
        return self if user.is_superuser else self.filter(meeting__area__in=user.area_ids_run())

    def standing(self) -> "ParticipationQuerySet":
        """Those whom the meeting still concerns: members of its networks now, and people invited by hand."""
        return self.filter(self._stands())

    def reachable(self) -> "ParticipationQuerySet":
        """Those who have an address to write to."""
        return self.filter(Q(user__is_active=True) | ~Q(email=""))

    def named(self) -> "ParticipationQuerySet":
        """Those who are somebody: not the heads that were only counted."""
        return self.exclude(user=None, name="", email="")

    def at_address(self, email: str) -> "ParticipationQuerySet":
        return self.filter(Q(email__iexact=email) | Q(user__email__iexact=email))

    def to_ask(self) -> "ParticipationQuerySet":
        """Those on the list who have not been asked yet and have not said no by themselves."""
        return self.filter(asked_at=None).exclude(answer=Participation.NO).standing().reachable()

    def to_tell(self) -> "ParticipationQuerySet":
        """Those who must hear of a change: they were asked, or have said that they come."""
        return self.filter(~Q(asked_at=None) | Q(answer__in=[Participation.YES, Participation.MAYBE])).reachable()

    def asking_due(self, now: datetime) -> "ParticipationQuerySet":
        """Rows that stood on the list when the coordinator wished the invitation, of meetings still to come."""
        coming = Q(meeting__cancelled_at=None, meeting__ends_at__gt=now)
        return self.to_ask().filter(coming, meeting__invited_at__gte=F("added_at"))

    def telling_due(self, now: datetime) -> "ParticipationQuerySet":
        """Rows whose last letter is older than the change that the coordinator wished told."""
        unheard = Q(told_at=None) | Q(told_at__lt=F("meeting__announced_at"))
        due = self.to_tell().filter(unheard, meeting__announced_at__lte=now, meeting__ends_at__gt=now)
        return due.filter(Q(meeting__cancelled_at__isnull=False) | self._stands())

    def counts(self) -> dict[str, int]:
        """How many come, perhaps come, do not come, have not answered."""
        return self.aggregate(
            **{name: Count("pk", filter=Q(answer=code)) for code, name in Participation.COUNTED}, total=Count("pk")
        )

    def in_order(self) -> "ParticipationQuerySet":
        return self.order_by("user__name", "name", "pk")

    def _stands(self) -> Q:
        member = Membership.objects.active().filter(user=OuterRef("user"), network__meetings=OuterRef("meeting"))
        return Q(is_guest=True) | Q(Exists(member))

    def newcomers(self, meeting: Meeting, now: datetime) -> list["Participation"]:
        """Active members of the meeting's networks who are not on its list yet, as rows not stored."""
        listed = Participation.objects.filter(meeting=meeting, user=OuterRef("user"))
        members = Membership.objects.active().filter(~Exists(listed), network__in=meeting.networks.all())
        people = {membership.user_id: membership.user for membership in members.select_related("user")}
        return [Participation(meeting=meeting, user=person, added_at=now) for person in people.values()]

    def list_members(self, meeting: Meeting, now: datetime) -> None:
        """Put every active member of the meeting's networks on its list. Again adds only newcomers."""
        Participation.objects.bulk_create(self.newcomers(meeting, now), ignore_conflicts=True)


class Participation(models.Model):
    """One person's part in one meeting."""

    YES, NO, MAYBE = "yes", "no", "maybe"
    ANSWERS = [
        (YES, pgettext_lazy("answer", "Coming")),
        (NO, pgettext_lazy("answer", "Not coming")),
        (MAYBE, pgettext_lazy("answer", "Maybe")),
    ]
    COUNTED = [(YES, "coming"), (NO, "not_coming"), (MAYBE, "maybe"), ("", "unanswered")]
    WAYS = [
        ("web", _("on the page")),
        ("link", _("from the letter")),
        ("coordinator", _("through the coordinator")),
        ("calendar", _("from the calendar")),
    ]
    MODES = [("onsite", _("on site")), ("online", _("online"))]

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="participations", verbose_name=_("meeting")
    )
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="participations", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("For somebody who has no account here."))
    is_guest = models.BooleanField(_("invited by hand"), default=False)
    added_at = models.DateTimeField(_("on the list since"), default=timezone.now, editable=False)
    asked_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
    told_at = models.DateTimeField(_("last letter"), null=True, blank=True, editable=False)
    told_sequence = models.PositiveIntegerField(null=True, blank=True, editable=False)
    answer = models.CharField(_("answer"), max_length=5, choices=ANSWERS, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    answered_sequence = models.PositiveIntegerField(null=True, blank=True, editable=False)
    answered_via = models.CharField(_("way of answering"), max_length=12, choices=WAYS, blank=True, editable=False)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
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
        ]

    def __str__(self) -> str:
        return str(self.user) if self.user else self.name or self.email

    # questions

    @property
    def address(self) -> str:
        return self.user.email if self.user else self.email

    @property
    def own_name(self) -> str:
        """The name to write on an envelope; empty when only the address is known."""
        return " ".join((self.user.name if self.user else self.name).split())

    @property
    def is_untouched(self) -> bool:
        """Neither asked nor answered: nothing is lost when the row goes."""
        return self.asked_at is None and not self.answer

    @property
    def is_answer_current(self) -> bool:
        """Whether the answer was given to the present time of the meeting and not to an earlier one."""
        return bool(self.answer) and self.answered_sequence == self.meeting.sequence

    # verbs, in the order life calls them

    def list_as_guest(self, now: datetime) -> None:
        """Put somebody on the list by hand; whoever has an account with that address is listed with it."""
        person = User.objects.active().filter(email__iexact=self.email).first()
        self.user, self.email = person, "" if person else self.email.lower()
        self.is_guest, self.added_at = True, now
        self.save()

    def mark_asked(self, now: datetime) -> None:
        """The invitation was handed to the outbox."""
        self._keep(asked_at=now, told_at=now, told_sequence=self.meeting.sequence)

    def mark_told(self, now: datetime) -> None:
        """Word of a change was handed to the outbox."""
        self._keep(told_at=now, told_sequence=self.meeting.sequence)

    def give_answer(self, answer: str, now: datetime, via: str, comment: str = "", sequence: int | None = None) -> None:
        """Keep the answer; an empty one takes an earlier back. Raises MeetingOver or MeetingCancelled.

        `sequence` is the version of the meeting that was answered, when it is not the present one.
        """
        if self.meeting.is_cancelled:
            raise MeetingCancelled
        if self.meeting.is_over(now):
            raise MeetingOver
        given = {"answered_at": now, "answered_via": via, "answered_sequence": self.meeting.sequence}
        given |= {} if sequence is None else {"answered_sequence": sequence}
        none = {"answered_at": None, "answered_via": "", "answered_sequence": None}
        self._keep(answer=answer, comment=comment, **(given if answer else none))

    def _keep(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))
