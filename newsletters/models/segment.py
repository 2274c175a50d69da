"""A segment (saved audience): which subscribers an issue is meant for, by what is known of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea, Municipality, Term, User
from contacts.models.term import terms_field
from lib.querysets import InArea
from meetings.models import Meeting, Participation
from networks.models import Membership, Network

CHOICES = ("networks", "roles", "sectors", "municipalities", "work_forms", "meetings")


@dataclass(frozen=True)
class Rules:
    """The conditions on subscribers, saved or only just chosen on a page. What is empty asks nothing."""

    area: int
    networks: Sequence[Network] = ()
    roles: Sequence[Term] = ()
    sectors: Sequence[Term] = ()
    municipalities: Sequence[Municipality] = ()
    work_forms: Sequence[Term] = ()
    meetings: Sequence[Meeting] = ()
    attended_since: date | None = None
    languages: Sequence[str] = ()

    def meant(self) -> Q:
        """The subscriptions that the rules let through, as a condition on them."""
        rules = Q(language__in=self.languages) if self.languages else Q()
        people = self._people()
        if people is not None:
            rules &= Q(email__in=_addresses(people))
        if self.meetings or self.attended_since:
            guests = self._came().exclude(email="").values(address=Lower("email"))
            there = User.objects.active().filter(participations__in=self._came())
            rules &= Q(email__in=guests) | Q(email__in=_addresses(there))
        return rules

    def _people(self) -> QuerySet[User] | None:
        """The people whom the rules about people mean; None when there is no such rule."""
        rules = []
        if self.networks or self.roles:
            rules.append(Q(Exists(self._memberships())))
        if self.sectors:
            rules.append(Q(organisation__sector__in=self.sectors))
        if self.municipalities:
            rules.append(Q(pk__in=User.objects.working_in(self.municipalities).values("pk")))
        if self.work_forms:
            through_network = self._of_the_area().filter(network__work_forms__in=self.work_forms)
            rules.append(Q(organisation__work_forms__in=self.work_forms) | Q(Exists(through_network)))
        if not rules:
            return None
        newcomers = Q(memberships=None, coordinations=None)
        return User.objects.active().filter(Q(Exists(self._of_the_area())) | newcomers, *rules)

    def _memberships(self) -> QuerySet[Membership]:
        """Memberships in the networks and roles that were chosen: both in one and the same."""
        belongs = self._of_the_area()
        if self.networks:
            belongs = belongs.filter(network__in=self.networks)
        return belongs.filter(role__in=self.roles) if self.roles else belongs

    def _of_the_area(self) -> QuerySet[Membership]:
        return Membership.objects.active().filter(network__area=self.area, user=OuterRef("pk"))

    def _came(self) -> QuerySet[Participation]:
        """The attendances that count."""
        came = Participation.objects.filter(meeting__area=self.area, attended_at__isnull=False)
        if self.meetings:
            came = came.filter(meeting__in=self.meetings)
        return came.filter(meeting__starts_at__date__gte=self.attended_since) if self.attended_since else came


class SegmentQuerySet(InArea, models.QuerySet["Segment"]):
    def in_order(self) -> "SegmentQuerySet":
        return self.order_by("area", "name", "pk")


class Segment(models.Model):
    """Rules that all must hold; of several choices in one rule, one is enough. A rule left empty asks nothing.

    What is known of people counts for those of the area, and for people who belong to no network yet: what another
    area knows of its members cannot be found out by narrowing. An address that belongs to no account passes only the
    rules of language and of having come to a meeting.
    """

    area = models.ForeignKey(
        CoordinationArea, on_delete=models.CASCADE, related_name="segments", verbose_name=_("area")
    )
    name = models.CharField(_("name"), max_length=80, help_text=_("For example: school youth workers in the north."))
    networks = models.ManyToManyField(Network, related_name="+", blank=True, verbose_name=_("belongs to a network"))
    roles = terms_field("network_roles", _("in the role of"), blank=True)
    sectors = terms_field("sectors", _("works in the sector"), blank=True)
    municipalities = models.ManyToManyField(
        Municipality, related_name="+", blank=True, verbose_name=_("works in the municipality")
    )
    work_forms = terms_field(
        "work_forms",
        _("does youth work of the form"),
        blank=True,
        help_text=_("By the employer, or by a network that the person belongs to."),
    )
    meetings = models.ManyToManyField(Meeting, related_name="+", blank=True, verbose_name=_("came to the meeting"))
    attended_since = models.DateField(
        _("came to a meeting since"),
        null=True,
        blank=True,
        help_text=_("To any meeting on this day or later."),
    )
    languages = models.JSONField(_("reads in"), default=list, blank=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "name"],
                name="segment_name_once_per_area",
                violation_error_message=_("The area already has an audience with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def rules(self) -> "Rules":
        """What the audience asks for, read from the database once."""
        chosen = {name: list(getattr(self, name).all()) for name in CHOICES}
        return Rules(area=self.area_id, languages=self.languages, attended_since=self.attended_since, **chosen)


def _addresses(people: QuerySet[User]) -> QuerySet[Any, Any]:
    """The addresses that these people have proved to be their own."""
    return people.filter(emailaddress__verified=True).values(address=Lower("emailaddress__email"))
