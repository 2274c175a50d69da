"""An issue of a list: written, scheduled, addressed to its readers, kept in the archive."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from newsletters.models.archive import Archived, ArchiveQuerySet
from newsletters.models.mailing_list import MailingList
from newsletters.models.subscription import NEWSLETTER, SubscriptionQuerySet
from outbox.models import Delivery, Mailing, State
from youthnet.languages import translated


class Refused(Exception):
    """An issue cannot be sent; the text says why, to a person."""

    words: Any = ""

    def __str__(self) -> str:
        return str(self.words)


class NothingToSend(Refused):
    words = _("The issue has no content yet. Add at least one block before sending it.")


class AlreadySent(Refused):
    words = _("The issue has been sent already. Make a new issue for what has changed.")


class NotScheduled(Refused):
    words = _("The issue is not waiting to be sent.")


class IssueQuerySet(ArchiveQuerySet):
    def visible_to(self, user: Any) -> "IssueQuerySet":
        """The archive: sent issues of public lists, for everybody."""
        return self.sent().filter(list__in=MailingList.objects.visible_to(None))

    def run_by(self, user: Any) -> "IssueQuerySet":
        return self if user.is_superuser else self.filter(list__area__in=user.area_ids_run())

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

    def newest(self) -> "IssueQuerySet":
        return self.order_by(F("addressed_at").desc(nulls_first=True), "-number", "-pk")

    @transaction.atomic
    def begin(self, mailing_list: MailingList, author: User | None, now: datetime) -> "Issue":
        """The next issue of a list, prefilled with what has happened since the last one."""
        from newsletters.prefill import fill

        issue = self.create(**self._next_of(mailing_list), list=mailing_list, author=author, created_at=now)
        last = self.filter(list=mailing_list).sent().newest().first()
        fill(issue, last.addressed_at if last else None, now)
        return issue

    def _next_of(self, mailing_list: MailingList) -> dict[str, Any]:
        last = self.filter(list=mailing_list).aggregate(last=models.Max("number"))["last"] or 0
        return {
            "number": last + 1,
            "slug": f"{mailing_list.area.slug}-{mailing_list.code}-{last + 1}",
            "subject_fi": f"{mailing_list.name_fi} {last + 1}",
        }


class Issue(Archived):
    """One letter to everybody on a list."""

    list = models.ForeignKey(
        MailingList, on_delete=models.PROTECT, related_name="issues", verbose_name=_("mailing list")
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

    class Meta(Archived.Meta):
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
    def state_in_words(self) -> str:
        if self.is_sent:
            return gettext("Sent")
        return gettext("Waiting to be sent") if self.is_waiting else gettext("Draft")

    @property
    def reference(self) -> str:
        """What its rows in the ledger are about."""
        return f"issue:{self.pk}"

    def readers_by_language(self) -> Iterable[tuple[str, int]]:
        """How many would get the letter now, in which language."""
        counted = dict(
            self.list.subscriptions.reading(timezone.now())
            .values_list("language")
            .annotate(Count("pk"))
            .order_by("language")
        )
        return [(code, counted[code]) for code, _name in settings.LANGUAGES if code in counted]

    @cached_property
    def mailing(self) -> Mailing | None:
        """Its letters, once it has been addressed."""
        return Mailing.objects.about(NEWSLETTER, self.reference).first()

    def readers(self, now: datetime) -> SubscriptionQuerySet:
        """Whoever gets the issue if it is addressed now, with `reader_id`."""
        return self.list.subscriptions.reading(now).with_readers()

    def progress(self) -> dict[str, int]:
        """What the ledger knows about the letters: total, and how many in each state."""
        return self.mailing.progress() if self.mailing else dict.fromkeys(["total", *State.values], 0)

    # verbs

    def schedule(self, at: datetime) -> None:
        """Send it at a moment; one that has passed means at once. Raises NothingToSend or AlreadySent."""
        if not self.blocks.exists():
            raise NothingToSend
        if not Issue.objects.unsent().filter(pk=self.pk).update(scheduled_at=at, cancelled_at=None):
            raise AlreadySent
        self.refresh_from_db()

    def cancel(self, now: datetime) -> None:
        """Stop an issue that waits for its time. Raises NotScheduled."""
        if not Issue.objects.waiting().filter(pk=self.pk).update(cancelled_at=now):
            raise NotScheduled
        self.refresh_from_db()

    @transaction.atomic
    def address(self, now: datetime) -> int:
        """Write one letter per reader into the ledger. A second call, even at the same time, writes none."""
        from newsletters.press import send

        if not Issue.objects.due(now).filter(pk=self.pk).update(addressed_at=now):
            return 0
        self.refresh_from_db()
        MailingList.objects.select_for_update().get(pk=self.list_id)
        self.index()
        return send(self, now)

    def send_test(self, to: User, now: datetime) -> Delivery:
        """The letter as this person would read it, to this person only."""
        from newsletters.press import send_test

        return send_test(self, to, now)
