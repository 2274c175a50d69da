"""Who belongs to a network, in which role, from when to when."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from contacts.models import Organisation, User, municipality_of_work
from contacts.models.term import term_field
from lib.querysets import FinnishOrder, InArea
from networks.models.network import Network


class MembershipQuerySet(InArea, models.QuerySet["Membership"]):
    area_path = "network__area"

    def ongoing(self) -> "MembershipQuerySet":
        """Members and those who wait for an answer."""
        return self.filter(left_at=None, refused_at=None)

    def active(self) -> "MembershipQuerySet":
        return self.filter(left_at=None, refused_at=None).exclude(joined_at=None).filter(user__is_active=True)

    def professional(self) -> "MembershipQuerySet":
        """Those that open what is for members in the area."""
        return self.filter(network__is_professional=True)

    def waiting(self) -> "MembershipQuerySet":
        """Requests that the coordinator has not decided."""
        return self.filter(joined_at=None, refused_at=None, left_at=None)

    def over(self) -> "MembershipQuerySet":
        """Those who left or were refused."""
        return self.exclude(left_at=None, refused_at=None)

    def visible_to(self, user: Any) -> "MembershipQuerySet":
        """Members see who else belongs to their networks; the coordinator all of the area; everybody their own rows."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(Q(network__area__in=user.area_ids_run()) | Q(network__in=user.network_ids()) | Q(user=user))

    def with_people(self) -> "MembershipQuerySet":
        """With the person, the employer and the municipality of work of each row."""
        work = ["user__organisation__municipality", "user__municipality"]
        return self.select_related(*work, "represents", "role", "network__area")

    def alphabetical(self) -> "MembershipQuerySet":
        return self.order_by(FinnishOrder("user__name"), "pk")

    def oldest_first(self) -> "MembershipQuerySet":
        return self.order_by("requested_at", "pk")

    def working_there(self) -> QuerySet[Any, Any]:
        """For a query of municipalities, as a subquery: how many people behind the rows work in each."""
        here = self.order_by().annotate(works_in=municipality_of_work("user")).filter(works_in=OuterRef("pk"))
        return here.values("works_in").annotate(number=Count("user", distinct=True)).values("number")

    def reach(self) -> dict[str, int]:
        """members, municipalities and organisations behind the rows, each counted once."""
        return self.aggregate(
            members=Count("user", distinct=True),
            municipalities=Count(municipality_of_work("user"), distinct=True),
            organisations=Count(Coalesce("represents", "user__organisation"), distinct=True),
        )


class Membership(models.Model):
    """One stay of one person in one network: asked → joined or refused → left. Coming back is a new row."""

    network = models.ForeignKey(
        Network, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("network")
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person"))
    role = term_field("network_roles", _("role"), null=True, blank=True)
    represents = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("represents")
    )
    message = models.TextField(_("message"), blank=True, max_length=1000)
    requested_at = models.DateTimeField(_("asked"))
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)
    refusal = models.TextField(_("reason for refusal"), blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["network", "user"],
                condition=Q(left_at=None, refused_at=None),
                name="membership_once_at_a_time",
                violation_error_message=_("This person belongs to the network or waits for an answer already."),
            ),
            models.CheckConstraint(
                condition=Q(joined_at=None) | Q(refused_at=None), name="membership_joined_or_refused"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.network}"

    @property
    def organisation(self) -> Organisation | None:
        """The organisation this person represents in the network."""
        return self.represents or self.user.organisation

    @property
    def is_active(self) -> bool:
        return self.joined_at is not None and self.left_at is None

    @property
    def is_waiting(self) -> bool:
        return self.joined_at is None and self.refused_at is None and self.left_at is None

    # verbs

    def approve(self, now: datetime, by: Any) -> bool:
        """Let the person in. True when this call did it, so that one letter is sent."""
        return self._decide(joined_at=now, decided_by=by)

    def refuse(self, now: datetime, by: Any, reason: str = "") -> bool:
        """Say no, with a reason that the person reads. True when this call did it."""
        return self._decide(refused_at=now, decided_by=by, refusal=reason)

    def leave(self, now: datetime) -> bool:
        """End the membership, or take back the request."""
        taken = Membership.objects.filter(pk=self.pk, left_at=None).update(left_at=now)
        self.refresh_from_db()
        self.user.forget_answers()
        return taken == 1

    def _decide(self, **values: Any) -> bool:
        taken = Membership.objects.waiting().filter(pk=self.pk).update(**values)
        self.refresh_from_db()
        self.user.forget_answers()
        return taken == 1
