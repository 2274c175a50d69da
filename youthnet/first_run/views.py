"""Pages of the first run: choose a region, invite its coordinator, take the steps, accept an invitation."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.models import AreaLogo, CoordinationArea, CoordinatorInvitation, InvitationOver, Region, SetupStep
from lib.access import by_token, coordinators_only
from lib.forms.posting import posted, show_and_act, show_form
from lib.tokens import BadToken, read
from outbox.models import Delivery
from youthnet.context_processors import CACHE_KEY
from youthnet.first_run import emails
from youthnet.first_run.commands import as_typed
from youthnet.first_run.forms import STEPS, AreaForm, CoordinatorForm


@coordinators_only
@show_and_act
def choose_region(request: HttpRequest) -> HttpResponse:
    """Which region? Then its municipalities and its coordinator. Only a superuser makes areas."""
    _only_superusers(request)
    region = Region.objects.filter(pk=request.GET.get("region", "")[:2]).first()
    if region is None:
        current = Count("municipalities", filter=Q(municipalities__valid_to=None))
        regions = Region.objects.annotate(places=current).order_by("name_fi", "pk")
        return render(request, "youthnet/first_run/regions.html", {"regions": regions})
    form = AreaForm(posted(request), region=region)
    if form.is_bound and form.is_valid():
        _make_area(request, form, timezone.now())
        return redirect("admin:index")
    return show_form(request, "youthnet/first_run/area.html", {"form": form, "region": region})


@transaction.atomic
def _make_area(request: HttpRequest, form: AreaForm, now: datetime) -> None:
    person: Any = request.user
    area = form.save()
    messages.success(request, _("%(area)s is ready to begin. The steps below make it complete.") % {"area": area})
    if form.cleaned_data["myself"]:
        area.appoint(person, on=timezone.localdate(now))
    if form.cleaned_data["email"]:
        _invite(request, form, area, now)
    transaction.on_commit(lambda: cache.delete(CACHE_KEY))


def _invite(request: HttpRequest, form: Any, area: CoordinationArea, now: datetime) -> None:
    person: Any = request.user
    invitation = form.invite(area, by=person, now=now)
    emails.invited(invitation, now)
    messages.success(request, _("An invitation was sent to %(address)s.") % {"address": invitation.email})


@coordinators_only
@show_and_act
@transaction.atomic
def coordinator(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite somebody to coordinate an area, or send the letter again."""
    _only_superusers(request)
    area = get_object_or_404(CoordinationArea, slug=slug)
    waiting = area.coordinator_invitations.unanswered()
    form = CoordinatorForm(posted(request), initial={"email": request.GET.get("email", "")})
    if form.is_bound and form.is_valid():
        _invite(request, form, area, timezone.now())
        return redirect("admin:index")
    return show_form(
        request, "youthnet/first_run/coordinator.html", {"form": form, "area": area, "invitations": waiting}
    )


@coordinators_only
@show_and_act
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """One step of one area: what is saved here is done, and can be changed later on the area's own page."""
    area = get_object_or_404(CoordinationArea.objects.run_by(request.user), slug=slug)
    if step not in STEPS:
        raise Http404
    form = STEPS[step](posted(request), request.FILES or None, area=area, person=request.user)
    if form.is_bound and form.is_valid():
        _take(area, step, form)
        messages.success(request, _("Saved. The step is done."))
        return redirect("admin:index")
    context = {
        "form": form,
        "area": area,
        "step": SetupStep(area=area, step=step),
        "steps": area.setup_steps.in_order(),
    }
    return show_form(request, f"youthnet/first_run/{step}.html", context | _more(step, area))


@transaction.atomic
def _take(area: CoordinationArea, step: str, form: Any) -> None:
    form.save()
    area.setup_steps.filter(step=step).finish(timezone.now())
    transaction.on_commit(lambda: cache.delete(CACHE_KEY))


def _more(step: str, area: CoordinationArea) -> dict[str, Any]:
    """What a page shows besides its form."""
    if step == SetupStep.LOOK:
        return {"logo": AreaLogo.objects.filter(area=area).first()}
    if step == SetupStep.MAIL:
        tests = Delivery.objects.filter(kind=emails.TEST, area_id=area.pk).order_by("-queued_at", "-pk")
        return {"tests": tests[:3], "doctor": as_typed("doctor mail")}
    return {}


@coordinators_only
@require_POST
def mail_test(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a test letter to oneself."""
    person: Any = request.user
    area = get_object_or_404(CoordinationArea.objects.run_by(person), slug=slug)
    emails.tested(area, person, timezone.now())
    messages.success(request, _("A test letter was sent to %(address)s.") % {"address": person.email})
    return redirect("setup-step", slug, SetupStep.MAIL)


@by_token
@show_and_act
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invited coordinator sees first. Accepting gives the rights; the sign-in is by a code, as always."""
    found = _invitation_of(token)
    if found is None or found.is_over(timezone.now()):
        return render(request, "youthnet/first_run/invitation_over.html", {"why": InvitationOver()}, status=410)
    if request.method != "POST":
        return render(request, "youthnet/first_run/invitation.html", {"invitation": found})
    try:
        person = found.accept(timezone.now())
    except InvitationOver as why:
        return render(request, "youthnet/first_run/invitation_over.html", {"why": why}, status=410)
    return render(request, "youthnet/first_run/invitation_accepted.html", {"invitation": found, "email": person.email})


def _invitation_of(token: str) -> CoordinatorInvitation | None:
    """The invitation that the letter was about; a link of an earlier letter no longer holds."""
    try:
        told = read(emails.PURPOSE, token)
    except BadToken:
        return None
    found = CoordinatorInvitation.objects.select_related("area").filter(pk=told["invitation"]).first()
    return found if found and found.sent_at.isoformat() == told["sent"] else None


def _only_superusers(request: HttpRequest) -> None:
    person: Any = request.user
    if not person.is_superuser:
        raise Http404
