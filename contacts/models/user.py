"""People: who signs in, and who coordinates which area."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models.coordination_area import CoordinationArea
from contacts.models.municipality import Municipality
from contacts.models.organisation import Organisation
from lib.querysets import FinnishOrder
from lib.text.addresses import normal, readable
from lib.text.model_fields import AddressField, NameField
from search.searchable import Searchable, SearchableQuerySet, name_words


def municipality_of_work(person: str = "") -> Coalesce:
    """`User.municipality_of_work` as SQL: the code of the municipality. `person` is the path to the person, if any."""
    path = f"{person}__" if person else ""
    names = f"{path}organisation__municipality", f"{path}municipality"
    return Coalesce(*names, output_field=models.CharField())


class UserQuerySet(SearchableQuerySet):
    def visible_to(self, user: Any) -> "UserQuerySet":
        """The people of one's own networks now, and of the areas one coordinates, as each network's page names them."""
        if not user.is_authenticated:
            return self.none()
        named = self.active().exclude(name="")
        belonging = Q(memberships__left_at=None, memberships__refused_at=None, memberships__joined_at__isnull=False)
        if not user.is_superuser:
            own = Q(memberships__network__in=user.network_ids())
            belonging &= own | Q(memberships__network__area__in=user.area_ids_run())
        return named.filter(pk__in=User.objects.filter(belonging).values("pk"))

    def run_by(self, user: Any) -> "UserQuerySet":
        """Members and coordinators of areas this person coordinates, and newcomers of no network. Never superusers."""
        if user.is_superuser:
            return self
        areas = user.area_ids_run()
        mine = Q(memberships__network__area__in=areas) | Q(coordinations__area__in=areas)
        newcomers = Q(memberships=None, coordinations=None)
        return self.filter(mine | newcomers | Q(pk=user.pk), is_superuser=False).distinct()

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def coordinating(self, area: CoordinationArea, on: date) -> "UserQuerySet":
        """Those who coordinate an area on a day."""
        return self.active().filter(coordinations__in=area.coordinators.current(on)).order_by("pk")

    def working_in(self, municipalities: Iterable[Municipality]) -> "UserQuerySet":
        """Those whose municipality of work is one of these."""
        codes = [municipality.pk for municipality in municipalities]
        return self.alias(works_in=municipality_of_work()).filter(works_in__in=codes)

    def with_work(self) -> "UserQuerySet":
        """With the employer and the municipality of work of each."""
        return self.select_related("organisation__municipality", "municipality")

    def for_indexing(self) -> "UserQuerySet":
        """With what the words of each row are made of, for many at once."""
        return self.with_work()

    def best(self) -> "UserQuerySet":
        """The best match first; only after `matching`."""
        return self.order_by("-rank", FinnishOrder("name"), "pk")

    def alphabetical(self) -> "UserQuerySet":
        return self.order_by(FinnishOrder("name"), "pk")


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes people. A person without a password signs in by a code sent to the address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=normal(email), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        user.index()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin, Searchable):
    """A person who signs in with an e-mail address. The post is in `title`, the employer in `organisation`."""

    LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]

    email = AddressField(_("e-mail"), unique=True, error_messages={"unique": _("This address already has an account.")})
    name = NameField(_("name"), max_length=120, blank=True)
    title = models.CharField(pgettext_lazy("of a person", "title"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("organisation"),
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("municipality"),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=LANGUAGES,
        default="fi",
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("has a desk"), default=False)
    joined_at = models.DateTimeField(_("account made"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta(Searchable.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or readable(self.email)

    # questions

    def is_member(self) -> bool:
        """Belongs to a professional network now, or coordinates an area: what is for members is for this person."""
        return self.is_coordinator() or any(is_professional for *_where, is_professional in self._belongs_to())

    def is_of_a_network(self) -> bool:
        """Belongs to any network now, a group of young people too, or coordinates an area."""
        return self.is_coordinator() or bool(self._belongs_to())

    def is_coordinator(self) -> bool:
        """Has an area to coordinate."""
        return self.is_active and (self.is_superuser or bool(self.area_ids_run()))

    def area_ids_run(self) -> frozenset[int]:
        """The areas this person coordinates today. Asked once per request."""
        if not hasattr(self, "_area_ids_run"):
            today = timezone.localdate()
            self._area_ids_run = frozenset(self.coordinations.current(today).values_list("area_id", flat=True))
        return self._area_ids_run

    def network_ids(self) -> frozenset[int]:
        """The networks this person belongs to now."""
        return frozenset(network for network, *_rest in self._belongs_to())

    def area_ids(self) -> frozenset[int]:
        """The areas whose members' things are for this person: by a professional network, or by coordinating.

        Other memberships open their own network alone.
        """
        professional = (area for _network, area, is_professional in self._belongs_to() if is_professional)
        return self.area_ids_run() | frozenset(professional)

    def _belongs_to(self) -> list[tuple[int, int, bool]]:
        """(network, area, whether it is professional) of each membership now. Asked once per request."""
        if not hasattr(self, "_memberships_now"):
            of_network = ["network_id", "network__area_id", "network__is_professional"]
            self._memberships_now = list(self.memberships.active().values_list(*of_network))
        return self._memberships_now

    def municipality_of_work(self) -> Municipality | None:
        """Which municipality the person counts for, everywhere: the employer's, else the person's own."""
        employer = self.organisation
        return (employer.municipality if employer else None) or self.municipality

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """What other members of the person's networks see: name, post, employer, municipality. Never the address."""
        yield from name_words(self.name)
        yield self.title, "fi", "B"
        if self.organisation:
            yield from self.organisation.words_for_people()
        municipality = self.municipality_of_work()
        yield municipality.name_fi if municipality else "", "fi", "C"

    # verbs

    @transaction.atomic
    def introduce(self, **details: Any) -> None:
        """Keep what the person tells about themselves: name, title, phone, organisation, municipality, language."""
        for field, value in details.items():
            setattr(self, field, value)
        self.full_clean(exclude=["password"])
        self.save(update_fields=list(details))
        self.index()

    def end_sessions(self) -> None:
        """Whoever is signed in with this account must do so again: sessions know the present mark of no password."""
        self.set_unusable_password()
        self.save(update_fields=["password"])

    def open_desk(self) -> None:
        """Let a coordinator in to the desk."""
        self.is_staff = True
        self.save(update_fields=["is_staff"])
        self.forget_answers()

    def remember(self, areas_run: Iterable[int], memberships: Iterable[tuple[int, int, bool]]) -> None:
        """Keep what was asked for many people at once: areas coordinated, and what `_belongs_to` tells of each."""
        self._area_ids_run, self._memberships_now = frozenset(areas_run), list(memberships)

    def forget_answers(self) -> None:
        """Ask again next time: what this person belongs to has changed."""
        for answer in ("_area_ids_run", "_memberships_now"):
            self.__dict__.pop(answer, None)
