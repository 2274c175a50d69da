"""The competence bank: who knows what, at which level, and how far they come to help."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Coordinator, Municipality, User
from contacts.models.term import term_field
from lib.querysets import FinnishOrder
from methods.models.soft_delete import Removable, RemovableQuerySet
from networks.models import Membership


class CompetenceOfferQuerySet(RemovableQuerySet):
    # who

    def visible_to(self, user: Any) -> Self:
        """Offers of present members: public ones to all, the others to members of the same area. One's own always."""
        offered = self.kept().filter(paused_at=None, member__is_active=True)
        shown = Q(visibility=CompetenceOffer.PUBLIC) & _belongs()
        if not user.is_authenticated:
            return offered.filter(shown)
        if user.is_superuser:
            return offered.filter(_belongs())
        return offered.filter(shown | _belongs(user.area_ids()))

    def run_by(self, user: Any) -> Self:
        """Offers of the members of the areas this person coordinates."""
        return self.kept() if user.is_superuser else self.kept().filter(_belongs(user.area_ids_run()))

    def of(self, person: Any) -> Self:
        return self.filter(member=person)

    # which

    def can_help(self) -> Self:
        """Without those who only want to learn."""
        return self.exclude(level__code=CompetenceOffer.LEARNS)

    def matching(self, words: str) -> Self:
        """Every word stands somewhere: in the competence, the text, or where the person works."""
        found = self
        for word in words.split()[:8]:
            places = Q(text__icontains=word) | Q(member__title__icontains=word)
            places |= Q(competence__fi__icontains=word) | Q(competence__sv__icontains=word)
            places |= Q(competence__en__icontains=word) | Q(member__organisation__name__unaccent__icontains=word)
            found = found.filter(places)
        return found

    def working_in(self, municipalities: Iterable[Municipality]) -> Self:
        """Offers of those who work in one of these."""
        return self.filter(member__in=User.objects.working_in(municipalities))

    # in which order, with what

    def by_competence(self) -> Self:
        """One competence after the other, in each those who can train others first."""
        shown = self.select_related("competence", "level", "member__municipality", "member__organisation__municipality")
        order = ("competence__order", "competence", "-level__order", FinnishOrder("member__name"), "pk")
        return shown.order_by(*order)


class CompetenceOffer(Removable):
    """What one member can do, or wants to learn. It is hidden when the membership ends and while it is paused."""

    LEARNS = "kiinnostunut"  # the level of those who want to learn
    MUNICIPALITY, REGION, ONLINE = "municipality", "region", "online"
    RANGES = [
        (MUNICIPALITY, _("in my own municipality")),
        (REGION, _("in the whole region")),
        (ONLINE, _("online")),
    ]
    MEMBERS, PUBLIC = "members", "public"
    VISIBILITIES = [(MEMBERS, _("members in the area")), (PUBLIC, _("everybody"))]

    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="offers", verbose_name=_("member"))
    competence = term_field("competences", _("competence"))
    level = term_field("competence_levels", _("level"))
    text = models.CharField(
        _("in a few words"), max_length=300, blank=True, help_text=_("For example what you have done and with whom.")
    )
    range = models.CharField(_("where I can help"), max_length=12, choices=RANGES, default=REGION)
    visibility = models.CharField(
        _("shown to"),
        max_length=10,
        choices=VISIBILITIES,
        default=MEMBERS,
        help_text=_("Your name, title, organisation and municipality are shown with it, your address never."),
    )
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("made"), editable=False)

    objects = CompetenceOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of competence")
        verbose_name_plural = _("offers of competence")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "competence"],
                condition=Q(removed_at=None),
                name="competence_offer_once",
                violation_error_message=_("You have told of this competence already: change that one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.competence}"

    def get_absolute_url(self) -> str:
        return reverse("methods:question-new", args=[self.pk])

    @property
    def who(self) -> str:
        """The member's name, or the post; never the address."""
        return self.member.name or self.member.title or str(_("a member"))

    @property
    def learns(self) -> bool:
        return self.level.code == self.LEARNS

    def start(self, member: User, now: datetime) -> None:
        self.member, self.created_at = member, now
        self.save()

    def pause(self, now: datetime) -> None:
        self._set(paused_at=now)

    def resume(self) -> None:
        self._set(paused_at=None)

    def _set(self, **values: Any) -> None:
        type(self).objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db()


def _belongs(areas: frozenset[int] | None = None) -> Q:
    """The member belongs to a professional network now, or coordinates: anywhere, or in one of these areas."""
    members = Membership.objects.active().professional()
    coordinators = Coordinator.objects.current(timezone.localdate())
    if areas is not None:
        members, coordinators = members.filter(network__area__in=areas), coordinators.filter(area__in=areas)
    return Q(member__in=members.values("user")) | Q(member__in=coordinators.values("user"))
