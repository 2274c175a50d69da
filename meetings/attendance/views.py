"""Pages of attendance: the list to tick, the code for the slide, "I am here", and the report of Teams."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lib.absolute_urls import absolute_url
from lib.access import by_token, coordinators_only
from lib.counters.rate_limit import is_rate_limited
from lib.exceptions import Refused
from lib.forms.params import int_or_none
from lib.forms.posting import show_and_act, show_form
from lib.output.qr import qr
from lib.tokens import sign
from meetings.attendance import teams_import
from meetings.attendance.forms import HereForm, HoursForm, ReportForm, WalkInForm
from meetings.attendance.teams_report import Attendee
from meetings.models import Meeting, Participation
from meetings.models.attendance import mark_absent, mark_all_present, mark_present, walk_in
from meetings.signed_links import row_of_link

# Presses of "I am here" within an hour: everybody in a hall comes from one network address.
FROM_ONE_VENUE, IN_ONE_MEETING = 600, 3000

# What the session remembers of the last press that marked many.
MARKED = "attendance_marked"


def _run(request: HttpRequest, slug: str) -> Meeting:
    return get_object_or_404(Meeting.objects.run_by(request.user).published().select_related("signup"), slug=slug)


@coordinators_only
@show_and_act
def attendance(request: HttpRequest, slug: str) -> HttpResponse:
    """The list to tick: one press each, and one press takes it back."""
    meeting = _run(request, slug)
    form = WalkInForm(request.POST if "walk_in" in request.POST else None)
    if request.method != "POST" or (form.is_bound and not form.is_valid()):
        shown = _list(meeting, form) | {"marked": len(_marked(request, meeting)) if "marked" in request.GET else 0}
        return show_form(request, "meetings/attendance/attendance.html", shown)
    if request.POST.get("act") in ("all", "none"):
        return _all(request, meeting)
    try:
        person = walk_in(meeting, timezone.now(), **form.cleaned_data) if form.is_bound else _tick(request, meeting)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("meetings:attendance", slug)
    if request.headers.get("HX-Request") and not form.is_bound:
        context = {"person_listed": person, "meeting": meeting} | _numbers(meeting)
        return render(request, "meetings/attendance/_attendee_updated.html", context)
    answer = redirect("meetings:attendance", slug)
    answer["Location"] += f"#p{person.pk}"
    return answer


def _all(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Everybody who said yes in one press; the next page offers to take these marks back."""
    answer = redirect("meetings:attendance", meeting.slug)
    if request.POST["act"] == "none":
        for person in meeting.participations.filter(pk__in=_marked(request, meeting)):
            mark_absent(person)
        request.session.pop(MARKED, None)
        return answer
    try:
        people = mark_all_present(meeting, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return answer
    request.session[MARKED] = {"meeting": meeting.pk, "people": [person.pk for person in people]}
    answer["Location"] += "?marked=1"
    return answer


def _marked(request: HttpRequest, meeting: Meeting) -> list[int]:
    """Whom the last press marked all at once, as the session remembers."""
    last = request.session.get(MARKED, {})
    return last["people"] if last.get("meeting") == meeting.pk else []


def _list(meeting: Meeting, form: WalkInForm) -> dict[str, Any]:
    people = list(meeting.participations.named().select_related("user__organisation", "brought_by__user").in_order())
    expected = [each for each in people if each.answer == Participation.YES or each.attended_at]
    return {
        "meeting": meeting,
        "form": form,
        "expected": expected,
        "unmarked": sum(1 for each in expected if not each.attended_at),
        "others": [each for each in people if each not in expected],
        "modes": Participation.MODES,
        "has_begun": meeting.starts_at <= timezone.now(),
    } | _numbers(meeting)


def _numbers(meeting: Meeting) -> dict[str, int]:
    """How many came, and how many of them are heads that were only counted."""
    came = meeting.participations.came()
    return {"came": came.count(), "unnamed": came.only_counted().count()}


def _tick(request: HttpRequest, meeting: Meeting) -> Participation:
    """The pressed button of one row: came, did not come, or other hours."""
    act, _sep, pk = request.POST.get("act", "").partition("-")
    person = get_object_or_404(
        meeting.participations.with_employment().select_related("meeting"),
        pk=int_or_none(pk),
    )
    form = HoursForm(request.POST)
    if act == "absent":
        mark_absent(person)
    elif act == "hours" and form.is_valid():
        mark_present(person, timezone.now(), form.cleaned_data["mode"], form.cleaned_data["hours"])
    elif act == "hours":
        messages.error(request, _("Write the hours as a number, for example 2.5."))
    elif act == "here":
        mark_present(person, timezone.now())
    else:
        raise Http404
    return person


# the code on the slide


@coordinators_only
@require_safe
def attendance_code(request: HttpRequest, slug: str) -> HttpResponse:
    """A square to show on the wall. The page renews itself, for the code soon grows old."""
    meeting = _run(request, slug)
    address = absolute_url("meetings:here", sign("meetings.here", meeting.pk))
    minutes = settings.ATTENDANCE_CODE_MINUTES
    context = {
        "meeting": meeting,
        "address": address,
        "square": qr(address, _("A square code that opens the page for marking oneself present")),
        "seconds": minutes * 30,
    }
    answer = render(request, "meetings/attendance/attendance_code.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


@by_token
@show_and_act
def here(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the square: looking marks nobody, the button does. Who has signed in presses once."""
    meeting = _meeting_of(token)
    if meeting is None:
        return render(request, "meetings/attendance/here_expired.html", status=404)
    user: Any = request.user
    now = timezone.now()
    form = HereForm(request.POST if request.method == "POST" and not user.is_authenticated else None)
    context = {"meeting": meeting, "form": form, "is_done": "done" in request.GET}
    if request.method != "POST" or (form.is_bound and not form.is_valid()):
        return show_form(request, "meetings/attendance/here.html", context)
    if form.is_bound and is_rate_limited(request, f"attendance.{meeting.pk}", "", FROM_ONE_VENUE, IN_ONE_MEETING):
        return render(request, "meetings/signup/rate_limited.html", status=429)
    try:
        if form.is_bound:
            walk_in(meeting, now, mode="", **form.cleaned_data)
        else:
            own, _is_new = meeting.participations.get_or_create(user=user, defaults={"added_at": now})
            mark_present(own, now)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(request.path)
    return redirect(f"{request.path}?done=1")


def _meeting_of(token: str) -> Meeting | None:
    """Which meeting a code is of; None when it was cut or is too old."""
    age = timedelta(minutes=settings.ATTENDANCE_CODE_MINUTES)
    return row_of_link("meetings.here", token, Meeting.objects.published(), age)


# the report of Teams


@coordinators_only
@show_and_act
def attendance_report(request: HttpRequest, slug: str) -> HttpResponse:
    """First the people who were found, with whom they are here; then one press stores those that stay ticked."""
    meeting = _run(request, slug)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReportForm(*sent, meeting=meeting)
    if request.method != "POST" or not form.is_valid():
        return _report_page(request, {"meeting": meeting, "form": form}, 422 if form.errors else 200)
    people = form.cleaned_data["people"]
    rows = teams_import.rows_of(meeting, people)
    context = {"meeting": meeting, "form": form, "found": rows, "text": form.cleaned_data["text"]}
    context["warnings"] = teams_import.warnings(meeting, rows)
    chosen = {number for number in map(int_or_none, request.POST.getlist("keep")) if number is not None}
    chosen &= set(range(len(people)))
    asked = teams_import.namesakes(people, chosen)
    answers = {first: request.POST.get(f"namesakes-{first}", "") for first in asked}
    context["namesakes"] = _asked(rows, answers)
    if "store" not in request.POST:
        return _report_page(request, context)
    if not set(answers.values()) <= {teams_import.ONE, teams_import.MANY}:
        for number, row in enumerate(rows):
            row["is_ticked"] = number in chosen
        return _report_page(request, context | {"is_unanswered": True}, 422)
    _store_report(request, meeting, people, chosen, answers)
    return redirect("meetings:attendance", slug)


def _store_report(
    request: HttpRequest, meeting: Meeting, people: list[Attendee], chosen: set[int], answers: dict[int, str]
) -> None:
    try:
        number = teams_import.store(meeting, people, chosen, answers, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    words = ngettext("%(number)d person was marked as present.", "%(number)d people were marked as present.", number)
    messages.success(request, words % {"number": number})


def _report_page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "meetings/attendance/attendance_report.html", context, status=status)


def _asked(rows: list[dict[str, Any]], answers: dict[int, str]) -> list[dict[str, Any]]:
    """The question about each name that stands without an address in several rows, with what was answered."""
    people = [row["attendee"] for row in rows]
    groups = teams_import.namesakes(people, set(range(len(people))))
    return [
        {"first": first, "name": people[first].name, "number": len(same), "answer": answers.get(first)}
        for first, same in groups.items()
    ]
