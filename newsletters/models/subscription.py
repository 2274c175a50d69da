"""Who reads which list: asked for, confirmed, ended, each with its moment and the proof of consent."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from newsletters import consent
from newsletters.models.mailing_list import MailingList
from outbox.models import Delivery

CONFIRM_WITHIN = timedelta(days=7)
NEWSLETTER = "newsletter"  # the kind of its letters in the ledger


def normal(email: str) -> str:
    """One spelling per mailbox."""
    return email.strip().lower()


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def run_by(self, user: Any) -> "SubscriptionQuerySet":
        return self if user.is_superuser else self.filter(list__area__in=user.area_ids_run())

    def lasting(self) -> "SubscriptionQuerySet":
        """Confirmed or waiting, not ended."""
        return self.filter(ended_at=None)

    def active(self) -> "SubscriptionQuerySet":
        """Those that get the letters."""
        return self.lasting().exclude(confirmed_at=None)

    def unconfirmed(self) -> "SubscriptionQuerySet":
        return self.lasting().filter(confirmed_at=None)

    def of(self, email: str) -> "SubscriptionQuerySet":
        return self.filter(email=normal(email))

    def wanting_letter(self) -> "SubscriptionQuerySet":
        """Asked for on the page, and the round has not answered yet."""
        return self.exclude(letter_wanted_at=None)

    def unanswered(self, now: datetime) -> "SubscriptionQuerySet":
        """Nobody confirmed them in the days the link was good for."""
        last_letter = Coalesce("letter_sent_at", "requested_at")
        return self.unconfirmed().alias(last_letter=last_letter).filter(last_letter__lt=now - CONFIRM_WITHIN)

    def with_readers(self) -> "SubscriptionQuerySet":
        """`reader_id`: the active person who has proved that the address is theirs, if any."""
        return self.annotate(reader_id=_proved_owner())

    # verbs

    def request(
        self, lists: Iterable[MailingList], email: str, language: str, now: datetime, source: str = "page"
    ) -> None:
        """Someone asks for lists on a page. Every address costs the same work; a round sends the letter."""
        address, lists = normal(email), tuple(lists)
        Subscription.objects.bulk_create(
            (
                Subscription(
                    list=asked,
                    email=address,
                    language=language,
                    requested_at=now,
                    source=source,
                    consent_text_version=consent.VERSION,
                )
                for asked in lists
            ),
            ignore_conflicts=True,
        )
        self.lasting().filter(email=address, list__in=lists).update(letter_wanted_at=now)

    def join(self, lists: Iterable[MailingList], email: str, language: str, now: datetime) -> None:
        """Lists chosen on the page of one's own settings: the link in the letter has already proved the address."""
        self.request(lists, email, language, now, source=Subscription.PREFERENCES)
        joined = self.of(email).lasting().filter(list__in=lists)
        joined.update(letter_wanted_at=None)
        joined.confirm(now)

    def confirm(self, now: datetime) -> int:
        """The owner of the address says yes. Returns how many became active."""
        LetterTally.objects.forget(self.values_list("email", flat=True))
        return self.unconfirmed().update(
            confirmed_at=now,
            letter_wanted_at=None,
            user_id=_proved_owner(),
        )

    @transaction.atomic
    def end(self, now: datetime) -> int:
        """The reader leaves. Returns how many ended; those that had ended before stay as they were.

        The lists are held meanwhile, so that an issue is addressed either before, and then its letter is stopped here,
        or after, and then it does not know the reader.
        """
        leaving = list(self.lasting())
        held = MailingList.objects.filter(pk__in={row.list_id for row in leaving}).order_by("pk").select_for_update()
        list(held)
        ended = self.filter(pk__in=[row.pk for row in leaving]).update(ended_at=now, letter_wanted_at=None)
        for row in leaving:
            row.stop_letters(now)
        return ended

    def speak(self, language: str) -> int:
        """Letters come in this language from now on."""
        return self.lasting().update(language=language)


