"""What the search page looks through: one line a group. A room that has something new to find adds a line.

A group answers with the QuerySet of its room: `visible_to` the reader, `matching` the words, the best first. There is
no other way in, so that a search tells nobody more than the pages do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import ContactCard, Organisation, User
from meetings.models import AgendaItem, Decision, Meeting, Minutes, Task, Wish
from methods.models import Method
from methods.models.method_queryset import VECTOR as METHOD_VECTOR
from networks.models import Membership, Network, NewsItem, Page
from networks.models import Question as AskedOften
from newsletters.models import Issue
from plans.models import Plan
from youthnet.site_search import rows
from youthnet.site_search.query import SearchQuery


@dataclass(frozen=True)
class Group:
    """One kind of thing that can be found."""

    code: str  # stands in addresses: ?in=meetings
    name: Any
    found: Callable[[SearchQuery], QuerySet[Any]]
    row: Callable[[Any], rows.Row]
    room: str = ""  # the room's own page with the same search and more to choose from
    vector: str = "search_vector"


GROUPS = [
    Group("meetings", _("Meetings"), lambda q: _of(Meeting, q).best(q.now), rows.meeting),
    Group(
        "methods",
        _("Methods"),
        lambda q: _of(Method, q).published().best(q.now),
        rows.method,
        "methods:method-list",
        METHOD_VECTOR,
    ),
    Group("news", _("News"), lambda q: _of(NewsItem, q).best(), rows.news),
    Group("networks", _("Networks"), lambda q: _of(Network, q).best(), rows.network),
    Group("questions", _("Questions and answers"), lambda q: _of(AskedOften, q).best(), rows.asked_often),
    Group("pages", _("Pages"), lambda q: _of(Page, q).best(), rows.page),
    Group("plans", _("Action plans"), lambda q: _of(Plan, q).best(), rows.plan),
    Group("newsletters", _("Newsletters"), lambda q: _of(Issue, q).best(), rows.issue, "newsletters:issue-list"),
    Group("wishes", _("Wishes for trainings"), lambda q: _of(Wish, q).active().best(), rows.wish),
    Group("agenda", _("Agenda items"), lambda q: _of(AgendaItem, q).best(), rows.agenda_item),
    Group("decisions", _("Decisions"), lambda q: _of(Decision, q).best(), rows.decision),
    Group("minutes", pgettext_lazy("of meetings", "Minutes"), lambda q: _of(Minutes, q).best(), rows.minutes),
    Group("tasks", pgettext_lazy("of people", "Tasks"), lambda q: _of(Task, q).best(), rows.task),
    Group("organisations", _("Organisations"), lambda q: _of(Organisation, q).best(), rows.organisation),
    Group("contacts", _("Contacts"), lambda q: _of(ContactCard, q).best(), rows.card),
    Group("members", _("Members of your networks"), lambda q: _with_networks(_of(User, q), q).best(), rows.person),
]


def _of(model: Any, asked: SearchQuery) -> Any:
    return model.objects.visible_to(asked.user).matching(asked.looked_for)


def _with_networks(people: Any, asked: SearchQuery) -> Any:
    """Each with those memberships that the reader may know of: the page of the first is where the person is found."""
    shown = Membership.objects.active().visible_to(asked.user).select_related("network")
    networks = Prefetch("memberships", shown.order_by("network__order", "pk"), to_attr="networks_shown")
    return people.with_work().prefetch_related(networks)
