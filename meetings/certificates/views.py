"""Pages of certificates: the PDF behind its owner's link, and the proof behind the code on paper."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lib.absolute_urls import absolute
from lib.access import by_token, public
from lib.output.pdf import Busy, pdf
from lib.text.dates import days
from meetings.models import Certificate, Meeting
from meetings.models.certificate import as_code
from meetings.signed_links import row_of_link


@by_token
@require_safe
def certificate_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The certificate for its owner."""
    found = row_of_link("meetings.certificate", token, Certificate.objects.valid().reachable().with_all())
    if found is None:
        return render(request, "meetings/certificates/link_expired.html", status=404)
    language = (get_language() or "fi")[:2]
    person = found.participation
    context = {
        "certificate": found,
        "person_named": person,
        "meeting": person.meeting,
        "held": days(*_days_of(person.meeting), language),
        "verify_url": absolute(found.get_absolute_url()),
        "language": language,
    } | _parts(found)
    try:
        made = pdf("meetings/certificates/certificate_pdf.html", context, language)
    except Busy:
        return render(request, "meetings/certificates/certificate_busy.html", status=503)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{person.meeting.slug}-{found.code}.pdf"'
    return answer


@public
@require_safe
def certificate_check(request: HttpRequest) -> HttpResponse:
    """The box for a code from paper."""
    code = as_code(request.GET.get("code", ""))
    if code:
        return redirect("meetings:certificate-verify", code)
    return render(request, "meetings/certificates/certificate_check.html")


@public
@require_safe
def certificate_verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a certificate is true: name, meeting, day and hours, to whoever holds its code; else nothing."""
    found = Certificate.objects.valid().with_all().proved_by(as_code(code)).first()
    context: dict[str, Any] = {"certificate": found}
    if found:
        meeting = found.participation.meeting
        context |= {"meeting": meeting, "person_named": found.participation}
        context["held"] = days(*_days_of(meeting), (get_language() or "fi")[:2])
        context |= _parts(found)
    answer = render(request, "meetings/certificates/certificate_verify.html", context, status=200 if found else 404)
    answer["Cache-Control"], answer["X-Robots-Tag"] = "private, no-store", "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _parts(certificate: Certificate) -> dict[str, Any]:
    """The meetings and hours in all of a certificate that speaks of a whole series."""
    parts = certificate.parts()
    return {"parts": parts, "hours": sum((part.hours or Decimal(0) for part in parts), Decimal(0))}


def _days_of(meeting: Meeting) -> tuple[Any, Any]:
    return meeting.starts_at.astimezone(meeting.zone).date(), meeting.ends_at.astimezone(meeting.zone).date()
