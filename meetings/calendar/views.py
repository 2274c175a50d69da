"""The addresses that calendar programs fetch, and the page that explains them.

A program asks so often that even a transaction around one reading is left out.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.db.transaction import non_atomic_requests
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contacts.models import CoordinationArea
from lib.absolute_urls import absolute_url
from lib.access import by_token, of_a_network_only, public
from meetings.calendar.feed import Feed
from meetings.models import CalendarKey, Meeting
from networks.models import Network

PUBLIC, OWN = "public, max-age=900", "private, max-age=900"


@public
@require_safe
@non_atomic_requests
def network_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """A network's public meetings; the same for everybody, so nobody's link for joining."""
    networks = Network.objects.visible_to(AnonymousUser()).only("name_fi", "name_sv", "name_en")
    network = get_object_or_404(networks, slug=slug)
    return Feed(network.name, _for_all().filter(networks=network.pk), timezone.now()).answer(request, PUBLIC)


@public
@require_safe
@non_atomic_requests
def area_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """All public meetings of an area."""
    area = get_object_or_404(CoordinationArea.objects.only("title_fi", "title_sv", "title_en"), slug=slug)
    return Feed(area.title, _for_all().filter(area=area.pk), timezone.now()).answer(request, PUBLIC)


@by_token
@require_safe
@non_atomic_requests
def own_feed(request: HttpRequest, token: str) -> HttpResponse:
    """A person's own meetings with the links for joining, as long as the person belongs to a network."""
    key = CalendarKey.objects.opening(token).with_answers().first()
    if key is None:
        raise Http404
    meetings = Meeting.objects.of_calendar_of(key.user)
    extra = (key.user.email, key.answers, key.answered_at)
    feed = Feed(_("My meetings"), meetings, timezone.now(), owner=key.user, extra=extra)
    return feed.answer(request, OWN)


@public
@require_safe
def subscribe(request: HttpRequest) -> HttpResponse:
    """How to have the meetings in one's own calendar."""
    return _page(request)


@of_a_network_only
@require_POST
def own_feed_renew(request: HttpRequest) -> HttpResponse:
    """Make one's own address, or a new one in its place. It is shown now and never again."""
    secret = CalendarKey.renew(request.user, timezone.now())
    response = _page(request, own=absolute_url("meetings:own-feed", secret))
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


@of_a_network_only
@require_POST
def own_feed_end(request: HttpRequest) -> HttpResponse:
    """Let one's own address die."""
    CalendarKey.objects.filter(user=request.user).delete()
    messages.success(request, _("The address is dead now. A calendar that used it gets nothing more."))
    return redirect("meetings:subscribe")


def _page(request: HttpRequest, own: str = "") -> HttpResponse:
    areas = [
        (area.title, absolute_url("meetings:area-feed", area.slug)) for area in CoordinationArea.objects.alphabetical()
    ]
    networks = Network.objects.visible_to(AnonymousUser()).in_order()
    context: dict[str, Any] = {
        "areas": areas,
        "networks": [(network.name, absolute_url("meetings:network-feed", network.slug)) for network in networks],
        "own": own,
    }
    if request.user.is_authenticated:
        context["key"] = CalendarKey.objects.filter(user=request.user.pk).first()
        context["may_have_own"] = request.user.is_of_a_network()
    return render(request, "meetings/calendar/subscribe.html", context)


def _for_all() -> Any:
    return Meeting.objects.visible_to(AnonymousUser())
