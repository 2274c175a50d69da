"""How a meeting is made of another, and how it belongs to a series; `Meeting` stands on this."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from meetings.models.agenda import AgendaItem
from meetings.models.reminder_rule import ReminderRule

if TYPE_CHECKING:
    from meetings.models.meeting import Meeting


class Repeated(models.Model):
    """A meeting that may be one of several."""

    series = models.ForeignKey(
        "meetings.MeetingSeries",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="meetings",
        verbose_name=_("series"),
    )
    detached_at = models.DateTimeField(_("changed by itself"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def next_day(self: Any) -> date:
        """Four weeks later: the day that a copy gets when nobody says another."""
        return (_wall_clock(self.starts_at, self) + timedelta(weeks=4)).date()

    def copy(self: Any, now: datetime, on: date | None = None) -> "Meeting":
        """A draft of the next one, at the same time of day."""
        starts_at, _ends_at = self.on_day(on or self.next_day())
        return self.copy_to(starts_at, now)

    @transaction.atomic
    def copy_to(self: Any, starts_at: datetime, now: datetime) -> "Meeting":
        """A draft like this one at another moment, as long on the wall clock. The old link is not carried over."""
        length = _wall_clock(self.ends_at, self) - _wall_clock(self.starts_at, self)
        ends_at = (_wall_clock(starts_at, self) + length).replace(tzinfo=self.zone)
        facts = {name: getattr(self, name) for name in self.FACTS} | {"starts_at": starts_at, "ends_at": ends_at}
        facts |= {"join_url": "", "slug": type(self).objects.free_slug(self.title, starts_at.date()), "changed_at": now}
        following = type(self).objects.create(**facts)
        following.networks.set(self.networks.all())
        following.themes.set(self.themes.all())
        AgendaItem.objects.copy(self, following)
        ReminderRule.objects.carry_over(self, following, now)
        self.copy_rules_to(following)
        following.index()
        return following

    def copy_rules_to(self: Any, following: "Meeting") -> None:
        """Sign-up with its questions, and the rule of certificates: no people, no replies, nothing that was given."""
        if signup := self.rules_of_signup():
            signup.copy_to(following)
        if rule := getattr(self, "certificate_rule", None):
            rule.copy_to(following)

    def moved_along(self: Any, moment: datetime | None, following: "Meeting") -> datetime | None:
        """A moment of this meeting, moved on the wall clock by as much as the other one begins later."""
        if moment is None:
            return None
        by = _wall_clock(following.starts_at, following) - _wall_clock(self.starts_at, self)
        return (_wall_clock(moment, self) + by).replace(tzinfo=following.zone)

    def on_day(self: Any, day: date) -> tuple[datetime, datetime]:
        """When it would begin and end on another day, at the same time of day."""
        starts, ends = _wall_clock(self.starts_at, self), _wall_clock(self.ends_at, self)
        moved = datetime.combine(day, starts.time())
        return moved.replace(tzinfo=self.zone), (moved + (ends - starts)).replace(tzinfo=self.zone)

    def join(self: Any, series: Any) -> None:
        """Become one of a series."""
        self.series, self.detached_at = series, None
        self.save(update_fields=["series", "detached_at"])

    def detach(self, now: datetime) -> None:
        """Go its own way from now on: a change of the whole series leaves it alone."""
        type(self)._default_manager.filter(pk=self.pk, detached_at=None).update(detached_at=now)

    def take_over(self: Any, other: "Meeting", facts: set[str], moved: dict[str, datetime], now: datetime) -> None:
        """Get the named facts of another meeting of the series, and a time moved as that one was."""
        own = {"starts_at", "ends_at", "slug"}
        taken = {name: getattr(other, name) for name in (facts & set(self.FACTS)) - own}
        self.change(now, **taken, **(moved if facts & {"starts_at", "ends_at"} else {}))
        if "themes" in facts:
            self.themes.set(other.themes.all())
            self.index()
        if "networks" in facts:
            self.networks.set(other.networks.all())
            if not self.is_draft:
                self.participations.list_members(self, now)


def _wall_clock(moment: datetime, meeting: "Meeting") -> datetime:
    return moment.astimezone(meeting.zone).replace(tzinfo=None)
