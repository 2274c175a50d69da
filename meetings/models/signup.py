"""Sign-up for a meeting: its rules, places given, offered and taken back, and the waiting list. All in turn.

Whoever changes a place holds the meeting's row first, so that two people never get the last one. A free place is
offered to the first on the list with a deadline; it is given to a newcomer only when nobody waits. Where each
municipality gets one place first, the list is in that order (waiting_list.py), and what is left is given when the time
of that is over.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.querysets import InArea
from meetings.exceptions import MeetingCancelled, MeetingOver, NoFreePlace, NotInvited, SignUpClosed, SignUpNotOpen
from meetings.models.meeting import Meeting
from meetings.models.participation import Participation
from meetings.models.place_offer import Offer
from meetings.models.place_pool import Pool
from meetings.models.waiting_list import WaitingList, where_from

COORDINATOR, BY_TURN = "coordinator", "turn"


class SignUpQuerySet(InArea, models.QuerySet["SignUp"]):
    area_path = "meeting__area"

    def with_due_offers(self, now: datetime) -> "SignUpQuerySet":
        """Those of meetings where an offer has passed its deadline."""
        return self.filter(meeting__in=Offer.objects.due(now).values("participation__meeting")).order_by("pk")

    def with_due_rest(self, now: datetime) -> "SignUpQuerySet":
        """Those of meetings to come where one place per municipality is over and the rest is still to be given."""
        not_given = Q(fair_given_at=None) | Q(fair_given_at__lt=F("fair_until"))
        due = self.filter(not_given, fair_until__lte=now)
        coming = due.filter(meeting__published_at__isnull=False, meeting__cancelled_at=None, meeting__starts_at__gt=now)
        return coming.order_by("pk")


class SignUp(models.Model):
    """The sign-up of one meeting: its rules, its days and its places."""

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

    objects = SignUpQuerySet.as_manager()

    class Meta:
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
        """Whether somebody with an account may ask for a place now; to have had one before opens nothing."""
        if not self.meeting.is_shown_to(user):
            return False
        is_member = self.meeting.visibility != Meeting.NETWORK and self.meeting.area_id in user.area_ids()
        return self.open_to == self.ANYBODY or is_member or self.meeting.is_asked(user)

    def may_be_joined_for(self, person: Participation) -> bool:
        """Whether somebody on the list may take a place; colleagues may what the one who signed them up may."""
        if person.user and not person.user.is_active:
            return False
        return self._is_open_for(person) or bool(person.brought_by and self._is_open_for(person.brought_by))

    def _is_open_for(self, person: Participation) -> bool:
        if person.user:
            return self.may_be_joined_by(person.user)
        return person.is_guest or (self.open_to == self.ANYBODY and self.meeting.visibility == Meeting.PUBLIC)

    def refuse_others(self, person: Participation, via: str) -> None:
        """Raises NotInvited for somebody who may not take a place; the coordinator gives one to anybody."""
        if via != COORDINATOR and not self.may_be_joined_for(person):
            raise NotInvited

    def pools(self) -> list[Pool]:
        """One pool of places for all, or one for each way of taking part."""
        everybody = self.meeting.participations.all()
        if self.is_split:
            return [Pool("onsite", self.onsite_capacity, everybody), Pool("online", self.capacity, everybody)]
        return [Pool("", self.capacity, everybody)]

    def pool_of(self, mode: str) -> Pool:
        """The pool in which somebody who takes part this way gets a place."""
        return next(pool for pool in self.pools() if pool.mode in ("", mode))

    def is_fair(self, now: datetime) -> bool:
        """Each municipality gets one place first. Never longer than until the meeting begins."""
        return self.fair_until is not None and now < min(self.fair_until, self.meeting.starts_at)

    def rest_is_due(self, now: datetime) -> bool:
        """One place per municipality is over, and the places left have not been given in order of arrival yet."""
        if self.fair_until is None or now < self.fair_until:
            return False
        return self.fair_given_at is None or self.fair_given_at < self.fair_until

    def waiting_list_of(self, participation: Participation, now: datetime) -> WaitingList:
        """The waiting list on which somebody stands."""
        return self.pool_of(participation.place_mode).waiting_list(self.is_fair(now))

    def position_of(self, participation: Participation, now: datetime) -> int:
        """The own position on the waiting list: 1 is the next."""
        return self.waiting_list_of(participation, now).position_of(participation)

    def figures(self) -> list[dict[str, Any]]:
        """Per pool: how many places there are, are taken, are offered, and how many wait."""
        return [pool.figures() for pool in self.pools()]

    def mode_for(self, wished: str) -> str:
        """The way of taking part: the wish counts only where there is a choice."""
        if self.meeting.mode != Meeting.HYBRID:
            return self.meeting.mode
        return wished if wished in (Meeting.ONSITE, Meeting.ONLINE) else Meeting.ONSITE

    def why_not_open(self, now: datetime) -> Any:
        if not self.has_opened(now):
            return SignUpNotOpen
        return SignUpClosed if self.closing() <= now else None

    # verbs, in the order life calls them

    @transaction.atomic
    def adopt(self, now: datetime) -> None:
        """Those who had said yes before there was sign-up have places, and nobody is thrown out."""
        self.hold()
        said = self.meeting.participations.filter(answer=Participation.YES, placed_at=None)
        said.filter(place_mode="").update(place_mode=self.mode_for(""))
        said.update(placed_at=F("answered_at"))
        self._see_where_from()

    @transaction.atomic
    def copy_to(self, meeting: Meeting) -> "SignUp":
        """The same rules and questions for another meeting; its days lie as long before that one as before this."""
        rules = {name: getattr(self, name) for name in self.RULES}
        days = {name: _moved(getattr(self, name), self.meeting, meeting) for name in self.DAYS}
        copied = SignUp.objects.create(meeting=meeting, **rules, **days)
        for question in self.questions.in_order():
            question.copy_to(copied)
        return copied

    @transaction.atomic
    def assign_places(
        self, people: Iterable[Participation], now: datetime, via: str, mode: str = "", comment: str | None = None
    ) -> None:
        """Give each a place, or a turn in line; whoever has either keeps it.

        Raises SignUpNotOpen, SignUpClosed, MeetingOver or MeetingCancelled; the coordinator is not bound to the days.
        """
        self._start(now)
        self._refuse_unless_open(now, via)
        more = {} if comment is None else {"comment": comment}
        for person in people:
            self._read_again(person)
            if person.has_place:
                person.store_answer(Participation.YES, now, via, **more)
            elif not person.is_queued:
                self._seat_or_queue(person, now, via, mode, **more)

    @transaction.atomic
    def release_place(
        self, person: Participation, now: datetime, via: str, answer: str = "no", comment: str | None = None
    ) -> None:
        """The person does not come after all: the place goes to the first in line."""
        self._start(now)
        self._read_again(person)
        stood = {"stood_at": now} if person.has_place or person.is_queued else {}
        more = {} if comment is None else {"comment": comment}
        person.offers.decline(now)
        person.store_answer(answer, now, via, placed_at=None, queued_at=None, **stood, **more)
        self._offer_free(now)

    @transaction.atomic
    def accept(self, person: Participation, now: datetime, via: str) -> bool:
        """The answer to an offer. False when it came too late: then the person is at the end of the line again."""
        self._start(now)
        self._refuse_unless_coming(now)
        self._expire(now)
        self._read_again(person)
        in_time = person.offers.accept(now) == 1
        if in_time:
            self._seat(person, now, via)
        elif not person.has_place and not person.is_queued:
            self._seat_or_queue(person, now, via, person.place_mode)
        return in_time

    @transaction.atomic
    def expire_offers(self, now: datetime) -> int:
        """Take back offers past their deadline and offer the places on. Returns how many lapsed."""
        self._start(now)
        return self._expire(now)

    @transaction.atomic
    def give_rest(self, now: datetime) -> int:
        """When one place per municipality is over: give what is left in order of arrival, once. Returns how many."""
        self.hold()
        return self._give_rest(now)

    @transaction.atomic
    def promote(self, now: datetime) -> int:
        """Offer free places to the first in line, after the rules have changed. Returns how many."""
        self._start(now)
        self._see_where_from()
        return self._offer_free(now)

    @transaction.atomic
    def resize(self, now: datetime, capacity: int | None, onsite_capacity: int | None = None) -> int:
        """Another number of places. Nobody loses one; returns how many places too many are taken now."""
        self._start(now)
        self.capacity, self.onsite_capacity = capacity, onsite_capacity
        self.save(update_fields=["capacity", "onsite_capacity"])
        self._offer_free(now)
        return sum(figures["over"] for figures in self.figures())

    # by the coordinator's hand

    @transaction.atomic
    def seat(self, person: Participation, now: datetime) -> None:
        """Give somebody a free place, or accept an offer told by telephone. Raises NoFreePlace.

        The coordinator is not bound to one place per municipality.
        """
        self._start(now)
        self._read_again(person)
        if person.has_place:
            return
        accepted = person.offers.accept(now)
        free = self.pool_of(person.place_mode or self.mode_for("")).free()
        if not accepted and free is not None and free < 1:
            raise NoFreePlace
        self._seat(person, now, COORDINATOR)

    @transaction.atomic
    def move_first(self, person: Participation) -> None:
        """Put somebody who waits before all others, as if they had come first."""
        self.hold()
        self._read_again(person)
        first = self.pool_of(person.place_mode).people().waiting().first()
        if person.is_queued and first is not None and first.pk != person.pk and first.queued_at:
            person.move_to(first.queued_at - timedelta(microseconds=1))

    @transaction.atomic
    def move_back(self, person: Participation, now: datetime) -> None:
        """From a place to the end of the line; the place goes to the first in it."""
        self._start(now)
        self._read_again(person)
        if person.has_place:
            person.store_answer("", now, COORDINATOR, placed_at=None, queued_at=now, stood_at=now)
            self._offer_free(now)

    # the parts of the verbs; each is called while the meeting is held

    def hold(self) -> None:
        """Until the transaction ends nobody else changes a place of this meeting; what is known is read again."""
        meeting = Meeting.objects.select_for_update(no_key=True).get(pk=self.meeting_id)
        self.refresh_from_db()
        self.meeting = meeting

    def _read_again(self, person: Participation) -> None:
        person.refresh_from_db()
        person.meeting = self.meeting

    def _start(self, now: datetime) -> None:
        """Hold, and first give what the clock should have given: nobody overtakes those who waited for it."""
        self.hold()
        self._give_rest(now)

    def _see_where_from(self) -> None:
        """Where the rule of one place per municipality holds, everybody's municipality is on the list."""
        if self.fair_until is None:
            return
        asking = self.meeting.participations.filter(~Q(placed_at=None) | ~Q(queued_at=None), comes_from="")
        people = list(asking.with_employment())
        for person in people:
            person.comes_from = where_from(person)
        Participation.objects.bulk_update(people, ["comes_from"])

    def _seat_or_queue(self, person: Participation, now: datetime, via: str, mode: str, **more: Any) -> None:
        mode = self.mode_for(mode or person.place_mode)
        if self.fair_until is not None:
            more["comes_from"] = person.comes_from = where_from(person)
        if self._may_sit(person, mode, now):
            self._seat(person, now, via, place_mode=mode, **more)
        else:
            person.store_answer("", now, via, place_mode=mode, queued_at=now, stood_at=now, **more)

    def _may_sit(self, person: Participation, mode: str, now: datetime) -> bool:
        """There is a free place, nobody waits for it, and the person's municipality has none where that counts."""
        pool = self.pool_of(mode)
        free = pool.free()
        if free is None or free < 1:
            return free is None
        return pool.waiting_list(self.is_fair(now)).serves(person)

    def _seat(self, person: Participation, now: datetime, via: str, **more: Any) -> None:
        more.setdefault("place_mode", self.mode_for(person.place_mode))
        if self.fair_until is not None and not person.comes_from:
            more["comes_from"] = where_from(person)
        person.store_answer(Participation.YES, now, via, placed_at=now, queued_at=None, stood_at=now, **more)

    def _expire(self, now: datetime) -> int:
        late = list(Offer.objects.due(now).filter(participation__meeting=self.meeting_id).order_by("pk"))
        people = self.meeting.participations.filter(offers__in=late)
        Offer.objects.filter(pk__in=[offer.pk for offer in late]).expire(now)
        for person in people:
            person.mark_place_changed(now, queued_at=None)
        if late:
            self._offer_free(now)
        return len(late)

    def _offer_free(self, now: datetime) -> int:
        """Offer every free place to the first of its line. After the meeting has begun nothing is offered."""
        if not self._is_to_come(now):
            return 0
        made = 0
        for pool in self.pools():
            for person in self._served(pool, now):
                person.offers.create(made_at=now, expires_at=self._deadline(now))
                person.mark_place_changed(now)
                made += 1
        return made

    def _served(self, pool: Pool, now: datetime) -> list[Participation]:
        """For whom there is a free place at this moment, the first first."""
        free = pool.free()
        return pool.waiting_list(self.is_fair(now)).now_served[: None if free is None else max(free, 0)]

    def _give_rest(self, now: datetime) -> int:
        if not self.rest_is_due(now) or not self._is_to_come(now):
            return 0
        SignUp.objects.filter(pk=self.pk).update(fair_given_at=now)
        self.fair_given_at = now
        given = [person for pool in self.pools() for person in self._served(pool, now)]
        for person in given:
            self._seat(person, now, BY_TURN)
        return len(given)

    def _is_to_come(self, now: datetime) -> bool:
        return not (self.meeting.is_cancelled or self.meeting.is_draft or self.meeting.starts_at <= now)

    def _deadline(self, now: datetime) -> datetime:
        return min(now + timedelta(hours=self.offer_hours), self.meeting.starts_at)

    def _refuse_unless_open(self, now: datetime, via: str) -> None:
        self._refuse_unless_coming(now)
        refusal = None if via == COORDINATOR else self.why_not_open(now)
        if refusal:
            raise refusal

    def _refuse_unless_coming(self, now: datetime) -> None:
        if self.meeting.is_cancelled:
            raise MeetingCancelled
        if self.meeting.is_over(now):
            raise MeetingOver


def _moved(moment: datetime | None, meeting: Meeting, other: Meeting) -> datetime | None:
    """A moment of one meeting, moved on the wall clock by as much as the other one begins later."""
    if moment is None:
        return None
    by = other.wall_clock(other.starts_at) - meeting.wall_clock(meeting.starts_at)
    return (meeting.wall_clock(moment) + by).replace(tzinfo=other.zone)
