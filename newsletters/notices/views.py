"""Notification preferences, signed in or by the link in a letter, and one-click unsubscribe (RFC 8058)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contacts.models import User
from lib.access import by_token, signed_in_only
from lib.tokens import BadToken
from newsletters.models import NoticeRule
from newsletters.notices import stop_links
from newsletters.notices.forms import NoticesForm

show_and_act = require_http_methods(["GET", "HEAD", "POST"])


@signed_in_only
@show_and_act
def notices(request: HttpRequest) -> HttpResponse:
    """What I am told of, and how often."""
    person: Any = request.user
    return _page(request, person)


@by_token
@show_and_act
def notices_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same page for whoever holds the link from a letter."""
    try:
        person = stop_links.person_of(stop_links.SETTINGS, token)
    except BadToken:
        return render(request, "newsletters/subscriptions/refused.html", status=404)
    return _page(request, person) if person else render(request, "newsletters/notices/notices_stopped.html")


@by_token
@show_and_act
def notices_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop all notices (RFC 8058): POST acts without cookies and answers 200 each time; GET shows a button."""
    try:
        person = stop_links.person_of(stop_links.STOP, token)
    except BadToken:
        return render(request, "newsletters/subscriptions/refused.html", status=404)
    if request.method != "POST" and person:
        return render(request, "newsletters/notices/notices_stop.html")
    if person:
        NoticeRule.objects.stop(person, timezone.now())
    settings_url = stop_links.settings_url(person.pk, person.language) if person and person.is_active else ""
    return render(request, "newsletters/notices/notices_stopped.html", {"settings_url": settings_url})


def _page(request: HttpRequest, person: User) -> HttpResponse:
    form = NoticesForm(person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and _did(request, form):
        return redirect(f"{request.path}?saved=1")
    is_own = request.user.is_authenticated and request.user == person
    context = {"form": form, "is_own": is_own, "saved": "saved" in request.GET, "email": person.email}
    return render(request, "newsletters/notices/notices.html", context)


def _did(request: HttpRequest, form: NoticesForm) -> bool:
    """Whether what the button asked for was done."""
    now = timezone.now()
    if "stop" in request.POST:
        NoticeRule.objects.stop(form.person, now)
    elif "reset" in request.POST:
        NoticeRule.objects.reset(form.person, now)
    elif form.is_valid():
        form.choose(now)
    else:
        return False
    return True
