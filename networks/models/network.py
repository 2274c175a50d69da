"""A network of an area: whom it is for, how it works, and how one joins it."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea, Municipality, Organisation, User
from contacts.models.term import term_field, terms_field
from lib.exceptions import Refused
from lib.querysets import InArea
from lib.text.model_fields import AddressField
from lib.text.multilingual import LANGUAGES, translated
from search.searchable import Searchable, SearchableQuerySet

if TYPE_CHECKING:
    from networks.models.membership import Membership


class AlreadyAsked(Refused):
    """The person belongs to the network or waits for an answer already."""

    words = _("You already belong to this network or have asked to join it.")


class InvitationOnly(Refused):
    """The network takes in only those whom the coordinator invites."""

    words = _("This network takes new members by invitation only. Contact the coordinator.")


class NetworkQuerySet(InArea, SearchableQuerySet):
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

    def active(self) -> "NetworkQuerySet":
        return self.filter(ended_on=None)

    def with_counts(self) -> "NetworkQuerySet":
        """With the kind and `member_count`, those who belong now."""
        now = Q(memberships__left_at=None, memberships__refused_at=None, memberships__joined_at__isnull=False)
        now &= Q(memberships__user__is_active=True)
        return self.select_related("kind", "area").annotate(member_count=Count("memberships", filter=now))

    def for_page(self) -> "NetworkQuerySet":
        """With everything the network's own page shows besides its columns."""
        return self.select_related("kind", "area", "parent").prefetch_related("work_forms")

    def for_indexing(self) -> "NetworkQuerySet":
        """With what the words of each row are made of, for many at once."""
        return self.select_related("kind").prefetch_related("municipalities", "work_forms")

    def best(self) -> "NetworkQuerySet":
        """The best match first; only after `matching`."""
        return self.select_related("kind").order_by("-rank", "order", "name_fi", "pk")

    def in_order(self) -> "NetworkQuerySet":
        return self.order_by("order", "name_fi", "pk")


class Network(Searchable):
    """People of many employers who meet for one purpose. A working group is a network with a parent and an end."""

    PUBLIC, MEMBERS, CLOSED = "public", "members", "closed"
    VISIBILITIES = [
        (PUBLIC, _("everybody")),
        (MEMBERS, _("members in the area")),
        (CLOSED, _("members of this network")),
    ]
    OPEN, APPROVAL, INVITATION = "open", "approval", "invitation"
    JOINING = [
        (OPEN, _("open: any member in the area joins at once")),
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
    is_professional = models.BooleanField(
        _("its members work with young people"),
        default=True,
        db_default=True,
        help_text=_(
            "Membership then opens what is for members in the area: people, competences, methods, meetings, wishes. "
            "Leave it out for groups with young people or other outsiders: they see this network alone."
        ),
    )
    visibility = models.CharField(_("shown to"), max_length=10, choices=VISIBILITIES, default=PUBLIC)
    joining = models.CharField(_("joining"), max_length=10, choices=JOINING, default=APPROVAL)
    sender_email = AddressField(
        _("sender address"),
        blank=True,
        help_text=_("Invitations come from this address; leave empty for the portal's own."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    founded_on = models.DateField(_("founded"), null=True, blank=True)
    ended_on = models.DateField(_("ended"), null=True, blank=True)

    objects = NetworkQuerySet.as_manager()

    class Meta(Searchable.Meta):
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

    @property
    def is_by_invitation(self) -> bool:
        return self.joining == self.INVITATION

    @property
    def is_public(self) -> bool:
        return self.visibility == self.PUBLIC

    def membership_of(self, user: Any) -> "Membership | None":
        """The stay or the request of a person that goes on now."""
        return self.memberships.ongoing().filter(user=user).first() if user.is_authenticated else None

    def reach(self) -> dict[str, int]:
        """How many members now, from how many municipalities and organisations: the view across municipal borders."""
        return self.memberships.active().reach()

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """The names above all, then what it is for, then how and where it works."""
        for language in LANGUAGES:
            yield getattr(self, f"name_{language}"), language, "A"
            yield getattr(self.kind, language), language, "B"
        yield self.short_name, "fi", "A"
        for text in (self.tagline, self.purpose, self.target_group):
            yield text, "fi", "B"
        for text in (self.description, self.way_of_working, self.indirect_aim, *self.tasks, *self.ground_rules):
            yield text, "fi", "C"
        for place in self.municipalities.all():
            yield place.name_fi, "fi", "C"
        for form in self.work_forms.all():
            yield form.fi, "fi", "C"

    # verbs, in the order life calls them

    def receive_request(self, user: Any, now: datetime, message: str = "") -> "Membership":
        """Take a request to join. A member of the area enters an open network at once; others wait for the coordinator.

        Raises AlreadyAsked or InvitationOnly.
        """
        if self.joining == self.INVITATION:
            raise InvitationOnly
        enters = self.is_open and self.area_id in user.area_ids()
        membership, is_new = self.memberships.get_or_create(
            user=user,
            left_at=None,
            refused_at=None,
            defaults={"requested_at": now, "joined_at": now if enters else None, "message": message},
        )
        if not is_new:
            raise AlreadyAsked
        user.forget_answers()
        return membership

    def take_in(
        self, user: User, now: datetime, role: Any = None, represents: Organisation | None = None
    ) -> "Membership":
        """Make a person a member without a request (invited, or named by an organisation). Again changes nothing."""
        membership, _is_new = self.memberships.get_or_create(
            user=user,
            left_at=None,
            refused_at=None,
            defaults={"requested_at": now, "role": role, "represents": represents},
        )
        membership.approve(now=now, by=None)
        return membership
