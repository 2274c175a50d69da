"""The minutes of a meeting: draft → sent for comments → approved and locked, in numbered versions."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import User
from lib.querysets import InArea
from meetings.exceptions import CommentsClosed, MinutesLocked, NothingWritten, NotReady, ReasonNeeded
from meetings.models.minutes_content import content_of
from meetings.models.minutes_version import MinutesVersion
from meetings.models.shared_note import Note
from networks.models import Membership
from search.searchable import Searchable, SearchableQuerySet

if TYPE_CHECKING:
    from meetings.models.agenda import AgendaItem
    from meetings.models.meeting import Meeting
    from meetings.models.minutes_version import MinutesComment
    from meetings.models.participation import Participation

COMMENT_DAYS = 7


class MinutesQuerySet(InArea, SearchableQuerySet):
    area_path = "meeting__area"

    def visible_to(self, user: Any) -> "MinutesQuerySet":
        """Drafts for those who write them; what was sent for comments for those of the meeting; approved as chosen."""
        if user.is_superuser:
            return self
        shown, approved = Q(meeting__published_at__isnull=False), self._approved_once()
        everybody = approved & Q(visibility=Minutes.PUBLIC, meeting__visibility="public")
        if not user.is_authenticated:
            return self.filter(shown & everybody)
        inside = self._is_inside(user) & (approved | ~Q(sent_at=None) | Q(taker=user))
        members = approved & ~Q(visibility=Minutes.NETWORK) & ~Q(meeting__visibility="network")
        members &= Q(meeting__area__in=user.area_ids())
        return self.filter(Q(meeting__area__in=user.area_ids_run()) | shown & (everybody | members | inside))

    def closing_due(self, today: date) -> "MinutesQuerySet":
        """Those whose time for comments has run out."""
        return self.filter(comments_until__lt=today, closed_at=None, approved_at=None)

    def approval_due(self, now: datetime) -> "MinutesQuerySet":
        """Those commented and closed within a week: whoever approves them is to hear of it."""
        return self.filter(closed_at__gt=now - timedelta(days=COMMENT_DAYS), approved_at=None)

    def telling_due(self, now: datetime) -> "MinutesQuerySet":
        """Those whose people were to be told and have not been."""
        return self.filter(Q(told_at=None) | Q(told_at__lt=F("tell_at")), tell_at__lte=now)

    def waiting(self) -> "MinutesQuerySet":
        """Commented and not approved: the coordinator's turn."""
        return self.filter(closed_at__isnull=False, approved_at=None).order_by("closed_at", "pk")

    def for_indexing(self) -> "MinutesQuerySet":
        return self.select_related("meeting").prefetch_related("versions", "meeting__agenda")

    def best(self) -> "MinutesQuerySet":
        """The best match first; only after `matching`."""
        return self.select_related("meeting").order_by("-rank", "-meeting__starts_at", "-pk")

    def of(self, meeting: "Meeting") -> "Minutes":
        """The minutes of a meeting, or a row not stored when nobody has begun them."""
        return getattr(meeting, "kept_minutes", None) or Minutes(meeting=meeting)

    def start(self, meeting: "Meeting") -> "Minutes":
        """The stored row, made when it is needed."""
        meeting.kept_minutes, _is_new = self.get_or_create(meeting=meeting)
        return meeting.kept_minutes

    def _approved_once(self) -> Q:
        return Q(Exists(MinutesVersion.objects.filter(minutes=OuterRef("pk"))))

    def _is_inside(self, user: Any) -> Q:
        member = Membership.objects.active().filter(user=user, network__meetings=OuterRef("meeting"))
        guest = user.participations.filter(meeting=OuterRef("meeting"), is_guest=True)
        return Q(Exists(member)) | Q(Exists(guest))


