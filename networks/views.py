"""Networks and joining them; news, pages, questions and answers."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.models import Term
from lib.access import coordinators_only, public, signed_in_only
from lib.exceptions import Refused
from networks import emails
from networks.forms import JoinForm, RefusalForm
from networks.models import Membership, Network, NewsItem, Page, Question

NEWS_ON_A_PAGE = 10


@public
@require_safe
def network_list(request: HttpRequest) -> HttpResponse:
    """All networks one may see."""
    networks = Network.objects.visible_to(request.user).active().with_counts().in_order()
    mine = request.user.network_ids() if request.user.is_authenticated else frozenset()
    return render(request, "networks/network_list.html", {"networks": networks, "mine": mine})


@public
@require_safe
def network_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What a network is for, how it works, who belongs to it and when it meets."""
    network = get_object_or_404(Network.objects.visible_to(request.user).for_page(), slug=slug)
    context = {
        "network": network,
        "membership": network.membership_of(request.user),
        "reach": network.reach(),
        "members": network.memberships.active().visible_to(request.user).with_people().alphabetical(),
        "meetings": _coming(network, request.user),
        "news": network.news.visible_to(request.user).select_related("category").latest_first()[:3],
        "municipalities": network.municipalities.alphabetical(),
        "partners": network.partners.alphabetical(),
    }
    return render(request, "networks/network_detail.html", context)


def _coming(network: Network, user: Any) -> Any:
    """The next meetings of a network that a person may see."""
    coming = network.meetings.visible_to(user).upcoming(timezone.now()).next_first()
    return coming.with_answer_of(user).select_related("kind", "municipality")[:4]


@signed_in_only
@require_http_methods(["GET", "HEAD", "POST"])
def network_join(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to join. Members of the portal enter an open network at once."""
    network = get_object_or_404(Network.objects.visible_to(request.user).active(), slug=slug)
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            membership = network.receive_request(request.user, timezone.now(), form.cleaned_data["message"])
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            _tell_about(request, membership)
        return redirect(network)
    return render(request, "networks/network_join.html", {"network": network, "form": form})


def _tell_about(request: HttpRequest, membership: Membership) -> None:
    """Tell the person what happened, and the coordinators when an answer is wanted."""
    if membership.is_waiting:
        emails.asked(membership)
        messages.success(request, _("Your request is with the coordinator. You will get the answer by e-mail."))
    else:
        messages.success(request, _("Welcome! You now belong to this network and will be invited to its meetings."))


@signed_in_only
@require_POST
def network_leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave, or take back the request."""
    mine = Membership.objects.ongoing().filter(user=request.user.pk).select_related("network")
    membership = get_object_or_404(mine, network__slug=slug)
    was_waiting = membership.is_waiting
    membership.leave(timezone.now())
    messages.success(
        request,
        _("Your request has been taken back.")
        if was_waiting
        else _("You have left the network. You are no longer invited to its meetings."),
    )
    return redirect("contacts:me")


@coordinators_only
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """Requests to join the networks of my areas."""
    return _requests(request)


def _requests(request: HttpRequest, status: int = 200, **typed: Any) -> HttpResponse:
    waiting = Membership.objects.run_by(request.user).waiting().with_people().oldest_first()
    context = {"waiting": waiting, "form": RefusalForm(auto_id=False), **typed}
    return render(request, "networks/request_list.html", context, status=status)


@coordinators_only
@require_POST
def request_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the person in."""
    membership = get_object_or_404(Membership.objects.run_by(request.user).with_people(), pk=pk)
    if membership.approve(timezone.now(), by=request.user):
        emails.approved(membership)
        messages.success(request, _("%(name)s is now a member and has been told.") % {"name": membership.user})
    else:
        messages.info(request, _("This request has been answered already."))
    return redirect("networks:request-list")


@coordinators_only
@require_POST
def request_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, with the reason."""
    membership = get_object_or_404(Membership.objects.run_by(request.user).with_people(), pk=pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The reason may be at most 1,000 characters long."))
        return _requests(request, status=422, refusing=membership.pk, reason=request.POST.get("reason", ""))
    if membership.refuse(timezone.now(), by=request.user, reason=form.cleaned_data["reason"]):
        emails.refused(membership)
        messages.success(request, _("%(name)s has been told that the answer is no.") % {"name": membership.user})
    else:
        messages.info(request, _("This request has been answered already."))
    return redirect("networks:request-list")


@public
@require_safe
def news_list(request: HttpRequest) -> HttpResponse:
    """News, newest first; ?category= keeps one kind."""
    categories = Term.objects.in_list("news_categories")
    chosen = categories.filter(code=request.GET.get("category", "")).first()
    news = NewsItem.objects.visible_to(request.user).select_related("category").newest()
    if chosen:
        news = news.filter(category=chosen)
    page = Paginator(news, NEWS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "networks/news_list.html", {"page": page, "categories": categories, "chosen": chosen})


@public
@require_safe
def news_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One piece of news."""
    item = get_object_or_404(NewsItem.objects.visible_to(request.user).select_related("category"), slug=slug)
    network = Network.objects.visible_to(request.user).filter(news=item).first()
    return render(request, "networks/news_detail.html", {"item": item, "network": network})


@public
@require_safe
def page(request: HttpRequest, area: str, slug: str) -> HttpResponse:
    """A page that a coordinator wrote."""
    found = get_object_or_404(Page.objects.visible_to(request.user).select_related("area"), area__slug=area, slug=slug)
    return render(request, "networks/page.html", {"page": found})


@public
@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """Questions people ask again and again, with answers."""
    questions = Question.objects.visible_to(request.user).in_order()
    return render(request, "networks/question_list.html", {"questions": questions})
