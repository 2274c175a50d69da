"""Visits on the coordinator's desk: the year's table with who waits, writing a visit down, and its report."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lib.exceptions import Refused
from lib.output.csv_export import download
from meetings.calendar.month_grid import FIRST_YEAR, LAST_YEAR
from meetings.models import Meeting, Task, VisitReport
from meetings.visits.forms import LogForm, ReportForm, follow_up_of
from meetings.visits.municipality_table import AreaVisits, visits_of

THEMES = 8  # so many themes of a year are named


def visits(request: HttpRequest, context: dict[str, Any], year: int | None = None) -> HttpResponse:
    """Who has been visited in a year and who waits, the visits themselves, and meetings held by others."""
    today = timezone.localdate()
    year = _known(year or today.year)
    own = Meeting.objects.run_by(request.user)
    made, external = own.visits_in(year, today).latest_first(), own.external_in(year, today)
    context |= {"title": _("Visits to municipalities in %(year)s") % {"year": year}, "year": year, "today": today}
    context |= {"areas": visits_of(request.user, year, today), "years": _years(own, year, today)}
    context["made"] = list(made.select_related("visit_report"))
    context |= {"external": list(external.latest_first()), "themes": external.by_theme()[:THEMES]}
    context["topics"] = VisitReport.objects.by_topic(made)[:THEMES]
    return TemplateResponse(request, "admin/meetings/visits/visits.html", context)


def visits_csv(request: HttpRequest, context: dict[str, Any], year: int) -> HttpResponse:
    """The table of a year for a spreadsheet."""
    found = visits_of(request.user, _known(year), timezone.localdate())
    return download(f"visits-{year}", _csv_rows(found, year))


def visit_log(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Write down a visit that has been made. Nobody is told of it."""
    today = timezone.localdate()
    asked = {"visited_on": today, "municipalities": request.GET.getlist("municipality")}
    form = LogForm(request.POST or None, initial=asked, user=request.user, today=today)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data | {"area": form.area, "by": request.user}
        try:
            report = VisitReport.objects.log(now=timezone.now(), **facts)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The visit is written down. Only coordinators of the area see it."))
            return redirect(_after_log(request, report))
    context |= {"title": _("Write down a visit"), "form": form}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/meetings/visits/visit_log.html", context, status=status)


def report(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """The whole report of one visit, and what was promised."""
    if not meeting.is_visit():
        raise Http404
    now, told = timezone.now(), VisitReport.objects.of(meeting)
    if request.method == "POST" and "_take_back" in request.POST:
        return _take_back(request, told)
    form = ReportForm(request.POST or None, instance=told, meeting=meeting, user=request.user, now=now)
    tasks = follow_up_of(meeting, now, request.POST or None)
    if request.method == "POST" and form.is_valid() and tasks.is_valid():
        try:
            told.store(now, **form.cleaned_data)
            _save_tasks(tasks, told, now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The report is kept."))
            return redirect("admin:meetings_meeting_report", meeting.pk)
    context |= {"title": _("Visit report"), "form": form, "tasks": tasks, "told": told}
    context |= {"closed": meeting.tasks.exclude(pk__in=meeting.tasks.open()).with_places().order_by("pk")}
    context |= {"is_ahead": not meeting.has_come(timezone.localdate(now)), "may_go": told.is_a_note()}
    status = 422 if form.errors or (tasks.is_bound and not tasks.is_valid()) else 200
    return TemplateResponse(request, "admin/meetings/visits/report.html", context, status=status)


def _take_back(request: HttpRequest, told: Any) -> HttpResponse:
    try:
        told.take_back()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:meetings_meeting_report", told.meeting.pk)
    messages.success(request, _("Removed: %(text)s") % {"text": told})
    return redirect("admin:meetings_meeting_visits")


def _save_tasks(tasks: Any, told: Any, now: Any) -> None:
    """New rows, changed rows, rows taken back."""
    for row in tasks.save(commit=False):
        facts = {name: getattr(row, name) for name in ("text", "owner", "owner_name", "due_on")}
        if row.pk:
            Task.objects.get(pk=row.pk).mend(**facts)
        else:
            told.follow_up(now=now, **facts)
    for row in tasks.deleted_objects:
        row.delete()


def _after_log(request: HttpRequest, report: Any) -> str:
    """To the report when there is more to tell, otherwise back to the year of the visit."""
    if "_more" in request.POST:
        return reverse("admin:meetings_meeting_report", args=[report.meeting.pk])
    return reverse("admin:meetings_meeting_visits_year", args=[timezone.localdate(report.meeting.starts_at).year])


def _known(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year


def _years(own: Any, year: int, today: date) -> list[int]:
    """The years one may want to look at: from the first visit, at least from last year, to this one."""
    first = own.visits().aggregate(first=Min("starts_at"))["first"]
    begin = min(today.year - 1, timezone.localdate(first).year) if first else today.year - 1
    return [each for each in range(max(begin, FIRST_YEAR), today.year + 1) if each != year]


def _csv_rows(found: list[AreaVisits], year: int) -> Iterator[list[Any]]:
    visits = _("Visits in %(year)s") % {"year": year}
    yield [_("Area"), _("Municipality"), _("Code"), visits, _("Last visit"), _("Next planned visit")]
    for area in found:
        for row in area.rows:
            town = row.municipality
            yield [area.area, town, town.code, row.number, _day(row.last_at), _day(row.planned_at)]


def _day(moment: Any) -> str:
    day: date | None = timezone.localdate(moment) if moment else None
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""
