"""Pages that compose several rooms: the front page, and the page of each area when there are several."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts.models import CoordinationArea, User
from lib.access import public
from youthnet.first_run.commands import as_typed
from youthnet.pages.home import about_page, front_page


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The area's page when there is one area or one is the reader's own; a choice of areas; the first steps."""
    areas = list(CoordinationArea.objects.visible_to(request.user).select_related("host").alphabetical())
    if not areas:
        return render(request, "youthnet/first_run/welcome.html", _welcome())
    home_area = _home_area(areas, request.user)
    if home_area is None:
        return render(request, "youthnet/choose_area.html", {"areas": areas})
    return render(request, "home.html", front_page(home_area, request.user, timezone.now()))


def _welcome() -> dict[str, Any]:
    """What an empty installation tells whoever opens it first."""
    return {
        "has_superuser": User.objects.filter(is_superuser=True).exists(),
        "make_superuser": as_typed("createsuperuser --noinput --email you@example.org"),
        "load_demo": as_typed("load_demo"),
    }


def _home_area(areas: list[CoordinationArea], user: Any) -> CoordinationArea | None:
    """The only area, or the only one the reader belongs to."""
    if len(areas) > 1 and user.is_authenticated:
        areas = [area for area in areas if area.pk in user.area_ids()]
    return areas[0] if len(areas) == 1 else None


@public
@require_safe
def area(request: HttpRequest, slug: str) -> HttpResponse:
    """The front page of one area."""
    return render(request, "home.html", front_page(_area(request, slug), request.user, timezone.now()))


@public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the coordination is; with several areas the reader chooses first."""
    areas = list(CoordinationArea.objects.visible_to(request.user).select_related("host").alphabetical())
    home_area = _home_area(areas, request.user)
    if home_area is None:
        return redirect("home")
    return render(request, "youthnet/about.html", about_page(home_area, request.user, timezone.now()))


@public
@require_safe
def area_about(request: HttpRequest, slug: str) -> HttpResponse:
    """What the coordination of one area is."""
    return render(request, "youthnet/about.html", about_page(_area(request, slug), request.user, timezone.now()))


def _area(request: HttpRequest, slug: str) -> CoordinationArea:
    return get_object_or_404(CoordinationArea.objects.visible_to(request.user).select_related("host"), slug=slug)
