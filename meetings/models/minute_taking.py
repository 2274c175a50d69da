"""What a meeting does with its minutes: whose they are to write, and what is written down as rows."""

from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from contacts.models import User
from meetings.models.agenda import AgendaItem
from meetings.models.decision import Decision
from meetings.models.minutes import Minutes
from meetings.models.task import Task
from networks.models import Membership, Network


class KeepsMinutes(models.Model):
    """Mixed into Meeting."""

    class Meta:
        abstract = True

    # questions

    def minutes(self) -> Minutes:
        """The minutes, or a row not stored when nobody has begun them."""
        return getattr(self, "kept_minutes", None) or Minutes(meeting=self)  # type: ignore[misc]

    def people(self, now: datetime) -> models.QuerySet[User]:
        """Who may lead an item, take a task or write the minutes: members, participants and coordinators."""
        meeting: Any = self
        members = Membership.objects.active().filter(network__in=meeting.networks.all()).values("user")
        came = meeting.participations.exclude(user=None).values("user")
        coordinators = User.objects.coordinating(meeting.area, timezone.localdate(now)).order_by().values("pk")
        chosen = Q(pk__in=members) | Q(pk__in=came) | Q(pk__in=coordinators)
        return User.objects.active().filter(chosen).alphabetical()

    def main_network(self) -> Network | None:
        """In whose register its decisions stand: the first of its networks."""
        meeting: Any = self
        return meeting.networks.all().in_order().first()

    # verbs

    def begin_minutes(self) -> Minutes:
        """The stored row, made when it is needed."""
        meeting: Any = self
        meeting.kept_minutes, _is_new = Minutes.objects.get_or_create(meeting=meeting)
        return meeting.kept_minutes

    @transaction.atomic
    def decide(self, text: str, now: datetime, item: AgendaItem | None = None, number: int | None = None) -> Decision:
        """Write a decision into the register; one that is put back gets its old number. Raises MinutesLocked."""
        meeting: Any = self
        self.begin_minutes().refuse_if_locked()
        day, network = timezone.localdate(meeting.starts_at), self.main_network()
        number = Decision.objects.next_number(meeting.area, network, day.year, wished=number)
        facts = {"area": meeting.area, "network": network, "year": day.year, "number": number, "decided_on": day}
        return meeting.decisions.create(text=text, item=item, created_at=now, **facts)

    @transaction.atomic
    def give_task(
        self,
        text: str,
        now: datetime,
        owner: User | None = None,
        owner_name: str = "",
        due_on: date | None = None,
        item: AgendaItem | None = None,
    ) -> Task:
        """Write down who does what by when. Raises MinutesLocked."""
        meeting: Any = self
        self.begin_minutes().refuse_if_locked()
        facts = {"owner": owner, "owner_name": "" if owner else owner_name, "due_on": due_on, "item": item}
        return meeting.tasks.create(area=meeting.area, network=self.main_network(), text=text, created_at=now, **facts)
