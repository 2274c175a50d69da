"""What a meeting decided: numbered within its network and year, so that it can be cited."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea
from lib.querysets import InArea
from meetings.models.minutes import Minutes
from meetings.models.minutes_version import MinutesVersion
from networks.models import Network
from search.searchable import Searchable, SearchableQuerySet

if TYPE_CHECKING:
    from meetings.models.agenda import AgendaItem
    from meetings.models.meeting import Meeting


class DecisionQuerySet(InArea, SearchableQuerySet):
    def visible_to(self, user: Any) -> "DecisionQuerySet":
        """Decisions of minutes that a person may read."""
        return self.filter(meeting__kept_minutes__in=Minutes.objects.visible_to(user))

    def next_number(self, area: CoordinationArea, network: Network | None, year: int, wished: int | None = None) -> int:
        """The wished number when it is free, else the one after the last; the network's row is held, so that two
        people never get the same."""
        holder: Any = Network.objects.filter(pk=network.pk) if network else CoordinationArea.objects.filter(pk=area.pk)
        holder.select_for_update().get()
        same = self.filter(network=network, year=year) if network else self.filter(area=area, network=None, year=year)
        if wished and not same.filter(number=wished).exists():
            return wished
        last = same.aggregate(last=Max("number"))["last"] or 0
        return 1 + max(last, *_cited(area, network, year))

    @transaction.atomic
    def record(
        self,
        meeting: "Meeting",
        text: str,
        now: datetime,
        item: "AgendaItem | None" = None,
        number: int | None = None,
    ) -> "Decision":
        """Write a decision into the register; one that is put back gets its old number. Raises MinutesLocked."""
        Minutes.objects.start(meeting).refuse_if_locked()
        day, network = timezone.localdate(meeting.starts_at), meeting.main_network()
        number = self.next_number(meeting.area, network, day.year, wished=number)
        facts = {"area": meeting.area, "network": network, "year": day.year, "number": number, "decided_on": day}
        made = self.create(meeting=meeting, text=text, item=item, created_at=now, **facts)
        made.index()
        return made

    def with_places(self) -> "DecisionQuerySet":
        return self.select_related("meeting", "network", "item")

    def best(self) -> "DecisionQuerySet":
        """The best match first; only after `matching`."""
        return self.with_places().order_by("-rank", "-decided_on", "-pk")

    def in_order(self) -> "DecisionQuerySet":
        return self.order_by("year", "number", "pk")

    def newest_first(self) -> "DecisionQuerySet":
        return self.order_by("-decided_on", "-number", "-pk")


def _cited(area: CoordinationArea, network: Network | None, year: int) -> list[int]:
    """Numbers in approved minutes, also of decisions taken away since: what may have been cited is not given twice."""
    meetings: dict[str, Any] = {"networks": network} if network else {"area": area, "networks": None}
    versions = MinutesVersion.objects.filter(
        minutes__meeting__starts_at__year=year,
        **{f"minutes__meeting__{name}": value for name, value in meetings.items()},
    )
    sheets = [part for content in versions.values_list("content", flat=True) for part in (content, *content["written"])]
    found = [decision["number"].split("/") for sheet in sheets for decision in sheet["decisions"]]
    return [0, *(int(number) for number, of_year in found if of_year == str(year))]


class Decision(Searchable):
    """One decision: "ISO 3/2027"."""

    area = models.ForeignKey(CoordinationArea, on_delete=models.PROTECT, related_name="decisions")
    network = models.ForeignKey(
        Network, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("network")
    )
    meeting = models.ForeignKey(
        "meetings.Meeting", on_delete=models.CASCADE, related_name="decisions", verbose_name=_("meeting")
    )
    item = models.ForeignKey(
        "meetings.AgendaItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("decision"), max_length=1000)
    decided_on = models.DateField(_("decided"))
    created_at = models.DateTimeField(editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            *Searchable.Meta.indexes,
            models.Index(fields=["-decided_on", "-number"], name="decision_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["network", "year", "number"], name="decision_number_once_per_network"),
            models.UniqueConstraint(
                fields=["area", "year", "number"], condition=Q(network=None), name="decision_number_once_per_area"
            ),
            models.CheckConstraint(condition=Q(decided_on__year=F("year")), name="decision_year_is_of_its_day"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.text}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:minutes-detail", args=[self.meeting.slug])

    @property
    def reference(self) -> str:
        """The number within the year."""
        return f"{self.number}/{self.year}"

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        yield self.text, "fi", "A"
        yield self.reference, "fi", "C"
