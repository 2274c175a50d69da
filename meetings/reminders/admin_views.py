"""The desk's pages of reminders: the timeline of a meeting, those of the networks, and the forms that change them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.models import Meeting, Reminder, ReminderRule
from meetings.reminders.forms import TimelineForm
from meetings.reminders.timeline import days_of, timeline_rows
from networks.models import Network

SHOWN = 20  # coming meetings named on a network's page


def reminders(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """See what leaves when, and give this meeting a timeline of its own."""
    now = timezone.now()
    if "_follow" in request.POST:
        return _follow(request, meeting)
    timeline = ReminderRule.objects.timeline_of(meeting)
    form = TimelineForm(timeline, request.POST or None)
    if request.method == "POST" and form.is_valid():
        kept = ReminderRule.objects.store(timeline, form.plans(), now, meeting=meeting)
        _say(request, kept)
        return redirect("admin:meetings_meeting_reminders", meeting.pk)
    context |= {
        "title": _("Reminders"),
        "form": form,
        "lines": timeline_rows(meeting, now),
        "network": meeting.networks.all().in_order().first(),
        "has_own": any(plan.is_own for plan in timeline.values()),
    }
    return TemplateResponse(request, "admin/meetings/reminders/reminders.html", context)


def _follow(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    Reminder.objects.follow_network(meeting, timezone.now())
    messages.success(request, _("The meeting has no timeline of its own any more."))
    return redirect("admin:meetings_meeting_reminders", meeting.pk)


def _say(request: HttpRequest, kept: int) -> None:
    if kept:
        words = _("The timeline was kept. What would have left before this moment is not sent afterwards.")
        messages.success(request, words)
    else:
        messages.info(request, _("Nothing was changed."))


def timelines(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """All networks of the coordinator's areas, each with its timeline in short."""
    networks = Network.objects.run_by(request.user).active().in_order().prefetch_related("reminder_rules")
    rows = [{"network": network, "steps": _in_short(network)} for network in networks]
    context |= {"title": _("Reminders of the networks"), "rows": rows}
    return TemplateResponse(request, "admin/meetings/reminders/timelines.html", context)


def timeline(request: HttpRequest, context: dict[str, Any], pk: int) -> HttpResponse:
    """One network's timeline, which holds for all its meetings that have none of their own."""
    network = get_object_or_404(Network.objects.run_by(request.user), pk=pk)
    before, now = ReminderRule.objects.timeline_of_network(network), timezone.now()
    form = TimelineForm(before, request.POST or None)
    if request.method == "POST" and form.is_valid():
        _say(request, ReminderRule.objects.store(before, form.plans(), now, network=network))
        return redirect("admin:meetings_meeting_timeline", network.pk)
    coming = Meeting.objects.run_by(request.user).filter(networks=network).upcoming(now).next_first()
    context |= {"title": network.name, "network": network, "form": form, "coming": coming[:SHOWN]}
    return TemplateResponse(request, "admin/meetings/reminders/timeline.html", context)


def _in_short(network: Network) -> list[dict[str, Any]]:
    """What is on, in order: "Invitation, 21 days before"."""
    timeline = ReminderRule.objects.timeline_from(network.reminder_rules.all())
    return [{"plan": plan, "name": plan.label, "days": days_of(plan)} for plan in timeline.values() if plan.is_on]
