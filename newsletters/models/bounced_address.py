"""Addresses whose letters come back, as questions to the coordinator: who is there now?

Nothing of it is stored but "not now": a question stands as long as the address is on the stop list and a member or a
subscriber of the area still has it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea, User
from lib.text.addresses import normal, readable
from networks import emails
from networks.models import Membership
from newsletters.models.subscription import Subscription, SubscriptionQuerySet
from outbox.models import MailEvent, Suppression
from outbox.models.suppression import SuppressionQuerySet

SNOOZE_FOR = timedelta(days=30)


class BouncedAddressQuerySet(SuppressionQuerySet):
    def run_by(self, user: Any) -> "BouncedAddressQuerySet":
        """Those of members or subscribers in the areas this person coordinates; each knows its `address`."""
        subscriptions, members = Subscription.objects.lasting().run_by(user), Membership.objects.ongoing().run_by(user)
        subscriptions = subscriptions.filter(email=OuterRef("address"))
        members = members.filter(user__email=OuterRef("address"), user__is_active=True)
        return self.filter(Exists(subscriptions) | Exists(members))

    def asked(self, user: Any, now: datetime) -> "BouncedAddressQuerySet":
        """Those that wait for an answer of this person, the longest waiting first."""
        rests = Snooze.objects.filter(suppression=OuterRef("pk"), until__gt=now)
        rests = rests if user.is_superuser else rests.filter(area__in=user.area_ids_run())
        return self.run_by(user).filter(~Exists(rests)).order_by("since", "pk")


class BouncedAddressManager(models.Manager.from_queryset(BouncedAddressQuerySet)):  # type: ignore[misc]
    """Knows the address behind the key: that of the letter that came back."""

    def get_queryset(self) -> Any:
        rows = super().get_queryset().of_the_address().filter(lifted_at=None)
        return rows.annotate(address=Lower("event__delivery__recipient")).exclude(address=None)


class BouncedAddress(Suppression):
    """A stop of the outbox, seen by the coordinator of whoever has the address."""

    address: str  # of the manager

    objects = BouncedAddressManager()  # type: ignore[misc]

    class Meta:
        proxy = True
        verbose_name = _("address that does not work")
        verbose_name_plural = _("addresses that do not work")

    def __str__(self) -> str:
        return readable(self.address)

    # questions

    def person(self) -> User | None:
        people = User.objects.active().filter(email=self.address)
        return people.with_work().first()

    def suggested_address(self) -> str:
        """Whom the mailbox names instead, when it answered that its owner has left; empty when it names nobody."""
        is_gone = self.event is not None and self.event.type == MailEvent.Type.GONE
        return next(iter(self.event.addresses()), "") if self.event and is_gone else ""

    def memberships(self, user: Any) -> list[Membership]:
        """Of this address, in the areas that `user` coordinates."""
        rows = Membership.objects.ongoing().run_by(user).filter(user__email=self.address)
        return list(rows.select_related("network__area", "role", "represents", "user").oldest_first())

    def subscriptions(self, user: Any) -> SubscriptionQuerySet:
        return Subscription.objects.of(self.address).lasting().run_by(user).select_related("list").oldest_first()

    # verbs: the answers

    def works_again(self, now: datetime) -> None:
        """Letters go there again; should they come back, the question does too."""
        Suppression.objects.filter(pk=self.pk).lift(now)

    @transaction.atomic
    def has_left(self, user: Any, now: datetime) -> None:
        """Nobody is there any more: memberships and subscriptions in the own areas end."""
        for membership in self.memberships(user):
            membership.leave(now)
        self.subscriptions(user).end(now, str(_("The address does not work.")))

    @transaction.atomic
    def is_followed_by(self, email: str, name: str, user: Any, now: datetime) -> User | None:
        """Another address, of the same person or of whoever has the post now, takes over what is of the own areas.

        A sign-in address is never changed by somebody else: the new address gets an account of its own, or has one
        already. Lists ask the new address for its consent. None when only lists are taken over.
        """
        address, memberships, subscriptions = normal(email), self.memberships(user), list(self.subscriptions(user))
        follower = self._account(address, name) if memberships else None
        for membership in memberships:
            if follower and membership.is_active:
                taken = membership.network.take_in(follower, now, membership.role, membership.represents)
                emails.approved(taken)
        for subscription in subscriptions:
            wanted, language = [subscription.list], subscription.language
            Subscription.objects.request(wanted, address, language, now, Subscription.COORDINATOR)
        self.has_left(user, now)
        return follower

    def _account(self, address: str, name: str) -> User:
        known = User.objects.filter(email=address).first()
        if known:
            return known
        before = self.person()
        facts = ["title", "organisation", "municipality", "language"]
        kept = {fact: getattr(before, fact) for fact in facts} if before else {}
        return User.objects.create_user(address, name=name, **kept)

    def snooze(self, user: Any, now: datetime) -> None:
        """Not now: ask again in thirty days."""
        areas = {membership.network.area_id for membership in self.memberships(user)}
        areas |= set(self.subscriptions(user).order_by().values_list("list__area", flat=True))
        for area in areas:
            Snooze.objects.update_or_create(suppression_id=self.pk, area_id=area, defaults={"until": now + SNOOZE_FOR})


class Snooze(models.Model):
    """A coordinator does not want to be asked about an address for a while."""

    suppression = models.ForeignKey(Suppression, on_delete=models.CASCADE, related_name="+", verbose_name=_("address"))
    area = models.ForeignKey(CoordinationArea, on_delete=models.CASCADE, related_name="+", verbose_name=_("area"))
    until = models.DateTimeField(_("until"))

    class Meta:
        db_table = "newsletters_putoff"
        verbose_name = _("question put off")
        verbose_name_plural = _("questions put off")
        constraints = [models.UniqueConstraint(fields=["suppression", "area"], name="put_off_once_per_area")]

    def __str__(self) -> str:
        return f"{self.area} {self.until:%Y-%m-%d}"
