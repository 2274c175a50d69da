"""What members wish a meeting to speak of: taken to an agenda, kept for later, or declined with words."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import User, labelled
from contacts.personal_data.detection import warnings_about
from lib.querysets import InArea
from meetings.agenda.timetable import DEFAULT_MINUTES, LONGEST_MINUTES
from meetings.exceptions import AlreadyDecided, ReasonNeeded
from meetings.models.agenda import WITHIN_REASON, AgendaItem
from networks.models import Network

if TYPE_CHECKING:
    from meetings.models.meeting import Meeting


class ProposalQuerySet(InArea, models.QuerySet["Proposal"]):
    area_path = "network__area"

    def visible_to(self, user: Any) -> "ProposalQuerySet":
        """One's own; what was kept for later or taken up in one's networks; all of the areas one coordinates."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        shared = Q(network__in=user.network_ids(), verdict__in=[Proposal.BACKLOG, Proposal.AGENDA])
        return self.filter(Q(proposer=user) | Q(network__area__in=user.area_ids_run()) | shared)

    def waiting(self) -> "ProposalQuerySet":
        return self.filter(verdict="", withdrawn_at=None)

    def backlog(self) -> "ProposalQuerySet":
        """Accepted, and not on any agenda yet."""
        return self.filter(verdict=Proposal.BACKLOG)

    def with_places(self) -> "ProposalQuerySet":
        return self.select_related("network", "meeting", "item__meeting", "proposer")

    def oldest_first(self) -> "ProposalQuerySet":
        return self.order_by("created_at", "pk")


class Proposal(models.Model):
    """One wish of one member."""

    AGENDA, BACKLOG, DECLINED = "agenda", "backlog", "declined"
    VERDICTS = [(AGENDA, _("on the agenda")), (BACKLOG, _("kept for a later meeting")), (DECLINED, _("declined"))]

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("network"))
    meeting = models.ForeignKey(
        "meetings.Meeting",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("meeting"),
    )
    proposer = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="proposals", verbose_name=_("proposed by")
    )
    title = models.CharField(_("what to speak of"), max_length=160)
    text = models.TextField(_("why, and what the meeting should do"), blank=True, max_length=3000)
    minutes = models.PositiveSmallIntegerField(_("minutes it needs"), default=DEFAULT_MINUTES, validators=WITHIN_REASON)
    created_at = models.DateTimeField(_("proposed"), editable=False)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True, editable=False)
    verdict = models.CharField(_("state"), max_length=10, choices=VERDICTS, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    reply = models.TextField(_("answer"), blank=True, max_length=1000, editable=False)
    item = models.OneToOneField(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposal", editable=False
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="", decided_at=None) | (~Q(verdict="") & ~Q(decided_at=None)),
                name="proposal_decided_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="declined") | ~Q(reply=""), name="proposal_declined_with_words"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=LONGEST_MINUTES), name="proposal_minutes_within_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        return not self.verdict and self.withdrawn_at is None

    def personal_data(self) -> list[str]:
        """What its coordinator should look at before others read it, in sentences."""
        return warnings_about(labelled(self, ("title", "text")))

    @property
    def is_kept(self) -> bool:
        return self.verdict == self.BACKLOG

    # verbs

    @transaction.atomic
    def take_up(self, meeting: "Meeting", now: datetime, reply: str = "") -> AgendaItem:
        """Put it on the agenda of a meeting. Raises AlreadyDecided or MinutesLocked."""
        self._decide(Q(verdict="") | Q(verdict=self.BACKLOG), verdict=self.AGENDA, decided_at=now, reply=reply)
        facts = {"kind": AgendaItem.PROPOSAL, "minutes": self.minutes, "text": self.text, "owner": self.proposer}
        self.item, self.meeting = AgendaItem.objects.add(meeting, self.title, **facts), meeting
        self.save(update_fields=["item", "meeting"])
        return self.item

    def keep_for_later(self, now: datetime, reply: str = "") -> None:
        """Accept it for a later meeting. Raises AlreadyDecided."""
        self._decide(Q(verdict=""), verdict=self.BACKLOG, decided_at=now, reply=reply)

    def decline(self, now: datetime, reply: str) -> None:
        """Say no, with words. Raises ReasonNeeded or AlreadyDecided."""
        if not reply.strip():
            raise ReasonNeeded
        self._decide(Q(verdict="") | Q(verdict=self.BACKLOG), verdict=self.DECLINED, decided_at=now, reply=reply)

    def withdraw(self, now: datetime) -> None:
        """Take it back before it was decided. Raises AlreadyDecided."""
        self._decide(Q(verdict=""), withdrawn_at=now)

    def _decide(self, allowed: Q, **values: Any) -> None:
        rows = Proposal.objects.filter(allowed, pk=self.pk, withdrawn_at=None)
        if not rows.update(**values):
            raise AlreadyDecided
        self.refresh_from_db()
