"""Pages for readers: joining, confirming, one's own settings, leaving in one press, and the archive."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from newsletters import flood, keys
from newsletters.forms import PreferencesForm, SubscribeForm
from newsletters.models import Issue
from newsletters.reader import Reader
from newsletters.tasks import send_confirmations
from youthnet.access import by_token, public
from youthnet.celery import wake
from youthnet.tokens import BadToken

PER_PAGE = 20
show_and_act = require_http_methods(["GET", "HEAD", "POST"])

# The sign-up is `csrf_exempt`: it acts for an address, which its owner must confirm, and for nobody who is signed in.
# So pages with the form need no cookie.


@public
@csrf_exempt
@show_and_act
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask for letters. The answer is the same for every address."""
    form = SubscribeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "newsletters/subscribe.html", {"form": form})
    if flood.is_too_much(request):
        return render(request, "newsletters/too_much.html", status=429)
    form.request(timezone.now())
    wake(send_confirmations)
    return redirect("newsletters:subscribe-done")


@public
@require_safe
def subscribe_done(request: HttpRequest) -> HttpResponse:
    """ "Check your mail", whatever the address was."""
    return render(request, "newsletters/subscribe_done.html")


@by_token
@show_and_act
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter shows one button; pressing it confirms. Pressing it again changes nothing."""
    try:
        asked = keys.to_confirm(token)
    except BadToken:
        return _refused(request)
    if request.method == "POST":
        asked.confirm(timezone.now())
        return redirect("newsletters:confirmed", token)
    if asked.unconfirmed().exists():
        return render(request, "newsletters/confirm.html", {"asked": asked.unconfirmed()})
    return redirect("newsletters:confirmed", token)


@by_token
@require_safe
def confirmed(request: HttpRequest, token: str) -> HttpResponse:
    """Thanks, what comes next, and where to change it."""
    try:
        first = keys.to_confirm(token).active().first()
    except BadToken:
        first = None
    if first is None:
        return _refused(request)
    settings_url = keys.settings_url(first.pk, first.language)
    return render(request, "newsletters/confirmed.html", {"subscription": first, "settings_url": settings_url})


@by_token
@show_and_act
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """What I read: change the language, leave lists, join others, leave all."""
    try:
        subscription = keys.of_settings(token)
    except BadToken:
        return _refused(request)
    if subscription is None:
        return render(request, "newsletters/left.html", {"subscription": None})
    reader = Reader(subscription)
    form = PreferencesForm(reader, request.POST if request.method == "POST" else None)
    if request.method == "POST" and ("leave_all" in request.POST or form.is_valid()):
        reader.leave_all(timezone.now()) if "leave_all" in request.POST else form.choose(timezone.now())
        return redirect(f"{request.path}?saved=1")
    return render(request, "newsletters/preferences.html", _settings_page(request, reader, form))


def _settings_page(request: HttpRequest, reader: Reader, form: PreferencesForm) -> dict[str, Any]:
    return {"reader": reader, "form": form, "lists": reader.lists().in_order(), "saved": "saved" in request.GET}


@by_token
@show_and_act
def leave_one_click(request: HttpRequest, token: str) -> HttpResponse:
    """Leave one list (RFC 8058): POST acts without cookies and answers 200 as often as it comes; GET shows a button."""
    try:
        subscription = keys.of_leaving(token)
    except BadToken:
        return _refused(request)
    if request.method == "POST" and subscription:
        subscription.leave(timezone.now())
    if request.method == "POST" or subscription is None:
        return render(request, "newsletters/left.html", {"subscription": subscription})
    return render(request, "newsletters/leave.html", {"subscription": subscription})


def _refused(request: HttpRequest) -> HttpResponse:
    """Words for a link that is broken, too old or made for something else."""
    return render(request, "newsletters/refused.html", status=404)


@public
@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    """The archive of what was sent to public lists."""
    issues = Issue.objects.visible_to(None).select_related("list").newest()
    page = Paginator(issues, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "newsletters/issue_list.html", {"page": page})


@public
@require_safe
def issue_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One issue as everybody may read it: without links to online meetings, whoever looks."""
    issue = get_object_or_404(Issue.objects.visible_to(None).select_related("list__area"), slug=slug)
    blocks = issue.blocks.shown_to(AnonymousUser()).in_order()
    return render(request, "newsletters/issue_detail.html", {"issue": issue, "blocks": blocks})
