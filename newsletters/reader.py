"""A reader: one address and all that it reads, whoever it belongs to."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from newsletters.models import MailingList, Subscription
from newsletters.models.mailing_list import MailingListQuerySet
from newsletters.models.subscription import SubscriptionQuerySet


class Reader:
    """Found by a link in a letter. What is changed here is the reader's own wish."""

    def __init__(self, subscription: Subscription) -> None:
        self.email = subscription.email
        self.language = subscription.language

    def stays(self) -> SubscriptionQuerySet:
        return Subscription.objects.of(self.email)

    def lists(self) -> MailingListQuerySet:
        """What the reader gets now."""
        return MailingList.objects.filter(pk__in=self.stays().active().values("list"))

    def offered(self) -> MailingListQuerySet:
        """What may be chosen: the reader's own lists and the public ones of the same areas."""
        areas = self.stays().values("list__area")
        return MailingList.objects.filter(Q(pk__in=self.lists()) | Q(is_public=True, area__in=areas)).in_order()

    def choose(self, lists: Iterable[MailingList], language: str, now: datetime) -> None:
        """Get exactly these lists from now on, in this language."""
        chosen = {mailing_list.pk: mailing_list for mailing_list in lists}
        read = set(self.lists().values_list("pk", flat=True))
        self.stays().exclude(list__in=chosen).end(now)
        Subscription.objects.join([chosen[pk] for pk in chosen.keys() - read], self.email, language, now)
        self.stays().speak(language)
        self.language = language

    def leave_all(self, now: datetime) -> int:
        """Get nothing any more."""
        return self.stays().end(now)
