"""The coordinator's calendar on the desk: a month, a year at a glance, and the meetings as data for dragging."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _

from meetings.calendar.month_grid import month_of, year_of
from meetings.models import Meeting

MOST = 500  # meetings given at once


def calendar(
    request: HttpRequest, context: dict[str, Any], year: int | None = None, month: int | None = None
) -> HttpResponse:
    """A month of the coordinator's areas, drafts too; a day opens the form with its date filled in."""
    today = timezone.localdate()
    year, month = year or today.year, month or today.month
    if month_of([], year, month, today) is None:
        raise Http404
    meetings = _own(request).in_month(year, month).next_first()
    context |= {"title": _("Calendar"), "month": month_of(meetings, year, month, today)}
    return _wide(request, "admin/meetings/calendar/calendar.html", context)


def year(request: HttpRequest, context: dict[str, Any], year: int) -> HttpResponse:
    """Twelve months with what is in them, for planning and for the wall."""
    if month_of([], year, 1, timezone.localdate()) is None:
        raise Http404
    months = year_of(_own(request).in_year(year).select_related("kind").next_first(), year)
    context |= {"title": _("The year %(year)s") % {"year": year}, "months": months, "year": year}
    return _wide(request, "admin/meetings/calendar/year.html", context)


def events(request: HttpRequest, context: dict[str, Any]) -> JsonResponse:
    """The meetings of a stretch of time, as FullCalendar asks for them."""
    begin, end = _moment(request.GET.get("start")), _moment(request.GET.get("end"))
    if begin is None or end is None:
        return JsonResponse({"detail": "start, end"}, status=400)
    now = timezone.now()
    found = _own(request).filter(starts_at__lt=end, ends_at__gt=begin).next_first()[:MOST]
    return JsonResponse([_event(meeting, now) for meeting in found], safe=False)


def _own(request: HttpRequest) -> Any:
    return Meeting.objects.run_by(request.user)


def _wide(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Seven days, or twelve months, need the whole width for Finnish words."""
    return TemplateResponse(request, template, context | {"is_nav_sidebar_enabled": False})


def _event(meeting: Meeting, now: datetime) -> dict[str, Any]:
    movable = not (meeting.is_cancelled or meeting.is_over(now))
    return {
        "id": str(meeting.pk),
        "title": _named(meeting),
        "start": meeting.starts_at.astimezone(meeting.zone).replace(tzinfo=None).isoformat(),
        "end": meeting.ends_at.astimezone(meeting.zone).replace(tzinfo=None).isoformat(),
        "url": reverse("admin:meetings_meeting_change", args=[meeting.pk]),
        "move": reverse("admin:meetings_meeting_move", args=[meeting.pk]),
        "editable": movable,
        "className": "is-external" if meeting.is_external else "",
    }


def _named(meeting: Meeting) -> str:
    """The title, with words for what colours alone would tell."""
    title = _("%(title)s (held by others)") % {"title": meeting.title} if meeting.is_external else meeting.title
    return _("%(title)s (draft)") % {"title": title} if meeting.is_draft else title


def _moment(text: str | None) -> datetime | None:
    try:
        found = parse_datetime(text or "")
    except ValueError:
        return None
    return timezone.make_aware(found) if found and is_naive(found) else found
