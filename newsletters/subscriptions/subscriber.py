"""A subscriber: one address and all its subscriptions, whoever it belongs to."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from newsletters.models import AddressChange, MailingList, Subscription
from newsletters.models.mailing_list import MailingListQuerySet
from newsletters.models.subscription import SubscriptionQuerySet


class Subscriber:
    """Found by a link in a letter, or by signing in. What is changed here is the subscriber's own wish."""

    def __init__(self, email: str, language: str, person: Any = None) -> None:
        self.email = email
        self.language = language
        self.person = person  # who has signed in; None behind a link, which may have been passed on

    @classmethod
    def of_subscription(cls, subscription: Subscription) -> "Subscriber":
        """Whose letter the link stood in."""
        return cls(subscription.email, subscription.language)

    @classmethod
    def signed_in(cls, person: Any) -> "Subscriber | None":
        """The person, when the address of the account has been proved."""
        if not person.emailaddress_set.filter(email=person.email, verified=True).exists():
            return None
        newest = Subscription.objects.of(person.email).active().order_by("pk").last()
        return cls(person.email, newest.language if newest else person.language, person)

    # questions

    def subscriptions(self) -> SubscriptionQuerySet:
        return Subscription.objects.of(self.email)

    def lists(self) -> MailingListQuerySet:
        """What the subscriber gets now."""
        return MailingList.objects.filter(pk__in=self.subscriptions().active().values("list"))

    def offered(self) -> MailingListQuerySet:
        """What may be chosen: one's own lists, the public ones of the same areas, and what a member may join."""
        own = Q(pk__in=self.lists())
        if self.person:
            return MailingList.objects.filter(own | Q(pk__in=MailingList.objects.visible_to(self.person))).in_order()
        public = MailingList.objects.visible_to(None).filter(area__in=self.subscriptions().values("list__area"))
        return MailingList.objects.filter(own | Q(pk__in=public)).in_order()

    def paused_until(self, now: datetime) -> date | None:
        """The day on which letters come again, while there is a pause."""
        paused = self.subscriptions().paused(now).order_by("-resumes_on").first()
        return paused.resumes_on if paused else None

    def may_come_back(self, now: datetime) -> bool:
        return self.subscriptions().left_just_now(now).exists()

    # verbs

    @transaction.atomic
    def choose(self, lists: Iterable[MailingList], language: str, now: datetime, shown_in: str = "") -> None:
        """Get exactly these lists from now on, in this language."""
        chosen = {mailing_list.pk: mailing_list for mailing_list in lists}
        read = set(self.lists().values_list("pk", flat=True))
        self.join([chosen[pk] for pk in chosen.keys() - read], now, shown_in)
        self.subscriptions().exclude(list__in=chosen).end(now)
        self.subscriptions().set_language(language)
        self.language = language

    @transaction.atomic
    def join(self, lists: Iterable[MailingList], now: datetime, shown_in: str = "") -> None:
        """Read more lists, without a letter to confirm: the address is proved. A pause holds for them too."""
        until = self.paused_until(now)
        source = Subscription.MEMBER if self.person else Subscription.PREFERENCES
        Subscription.objects.join(lists, self.email, self.language, now, source, shown_in)
        self.subscriptions().share_pause(until)

    def pause(self, weeks: int, now: datetime) -> int:
        """No letters for some weeks; with 0 they come again at once."""
        return self.subscriptions().pause(weeks, now)

    def ask_to_move(self, email: str, now: datetime) -> AddressChange:
        """Get the letters at another address, once its owner has said yes."""
        return AddressChange.objects.request(self.email, email, self.language, now)

    def leave_all(self, now: datetime, reason: str = "") -> int:
        """Get nothing any more."""
        return self.subscriptions().end(now, reason)

    def come_back(self, now: datetime, shown_in: str = "") -> None:
        """It was a mistake: read again what was left in the last act of leaving, an hour ago at most."""
        left = MailingList.objects.filter(pk__in=self.subscriptions().left_just_now(now).values("list"))
        Subscription.objects.join(list(left), self.email, self.language, now, Subscription.RETURNED, shown_in)
