"""How participants are found: whose rows are whose, who is to be written to, who has a place and who stands in line."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q

from contacts.models import User
from lib.querysets import InArea
from lib.text.addresses import normal
from meetings.models.dispatch import Dispatch, is_held
from meetings.models.place_offer import Offer
from meetings.models.reminder_rule import Step
from networks.models import Membership

if TYPE_CHECKING:
    from meetings.models.meeting import Meeting
    from meetings.models.participation import Participation

# Whoever was written to this lately is left in peace.
ASKED_LATELY, TOLD_LATELY = timedelta(days=2), timedelta(hours=6)
THANKS_UNTIL = timedelta(days=14)
# The answers of `Participation.ANSWERS`, by the names under which they are counted.
COUNTED = {"coming": Q(answer="yes"), "not_coming": Q(answer="no"), "maybe": Q(answer="maybe")}
COUNTED |= {"unanswered": Q(answer="", queued_at=None), "waiting": Q(queued_at__isnull=False)}


class ParticipationQuerySet(InArea, models.QuerySet["Participation"]):
    area_path = "meeting__area"

    def visible_to(self, user: Any) -> "ParticipationQuerySet":
        """One's own rows, and for the coordinator those of the area: who comes is nobody else's business."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_superuser else self.filter(Q(user=user) | Q(meeting__area__in=user.area_ids_run()))

    def still_invited(self) -> "ParticipationQuerySet":
        """Those whom the meeting still concerns: members of its networks, people invited by hand, those signed up."""
        return self.filter(self._is_still_invited())

    def reachable(self) -> "ParticipationQuerySet":
        """Those who have an address to write to."""
        return self.filter(Q(user__is_active=True) | ~Q(email=""))

    def named(self) -> "ParticipationQuerySet":
        """Those who are somebody, if only somebody's colleague: not the heads of whom just the number is known."""
        return self.exclude(user=None, name="", email="", brought_by=None)

    def only_counted(self) -> "ParticipationQuerySet":
        """The heads of whom just the number is known."""
        return self.filter(user=None, name="", email="")

    def at_address(self, email: str) -> "ParticipationQuerySet":
        return self.filter(Q(email__iexact=email) | Q(user__email__iexact=email))

    def to_ask(self) -> "ParticipationQuerySet":
        """Those on the list who have not been asked yet and have not said no by themselves."""
        unasked = self.filter(asked_at=None, queued_at=None).exclude(answer=self.model.NO)
        return unasked.still_invited().reachable()

    def to_tell(self) -> "ParticipationQuerySet":
        """Those who must hear of a change: they were asked, have said that they come, or wait for a place."""
        said = Q(answer__in=[self.model.YES, self.model.MAYBE]) | ~Q(queued_at=None)
        return self.filter(~Q(asked_at=None) | said).reachable()

    def to_invite(self, meeting: "Meeting", now: datetime) -> "list[Participation]":
        """Whom an invitation sent now would reach, newcomers of the networks included."""
        listed = self.filter(meeting=meeting).to_ask().select_related("user").in_order()
        return [*listed, *self.newcomers(meeting, now)]

    def to_notify(self, meeting: "Meeting") -> "list[Participation]":
        """Whom word of a change of this meeting would reach."""
        return list(self.filter(meeting=meeting).to_tell().still_invited().select_related("user").in_order())

    def recipients_of(self, meeting: "Meeting", kind: str) -> "ParticipationQuerySet":
        """Whom the letters of a dispatch would reach as things stand now."""
        listed = self.filter(meeting=meeting)
        if kind == Dispatch.INVITE:
            return listed.to_ask().filter(added_at__lte=meeting.invited_at)
        told = listed.to_tell()
        return told if kind == Dispatch.CANCEL else told.still_invited()

    def asking_due(self, now: datetime) -> "ParticipationQuerySet":
        """Rows that stood on the list when the coordinator wished the invitation, of meetings to come, held no more."""
        coming = Q(meeting__cancelled_at=None, meeting__ends_at__gt=now)
        return self.to_ask().filter(coming, ~is_held(Dispatch.INVITE), meeting__invited_at__gte=F("added_at"))

    def telling_due(self, now: datetime) -> "ParticipationQuerySet":
        """Rows whose last letter is older than the change that the coordinator wished told, held no more."""
        unheard = Q(told_at=None) | Q(told_at__lt=F("meeting__announced_at"))
        due = self.to_tell().filter(unheard, meeting__announced_at__lte=now, meeting__ends_at__gt=now)
        free = due.filter(~is_held(Dispatch.TELL, Dispatch.CANCEL))
        return free.filter(Q(meeting__cancelled_at__isnull=False) | self._is_still_invited())

    def counts(self) -> dict[str, int]:
        """How many come, perhaps come, do not come, have not answered, wait for a place."""
        return self.aggregate(**{name: Count("pk", filter=those) for name, those in COUNTED.items()}, total=Count("pk"))

    def came(self) -> "ParticipationQuerySet":
        """Those who were marked as present."""
        return self.exclude(attended_at=None)

    def thanks_due(self, now: datetime) -> "ParticipationQuerySet":
        """Those who came and have not been thanked; when, says the timeline. After two weeks it is pointless."""
        ended = Q(meeting__ends_at__lte=now, meeting__ends_at__gt=now - THANKS_UNTIL)
        came = self.came().filter(ended, thanked_at=None, meeting__cancelled_at=None)
        return came.reachable()

    def with_employment(self) -> "ParticipationQuerySet":
        """With what tells where each works (employment.py)."""
        work = ["user__municipality", "user__organisation__municipality", "user__organisation__sector"]
        return self.select_related(*work, *(f"brought_by__{name}" for name in work))

    def in_order(self) -> "ParticipationQuerySet":
        return self.order_by("user__name", "name", "pk")

    def with_all(self) -> "ParticipationQuerySet":
        """With what a letter tells of, the earliest meeting first."""
        return self.select_related("meeting__area", "meeting__signup", "user").order_by("meeting__starts_at", "pk")

    def _is_still_invited(self) -> Q:
        member = Membership.objects.active().filter(user=OuterRef("user"), network__meetings=OuterRef("meeting"))
        return Q(is_guest=True) | ~Q(queued_at=None) | ~Q(placed_at=None) | Q(Exists(member))

    def of_address(self, meeting: "Meeting", email: str, now: datetime, **more: Any) -> "Participation":
        """The row of whoever reads this address, made when there is none: with the account that has it, if any."""
        known = self.filter(meeting=meeting).at_address(email).first()
        if known is not None:
            return known
        person = User.objects.active().filter(email__iexact=email).first()
        who = {"user": person} if person else {"email": normal(email)}
        return self.get_or_create(meeting=meeting, **who, defaults={"added_at": now, **({} if person else more)})[0]

    def brought(self, by: "Participation", name: str, email: str, now: datetime) -> "Participation | None":
        """A colleague whom somebody signs up along; None for one who has a place or a turn already."""
        if email:
            row = self.of_address(by.meeting, email, now, name=name)
        else:
            row = self.get_or_create(meeting=by.meeting, brought_by=by, name=name, defaults={"added_at": now})[0]
        if row.pk == by.pk or row.has_place or row.is_queued:
            return None
        self.filter(pk=row.pk).update(brought_by=by)
        return row

    def counted_along(self, by: "Participation", number: int, now: datetime) -> list["Participation"]:
        """So many colleagues of whom only the number is told; rows of those who gave their places up are used again."""
        idle = list(
            self.filter(meeting=by.meeting, brought_by=by, placed_at=None, queued_at=None).only_counted()[:number]
        )
        return idle + [self.create(meeting=by.meeting, brought_by=by, added_at=now) for _n in range(number - len(idle))]

    # reminders

    def to_remind(self, step: str, moment: datetime) -> "ParticipationQuerySet":
        """Whom a step reaches at a moment: members and guests of the meeting who have an address."""
        people = self.not_answered(moment) if step == Step.UNANSWERED else self.near(moment)
        return people.still_invited().reachable()

    def not_answered(self, moment: datetime) -> "ParticipationQuerySet":
        """Those who were invited, have said nothing, and have had two days' peace from letters about this meeting."""
        lately = moment - ASKED_LATELY
        silent = self.filter(answer="", queued_at=None, asked_at__isnull=False)
        return silent.exclude(told_at__gt=lately).exclude(reminder_letters__written_at__gt=lately)

    def near(self, moment: datetime) -> "ParticipationQuerySet":
        """Those who need the link and the agenda now.

        Where there is sign-up, those with a place. Elsewhere those who come or perhaps come, and also the invited who
        have not answered, for many of them come all the same; those who have said no are left in peace. Whoever heard
        of this very time in the last six hours knows it.
        """
        open_door = Q(meeting__signup=None, queued_at=None)
        may_come = Q(answer__in=["yes", "maybe"]) | Q(answer="", asked_at__isnull=False)
        knows = Q(told_at__gt=moment - TOLD_LATELY, told_sequence=F("meeting__sequence"))
        return self.filter(~Q(placed_at=None) | (open_door & may_come)).exclude(knows)

    # sign-up

    def placed(self) -> "ParticipationQuerySet":
        return self.exclude(placed_at=None)

    def signed_up(self) -> "ParticipationQuerySet":
        """Those with a place or a turn in line."""
        return self.exclude(placed_at=None, queued_at=None)

    def offered(self) -> "ParticipationQuerySet":
        """Those who have been offered a place and have not answered."""
        return self.exclude(queued_at=None).filter(_has_offer())

    def waiting(self) -> "ParticipationQuerySet":
        """Those who wait, the first first; an offer takes out of the line."""
        return self.exclude(queued_at=None).exclude(_has_offer()).order_by("queued_at", "pk")

    def numbers(self) -> dict[str, int]:
        """How many have a place, have been offered one, and wait."""
        offered, queued = Q(has_offer=True), ~Q(queued_at=None)
        return self.with_offer().aggregate(
            taken=Count("pk", filter=~Q(placed_at=None)),
            offered=Count("pk", filter=queued & offered),
            waiting=Count("pk", filter=queued & ~offered),
        )

    def holding(self) -> "ParticipationQuerySet":
        """Those with a place that nobody else can get: taken or offered."""
        return self.filter(~Q(placed_at=None) | (~Q(queued_at=None) & _has_offer()))

    def held(self) -> int:
        return self.holding().count()

    def with_offer(self) -> "ParticipationQuerySet":
        """Each with `has_offer`: a place waits for the person's answer."""
        return self.annotate(has_offer=_has_offer())

    def wanting_letter(self) -> "ParticipationQuerySet":
        """Those whose place, turn or offer has changed since they last heard of it. A colleague without an address
        hears of it through the person who signed up for both."""
        unheard = Q(standing_told_at=None) | Q(standing_told_at__lt=F("stood_at"))
        bringer = Q(brought_by__user__is_active=True) | Q(brought_by__email__gt="")
        address = Q(user__is_active=True) | ~Q(email="") | bringer
        return self.filter(unheard, address, stood_at__isnull=False, meeting__cancelled_at=None)

    def newcomers(self, meeting: "Meeting", now: datetime) -> list["Participation"]:
        """Active members of the meeting's networks who are not on its list yet, as rows not stored."""
        listed = self.model.objects.filter(meeting=meeting, user=OuterRef("user"))
        members = Membership.objects.active().filter(~Exists(listed), network__in=meeting.networks.all())
        people = {membership.user_id: membership.user for membership in members.select_related("user")}
        return [self.model(meeting=meeting, user=person, added_at=now) for person in people.values()]

    def list_members(self, meeting: "Meeting", now: datetime) -> None:
        """Put every active member of the meeting's networks on its list. Again adds only newcomers."""
        self.model.objects.bulk_create(self.newcomers(meeting, now), ignore_conflicts=True)


def _has_offer() -> Exists:
    return Exists(Offer.objects.open().filter(participation=OuterRef("pk")))
