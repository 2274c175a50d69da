"""The register of decisions, searched by words, network and year."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lib.access import public
from meetings.minutes.filters import DecisionFilter
from meetings.models import Decision

PER_PAGE = 25


@public
@require_safe
def decision_list(request: HttpRequest) -> HttpResponse:
    """What has been decided, the newest first, as far as the reader may read the minutes."""
    seen = Decision.objects.visible_to(request.user).with_places().newest_first()
    found = DecisionFilter(request.GET, queryset=seen, request=request)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "meetings/minutes/decision_list.html", {"filter": found, "page": page})
