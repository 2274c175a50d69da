"""The rules of a meeting's sign-up: its places, its days, who may ask, and how full it is."""

from datetime import datetime
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.models.meeting import Meeting
from meetings.models.participants import ParticipationQuerySet
from meetings.models.participation import Participation
from meetings.models.refusals import SignUpClosed, SignUpNotOpen


class SignUpRules(models.Model):
    """What one meeting's sign-up looks like, and what can be asked of it. Its verbs: signup.py."""

    MEMBERS, ANYBODY = "members", "anybody"
    OPEN_TO = [
        (MEMBERS, _("members of the networks in the area")),
        (ANYBODY, _("anybody with an e-mail address")),
    ]

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="signup", verbose_name=_("meeting"))
    open_to = models.CharField(_("who may sign up"), max_length=10, choices=OPEN_TO, default=MEMBERS)
    capacity = models.PositiveIntegerField(
        pgettext_lazy("of a meeting", "places"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: everybody gets a place. When the places are taken, people wait in line."),
    )
    onsite_capacity = models.PositiveIntegerField(
        _("places on site"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "For a meeting on site and online: the chairs in the room. They have a line of their own, and the number "
            "above is then the places online."
        ),
    )
    opens_at = models.DateTimeField(_("sign-up opens"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("sign-up closes"), null=True, blank=True, help_text=_("Empty: when the meeting begins.")
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offer"),
        default=48,
        validators=[MinValueValidator(1)],
        help_text=_("When a place becomes free, the first in line has this long to take it."),
    )
    most_colleagues = models.PositiveSmallIntegerField(
        _("colleagues"), default=5, help_text=_("How many others one person may sign up along.")
    )

    class Meta:
        abstract = True
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=models.F("opens_at")),
                name="signup_closes_after_it_opens",
                violation_error_message=_("Sign-up must close after it opens."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.meeting)

    # questions

    @property
    def is_split(self) -> bool:
        """Places on site have a number and a line of their own."""
        return self.meeting.mode == Meeting.HYBRID and self.onsite_capacity is not None

    def is_open(self, now: datetime) -> bool:
        return self.why_not_open(now) is None

    def has_opened(self, now: datetime) -> bool:
        return self.opens_at is None or self.opens_at <= now

    def closing(self) -> datetime:
        return self.closes_at or self.meeting.starts_at

    def may_be_joined_by(self, user: Any) -> bool:
        """Whether a signed-in person may ask for a place."""
        if self.open_to == self.ANYBODY or self.meeting.is_for(user):
            return True
        return self.meeting.visibility != Meeting.NETWORK and self.meeting.area_id in user.area_ids()

    def pools(self) -> list[tuple[str, int | None]]:
        """(way of taking part, places): one for all, or one for each way. None is without end."""
        if self.is_split:
            return [("onsite", self.onsite_capacity), ("online", self.capacity)]
        return [("", self.capacity)]

    def pool_of(self, mode: str) -> tuple[str, int | None]:
        """The pool in which somebody who takes part this way gets a place."""
        return next(pool for pool in self.pools() if pool[0] in ("", mode))

    def people(self, pool: str) -> ParticipationQuerySet:
        """The participants who ask for a place of one pool."""
        everybody = self.meeting.participations.all()
        return everybody.filter(place_mode=pool) if pool else everybody

    def free(self, mode: str) -> int | None:
        """Places neither taken nor offered; None is without end. Fewer than none after the number was cut."""
        pool, capacity = self.pool_of(mode)
        return None if capacity is None else capacity - self.people(pool).held()

    def turn_of(self, participation: Participation) -> int:
        """The own turn in line: 1 is the next."""
        pool, _capacity = self.pool_of(participation.place_mode)
        before = Q(queued_at__lt=participation.queued_at) | Q(
            queued_at=participation.queued_at, pk__lt=participation.pk
        )
        return 1 + self.people(pool).in_line().filter(before).count()

    def figures(self) -> list[dict[str, Any]]:
        """Per pool: how many places there are, are taken, are offered, and how many wait."""
        return [self._figures(*pool) for pool in self.pools()]

    def _figures(self, pool: str, capacity: int | None) -> dict[str, Any]:
        numbers = self.people(pool).numbers()
        taken, offered = numbers["taken"], numbers["offered"]
        return {
            "mode": pool,
            "capacity": capacity,
            "taken": taken,
            "offered": offered,
            "waiting": numbers["waiting"],
            "free": None if capacity is None else max(capacity - taken - offered, 0),
            "over": 0 if capacity is None else max(taken - capacity, 0),
        }

    def mode_for(self, wished: str) -> str:
        """The way of taking part: the wish counts only where there is a choice."""
        if self.meeting.mode != Meeting.HYBRID:
            return self.meeting.mode
        return wished if wished in (Meeting.ONSITE, Meeting.ONLINE) else Meeting.ONSITE

    def why_not_open(self, now: datetime) -> Any:
        if not self.has_opened(now):
            return SignUpNotOpen
        return SignUpClosed if self.closing() <= now else None
