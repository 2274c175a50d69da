"""Pages of meetings: the list, the month, the year, one meeting and the answer given on its page."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.access import public, signed_in_only
from lib.exceptions import Refused
from meetings.agenda.meeting_papers import papers_of
from meetings.calendar.add_links import google_link, outlook_link
from meetings.calendar.event_of_meeting import event_of, organiser_of
from meetings.calendar.ical import calendar_text
from meetings.calendar.month_grid import month_of, year_of
from meetings.filters import MeetingFilter
from meetings.invitations.forms import AnswerForm, initial_of
from meetings.models import ExternalNotes, Meeting, NotInvited
from meetings.next_step import next_step
from meetings.signup.views import facts_of_signup
from networks.models import Network

PER_PAGE = 25


def _shown_to(user: Any) -> Any:
    """The meetings a person may see, each with those of its networks that the person may see."""
    seen = Prefetch("networks", Network.objects.visible_to(user).in_order(), to_attr="networks_shown")
    return Meeting.objects.visible_to(user).select_related("kind", "municipality", "signup").prefetch_related(seen)


@public
@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    """Coming meetings, the next first; past ones when asked for."""
    found = MeetingFilter(request.GET, queryset=_shown_to(request.user), request=request)
    page = Paginator(found.found().with_answer_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"filter": found, "page": page, "today": timezone.localdate()}
    return render(request, "meetings/meeting_list.html", context)


@public
@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """One month as a table."""
    today = timezone.localdate()
    table = month_of([], year, month, today)
    if table is None:
        raise Http404
    meetings = Meeting.objects.visible_to(request.user).in_month(year, month).next_first()
    context = {"month": month_of(meetings, year, month, today), "today": today}
    return render(request, "meetings/calendar/month.html", context)


@public
@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    """Twelve months with what is in them: the round of the year, to be printed for the wall."""
    today = timezone.localdate()
    if month_of([], year, 1, today) is None:
        raise Http404
    shown = Meeting.objects.visible_to(request.user)
    context = {"months": year_of(shown.in_year(year).next_first(), year), "year": year, "today": today}
    context |= {"years": sorted({*shown.years(), today.year} - {year})}
    return render(request, "meetings/calendar/year.html", context)


@public
@require_safe
def meeting_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One meeting: what it is, when and where, and for those it is for the link and the answer."""
    found = _shown_to(request.user).select_related("kept_minutes")
    return _detail(request, get_object_or_404(found, slug=slug))


@signed_in_only
@require_POST
def meeting_answer(request: HttpRequest, slug: str) -> HttpResponse:
    """A person's own answer, given on the meeting's page."""
    meeting = get_object_or_404(_shown_to(request.user), slug=slug)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _detail(request, meeting, form, status=422)
    try:
        meeting.take_answer(request.user, now=timezone.now(), **form.cleaned_data)
    except NotInvited:
        raise Http404
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your answer is kept. You can change it until the meeting begins."))
    return redirect(meeting)


@public
@require_safe
def meeting_ics(request: HttpRequest, slug: str) -> HttpResponse:
    """The meeting as a file for one's own calendar; the link for joining only for those it is for."""
    meeting = get_object_or_404(_shown_to(request.user), slug=slug)
    entry = event_of(meeting, with_link=meeting.may_see_link(request.user), language=get_language())
    network = next(iter(meeting.networks_shown), None)
    response = HttpResponse(
        calendar_text(entry, "PUBLISH", organiser_of(network)),
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
    )
    response["Content-Disposition"] = f'attachment; filename="{meeting.slug}.ics"'
    return response


def _detail(request: HttpRequest, meeting: Meeting, form: AnswerForm | None = None, status: int = 200) -> HttpResponse:
    user, now = request.user, timezone.now()
    context: dict[str, Any] = {"meeting": meeting, "is_over": meeting.is_over(now)} | papers_of(meeting, user, now)
    context["taken_home"] = ExternalNotes.objects.shown_beside(meeting, user)
    is_coming = not context["is_over"] and not meeting.is_cancelled
    if is_coming:
        entry = event_of(meeting, with_link=False, language=get_language())
        context |= {"google": google_link(entry), "outlook": outlook_link(entry)}
        context["join_url"] = meeting.join_url if meeting.is_online and meeting.may_see_link(user) else ""
    context |= facts_of_signup(meeting, user)
    if user.is_authenticated:
        context |= _for_person(meeting, user, form if form and is_coming else None, is_coming)
    context["next_step"] = next_step(meeting, context, now)
    return render(request, "meetings/meeting_detail.html", context, status=status)


def _for_person(meeting: Meeting, user: Any, form: AnswerForm | None, is_coming: bool) -> dict[str, Any]:
    """Own answer and its form for those it is for; how many come, or came, for them and the coordinator; names for the
    latter."""
    own = meeting.participations.filter(user=user).select_related("meeting", "certificate").first()
    is_for, runs = meeting.is_for(user), meeting.is_run_by(user)
    facts: dict[str, Any] = {"own": own, "runs": runs}
    if is_for and is_coming and not meeting.rules_of_signup():
        facts["form"] = form or AnswerForm(initial=initial_of(own))
    if (is_for or runs) and meeting.is_over(timezone.now()):
        facts["came"] = meeting.participations.came().count()
    elif is_for or runs:
        facts["counts"] = meeting.participations.counts()
    if runs and is_coming:
        answered = meeting.participations.named().exclude(answer="")
        facts["people"] = answered.select_related("user", "brought_by__user").in_order()
    return facts
