"""A person's own record of attendance: meetings, hours and certificates, and what was left under an address before."""

from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lib.access import signed_in_only
from lib.tasks import wake
from lib.tokens import sign
from meetings.models import Participation
from meetings.models.guest_history import claim, disown, disowned_by, own_up
from meetings.tasks import send_signup_letters


@signed_in_only
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Everything the person has taken part in, with hours by year and certificates; made to be printed."""
    own: Any = request.user
    came = own.participations.came().select_related("meeting__kind", "certificate")
    rows = [_row(part) for part in came.order_by("-meeting__starts_at", "-pk")]
    years = [_year(year, list(group)) for year, group in groupby(rows, key=lambda row: row["year"])]
    context = {"years": years, "now": timezone.now(), "put_aside": disowned_by(own).count()}
    return render(request, "meetings/attendance/record.html", context)


@signed_in_only
@require_POST
def record_history(request: HttpRequest) -> HttpResponse:
    """What was left under an own address before there was an account: take it, put it aside, or look at it again."""
    person: Any = request.user
    if "take" in request.POST:
        number = claim(person, timezone.now())
        words = ngettext("%(number)d meeting is on your page now.", "%(number)d meetings are on your page now.", number)
        messages.success(request, words % {"number": number})
        wake(send_signup_letters)
    elif "leave" in request.POST:
        disown(person)
        messages.success(request, _("Thank you. They stay as they are, and we do not ask again."))
    elif "again" in request.POST:
        own_up(person)
    return redirect("meetings:record")


def _row(part: Participation) -> dict[str, Any]:
    certificate = getattr(part, "certificate", None)
    token = sign("meetings.certificate", certificate.pk) if certificate and not part.meeting.is_cancelled else ""
    starts_at: datetime = part.meeting.starts_at.astimezone(part.meeting.zone)
    return {"part": part, "meeting": part.meeting, "year": starts_at.year, "token": token}


def _year(year: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    hours = sum((row["part"].hours or Decimal(0) for row in rows), Decimal(0))
    return {"year": year, "rows": rows, "hours": hours}
