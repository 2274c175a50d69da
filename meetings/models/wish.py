"""Trainings that members wish for: supported by others, taken up, arranged, joined or declined with words."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import CoordinationArea, HeldText, User
from contacts.models.term import term_field, terms_field
from lib.text.multilingual import LANGUAGES
from meetings.exceptions import AlreadyDecided, ReasonNeeded, WishClosed, WishForOthers, WishSupported
from meetings.models import wish_queryset as finding
from meetings.models.meeting import Meeting
from meetings.models.wish_queryset import WishQuerySet
from networks.models import Network
from search.searchable import Searchable

if TYPE_CHECKING:
    from meetings.models.wish_support import WishSupport


# No training was made of it, or that one was called off.
UNBOUND = Q(meeting=None) | Q(meeting__cancelled_at__isnull=False)


class WishManager(models.Manager.from_queryset(WishQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def propose(self, person: User, now: datetime, *, topics: Iterable[Any] = (), **facts: Any) -> "Wish":
        """A new wish, with its proposer as the first who supports it."""
        wish = self.create(proposer=person, created_at=now, **facts)
        wish.topics.set(topics)
        wish.supports.create(user=person, created_at=now)
        wish.index()
        return wish


class Wish(HeldText, Searchable):
    """One wish for a training, of the whole area or of one network."""

    OPEN, TAKEN_UP, ARRANGED, DECLINED = finding.OPEN, finding.TAKEN_UP, finding.ARRANGED, finding.DECLINED
    STATES = [
        (OPEN, pgettext_lazy("a wish", "open")),
        (TAKEN_UP, _("taken up")),
        (ARRANGED, _("arranged")),
        (DECLINED, _("declined")),
    ]

    FREE_TEXTS = ("title", "text", "best_time")

    area = models.ForeignKey(CoordinationArea, on_delete=models.CASCADE, related_name="wishes", verbose_name=_("area"))
    network = models.ForeignKey(
        Network, on_delete=models.CASCADE, null=True, blank=True, related_name="wishes", verbose_name=_("network")
    )
    proposer = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="wishes", verbose_name=_("wished by")
    )
    title = models.CharField(
        _("what you wish for"), max_length=160, help_text=_("For example: first aid for those who go on camps.")
    )
    text = models.TextField(_("why, and what for"), blank=True, max_length=3000)
    kind = term_field("event_types", _("kind"), null=True, blank=True)
    topics = terms_field("topics", _("topics"), blank=True)
    mode = models.CharField(_("way of meeting"), max_length=10, choices=Meeting.MODES, blank=True)
    best_time = models.CharField(
        _("best time"), max_length=120, blank=True, help_text=_("For example: in autumn, on a weekday morning.")
    )
    created_at = models.DateTimeField(_("wished"), editable=False)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True, editable=False)
    taken_up_at = models.DateTimeField(_("taken up"), null=True, blank=True, editable=False)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="wishes",
        verbose_name=pgettext_lazy("a wish", "training"),
    )  # fmt: skip
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True, editable=False)
    reply = models.TextField(_("answer"), blank=True, max_length=1000, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="merged",
        verbose_name=_("joined to"),
    )  # fmt: skip
    merged_at = models.DateTimeField(pgettext_lazy("a wish", "joined"), null=True, blank=True, editable=False)
    # The answer is to be told since, and was told: one letter to each, whoever presses how often.
    tell_at = models.DateTimeField(_("to be told"), null=True, blank=True, editable=False)
    told_at = models.DateTimeField(pgettext_lazy("a wish", "told"), null=True, blank=True, editable=False)

    objects = WishManager()

    class Meta(Searchable.Meta):
        verbose_name = _("wish for a training")
        verbose_name_plural = _("wishes for trainings")
        constraints = [
            models.CheckConstraint(condition=Q(declined_at=None) | ~Q(reply=""), name="wish_declined_with_words"),
            models.CheckConstraint(
                condition=Q(declined_at=None) | Q(taken_up_at=None), name="wish_taken_up_or_declined"
            ),
            models.CheckConstraint(condition=Q(meeting=None) | ~Q(taken_up_at=None), name="wish_arranged_was_taken_up"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:wish-detail", args=[self.pk])

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """What every reader of the wish sees; what supporters wrote is left out."""
        yield self.title, "fi", "A"
        yield self.text, "fi", "B"
        for term in [*([self.kind] if self.kind else []), *self.topics.all()]:
            for language in LANGUAGES:
                yield getattr(term, language), language, "C"

    # questions

    @property
    def is_active(self) -> bool:
        return self.withdrawn_at is None and self.merged_at is None

    def is_arranged(self) -> bool:
        """Its training is there for people to see."""
        meeting = self.meeting
        return meeting is not None and not meeting.is_draft and not meeting.is_cancelled

    def state(self) -> str:
        if self.declined_at:
            return self.DECLINED
        if self.is_arranged():
            return self.ARRANGED
        return self.TAKEN_UP if self.taken_up_at else self.OPEN

    def state_words(self) -> str:
        return str(dict(self.STATES)[self.state()])

    def is_supportable(self) -> bool:
        """One can put one's name to it."""
        return self.is_active and self.state() in (self.OPEN, self.TAKEN_UP)

    def is_withdrawable(self) -> bool:
        """Its proposer may take it back: it is open and nobody else supports it."""
        others = self.supports.exclude(user=self.proposer_id)
        return self.is_active and self.state() == self.OPEN and not others.exists()

    def people_to_tell(self) -> list[User]:
        """The proposer and those who support it, as far as they are active and may still see it."""
        concerned = Q(pk__in=self.supports.values("user")) | Q(pk=self.proposer_id)
        people = User.objects.active().filter(concerned).alphabetical()
        return [person for person in people if Wish.objects.visible_to(person).filter(pk=self.pk).exists()]

    # verbs, in the order life calls them

    @transaction.atomic
    def rewrite(self, now: datetime, *, is_held: bool, topics: Iterable[Any] = (), **facts: Any) -> None:
        """What its proposer has changed; it is held, or shown, by what it says now."""
        self._stamp(**facts)
        self.topics.set(topics)
        self.index()
        if is_held:
            self.hold(now)
        else:
            self.release()

    @transaction.atomic
    def support(self, person: User, now: datetime, comment: str = "") -> "WishSupport":
        """Put one's name to it; again changes only what one would need. Raises WishClosed."""
        wish = self._locked()
        if not wish.is_supportable():
            raise WishClosed
        row, _is_new = wish.supports.update_or_create(
            user=person, defaults={"comment": comment}, create_defaults={"comment": comment, "created_at": now}
        )
        wish._list_as_guests(now)
        return row

    @transaction.atomic
    def take_back_support(self, person: User) -> None:
        """Take one's name away, from the list of a training that has not asked yet too. Raises WishClosed."""
        wish = self._locked()
        if not wish.is_supportable():
            raise WishClosed
        wish.supports.filter(user=person).delete()
        if wish.meeting and person.pk != wish.proposer_id:
            unasked = wish.meeting.participations.filter(user=person, is_guest=True, asked_at=None, answer="")
            unasked.filter(placed_at=None, queued_at=None).delete()

    @transaction.atomic
    def withdraw(self, now: datetime) -> None:
        """Take it back while nobody else supports it. Raises WishSupported, or WishClosed when it was answered."""
        wish = self._locked()
        if not wish.is_active or wish.state() != self.OPEN:
            raise WishClosed
        if not wish.is_withdrawable():
            raise WishSupported
        self._stamp(withdrawn_at=now)

    def put_back(self) -> None:
        """Undo taking it back."""
        self._stamp(withdrawn_at=None)

    def take_up(self, now: datetime) -> None:
        """The coordinator looks into it. Raises AlreadyDecided."""
        self._decide(Q(taken_up_at=None, declined_at=None), taken_up_at=now)

    @transaction.atomic
    def become_training(self, now: datetime, starts_at: datetime, ends_at: datetime, **facts: Any) -> Meeting:
        """A draft filled in from the wish, with its supporters on the list of people. Raises AlreadyDecided."""
        wish = self._locked()
        if wish.declined_at or not wish.is_active or (wish.meeting and not wish.meeting.is_cancelled):
            raise AlreadyDecided
        facts |= {"area": wish.area, "title": wish.title, "starts_at": starts_at, "ends_at": ends_at}
        facts |= {"slug": Meeting.objects.free_slug(wish.title, starts_at.date()), "visibility": Meeting.MEMBERS}
        facts |= {"summary": (wish.text or wish.title)[:300], "mode": wish.mode or Meeting.ONSITE}
        facts |= {"description": linebreaks(wish.text, autoescape=True)}
        training = Meeting.objects.create(**facts)
        training.networks.set([wish.network] if wish.network else [])
        training.index()
        self._stamp(meeting=training, taken_up_at=wish.taken_up_at or now, tell_at=None, told_at=None)
        self._list_as_guests(now)
        return training

    def decline(self, now: datetime, reply: str, notify: bool = True) -> None:
        """Say no, with words. Raises ReasonNeeded or AlreadyDecided; a draft made of it has to go first."""
        if not reply.strip():
            raise ReasonNeeded
        answer: dict[str, Any] = {"declined_at": now, "reply": reply, "taken_up_at": None, "meeting": None}
        answer |= {"tell_at": now if notify else None, "told_at": None}
        self._decide(Q(declined_at=None) & UNBOUND, **answer)

    def reopen(self) -> None:
        """Open again what was declined or taken up. Raises AlreadyDecided when there is a training already."""
        answer = {"declined_at": None, "reply": "", "taken_up_at": None, "meeting": None}
        answer |= {"tell_at": None, "told_at": None}
        self._decide((~Q(declined_at=None) | ~Q(taken_up_at=None)) & UNBOUND, **answer)

    def notify(self, now: datetime) -> None:
        """Wish that those who wished learn of the answer; the round of wishes does it once."""
        self._stamp(tell_at=now)

    def mark_told(self, now: datetime) -> None:
        self._stamp(told_at=now)

    @transaction.atomic
    def merge_into(self, other: "Wish", now: datetime) -> None:
        """Join it to another: everybody who supports this one supports that one. Raises WishClosed or WishForOthers."""
        rows = Wish.objects.select_for_update().filter(pk__in=[self.pk, other.pk]).order_by("pk")
        found = {row.pk: row for row in rows}
        here, there = found[self.pk], found[other.pk]
        if here.meeting_id or not here.is_supportable() or not there.is_supportable() or here == there:
            raise WishClosed
        if not Wish.objects.joinable_by(here).filter(pk=there.pk).exists():
            raise WishForOthers
        here.supports.exclude(user__in=there.supports.values("user")).update(wish=there)
        for row in here.supports.said():  # of those who support both
            there.supports.filter(user=row.user, comment="").update(comment=row.comment)
        Wish.objects.filter(merged_into=here).update(merged_into=there)
        self._stamp(merged_into=there, merged_at=now)
        there._list_as_guests(now)

    def _list_as_guests(self, now: datetime) -> None:
        """Whoever wished for it stands on the training's list, to be invited with the others."""
        if self.meeting is None:
            return
        for person in self.people_to_tell():
            added = {"added_at": now, "is_guest": True}
            self.meeting.participations.get_or_create(user=person, defaults=added)

    def _locked(self) -> "Wish":
        """The row as it is now, which nobody else changes meanwhile.

        Its meeting is fetched afterwards: joined, it would be as it was before the wait for the lock.
        """
        return Wish.objects.select_for_update().get(pk=self.pk)

    def _decide(self, allowed: Q, **values: Any) -> None:
        if not Wish.objects.active().filter(allowed, pk=self.pk).update(**values):
            raise AlreadyDecided
        self.refresh_from_db()

    def _stamp(self, **values: Any) -> None:
        Wish.objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db(fields=list(values))