class Minutes(Note, Searchable):
    """The minutes of one meeting. `notes` is what is said of the whole; the rest stands under the items."""

    PUBLIC, MEMBERS, NETWORK = "public", "members", "network"
    VISIBILITIES = [
        (PUBLIC, _("everybody")),
        (MEMBERS, _("members in the area")),
        (NETWORK, _("members of its networks")),
    ]

    meeting = models.OneToOneField("meetings.Meeting", on_delete=models.CASCADE, related_name="kept_minutes")
    taker = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="minutes_taken",
        verbose_name=_("who writes the minutes"),
    )
    visibility = models.CharField(
        _("approved minutes are shown to"), max_length=10, choices=VISIBILITIES, default=NETWORK
    )
    in_short = models.TextField(
        _("in short and in plain words"),
        blank=True,
        default="",
        db_default="",
        max_length=2000,
        help_text=_(
            "A few short sentences that a young person understands too: what was decided, and what happens next. "
            "When the minutes have been approved, everybody who sees the meeting reads them on its page."
        ),
    )
    skipped_at = models.DateTimeField(_("no minutes are kept"), null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent for comments"), null=True, blank=True, editable=False)
    comments_until = models.DateField(_("comments until"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("comments closed"), null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(_("opened again"), null=True, blank=True, editable=False)
    open_reason = models.CharField(_("why it was opened"), max_length=300, blank=True, editable=False)
    tell_at = models.DateTimeField(null=True, blank=True, editable=False)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a meeting", "minutes")
        verbose_name_plural = pgettext_lazy("of a meeting", "minutes")
        indexes = [*Searchable.Meta.indexes]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None, comments_until=None) | Q(sent_at__isnull=False, comments_until__isnull=False),
                name="minutes_sent_with_a_day",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(sent_at__isnull=False), name="minutes_closed_after_sent"
            ),
            models.CheckConstraint(condition=Q(skipped_at=None) | Q(approved_at=None), name="minutes_kept_or_not"),
        ]

    def __str__(self) -> str:
        return str(self.meeting)

    def get_absolute_url(self) -> str:
        return reverse("meetings:minutes-detail", args=[self.meeting.slug])

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """Of minutes that were approved once the words of the last version: who reads them sees no draft.

        The title finds the meeting itself, here and in its decisions, tasks and agenda.
        """
        yield self.in_short, "fi", "B"
        if versions := sorted(self.versions.all(), key=lambda version: version.number):
            content = versions[-1].content
            notes = [content["notes"], *(f"{item['title']}\n{item['notes']}" for item in content["written"])]
        else:
            notes = [self.notes, *(f"{item.title}\n{item.notes}" for item in self.meeting.agenda.all())]
        yield from ((text, "fi", "C") for text in notes)

    # questions

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None

    @property
    def is_draft(self) -> bool:
        return self.sent_at is None and self.approved_at is None

    @property
    def is_commenting(self) -> bool:
        """Sent, and the round has not closed it."""
        return self.sent_at is not None and self.closed_at is None and self.approved_at is None

    @property
    def is_told_in_short(self) -> bool:
        """There are plain words, and the minutes have been approved at least once."""
        return bool(self.in_short) and (self.is_approved or self.opened_at is not None)

    def may_write(self, user: Any) -> bool:
        """The coordinator, and whoever was given the right."""
        return user.is_authenticated and (self.meeting.is_run_by(user) or self.taker_id == user.pk)

    def may_comment(self, user: Any, today: date) -> bool:
        """Whoever the meeting is for, until the day has passed."""
        return self.is_open_for_comments(today) and self.meeting.may_see_link(user)

    def is_open_for_comments(self, today: date) -> bool:
        return self.is_commenting and self.comments_until is not None and today <= self.comments_until

    def people(self) -> "list[Participation]":
        """Whom a letter about these minutes reaches: those who were asked or came."""
        rows = self.meeting.participations.named().reachable()
        return list((rows.to_tell().still_invited() | rows.came()).select_related("user").in_order())

    def is_written(self) -> bool:
        """Something stands in them."""
        return bool(self.notes) or self.meeting.agenda.current().exclude(notes="").exists() or self._has_rows()

    def _has_rows(self) -> bool:
        return self.meeting.decisions.exists() or self.meeting.tasks.exists()

    # verbs, in the order life calls them

    def refuse_if_locked(self) -> None:
        if self.is_approved:
            raise MinutesLocked

    def hand_to(self, person: User | None) -> None:
        """Let one participant write, or nobody but the coordinator."""
        self._store(taker=person)

    def show_to(self, visibility: str) -> None:
        """Choose who reads the approved minutes."""
        self._store(visibility=visibility)

    def write_summary(self, words: str) -> None:
        """Say the same in plain words. They are no part of the record: approved minutes take them too."""
        self._store(in_short=words.strip())

    def skip(self, now: datetime) -> None:
        """No minutes are kept of this meeting. Raises MinutesLocked."""
        self.refuse_if_locked()
        self._store(skipped_at=now)

    def send_for_comments(self, now: datetime, notify: bool) -> None:
        """Show the draft to those of the meeting for seven days. Raises NothingWritten or NotReady."""
        if not self.is_written():
            raise NothingWritten
        until = timezone.localdate(now) + timedelta(days=COMMENT_DAYS)
        values = {"sent_at": now, "comments_until": until, "closed_at": None, "skipped_at": None}
        self._advance(Q(approved_at=None) & (Q(sent_at=None) | ~Q(closed_at=None)), values, now if notify else None)

    @transaction.atomic
    def comment(self, author: Any, text: str, now: datetime, item: "AgendaItem | None" = None) -> "MinutesComment":
        """Say something of one item or of the whole. Raises CommentsClosed."""
        if not self.may_comment(author, timezone.localdate(now)):
            raise CommentsClosed
        return self.comments.create(author=author, text=text, at=now, item=item)

    def close_comments(self, now: datetime) -> bool:
        """The seven days are over. True when this call did it."""
        return self._take(Q(closed_at=None, approved_at=None) & ~Q(sent_at=None), closed_at=now)

    @transaction.atomic
    def approve(self, now: datetime, by: User, notify: bool) -> MinutesVersion:
        """Lock them and keep a numbered copy. Raises NothingWritten or NotReady."""
        if not self.is_written():
            raise NothingWritten
        self._advance(Q(approved_at=None), {"approved_at": now, "skipped_at": None}, now if notify else None)
        number = self.versions.count() + 1
        facts = {"approved_at": now, "approved_by": by, "approver_name": str(by), "reason": self.open_reason}
        return self.versions.create(number=number, content=content_of(self), **facts)

    def open_again(self, now: datetime, reason: str) -> None:
        """Unlock them with a reason; the next approval makes a new version. Raises ReasonNeeded or NotReady."""
        if not reason.strip():
            raise ReasonNeeded
        values = {"approved_at": None, "sent_at": None, "comments_until": None, "closed_at": None}
        self._advance(~Q(approved_at=None), values | {"opened_at": now, "open_reason": reason.strip()}, None)

    def mark_told(self, now: datetime) -> None:
        self._store(told_at=now)

    def _advance(self, allowed: Q, values: dict[str, Any], tell_at: datetime | None) -> None:
        if not self._take(allowed, **values, tell_at=tell_at):
            raise NotReady

    def _take(self, allowed: Q, **values: Any) -> bool:
        taken = Minutes.objects.filter(allowed, pk=self.pk).update(**values)
        self.refresh_from_db(fields=[*values, "open_reason"])
        return taken == 1

    def _store(self, **values: Any) -> None:
        Minutes.objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db(fields=list(values))
