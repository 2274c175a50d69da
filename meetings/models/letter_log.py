"""The log: which letters about a meeting were written for whom, and through the outbox what became of each."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.querysets import InArea
from meetings.models.participation import Participation
from outbox.message_kinds import name_of
from outbox.models import Delivery, State

TONES = {
    "good": [State.SENT],
    "bad": [State.BOUNCED, State.COMPLAINED, State.FAILED, State.SUPPRESSED],
    "wait": [State.WAITING, State.DEFERRED, State.UNCERTAIN, State.SENDING],
}


class LetterQuerySet(InArea, models.QuerySet["Letter"]):
    area_path = "participation__meeting__area"

    def gone(self) -> "LetterQuerySet":
        """Those that were really sent, or may be on their way at this moment."""
        return self.filter(Q(delivery__sent_at__isnull=False) | Q(delivery__claimed_at__isnull=False))

    def waiting(self) -> "LetterQuerySet":
        """Those that nobody has begun to send."""
        return self.filter(delivery__in=Delivery.objects.waiting().filter(claimed_at=None))

    def with_calendar(self) -> "LetterQuerySet":
        """Those whose calendar entry puts the meeting in or takes it out."""
        return self.filter(method__in=["REQUEST", "CANCEL"])

    def newest_first(self) -> "LetterQuerySet":
        return self.order_by("-written_at", "-pk")

    def note(self, participation: Participation, delivery: Delivery, kind: str, method: str) -> None:
        """A letter was handed to the outbox. One that stood there already is noted once."""
        row = self.model(participation=participation, delivery=delivery, kind=kind, method=method)
        row.sequence, row.written_at = participation.meeting.sequence, delivery.queued_at
        self.bulk_create([row], ignore_conflicts=True)


class Letter(models.Model):
    """One meeting in one letter to one person; a letter about several meetings stands here once for each."""

    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, related_name="letters", verbose_name=_("participant")
    )
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="+", verbose_name=_("letter"))
    kind = models.CharField(_("kind of letter"), max_length=40)
    method = models.CharField(_("calendar entry"), max_length=16, blank=True)
    sequence = models.PositiveIntegerField(_("version"), null=True, blank=True)
    written_at = models.DateTimeField(_("written"))

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter about a meeting")
        verbose_name_plural = _("letters about meetings")
        constraints = [
            models.UniqueConstraint(fields=["participation", "delivery"], name="letter_noted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_in_words}: {self.participation}"

    @property
    def tone(self) -> str:
        """How the state is coloured on the desk: good, bad, wait, or not at all."""
        state = self.delivery.state
        return next((tone for tone, states in TONES.items() if state in states), "")

    @property
    def kind_in_words(self) -> str:
        return name_of(self.kind)