class Subscription(models.Model):
    """One stay of one address on one list. Coming back is a new row, so that each consent keeps its own proof."""

    PAGE, COORDINATOR, MEMBER, PREFERENCES = "page", "coordinator", "member", "preferences"
    SOURCES = [
        (PAGE, _("asked on the page")),
        (COORDINATOR, _("added by the coordinator")),
        (MEMBER, _("asked as a member")),
        (PREFERENCES, _("chosen in the settings of the letters")),
    ]

    list = models.ForeignKey(
        MailingList, on_delete=models.PROTECT, related_name="subscriptions", verbose_name=_("mailing list")
    )
    email = models.EmailField(_("e-mail"))
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
    requested_at = models.DateTimeField(_("asked"))
    letter_wanted_at = models.DateTimeField(_("waits for the letter to confirm"), null=True, blank=True)
    letter_sent_at = models.DateTimeField(_("letter to confirm sent"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("left"), null=True, blank=True)
    source = models.CharField(_("how"), max_length=12, choices=SOURCES, default=PAGE)
    consent_text_version = models.CharField(_("version of the consent text"), max_length=20, blank=True)
    consent_note = models.CharField(
        _("note on the consent"), max_length=200, blank=True, help_text=_("For example: asked by phone on 20 January.")
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
        return f"{self.email} – {self.list}"

    # verbs

    def note_consent(self, now: datetime) -> None:
        """Store a new reader who asked the coordinator in person; `consent_note` says how."""
        self.email = normal(self.email)
        self.source, self.requested_at, self.confirmed_at = self.COORDINATOR, now, now
        self.save()

    def leave(self, now: datetime) -> bool:
        """Leave this list, also when the link comes from an earlier stay on it. True when something ended."""
        return Subscription.objects.of(self.email).filter(list=self.list_id).end(now) > 0

    def stop_letters(self, now: datetime) -> int:
        """Take back the list's letters to this address that have not left the house."""
        issues = [issue.reference for issue in self.list.issues.sent()]
        waiting = Delivery.objects.filter(kind=NEWSLETTER, reference__in=issues, recipient=self.email)
        return waiting.stop(now, gettext("The reader has left the list."))


class LetterTallyQuerySet(models.QuerySet["LetterTally"]):
    def take(self, email: str, now: datetime) -> bool:
        """May this address be sent one more letter to confirm? At most one a day and three without an answer."""
        tally, is_first = self.get_or_create(address_hmac=_hmac(email), defaults={"letters": 1, "last_at": now})
        again = self.filter(pk=tally.pk, letters__lt=LetterTally.MOST, last_at__lte=now - LetterTally.PAUSE)
        return is_first or again.update(letters=F("letters") + 1, last_at=now) == 1

    def forget(self, emails: Iterable[str]) -> None:
        """The owner answered: count from the beginning."""
        self.filter(address_hmac__in=[_hmac(email) for email in emails]).delete()


class LetterTally(models.Model):
    """How many letters to confirm were sent to an address without an answer. The address itself is not kept."""

    MOST = 3
    PAUSE = timedelta(hours=24)

    address_hmac = models.CharField(_("key of the address"), max_length=64, unique=True)
    letters = models.PositiveSmallIntegerField(_("letters"))
    last_at = models.DateTimeField(_("last letter"))

    objects = LetterTallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally of letters to confirm")
        verbose_name_plural = _("tallies of letters to confirm")

    def __str__(self) -> str:
        return f"{self.letters}"


def _proved_owner() -> Subquery:
    proved = User.objects.active().filter(emailaddress__verified=True, emailaddress__email=OuterRef("email"))
    return Subquery(proved.order_by("pk").values("pk")[:1])


def _hmac(email: str) -> str:
    return salted_hmac("newsletters.tally", normal(email), algorithm="sha256").hexdigest()
