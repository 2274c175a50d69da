"""Subscriptions to lists: requested, confirmed, paused, ended, each with its moment and the consent."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from lib.querysets import InArea
from lib.text.addresses import normal, readable
from lib.text.model_fields import AddressField
from newsletters.models.confirmation_limit import ConfirmationLimit
from newsletters.models.mailing_list import MailingList
from newsletters.subscriptions import consent_texts
from outbox.models import Delivery, LeftOut

if TYPE_CHECKING:
    from newsletters.models.segment import Segment

CONFIRM_WITHIN = timedelta(days=7)
COME_BACK_WITHIN = timedelta(hours=1)
NEWSLETTER = "newsletter"  # the kind of its letters in the outbox


class SubscriptionQuerySet(InArea, models.QuerySet["Subscription"]):
    area_path = "list__area"

    def lasting(self) -> "SubscriptionQuerySet":
        """Confirmed or waiting, not ended."""
        return self.filter(ended_at=None)

    def active(self) -> "SubscriptionQuerySet":
        """Those on the list, paused ones too."""
        return self.lasting().exclude(confirmed_at=None)

    def paused(self, now: datetime) -> "SubscriptionQuerySet":
        """On the list, but without letters until a day that has not come."""
        return self.active().filter(resumes_on__gt=timezone.localdate(now))

    def receiving(self, now: datetime) -> "SubscriptionQuerySet":
        """Those that get an issue which is addressed now. A pause ends by itself."""
        return self.active().filter(Q(resumes_on=None) | Q(resumes_on__lte=timezone.localdate(now)))

    def unconfirmed(self) -> "SubscriptionQuerySet":
        return self.lasting().filter(confirmed_at=None)

    def of(self, email: str) -> "SubscriptionQuerySet":
        return self.filter(email=normal(email))

    def wanting_letter(self) -> "SubscriptionQuerySet":
        """Asked for on the page, and the round has not answered yet."""
        return self.exclude(letter_wanted_at=None)

    def first_wanting_letter(self) -> "SubscriptionQuerySet":
        """One row for each address that waits for a letter: all its lists are asked about in the same one."""
        earlier = Subscription.objects.wanting_letter().filter(email=OuterRef("email"), pk__lt=OuterRef("pk"))
        return self.wanting_letter().filter(~Exists(earlier)).order_by("email")

    def unanswered(self, now: datetime) -> "SubscriptionQuerySet":
        """Nobody confirmed them in the days the link was good for."""
        last_letter = Coalesce("letter_sent_at", "requested_at")
        return self.unconfirmed().alias(last_letter=last_letter).filter(last_letter__lt=now - CONFIRM_WITHIN)

    def left_just_now(self, now: datetime) -> "SubscriptionQuerySet":
        """What ended in the last act of leaving, while that can still be undone. A moved address has not left."""
        here_again = Subscription.objects.active().filter(list=OuterRef("list"), email=OuterRef("email"))
        left = self.filter(~Exists(here_again), ended_at__gt=now - COME_BACK_WITHIN, following=None)
        left = left.exclude(confirmed_at=None)
        last = left.aggregate(last=Max("ended_at"))["last"]
        return left.filter(ended_at=last) if last else self.none()

    def with_people(self) -> "SubscriptionQuerySet":
        """`person_id`: the active person who has proved that the address is theirs, if any."""
        return self.annotate(person_id=_proved_owner())

    def oldest_first(self) -> "SubscriptionQuerySet":
        return self.order_by("requested_at", "pk")

    def in_segment(self, segment: "Segment") -> "SubscriptionQuerySet":
        """Those that a saved audience means."""
        return self.filter(segment.rules().meant())

    # verbs

    def request(
        self,
        lists: Iterable[MailingList],
        email: str,
        language: str,
        now: datetime,
        source: str = "page",
        shown_in: str = "",
    ) -> None:
        """Someone asks for lists on a page. Every address costs the same work; a round sends the letter.

        `shown_in` is the language in which the page told what happens to the address.
        """
        address, lists = normal(email), tuple(lists)
        Subscription.objects.bulk_create(
            (
                Subscription(
                    list=asked,
                    email=address,
                    language=language,
                    requested_at=now,
                    source=source,
                    consent_text_version=consent_texts.VERSION,
                    consent_language=shown_in or language,
                )
                for asked in lists
            ),
            ignore_conflicts=True,
        )
        self.lasting().filter(email=address, list__in=lists).update(letter_wanted_at=now)

    def join(
        self,
        lists: Iterable[MailingList],
        email: str,
        language: str,
        now: datetime,
        source: str = "preferences",
        shown_in: str = "",
    ) -> None:
        """Lists chosen where the address is already proved: by the link in a letter, or by an account."""
        lists = tuple(lists)
        self.request(lists, email, language, now, source, shown_in)
        joined = self.of(email).lasting().filter(list__in=lists)
        joined.mark_answered()
        joined.confirm(now)

    def mark_answered(self) -> int:
        """What was asked for on the page has had its answer: a letter, or none where there were enough."""
        return self.update(letter_wanted_at=None)

    def mark_sent(self, now: datetime) -> int:
        """The letter to confirm them was handed to the outbox."""
        return self.update(letter_sent_at=now)

    def confirm(self, now: datetime) -> int:
        """The owner of the address says yes. Returns how many became active."""
        ConfirmationLimit.objects.forget(self.values_list("email", flat=True))
        return self.unconfirmed().update(
            confirmed_at=now,
            letter_wanted_at=None,
            user_id=_proved_owner(),
        )

    @transaction.atomic
    def move(self, email: str, now: datetime, shown_in: str = "") -> None:
        """The subscriber has another address now: each subscription goes on there, and says from which one it came.

        Letters on their way still go to the old address, so that none is lost.
        """
        moving = list(self.active().select_related("list").select_for_update(of=("self",)).order_by("pk"))
        for row in moving:
            Subscription.objects.join([row.list], email, row.language, now, Subscription.MOVED, shown_in)
            arrived = Subscription.objects.of(email).lasting().filter(list=row.list, source=Subscription.MOVED)
            arrived.filter(previous=None).update(previous=row, resumes_on=row.resumes_on)
        self.filter(pk__in=[row.pk for row in moving]).update(ended_at=now)

    @transaction.atomic
    def end(self, now: datetime, reason: str = "") -> int:
        """The subscriber leaves. Returns how many ended; those that had ended before are not changed.

        The lists are held meanwhile, so that an issue is addressed either before, and then its letter is stopped here,
        or after, and then it does not know the subscriber.
        """
        leaving = list(self.lasting())
        held = MailingList.objects.filter(pk__in={row.list_id for row in leaving}).order_by("pk").select_for_update()
        list(held)
        ended = self.filter(pk__in=[row.pk for row in leaving])
        count = ended.update(ended_at=now, ended_reason=reason, letter_wanted_at=None)
        for row in leaving:
            row.stop_letters(now)
        return count

    def set_language(self, language: str) -> int:
        """Letters come in this language from now on."""
        return self.lasting().update(language=language)

    def pause(self, weeks: int, now: datetime) -> int:
        """No letters for some weeks; with 0 they come again at once."""
        again = timezone.localdate(now) + timedelta(weeks=weeks) if weeks else None
        return self.active().update(resumes_on=again)

    def share_pause(self, until: date | None) -> int:
        """Those without a pause get the one of the others of the same person."""
        return self.active().filter(resumes_on=None).update(resumes_on=until)


class Subscription(models.Model):
    """One address on one list, from request to end. Coming back is a new row: each consent is kept."""

    PAGE, COORDINATOR, MEMBER, PREFERENCES = "page", "coordinator", "member", "preferences"
    RETURNED, MOVED = "returned", "moved"
    SOURCES = [
        (PAGE, _("asked on the page")),
        (COORDINATOR, _("added by the coordinator")),
        (MEMBER, _("asked as a member")),
        (PREFERENCES, _("chosen in the settings of the letters")),
        (RETURNED, _("came back right after leaving")),
        (MOVED, _("moved from an earlier address")),
    ]

    list = models.ForeignKey(
        MailingList, on_delete=models.PROTECT, related_name="subscriptions", verbose_name=_("mailing list")
    )
    email = AddressField(_("e-mail"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fi")
    user = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="subscriptions",
        verbose_name=_("person"),
        help_text=_("The member whose proved address this is."),
    )
    previous = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="following",
        verbose_name=_("the stay at the earlier address"),
    )
    requested_at = models.DateTimeField(_("asked"))
    letter_wanted_at = models.DateTimeField(_("waits for the letter to confirm"), null=True, blank=True)
    letter_sent_at = models.DateTimeField(_("letter to confirm sent"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    resumes_on = models.DateField(
        _("letters come again on"), null=True, blank=True, help_text=_("Until this day the reader has a pause.")
    )
    ended_at = models.DateTimeField(_("left"), null=True, blank=True)
    ended_reason = models.CharField(_("reason for leaving"), max_length=200, blank=True)
    source = models.CharField(_("how"), max_length=12, choices=SOURCES, default=PAGE)
    consent_text_version = models.CharField(_("version of the consent text"), max_length=20, blank=True)
    consent_language = models.CharField(_("language of the consent text"), max_length=2, blank=True)
    consent_note = models.CharField(
        _("note on the consent"), max_length=200, blank=True, help_text=_("For example: asked by phone on 20 January.")
    )
    noted_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("noted by")
    )

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(
                "list",
                Lower("email"),
                condition=Q(ended_at=None),
                name="subscription_once_at_a_time",
                violation_error_message=_("This address is on the list already, or has been asked to confirm."),
            ),
        ]
        indexes = [models.Index(fields=["email"], name="subscription_email")]

    def __str__(self) -> str:
        return f"{readable(self.email)} – {self.list}"

    # questions

    @property
    def consent_text(self) -> str:
        """What the subscriber agreed to, word for word as it was shown; empty when it was agreed in person."""
        return consent_texts.text(self.consent_language or self.language, self.consent_text_version)

    # verbs

    def record_consent(self, now: datetime, by: User | None = None) -> None:
        """Store a new subscriber who asked the coordinator in person; `consent_note` says how."""
        self.email, self.noted_by = normal(self.email), by
        self.source, self.requested_at, self.confirmed_at = self.COORDINATOR, now, now
        self.save()

    def may_come_back(self, now: datetime) -> bool:
        """Whether leaving this list can still be undone."""
        return self._on_this_list().left_just_now(now).exists()

    def come_back(self, now: datetime, shown_in: str = "") -> bool:
        """Leaving this list was a mistake: read it again, for an hour without a letter. True when the list is read."""
        if self.may_come_back(now):
            Subscription.objects.join([self.list], self.email, self.language, now, self.RETURNED, shown_in)
        return self._on_this_list().active().exists()

    def leave(self, now: datetime, reason: str = "") -> bool:
        """Leave this list, also when the link comes from an earlier subscription or an earlier address."""
        subscriptions, emails, later = Subscription.objects.filter(list=self.list_id), {self.email}, {self.email}
        while later := set(subscriptions.filter(previous__email__in=later).values_list("email", flat=True)) - emails:
            emails |= later
        return subscriptions.filter(email__in=emails).end(now, reason) > 0

    def _on_this_list(self) -> SubscriptionQuerySet:
        return Subscription.objects.of(self.email).filter(list=self.list_id)

    def stop_letters(self, now: datetime) -> int:
        """Take back the list's letters to this address that have not been sent."""
        letters = Delivery.objects.to(self.email).filter(kind=NEWSLETTER, origin_id=self.pk)
        return letters.leave_out(LeftOut.SKIPPED, now, gettext("The reader has left the list."))


def _proved_owner() -> Subquery:
    proved = User.objects.active().filter(emailaddress__verified=True, emailaddress__email=OuterRef("email"))
    return Subquery(proved.order_by("pk").values("pk")[:1])
