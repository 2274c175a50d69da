"""What the desk asks about an address that does not work, in words: who it is, where from, since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.models import User
from lib.text.dates import day
from newsletters.models import BouncedAddress, Subscription


@dataclass(frozen=True)
class Question:
    """One address, the person who had it if known, and what they read."""

    bounced: BouncedAddress
    person: User | None
    lists: str

    @property
    def url(self) -> str:
        return reverse("admin:newsletters_bouncedaddress_change", args=[self.bounced.pk])

    def __str__(self) -> str:
        since = day(timezone.localdate(self.bounced.since), get_language() or "fi")
        if self.person is None:
            words = _("The address %(address)s (reader of %(lists)s) has not worked since %(day)s.")
            return words % {"address": self.bounced.address, "lists": self.lists, "day": since}
        person = self.person
        place = person.municipality_of_work()
        facts = {"name": person.name or person.email, "post": self.post, "day": since, "place": place}
        if place and self.post:
            return _("%(place)s: the address of %(name)s (%(post)s) has not worked since %(day)s.") % facts
        if self.post:
            return _("The address of %(name)s (%(post)s) has not worked since %(day)s.") % facts
        return _("The address of %(name)s has not worked since %(day)s.") % facts

    @property
    def post(self) -> str:
        """The title and the employer, as far as known."""
        person: Any = self.person
        return ", ".join(str(part) for part in (person.title, person.organisation) if part)

    @property
    def who(self) -> str:
        """What the coordinator may know."""
        if self.person and self.person.title:
            return _("Who has the post now: %(title)s?") % {"title": self.person.title}
        return _("Has the person another address, or has somebody else come instead?")


def questions(rows: Iterable[BouncedAddress], user: Any) -> list[Question]:
    """The rows in words, with two questions to the database however many there are."""
    rows = list(rows)
    addresses = [row.address for row in rows]
    people = User.objects.active().filter(email__in=addresses).with_work()
    by_address = {person.email: person for person in people}
    subscriptions = Subscription.objects.lasting().run_by(user).filter(email__in=addresses).select_related("list")
    lists: dict[str, list[str]] = {}
    for subscription in subscriptions.order_by("list__order", "pk"):
        lists.setdefault(subscription.email, []).append(subscription.list.name)
    return [Question(row, by_address.get(row.address), ", ".join(lists.get(row.address, []))) for row in rows]


def waiting(user: Any, now: datetime, most: int) -> dict[str, Any]:
    """For the first page of the desk: the first questions, and how many there are."""
    asked = BouncedAddress.objects.asked(user, now)
    first = list(asked[:most])
    number = asked.count() if len(first) == most else len(first)
    return {"bounced_addresses": questions(first, user), "bounced_addresses_count": number}
