"""Public pages: the plans of each period, and one plan with its goals, measures and indicators."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lib.access import public
from plans.models import Plan

PER_PAGE = 20


@public
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """Published plans, the newest period first."""
    plans = Plan.objects.visible_to(None).select_related("area", "network").newest()
    page = Paginator(plans, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "plans/plan_list.html", {"page": page})


@public
@require_safe
def plan_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One plan, whole."""
    plan = get_object_or_404(Plan.objects.visible_to(None).with_content(), slug=slug)
    shown = {"plan": plan, "goals": plan.goals.all(), "progress": plan.progress()}
    return render(request, "plans/plan_detail.html", shown)
