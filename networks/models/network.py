"""A network of an area, and who belongs to it, in which role, from when to when."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea, Municipality, Organisation, User
from contacts.models.vocabulary import term_field, terms_field
from youthnet.languages import translated


class AlreadyAsked(Exception):
    """The person belongs to the network or waits for an answer already."""

    def __str__(self) -> str:
        return str(_("You already belong to this network or have asked to join it."))


class InvitationOnly(Exception):
    """The network takes in only those whom the coordinator invites."""

    def __str__(self) -> str:
        return str(_("This network takes new members by invitation only. Contact the coordinator."))


class NetworkQuerySet(models.QuerySet["Network"]):
    def visible_to(self, user: Any) -> "NetworkQuerySet":
        """Public networks for all; those for members to members in the same area; closed ones to their own."""
        public = Q(visibility=Network.PUBLIC)
        if not user.is_authenticated:
            return self.filter(public)
        if user.is_superuser:
            return self
        own = Q(area__in=user.area_ids_run()) | Q(pk__in=user.network_ids())
        members = Q(visibility=Network.MEMBERS, area__in=user.area_ids())
        return self.filter(public | members | own)

    def run_by(self, user: Any) -> "NetworkQuerySet":
        """Networks of the areas this person coordinates."""
        return self if user.is_superuser else self.filter(area__in=user.area_ids_run())

    def active(self) -> "NetworkQuerySet":
        return self.filter(ended_on=None)

    def in_order(self) -> "NetworkQuerySet":
        return self.order_by("order", "name_fi", "pk")


class Network(models.Model):
    """People of many employers who meet for one purpose. A working group is a network with a parent and an end."""

    PUBLIC, MEMBERS, CLOSED = "public", "members", "closed"
    VISIBILITIES = [
        (PUBLIC, _("everybody")),
        (MEMBERS, _("members in the area")),
        (CLOSED, _("members of this network")),
    ]
    OPEN, APPROVAL, INVITATION = "open", "approval", "invitation"
    JOINING = [
        (OPEN, _("open: any member of the portal joins at once")),
        (APPROVAL, _("the coordinator approves each request")),
        (INVITATION, _("by invitation only")),
    ]

    area = models.ForeignKey(
        CoordinationArea, on_delete=models.PROTECT, related_name="networks", verbose_name=_("area")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="groups",
        verbose_name=_("under the network"),
    )
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name_fi = models.CharField(_("name in Finnish"), max_length=120)
    name_sv = models.CharField(_("name in Swedish"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    kind = term_field("network_types", _("kind"))
    tagline = models.CharField(_("in one sentence"), max_length=200, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    description = models.TextField(_("description"), blank=True)
    target_group = models.TextField(_("who it is for"), blank=True)
    way_of_working = models.TextField(
        _("way of working"), blank=True, help_text=_("How often and how the network meets.")
    )
    tasks = models.JSONField(_("tasks"), default=list, blank=True)
    ground_rules = models.JSONField(_("ground rules"), default=list, blank=True)
    indirect_aim = models.TextField(_("indirect aim"), blank=True, help_text=_("What changes in young people's lives."))
    work_forms = terms_field("work_forms", _("forms of youth work"), blank=True)
    municipalities = models.ManyToManyField(
        Municipality, blank=True, related_name="networks", verbose_name=_("municipalities")
    )
    partners = models.ManyToManyField(
        Organisation,
        blank=True,
        related_name="partner_networks",
        verbose_name=_("partners"),
        help_text=_("Organisations that work with the network without being members."),
    )
    visibility = models.CharField(_("shown to"), max_length=10, choices=VISIBILITIES, default=PUBLIC)
    joining = models.CharField(_("joining"), max_length=10, choices=JOINING, default=APPROVAL)
    sender_email = models.EmailField(
        _("sender address"),
        blank=True,
        help_text=_("Invitations come from this address; leave empty for the portal's own."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    founded_on = models.DateField(_("founded"), null=True, blank=True)
    ended_on = models.DateField(_("ended"), null=True, blank=True)

    objects = NetworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(founded_on=None) | Q(ended_on__gte=F("founded_on")),
                name="network_ends_after_founding",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("networks:network-detail", args=[self.slug])

    @property
    def name(self) -> str:
        return translated(self, "name")

    @property
    def is_open(self) -> bool:
        return self.joining == self.OPEN

    # verbs, in the order life calls them

    def receive_request(self, user: User, now: datetime, message: str = "") -> "Membership":
        """Take a request to join. A member of the portal enters an open network at once; others wait for the coordinator.

        Raises AlreadyAsked or InvitationOnly.
        """
        if self.joining == self.INVITATION:
            raise InvitationOnly
        enters = self.is_open and user.is_member()
        membership, is_new = Membership.objects.get_or_create(
            network=self,
            user=user,
            left_at=None,
            refused_at=None,
            defaults={"requested_at": now, "joined_at": now if enters else None, "message": message},
        )
        if not is_new:
            raise AlreadyAsked
        user.forget_answers()
        return membership

    def take_in(self, user: User, now: datetime, role: Any = None) -> "Membership":
        """Make a person a member without a request (invited, or named by an organisation). Again changes nothing."""
        membership, _is_new = Membership.objects.get_or_create(
            network=self, user=user, left_at=None, refused_at=None, defaults={"requested_at": now, "role": role}
        )
        membership.approve(now=now, by=None)
        return membership


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        return self.filter(left_at=None, refused_at=None).exclude(joined_at=None).filter(user__is_active=True)

    def waiting(self) -> "MembershipQuerySet":
        """Requests that the coordinator has not decided."""
        return self.filter(joined_at=None, refused_at=None, left_at=None)

    def visible_to(self, user: Any) -> "MembershipQuerySet":
        """Members see their own networks' members; the coordinator all of the area's."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(Q(network__area__in=user.area_ids_run()) | Q(network__in=user.network_ids()) | Q(user=user))

    def run_by(self, user: Any) -> "MembershipQuerySet":
        return self if user.is_superuser else self.filter(network__area__in=user.area_ids_run())


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
                fields=["network", "user"], condition=Q(left_at=None, refused_at=None), name="membership_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(joined_at=None) | Q(refused_at=None), name="membership_joined_or_refused"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.network}"

    @property
    def is_waiting(self) -> bool:
        return self.joined_at is None and self.refused_at is None and self.left_at is None

    # verbs

    def approve(self, now: datetime, by: User | None) -> bool:
        """Let the person in. True when this call did it, so that one letter is sent."""
        return self._decide(joined_at=now, decided_by=by)

    def refuse(self, now: datetime, by: User | None, reason: str = "") -> bool:
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
