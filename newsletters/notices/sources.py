"""Sources of digests: a registry of the kinds of things people are notified of, and the places a thing belongs to.

A new kind is one line here and one `fresh(since, until)` on its QuerySet; who sees what is asked of `visible_to`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import User
from meetings.models import Meeting
from methods.models import Method, Trial
from networks.models import NewsItem, Question


@dataclass(frozen=True)
class Kind:
    """One kind of thing. `page` lists all of them; `order` puts those of a letter in order.

    `told_to` names the question of its QuerySet that tells what a person hears of.
    """

    code: str
    name: Any
    model: Any
    page: str
    order: Callable[[Any], Any]
    told_to: str = "visible_to"

    def fresh(self, since: datetime, until: datetime) -> list[Any]:
        """What appeared in a period, whoever may see it; each row knows `network_ids`."""
        rows = self.model.objects.fresh(since, until).select_related("area__host")
        if self.model is Meeting:
            rows = rows.prefetch_related("networks")
        return sorted(rows, key=self.order)

    def visible_to(self, people: Iterable[User], things: Iterable[Any]) -> set[tuple[int, int]]:
        """(person, thing) of everything that these people may see: `visible_to` of each, asked in one question."""
        found = [thing.pk for thing in things]
        arms = [self._shown_to(person, found) for person in people] if found else []
        return set(arms[0].union(*arms[1:], all=True)) if arms else set()

    def _shown_to(self, person: User, found: list[int]) -> Any:
        shown = getattr(self.model.objects, self.told_to)(person).filter(pk__in=found).order_by()
        return shown.annotate(reader=Value(person.pk, BigIntegerField())).values_list("reader", "pk")


def _soonest(meeting: Meeting) -> Any:
    return meeting.starts_at, meeting.pk


def _newest(thing: Any) -> Any:
    return -thing.fresh_at.timestamp(), -thing.pk


KINDS = [
    Kind("meetings", _("New meetings and changes"), Meeting, "meetings:meeting-list", _soonest),
    Kind("news", pgettext_lazy("of an area", "News"), NewsItem, "networks:news-list", _newest),
    Kind("methods", _("New methods"), Method, "methods:method-list", _newest),
    Kind("trials", _("Trials of my methods"), Trial, "methods:mine", _newest, told_to="told_to"),
    Kind("questions", _("Answered questions"), Question, "networks:question-list", _newest),
]


def network_ids(thing: Any) -> frozenset[int]:
    """The networks that a thing belongs to; none when it is the whole area's."""
    if isinstance(thing, Meeting):
        return frozenset(network.pk for network in thing.networks.all())
    return frozenset([thing.network_id] if thing.network_id else [])


def cells_of(person: User, kind: Kind, thing: Any) -> list[tuple[int, int | None, str]]:
    """Where the thing stands on the person's page of notices: in own networks, else in the rest of an own area."""
    own = network_ids(thing) & person.network_ids()
    if not own and thing.area_id not in person.area_ids():
        return []
    places: Iterable[int | None] = sorted(own) if own else [None]
    return [(thing.area_id, network, kind.code) for network in places]
