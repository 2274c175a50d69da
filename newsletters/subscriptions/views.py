"""Pages for subscribers: joining, confirming, preferences, another address, one-click unsubscribe (RFC 8058)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.access import by_token, public, signed_in_only
from lib.counters.rate_limit import is_rate_limited
from lib.tasks import wake
from lib.tokens import BadToken
from newsletters.models import MailingList, Subscription
from newsletters.subscriptions import address_confirmation, consent_texts, signed_links
from newsletters.subscriptions.consent_record import record_of
from newsletters.subscriptions.forms import SubscribeForm
from newsletters.subscriptions.preference_forms import FORMS, submitted_form
from newsletters.subscriptions.subscriber import Subscriber
from newsletters.tasks import send_confirmations

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
        return render(request, "newsletters/subscriptions/subscribe.html", {"form": form})
    if _is_rate_limited(request):
        return render(request, "newsletters/subscriptions/rate_limited.html", status=429)
    form.request(timezone.now())
    wake(send_confirmations)
    return redirect("newsletters:subscribe-done")


@public
@require_safe
def subscribe_done(request: HttpRequest) -> HttpResponse:
    """ "Check your mail", whatever the address was."""
    return render(request, "newsletters/subscriptions/subscribe_done.html")


@by_token
@show_and_act
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter shows one button; pressing it confirms. Pressing it again changes nothing."""
    try:
        asked = signed_links.to_confirm(token)
    except BadToken:
        return _link_error(request)
    if request.method == "POST":
        asked.confirm(timezone.now())
        return redirect("newsletters:confirmed", token)
    if asked.unconfirmed().exists():
        return render(request, "newsletters/subscriptions/confirm.html", {"asked": asked.unconfirmed()})
    return redirect("newsletters:confirmed", token)


@by_token
@require_safe
def confirmed(request: HttpRequest, token: str) -> HttpResponse:
    """Thanks, what comes next, and where to change it."""
    try:
        first = signed_links.to_confirm(token).active().first()
    except BadToken:
        first = None
    if first is None:
        return _link_error(request)
    settings_url = signed_links.settings_url(first.pk, first.language)
    return render(
        request, "newsletters/subscriptions/confirmed.html", {"subscription": first, "settings_url": settings_url}
    )


@by_token
@show_and_act
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """What I read, by the link of a letter."""
    try:
        subscription = signed_links.of_settings(token)
    except BadToken:
        return _link_error(request)
    if subscription is None:
        return render(request, "newsletters/subscriptions/left.html", {"subscription": None})
    return _settings(request, Subscriber.of_subscription(subscription))


@signed_in_only
@show_and_act
def mine(request: HttpRequest) -> HttpResponse:
    """What I read, signed in: the lists of my networks are offered too."""
    subscriber = Subscriber.signed_in(request.user)
    if subscriber is None:
        return render(request, "newsletters/subscriptions/unproved.html", status=403)
    return _settings(request, subscriber)


@signed_in_only
@require_POST
def list_join(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one more list: one click, and no letter to confirm, for the address of the account is proved."""
    mailing_list = get_object_or_404(MailingList.objects.visible_to(request.user), pk=pk)
    subscriber = Subscriber.signed_in(request.user)
    if subscriber is None:
        return render(request, "newsletters/subscriptions/unproved.html", status=403)
    subscriber.join([mailing_list], timezone.now(), consent_texts.language(get_language()))
    messages.success(request, _("You now read “%(list)s”.") % {"list": mailing_list.name})
    return redirect("newsletters:mine")


def _settings(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """Choose, pause, move, leave, come back: each form has a button of its own and acts by itself."""
    chosen = submitted_form(request.POST) if request.method == "POST" else ""
    forms = {name: form(subscriber, request.POST if name == chosen else None) for name, form in FORMS.items()}
    if not chosen or not forms[chosen].is_valid():
        return render(request, "newsletters/subscriptions/preferences.html", _settings_page(request, subscriber, forms))
    if chosen == "new_address" and _is_rate_limited(request):
        return render(request, "newsletters/subscriptions/rate_limited.html", status=429)
    forms[chosen].apply(timezone.now())
    wake(send_confirmations)
    chose_nothing = chosen == "choose" and not subscriber.lists().exists()
    return redirect(f"{request.path}?saved={'leave_all' if chose_nothing else chosen}")


def _settings_page(request: HttpRequest, subscriber: Subscriber, forms: dict[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    saved = FORMS.get(request.GET.get("saved", ""))
    confirmed = subscriber.subscriptions().exclude(confirmed_at=None)
    subscriptions = confirmed.select_related("list", "noted_by", "previous").oldest_first()
    return {
        "subscriber": subscriber,
        "forms": forms,
        "reads": subscriber.lists().exists(),
        "paused_until": subscriber.paused_until(now),
        "may_come_back": subscriber.may_come_back(now),
        "saved": saved.done if saved else "",
        "records": [(subscription, record_of(subscription)) for subscription in subscriptions],
    }


@by_token
@show_and_act
def new_address(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter to a new address shows one button; pressing it moves the subscriptions there, once."""
    try:
        change = signed_links.of_new_address(token)
    except BadToken:
        return _link_error(request)
    if change is None:
        return _link_error(request)
    if request.method == "POST":
        address_confirmation.confirm(change, timezone.now(), consent_texts.language(get_language()))
        return redirect(request.path)
    context = {"change": change, "consent": consent_texts.text(get_language())}
    if change.confirmed_at and (moved := Subscription.objects.of(change.new_email).active().first()):
        context["settings_url"] = signed_links.settings_url(moved.pk, moved.language)
    return render(request, "newsletters/subscriptions/new_address.html", context)


@by_token
@show_and_act
def leave_one_click(request: HttpRequest, token: str) -> HttpResponse:
    """Leave one list (RFC 8058): POST acts without cookies and answers 200 as often as it comes; GET shows a button.

    The page that answers has one more button, for those who clicked by mistake.
    """
    try:
        subscription = signed_links.of_leaving(token)
    except BadToken:
        return _link_error(request)
    if subscription is None:
        return render(request, "newsletters/subscriptions/left.html", {"subscription": None})
    if request.method != "POST":
        return render(request, "newsletters/subscriptions/leave.html", {"subscription": subscription})
    now = timezone.now()
    if "come_back" in request.POST:
        came_back = subscription.come_back(now, consent_texts.language(get_language()))
        return render(
            request, "newsletters/subscriptions/back.html", {"subscription": subscription, "came_back": came_back}
        )
    subscription.leave(now, request.POST.get("reason", "").strip()[:200])
    context = {"subscription": subscription, "may_come_back": subscription.may_come_back(now)}
    return render(request, "newsletters/subscriptions/left.html", context)


def _link_error(request: HttpRequest) -> HttpResponse:
    """Words for a link that is broken, too old or made for something else."""
    return render(request, "newsletters/subscriptions/refused.html", status=404)


def _is_rate_limited(request: HttpRequest) -> bool:
    """Sign-ups and changes of address bring a letter each, so they are counted together."""
    return is_rate_limited(request, "newsletters", "sign-ups for newsletters")
