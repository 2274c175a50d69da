"""The QuerySet of issues: by who runs them, by state (which for letters the outbox knows), and in the archive."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import pgettext_lazy

from contacts.models import User
from lib.querysets import InArea
from newsletters.models.mailing_list import MailingList
from newsletters.models.subscription import NEWSLETTER
from outbox.models import Mailing
from search.searchable import SearchableQuerySet

if TYPE_CHECKING:
    from newsletters.models.issue import Issue


class IssueState(models.TextChoices):
    """How far an issue has come, in the order in which it goes."""

    DRAFT = "draft", pgettext_lazy("issue", "Draft")
    WAITING = "waiting", pgettext_lazy("issue", "Waiting to be sent")
    SENDING = "sending", pgettext_lazy("issue", "On its way")
    PAUSED = "paused", pgettext_lazy("issue", "Paused")
    STOPPED = "stopped", pgettext_lazy("issue", "Stopped")
    SENT = "sent", pgettext_lazy("issue", "Sent")


class IssueQuerySet(InArea, SearchableQuerySet):
    area_path = "list__area"

    def visible_to(self, user: Any) -> "IssueQuerySet":
        """The archive: sent issues of public lists, for everybody."""
        return self.sent().filter(list__in=MailingList.objects.visible_to(None))

    def sent(self) -> "IssueQuerySet":
        return self.exclude(addressed_at=None)

    def unsent(self) -> "IssueQuerySet":
        return self.filter(addressed_at=None)

    def waiting(self) -> "IssueQuerySet":
        """Those with a time to be sent at, which have not been taken yet."""
        return self.unsent().filter(cancelled_at=None).exclude(scheduled_at=None)

    def drafts(self) -> "IssueQuerySet":
        return self.unsent().filter(Q(scheduled_at=None) | ~Q(cancelled_at=None))

    def due(self, now: datetime) -> "IssueQuerySet":
        """Those whose time has come and which nobody has taken."""
        return self.waiting().filter(scheduled_at__lte=now)

    def with_states(self) -> "IssueQuerySet":
        """`known_state`: how far each has come, the letters on their way included."""
        return self.annotate(known_state=_state())

    def in_state(self, state: str) -> "IssueQuerySet":
        return self.with_states().filter(known_state=state)

    def in_hand(self) -> "IssueQuerySet":
        """Those that somebody still has to do something about, or to wait for."""
        done = [IssueState.SENT, IssueState.STOPPED]
        return self.with_states().exclude(known_state__in=done)

    def newest(self) -> "IssueQuerySet":
        return self.order_by(F("addressed_at").desc(nulls_first=True), "-number", "-pk")

    # the archive

    def best(self) -> "IssueQuerySet":
        """The best match first; only after `matching`."""
        return self.order_by("-rank", "-addressed_at", "-pk")

    def latest_sent(self) -> "IssueQuerySet":
        return self.order_by("-addressed_at", "-pk")

    def before(self, issue: "Issue") -> "Issue | None":
        """The issue of the same list that was sent before this one, or None."""
        earlier = Q(addressed_at__lt=issue.addressed_at) | Q(addressed_at=issue.addressed_at, pk__lt=issue.pk)
        return self.filter(earlier, list=issue.list_id).order_by("-addressed_at", "-pk").first()

    def after(self, issue: "Issue") -> "Issue | None":
        """The issue of the same list that was sent after this one, or None."""
        later = Q(addressed_at__gt=issue.addressed_at) | Q(addressed_at=issue.addressed_at, pk__gt=issue.pk)
        return self.filter(later, list=issue.list_id).order_by("addressed_at", "pk").first()

    # verbs

    def create_next(self, mailing_list: MailingList, author: User | None, now: datetime) -> "Issue":
        """The next issue of a list, still without content."""
        return self.create(**self.next_of(mailing_list), list=mailing_list, author=author, created_at=now)

    def next_of(self, mailing_list: MailingList) -> dict[str, Any]:
        """Number, address and subject of the next issue of a list."""
        last = self.filter(list=mailing_list).aggregate(last=models.Max("number"))["last"] or 0
        return {
            "number": last + 1,
            "slug": f"{mailing_list.area.slug}-{mailing_list.code}-{last + 1}",
            "subject_fi": f"{mailing_list.name_fi} {last + 1}",
        }


def _state() -> Case:
    """An issue's own columns tell until it is addressed, then its mailing does. One without a mailing was sent."""
    reference = Concat(Value("issue:"), Cast(OuterRef("pk"), models.CharField()))
    mailing = Mailing.objects.filter(kind=NEWSLETTER, reference=reference)
    told = mailing.annotate(told=_mailing_state()).values("told")[:1]
    return Case(
        When(addressed_at=None, cancelled_at=None, scheduled_at__isnull=False, then=Value(IssueState.WAITING.value)),
        When(addressed_at=None, then=Value(IssueState.DRAFT.value)),
        default=models.functions.Coalesce(Subquery(told), Value(IssueState.SENT.value)),
        output_field=models.CharField(),
    )


def _mailing_state() -> Case:
    return Case(
        When(cancelled_at__isnull=False, then=Value(IssueState.STOPPED.value)),
        When(finished_at__isnull=False, then=Value(IssueState.SENT.value)),
        When(paused_at__isnull=False, then=Value(IssueState.PAUSED.value)),
        default=Value(IssueState.SENDING.value),
        output_field=models.CharField(),
    )
