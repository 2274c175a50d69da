"""The front page of an area, put together from every room."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from contacts.models import CoordinationArea
from meetings.models import Meeting
from methods.models import Method
from networks.models import Network, NewsItem
from newsletters.subscriptions.forms import SubscribeForm
from plans.models import Goal, Plan
from youthnet.pages.places import places_of
from youthnet.pages.tilemap import tile_map

NEWS, MEETINGS, METHODS = 3, 4, 3


def front_page(area: CoordinationArea, user: Any, now: datetime) -> Mapping[str, Any]:
    """Everything the front page shows of one area, in a constant number of queries."""
    today = timezone.localdate(now)
    places = list(places_of(area))
    fundings = list(area.fundings.select_related("funder").order_by("-started_on", "-pk"))
    return {
        "area": area,
        "news": NewsItem.objects.visible_to(user).filter(area=area).select_related("category").newest()[:NEWS],
        "meetings": _meetings(area, user, now),
        "methods": Method.objects.visible_to(user).published().filter(area=area).newest()[:METHODS],
        "networks": Network.objects.visible_to(user).filter(area=area).active().with_counts().in_order(),
        "mine": user.network_ids() if user.is_authenticated else frozenset(),
        "plan": _plan(area, user, today),
        "fundings": [funding for funding in fundings if funding.is_on(today)],
        "former_fundings": [funding for funding in fundings if funding.is_over(today)],
        "places": places,
        "map": tile_map(places),
        "letters": SubscribeForm(area=area),
        "cards": area.cards.visible_to(user).in_order(),
    }


def _meetings(area: CoordinationArea, user: Any, now: datetime) -> Any:
    """The next ones, each with those of its networks that the reader may see."""
    seen = Prefetch("networks", Network.objects.visible_to(user).in_order(), to_attr="networks_shown")
    coming = Meeting.objects.visible_to(user).filter(area=area).upcoming(now).next_first()
    return coming.with_answer_of(user).select_related("kind", "municipality").prefetch_related(seen)[:MEETINGS]


def _plan(area: CoordinationArea, user: Any, today: Any) -> Plan | None:
    """The plan of the whole area that goes on, with its goals."""
    goals = Prefetch("goals", Goal.objects.in_order())
    plans = Plan.objects.visible_to(user).current(today).filter(area=area, network=None)
    return plans.newest().prefetch_related(goals).first()
