"""An issue of a newsletter: written, scheduled, sent to its recipients, kept in the archive."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Case, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from lib.exceptions import Refused
from lib.text.multilingual import LANGUAGES, translated
from lib.text.plaintext import plain_text
from newsletters.models.issue_queryset import IssueQuerySet, IssueState
from newsletters.models.mailing_list import MailingList
from newsletters.models.segment import Segment
from newsletters.models.subscription import NEWSLETTER, Subscription, SubscriptionQuerySet
from outbox.models import Mailing, State
from search.searchable import Searchable

RECALL = timedelta(minutes=5)  # how long an issue that is sent can be taken back


class NothingToSend(Refused):
    words = _("The issue has no content yet. Write at least one block before sending it.")


class NoSubject(Refused):
    words = _("The issue has no subject yet. Write one in Finnish before sending it.")


class AlreadySent(Refused):
    words = _("The issue has been sent already. Make a new issue for what has changed.")


class NotScheduled(Refused):
    words = _("The issue is not waiting to be sent.")


class Issue(Searchable):
    """One letter to everybody on its lists, or to those of them whom a saved audience means."""

    list = models.ForeignKey(
        MailingList, on_delete=models.PROTECT, related_name="issues", verbose_name=_("mailing list")
    )
    also_to = models.ManyToManyField(
        MailingList,
        related_name="issues_of_others",
        blank=True,
        verbose_name=_("also to the readers of"),
        help_text=_("Whoever reads several of the lists gets one letter."),
    )
    segment = models.ForeignKey(
        Segment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="issues",
        verbose_name=_("only to the audience"),
        help_text=_("Empty: everybody on the lists."),
    )
    number = models.PositiveIntegerField(_("number"))
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    subject_fi = models.CharField(_("subject in Finnish"), max_length=150)
    subject_sv = models.CharField(_("subject in Swedish"), max_length=150, blank=True)
    subject_en = models.CharField(_("subject in English"), max_length=150, blank=True)
    preheader_fi = models.CharField(
        _("preview line in Finnish"),
        max_length=150,
        blank=True,
        help_text=_("The line that mail programs show beside the subject. Put the most useful sentence here."),
    )
    preheader_sv = models.CharField(_("preview line in Swedish"), max_length=150, blank=True)
    preheader_en = models.CharField(_("preview line in English"), max_length=150, blank=True)
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    scheduled_at = models.DateTimeField(_("to be sent"), null=True, blank=True)
    addressed_at = models.DateTimeField(_("sent"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("sending cancelled"), null=True, blank=True)

    objects = IssueQuerySet.as_manager()
    known_state: str | None = None  # what `with_states()` found

    class Meta(Searchable.Meta):
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        constraints = [
            models.UniqueConstraint(
                fields=["list", "number"],
                name="issue_number_once_per_list",
                violation_error_message=_("The list already has an issue with this number."),
            ),
            models.CheckConstraint(
                condition=Q(addressed_at=None) | Q(cancelled_at=None), name="issue_sent_or_cancelled"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("newsletters:issue-detail", args=[self.slug])

    # questions

    @property
    def subject(self) -> str:
        return translated(self, "subject")

    @property
    def preheader(self) -> str:
        return translated(self, "preheader")

    @property
    def is_sent(self) -> bool:
        return self.addressed_at is not None

    @property
    def is_waiting(self) -> bool:
        """Has a time to be sent at, which has not come yet."""
        return self.scheduled_at is not None and self.addressed_at is None and self.cancelled_at is None

    @property
    def state(self) -> IssueState:
        """How far it has come; of letters on their way only what `with_states()` has asked."""
        if self.is_sent:
            return IssueState(self.known_state or IssueState.SENT)
        return IssueState.WAITING if self.is_waiting else IssueState.DRAFT

    @property
    def state_in_words(self) -> str:
        return str(self.state.label)

    @property
    def reference(self) -> str:
        """What its rows in the outbox are about."""
        return f"issue:{self.pk}"

    def lists(self) -> QuerySet[MailingList]:
        """The list it belongs to, and the others whose subscribers get it too."""
        return MailingList.objects.filter(Q(pk=self.list_id) | Q(pk__in=self.also_to.values("pk"))).in_order()

    def subscriptions(self) -> SubscriptionQuerySet:
        """Every subscription to its lists, whoever it is meant for."""
        return Subscription.objects.filter(list__in=self.lists())

    def recipients(self, now: datetime) -> SubscriptionQuerySet:
        """Who gets it: one row per address, with `person_id`. Of several subscriptions that to its own list counts."""
        return self.recipients_if(self.also_to.all(), self.segment, now)

    def recipients_if(self, also_to: Any, segment: Segment | None, now: datetime) -> SubscriptionQuerySet:
        """Who would get it if it went to these lists and this audience."""
        lists = Q(list=self.list_id) | Q(list__in=also_to)
        receiving = Subscription.objects.filter(lists).receiving(now)
        meant = receiving.in_segment(segment) if segment else receiving
        own_first = Case(When(list=self.list_id, then=Value(0)), default=Value(1))
        once = meant.order_by("email", own_first, "pk").distinct("email")
        return Subscription.objects.filter(pk__in=once.values("pk")).with_people().order_by("pk")

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """For the search: the subject above all, then headings, then the rest.

        Only what everybody may read, so that a search never tells of what is for members.
        """
        blocks = list(self.blocks.shown_to(AnonymousUser()).in_order())
        for language in LANGUAGES:
            yield getattr(self, f"subject_{language}"), language, "A"
            yield getattr(self, f"preheader_{language}"), language, "B"
            for block in blocks:
                yield getattr(block, f"title_{language}"), language, "B"
                yield plain_text(getattr(block, f"body_{language}")), language, "C"
        for thing in (block.thing for block in blocks if block.thing):
            yield thing.title, getattr(thing, "language", "fi"), "B"
            yield thing.summary, getattr(thing, "language", "fi"), "C"

    @cached_property
    def mailing(self) -> Mailing | None:
        """Its letters, once it has been addressed."""
        return Mailing.objects.about(NEWSLETTER, self.reference).first()

    def progress(self) -> dict[str, int]:
        """What the outbox knows about the letters: total, and how many in each state."""
        return self.mailing.progress() if self.mailing else dict.fromkeys(["total", *State.values], 0)

    # verbs

    @transaction.atomic
    def copy(self, author: User | None, now: datetime) -> "Issue":
        """A new draft of the same list with the same words, blocks and audience."""
        kept = ["segment", "subject_sv", "subject_en", "preheader_fi", "preheader_sv", "preheader_en"]
        words = {name: getattr(self, name) for name in kept} | Issue.objects.next_of(self.list)
        words |= {"subject_fi": self.subject_fi, "list": self.list, "author": author, "created_at": now}
        twin = Issue.objects.create(**words)
        twin.also_to.set(self.also_to.all())
        self.blocks.copy_to(twin)
        return twin

    def schedule(self, at: datetime) -> None:
        """Send it at a moment; one that has passed means at once. Raises NothingToSend, NoSubject or AlreadySent."""
        if not self.blocks.with_content().exists():
            raise NothingToSend
        if not self.subject_fi.strip():
            raise NoSubject
        if not Issue.objects.unsent().filter(pk=self.pk).update(scheduled_at=at, cancelled_at=None):
            raise AlreadySent
        self.refresh_from_db()

    def cancel(self, now: datetime) -> None:
        """Stop an issue that waits for its time. Raises NotScheduled."""
        if not Issue.objects.waiting().filter(pk=self.pk).update(cancelled_at=now):
            raise NotScheduled
        self.refresh_from_db()

    def mark_addressed(self, now: datetime) -> bool:
        """Take it for sending, when its time has come: True once only, even when two try at the same time.

        Call it in a transaction. Its lists stay locked, so that nobody leaves between this and the writing of the
        letters; from now on the archive finds it.
        """
        if not Issue.objects.due(now).filter(pk=self.pk).update(addressed_at=now):
            return False
        self.refresh_from_db()
        list(self.lists().order_by("pk").select_for_update())
        self.index()
        return True
