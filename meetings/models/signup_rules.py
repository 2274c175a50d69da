"""The rules of a meeting's sign-up: its places, its days, who may ask, and how full it is."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.exceptions import SignUpClosed, SignUpNotOpen
from meetings.models.meeting import Meeting
from meetings.models.participation import Participation
from meetings.models.participation_queryset import ParticipationQuerySet
from meetings.models.waiting_list import Line


class SignUpRules(models.Model):
    """What one meeting's sign-up looks like, and what can be asked of it. Its verbs: signup.py."""

    MEMBERS, ANYBODY = "members", "anybody"
    OPEN_TO = [
        (MEMBERS, _("members of the networks in the area")),
        (ANYBODY, _("anybody with an e-mail address")),
    ]

    # What a copy of the meeting takes along as it is, and what moves with its day.
    RULES = ["open_to", "capacity", "onsite_capacity", "offer_hours", "most_colleagues"]
    DAYS = ["opens_at", "closes_at", "fair_until"]

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
    fair_until = models.DateTimeField(
        _("one place per municipality until"),
        null=True,
        blank=True,
        help_text=_(
            "Until this moment each municipality gets one place, and others of the same municipality wait in line. "
            "Then the places that are left are given in order of arrival. The municipality is that of the person's "
            "organisation; whoever has told no organisation counts alone. Empty: order of arrival from the beginning."
        ),
    )
    fair_given_at = models.DateTimeField(_("places left were given"), null=True, blank=True, editable=False)
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

    def clean(self) -> None:
        if self.fair_until is None:
            return
        if self.capacity is None and self.onsite_capacity is None:
            raise ValidationError({"fair_until": _("Write the number of places first: without one nobody waits.")})
        if self.meeting_id and self.fair_until >= self.meeting.starts_at:
            raise ValidationError({"fair_until": _("Choose a moment before the meeting begins.")})

    # questions

    @property
    def is_split(self) -> bool:
        """Places on site have a number and a line of their own."""
        return self.meeting.mode == Meeting.HYBRID and self.onsite_capacity is not None

    @property
    def has_days(self) -> bool:
        """Something in it happens at a moment of its own."""
        return any(getattr(self, name) for name in self.DAYS)

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

    def is_fair(self, now: datetime) -> bool:
        """Each municipality gets one place first. Never longer than until the meeting begins."""
        return self.fair_until is not None and now < min(self.fair_until, self.meeting.starts_at)

    def rest_is_due(self, now: datetime) -> bool:
        """One place per municipality is over, and the places left have not been given in order of arrival yet."""
        if self.fair_until is None or now < self.fair_until:
            return False
        return self.fair_given_at is None or self.fair_given_at < self.fair_until

    def line(self, pool: str, now: datetime) -> Line:
        """Those who wait for a place of one pool, in the order in which places will be given."""
        people = self.people(pool)
        waiting = people.in_line().select_related("user__organisation", "brought_by__user")
        is_fair = self.is_fair(now) and dict(self.pools())[pool] is not None
        return Line(waiting, people.holding().values_list("comes_from", flat=True) if is_fair else None)

    def line_of(self, participation: Participation, now: datetime) -> Line:
        """The line in which somebody stands."""
        return self.line(self.pool_of(participation.place_mode)[0], now)

    def turn_of(self, participation: Participation, now: datetime) -> int:
        """The own turn in line: 1 is the next."""
        return self.line_of(participation, now).turn_of(participation)

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
