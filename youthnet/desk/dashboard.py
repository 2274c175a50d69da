"""What waits on the coordinator's desk: the rows of the own areas that ask for a hand, most urgent first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from meetings.models import Meeting, Minutes, Proposal, Task, Wish
from meetings.readiness import missing_in
from meetings.visits.municipality_table import visits_of
from methods.models import Method
from networks.models import Membership
from newsletters.bounced_addresses import questions
from newsletters.models import Issue
from outbox.health import Status, inbox, policy_refusals, status
from outbox.models import Delivery, InboundMessage
from youthnet.desk import drafts, failed_rows, held_texts
from youthnet.desk.first_steps import first_steps
from youthnet.desk.menu import counts

ROWS = 6
# A meeting without link, place or invitation is urgent when it is this near.
NEAR = timedelta(hours=48)
# The worker makes a round every ten seconds; when it has been silent this long, nobody is sending.
SILENT = timedelta(minutes=5)


@dataclass(frozen=True)
class Ahead:
    """A coming meeting, and what it still lacks in words."""

    meeting: Meeting
    lacks: list[str]
    is_near: bool

    @property
    def is_urgent(self) -> bool:
        return self.is_near and bool(self.lacks)

    @property
    def url(self) -> str:
        return reverse("admin:meetings_meeting_change", args=[self.meeting.pk])


def dashboard(user: Any, now: datetime) -> dict[str, Any]:
    """Everything the first page of the desk shows, in a constant number of queries."""
    letters, stands = Delivery.objects.run_by(user), status(now)
    found = {
        "setup": first_steps(user, now),
        "ahead": _ahead(list(_coming(user, now)), now),
        "drafts": Meeting.objects.run_by(user).filter(published_at=None).not_over(now).next_first()[:ROWS],
        "texts_unpublished": drafts.texts(user, now, ROWS),
        "minutes": Minutes.objects.run_by(user).waiting().select_related("meeting")[:ROWS],
        "proposals": Proposal.objects.run_by(user).waiting().with_places().oldest_first()[:ROWS],
        "wishes": Wish.objects.run_by(user).in_state(Wish.OPEN).with_support().most_wanted()[:ROWS],
        "tasks_over": Task.objects.run_by(user).over(timezone.localdate(now)).with_places().soonest()[:ROWS],
        **_visits(user, timezone.localdate(now)),
        **_first("requests", Membership.objects.run_by(user).waiting().with_people().oldest_first()),
        "calendar_answers": counts(user)["calendar_answers"],
        **_first("inbound", InboundMessage.objects.run_by(user).unhandled().defer("raw").oldest_first()),
        "methods": Method.objects.run_by(user).waiting().longest_waiting()[:ROWS],
        "quick_methods": Method.objects.run_by(user).handed_over()[:ROWS],
        "unchecked": Method.objects.run_by(user).unanswered(now)[:ROWS],
        "issues": Issue.objects.run_by(user).in_hand().select_related("list").newest()[:ROWS],
        "letters_waiting": letters.waiting().count(),
        "letters_failed": letters.in_state("failed").order_by("-failed_at", "-pk")[:ROWS],
        **questions.waiting(user, now, ROWS),
        "held_texts": held_texts.waiting(user, ROWS),
        **failed_rows.waiting(user, now, ROWS),
        "warnings": list(_warnings(stands, now)),
        "held_at": stands["held_at"],
    }
    return found | {"day": timezone.localdate(now), "waits": sum(_waits(found))}


# What asks for a hand; wishes, drafts and what nobody has answered yet only tell how things are.
ASKING = (
    "failed_rows",
    "held_texts",
    "minutes",
    "proposals",
    "tasks_over",
    "methods",
    "quick_methods",
    "visits_untold",
    "issues",
    "letters_failed",
)
COUNTED = ("requests_count", "inbound_count", "bounced_addresses_count", "calendar_answers")


def _waits(found: dict[str, Any]) -> Iterator[int]:
    """How many rows of each kind ask for a hand, as the page shows them."""
    for name in ASKING:
        found[name] = list(found[name])
        yield len(found[name])
    yield from (found[name] for name in COUNTED)
    yield sum(1 for each in found["ahead"] if each.is_urgent)


def how_much_waits(count: int) -> str:
    """The title of the first page: the number in words to ten."""
    if not count:
        return _("Nothing waits for you")
    words = pgettext("numbers from one to ten", "One Two Three Four Five Six Seven Eight Nine Ten").split()
    number = words[count - 1] if count <= len(words) else count
    return ngettext("%(number)s thing waits for you", "%(number)s things wait for you", count) % {"number": number}


def _first(name: str, rows: Any) -> dict[str, Any]:
    """The first rows, and how many there are in all, by one question to the database."""
    found = list(rows.annotate(in_all=Window(Count("*")))[:ROWS])
    return {name: found, f"{name}_count": found[0].in_all if found else 0}


def _visits(user: Any, today: date) -> dict[str, Any]:
    """Who waits for a visit this year, and visits that nobody has told of."""
    untold = Meeting.objects.run_by(user).unreported(today).latest_first()[:ROWS]
    return {"visits": visits_of(user, today.year, today), "visits_year": today.year, "visits_untold": untold}


def _coming(user: Any, now: datetime) -> Any:
    return Meeting.objects.run_by(user).published().upcoming(now).with_readiness(now).next_first()[:ROWS]


def _ahead(meetings: list[Meeting], now: datetime) -> list[Ahead]:
    lacks = missing_in(meetings, now)
    return [Ahead(meeting, lacks[meeting.pk], meeting.starts_at - now < NEAR) for meeting in meetings]


def _warnings(stands: Status, now: datetime) -> Iterator[str]:
    """What stands in the way of letters, each in a sentence for a person."""
    if _worker_is_silent(stands, now):
        yield _(
            "Letters are waiting and nothing is taking them away. Tell whoever keeps the server: the worker is not "
            "running."
        )
    ticked_at = stands["clock_ticked_at"]
    if ticked_at and now - ticked_at > SILENT:
        yield _(
            "Nothing wakes the work of the portal: reminders, offers and newsletters wait. Tell whoever keeps the "
            "server: the clock (beat) is not running."
        )
    if stands["relay_lost_at"]:
        yield _("The mail server cannot be reached. Letters wait and leave by themselves when it is back.")
    if inbox(now)["lost_at"]:
        yield _("The box of incoming mail cannot be reached. Tell whoever keeps the server; nothing is lost meanwhile.")
    if refused := policy_refusals(now):
        yield refused


def _worker_is_silent(stands: Status, now: datetime) -> bool:
    """Letters are overdue and no round has been made lately."""
    last = stands["last_round_at"]
    overdue = stands["oldest_waiting_seconds"] > SILENT.total_seconds()
    return overdue and (last is None or now - last > SILENT)
