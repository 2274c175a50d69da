"""The menu of the desk: a job each, what waits in it, and the registers that belong to it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import IntegerField, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import User
from meetings.models import CalendarAnswer, Minutes, Proposal
from methods.models import Method
from networks.models import Membership
from newsletters.models import Issue
from outbox.models import InboundMessage


@dataclass(frozen=True)
class Job:
    """One line of the menu. `models` are the registers under it, the first one is its page."""

    name: str | Promise
    icon: str
    models: tuple[str, ...]
    counts: tuple[str, ...] = ()
    is_rare: bool = False  # stands below the line, among what is seldom opened


JOBS = (
    Job(
        _("Meetings"),
        "calendar",
        (
            "meetings.meeting",
            "meetings.meetingseries",
            "meetings.signup",
            "meetings.participation",
            "meetings.wish",
            "meetings.calendaranswer",
        ),
        ("minutes", "proposals", "calendar_answers"),
    ),
    Job(
        _("Newsletter"),
        "mail",
        (
            "newsletters.issue",
            "newsletters.mailinglist",
            "newsletters.segment",
            "newsletters.subscription",
            "newsletters.bouncedaddress",
        ),
        ("issues",),
    ),
    Job(
        _("Methods"),
        "book",
        ("methods.method", "methods.trial", "methods.action", "methods.competenceoffer"),
        ("methods", "quick_methods"),
    ),
    Job(
        _("Networks and people"),
        "people",
        (
            "networks.network",
            "networks.membership",
            "contacts.user",
            "contacts.organisation",
            "contacts.contactcard",
        ),
        ("requests",),
    ),
    Job(_("News and pages"), "document", ("networks.newsitem", "networks.page", "networks.question")),
    Job(_("Plan and figures"), "bars", ("plans.plan", "plans.goal")),
    Job(
        _("Outbox"),
        "upload",
        ("outbox.delivery", "outbox.mailing", "outbox.inboundmessage", "outbox.suppression"),
        ("inbound",),
        is_rare=True,
    ),
    Job(
        _("Settings and registers"),
        "gear",
        (
            "contacts.coordinationarea",
            "contacts.coordinator",
            "contacts.municipality",
            "contacts.region",
            "contacts.subregion",
            "contacts.term",
            "search.thesaurusentry",
        ),
        is_rare=True,
    ),
)


@dataclass(frozen=True)
class Entry:
    """A link of the menu, as the template draws it."""

    name: str | Promise
    icon: str
    url: str
    is_current: bool
    is_here: bool  # it leads to this very page
    waiting: int = 0
    registers: list[tuple[str, str, bool]] = field(default_factory=list)  # name, address, whether it is the current one
    is_rare: bool = False


class Counted(Subquery):
    """How many rows a queryset has, as one value of another query."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().values("pk"))


def menu(request: HttpRequest) -> list[Entry]:
    """The lines of the menu for whoever asks; one question to the database."""
    here = getattr(request.resolver_match, "url_name", "") or ""
    waiting = counts(request.user)
    first = reverse("admin:index")
    is_first = request.path == first
    today = Entry(pgettext_lazy("the desk", "Today"), "home", first, is_first, is_first)
    return [today, *(_entry(job, here, request.path, waiting) for job in JOBS)]


def _entry(job: Job, here: str, path: str, waiting: dict[str, int]) -> Entry:
    own = list(_registers(job, here))
    is_current = any(is_open for _name, _url, is_open in own)
    url = own[0][1]
    count = sum(waiting[name] for name in job.counts)
    return Entry(job.name, job.icon, url, is_current, path == url, count, own if is_current else [], job.is_rare)


def _registers(job: Job, here: str) -> Iterator[tuple[str, str, bool]]:
    for label in job.models:
        options = apps.get_model(label)._meta
        name = f"{options.app_label}_{options.model_name}"
        yield capfirst(options.verbose_name_plural), reverse(f"admin:{name}_changelist"), here.startswith(f"{name}_")


def counts(user: Any) -> dict[str, int]:
    """What waits for this coordinator, by the names of `Job.counts`. Asked once per request."""
    if not hasattr(user, "_waits_on_desk"):
        user._waits_on_desk = _counted(user)
    return user._waits_on_desk


def _counted(user: Any) -> dict[str, int]:
    rows: dict[str, QuerySet[Any]] = {
        "minutes": Minutes.objects.run_by(user).waiting(),
        "proposals": Proposal.objects.run_by(user).waiting(),
        "calendar_answers": CalendarAnswer.objects.run_by(user).waiting(),
        "issues": Issue.objects.run_by(user).in_hand(),
        "methods": Method.objects.run_by(user).waiting(),
        "quick_methods": Method.objects.run_by(user).handed_over(),
        "requests": Membership.objects.run_by(user).waiting(),
        "inbound": InboundMessage.objects.run_by(user).unhandled(),
    }
    counted = {f"in_{name}": Counted(each) for name, each in rows.items()}
    found = User.objects.filter(pk=user.pk).annotate(**counted).values(*counted).get()
    return {name: found[f"in_{name}"] for name in rows}
