"""The front page of an area and the page that tells of it, put together from every room."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from contacts.models import CoordinationArea
from meetings.models import Meeting
from meetings.signup.views import facts_of_signup
from methods.models import Method
from networks.models import Network, NewsItem
from newsletters.subscriptions.forms import SubscribeForm
from plans.models import Goal, Plan
from youthnet.pages.places import places_of
from youthnet.pages.tilemap import tile_map

NEWS, MEETINGS, METHODS, TASKS = 3, 4, 3, 2


def front_page(area: CoordinationArea, user: Any, now: datetime) -> Mapping[str, Any]:
    """Everything the front page shows of one area, in a constant number of queries."""
    coming = Meeting.objects.visible_to(user).filter(area=area).upcoming(now)
    methods = Method.objects.visible_to(user).published().filter(area=area)
    networks = Network.objects.visible_to(user).filter(area=area).active()
    places = list(places_of(area))
    return {
        "area": area,
        "news": NewsItem.objects.visible_to(user).filter(area=area).newest()[:NEWS],
        "methods": methods.newest().for_cards()[:METHODS],
        "letters": SubscribeForm(area=area),
        "map": tile_map(places),
        "number_of": {
            "meetings": coming.count(),
            "methods": methods.count(),
            "networks": networks.count(),
            "places": len(places),
        },
    } | _meetings(coming, user, now)


def about_page(area: CoordinationArea, user: Any, now: datetime) -> Mapping[str, Any]:
    """Who coordinates, since when, for whom, with whose money and to what end."""
    today = timezone.localdate(now)
    places = list(places_of(area))
    fundings = list(area.fundings.select_related("funder").order_by("-started_on", "-pk"))
    return {
        "area": area,
        "networks": Network.objects.visible_to(user).filter(area=area).active().with_counts().in_order(),
        "mine": user.network_ids() if user.is_authenticated else frozenset(),
        "plan": _plan(area, user, today),
        "fundings": [funding for funding in fundings if funding.is_on(today)],
        "former_fundings": [funding for funding in fundings if funding.is_over(today)],
        "places": places,
        "map": tile_map(places),
        "cards": area.cards.visible_to(user).in_order(),
    }


def _meetings(coming: Any, user: Any, now: datetime) -> dict[str, Any]:
    """The next ones, each with those of its networks that the reader may see, and the first of all with its sign-up.

    For somebody invited the first is the next own one, and what the person has promised stands beside it.
    """
    seen = Prefetch("networks", Network.objects.visible_to(user).in_order(), to_attr="networks_shown")
    shown = coming.next_first().with_answer_of(user)
    meetings = list(shown.select_related("kind", "municipality", "signup").prefetch_related(seen)[:MEETINGS])
    facts: dict[str, Any] = {"meetings": meetings, "first": meetings[0] if meetings else None}
    if user.is_authenticated:
        own = user.participations.still_invited().filter(meeting__in=coming).select_related("meeting__signup")
        facts["own"] = own.order_by("meeting__starts_at", "pk").first()
        facts["first"] = facts["own"].meeting if facts["own"] else facts["first"]
        facts |= {"tasks": list(user.tasks.open().with_places().soonest()[:TASKS]), "today": timezone.localdate(now)}
    facts["later"] = [meeting for meeting in meetings if meeting != facts["first"]][
        : MEETINGS - 1 - len(facts.get("tasks", []))
    ]
    return facts | (facts_of_signup(facts["first"], user) if facts["first"] else {})


def _plan(area: CoordinationArea, user: Any, today: Any) -> Plan | None:
    """The plan of the whole area that goes on, with its goals."""
    goals = Prefetch("goals", Goal.objects.in_order())
    plans = Plan.objects.visible_to(user).current(today).filter(area=area, network=None)
    return plans.newest().prefetch_related(goals).first()
