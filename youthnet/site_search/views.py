"""The search page, and the page for addresses that lead nowhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lib.access import public
from methods.faceted_search.offers import offer
from search.suggest import suggestion
from youthnet.site_search.groups import GROUPS, Group
from youthnet.site_search.query import SearchQuery, read_query
from youthnet.site_search.results import numbers, one_group, overview, partly
from youthnet.site_search.similar_urls import nearest


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the portal holds about some words: a few of each kind, or with ?in= one kind page by page."""
    asked = read_query(request.GET.get("q", ""), request.user, timezone.now())
    group = next((each for each in GROUPS if each.code == request.GET.get("in")), None)
    found = _found(asked, group, request.GET.get("page")) if asked.can_be_asked else {}
    response = render(request, "search/search.html", {"asked": asked, "group": group, **found})
    response["X-Robots-Tag"] = "noindex"
    return response


def _found(asked: SearchQuery, group: Group | None, number: Any) -> dict[str, Any]:
    counts = numbers(asked)
    total = sum(counts.values())
    if not total and (some := partly(asked)):
        asked, counts = some
    context: dict[str, Any] = {
        "total": total,
        "partial": asked.partial,
        "offer": offer(asked.words),
        "groups": [(each, counts[each.code]) for each in GROUPS if each.code in counts],
        "suggestion": "" if total else suggestion(asked.words),
    }
    if group is None:
        return context | {"results": overview(asked, counts)}
    results, page = one_group(group, asked, number)
    return context | {"results": [results], "page": page}


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says so, and names the public pages whose addresses are nearest. The same for what is not there and not yours."""
    return render(request, "404.html", {"nearest": nearest(request.path)}, status=404)
