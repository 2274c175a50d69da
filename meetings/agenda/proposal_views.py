"""Proposals for the agenda: a member proposes, the coordinator answers, what was kept waits for its meeting."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.access import coordinators_only, of_a_network_only
from lib.forms.posting import attempt, posted, show_and_act, show_form
from lib.forms.rendering import error_summary
from meetings.agenda.forms import ProposalForm, ReplyForm
from meetings.minutes import emails
from meetings.models import Meeting, Proposal

SHOWN = 50


@of_a_network_only
@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    """My proposals with their answers, what waits for a meeting, and what waits for the coordinator."""
    return _list(request)


def _list(request: HttpRequest, refused: Any = None, status: int = 200) -> HttpResponse:
    """The page; `refused` is an answer that could not be kept, and stays in its boxes."""
    user, now = request.user, timezone.now()
    seen = Proposal.objects.visible_to(user).with_places()
    waiting = Proposal.objects.run_by(user).waiting().with_places().oldest_first()
    context = {
        "mine": seen.filter(proposer=user).order_by("-created_at", "-pk")[:SHOWN],
        "backlog": seen.backlog().oldest_first()[:SHOWN],
        "waiting": waiting[:SHOWN],
        "runs": user.area_ids_run() if not user.is_superuser else True,
    }
    if context["runs"]:
        coming = Meeting.objects.run_by(user).upcoming(now).filter(is_external=False)
        context["coming"] = list(coming.next_first().prefetch_related("networks")[:SHOWN])
    context["refused"] = refused
    return render(request, "meetings/agenda/proposal_list.html", context, status=status)


@of_a_network_only
@show_and_act
def proposal_new(request: HttpRequest) -> HttpResponse:
    """Propose something to a coming meeting, or to any."""
    user, now = request.user, timezone.now()
    form = ProposalForm(posted(request), user=user, now=now, initial=_wished(request))
    if form.is_valid():
        with transaction.atomic():
            proposal = Proposal.objects.create(proposer=user, created_at=now, **form.cleaned_data)
            emails.proposal_received(proposal)
        messages.success(request, _("Thank you. The coordinator answers you by letter; you can follow it here too."))
        return redirect("meetings:proposal-list")
    return show_form(request, "meetings/agenda/proposal_new.html", {"form": form})


@coordinators_only
@require_POST
def proposal_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """To an agenda, for later, or no; the proposer hears of it by letter."""
    proposal = get_object_or_404(Proposal.objects.run_by(request.user).with_places(), pk=pk)
    form = ReplyForm(request.POST, proposal=proposal, now=timezone.now())
    if not form.is_valid():
        messages.error(request, error_summary(form))
        return _list(request, {"proposal": proposal, "reply": form.data.get("reply", "")}, 422)
    done = _("The answer is kept, and the proposer gets a letter.")
    attempt(request, lambda: _decide(proposal, **form.cleaned_data), done)
    return redirect("meetings:proposal-list")


@of_a_network_only
@require_POST
def proposal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own proposal before it was answered."""
    proposal = get_object_or_404(Proposal.objects.filter(proposer=request.user), pk=pk)
    attempt(request, lambda: proposal.withdraw(timezone.now()), _("You took your proposal back."))
    return redirect("meetings:proposal-list")


@transaction.atomic
def _decide(proposal: Proposal, verdict: str, meeting: Meeting | None, reply: str) -> None:
    """Keep the answer together with its letter."""
    now: Any = timezone.now()
    if verdict == Proposal.AGENDA:
        proposal.take_up(meeting, now, reply)
    elif verdict == Proposal.BACKLOG:
        proposal.keep_for_later(now, reply)
    else:
        proposal.decline(now, reply)
    emails.proposal_answered(proposal)


def _wished(request: HttpRequest) -> dict[str, Any]:
    """The meeting from whose page the person came, and its network when the person belongs to one of them."""
    found = Meeting.objects.visible_to(request.user).filter(slug=request.GET.get("meeting", ""))
    meeting = found.prefetch_related("networks").first()
    if meeting is None:
        return {}
    own = request.user.network_ids()
    networks = sorted(meeting.networks.all(), key=lambda network: network.pk not in own)
    return {"meeting": meeting, "network": networks[0] if networks else None}
