"""Pages after a meeting: feedback and its summary, certificates and their proof, one's own record."""

from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.absolute_urls import absolute
from lib.access import by_token, coordinators_only, public, signed_in_only
from lib.exceptions import Refused
from lib.output.pdf import Busy, pdf
from lib.tasks import wake
from lib.text.dates import days
from lib.tokens import BadToken, read, sign
from meetings.models import Certificate, Feedback, Meeting, Participation
from meetings.models.certificate import as_code
from meetings.models.feedback import give
from meetings.models.guest_history import claim, disown, disowned_by, own_up
from meetings.tasks import send_signup_letters

show_and_act = require_http_methods(["GET", "HEAD", "POST"])


class FeedbackForm(forms.Form):
    """How was it?"""

    GRADES = [
        (5, gettext_lazy("5 – excellent")),
        (4, gettext_lazy("4 – good")),
        (3, gettext_lazy("3 – all right")),
        (2, gettext_lazy("2 – poor")),
        (1, gettext_lazy("1 – bad")),
    ]
    RECOMMENDS = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]

    grade = forms.TypedChoiceField(
        label=gettext_lazy("How useful was the meeting for your work?"),
        choices=GRADES,
        coerce=int,
        widget=forms.RadioSelect,
    )
    recommends = forms.TypedChoiceField(
        label=gettext_lazy("Would you recommend it to a colleague?"),
        choices=RECOMMENDS,
        coerce=lambda said: said == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("In your own words"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Do not write names. Your answer is kept without yours."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


@by_token
@show_and_act
def feedback(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter of thanks: looking gives nothing, the button does, once."""
    person = _row("meetings.feedback", token, Participation.objects.select_related("meeting"))
    if person is None:
        return render(request, "meetings/certificates/link_expired.html", status=404)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            give(person, timezone.now(), **form.cleaned_data)
            messages.success(request, _("Thank you for your feedback!"))
        except Refused as refusal:
            messages.info(request, str(refusal))
        return redirect("meetings:feedback", token)
    context = {"meeting": person.meeting, "form": form, "is_given": person.fed_back_on is not None}
    return render(request, "meetings/feedback/feedback.html", context, status=422 if form.errors else 200)


@coordinators_only
@require_safe
def feedback_summary(request: HttpRequest, slug: str) -> HttpResponse:
    """What people thought of a meeting, when at least five have told."""
    meeting = get_object_or_404(Meeting.objects.run_by(request.user).published(), slug=slug)
    came = meeting.participations.came().count()
    context = {"meeting": meeting, "summary": Feedback.objects.filter(meeting=meeting).summary(), "came": came}
    return render(request, "meetings/feedback/feedback_summary.html", context)


# certificates


@by_token
@require_safe
def certificate_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The certificate for its owner."""
    found = _row("meetings.certificate", token, Certificate.objects.valid().with_all())
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


# one's own record


@signed_in_only
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Everything the person has taken part in, with hours by year and certificates; made to be printed."""
    own: Any = request.user
    came = own.participations.came().select_related("meeting__kind", "certificate")
    rows = [_line(part) for part in came.order_by("-meeting__starts_at", "-pk")]
    years = [_year(year, list(lines)) for year, lines in groupby(rows, key=lambda line: line["year"])]
    context = {"years": years, "now": timezone.now(), "put_aside": disowned_by(own).count()}
    return render(request, "meetings/certificates/record.html", context)


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


def _line(part: Participation) -> dict[str, Any]:
    certificate = getattr(part, "certificate", None)
    token = sign("meetings.certificate", certificate.pk) if certificate and not part.meeting.is_cancelled else ""
    starts_at: datetime = part.meeting.starts_at.astimezone(part.meeting.zone)
    return {"part": part, "meeting": part.meeting, "year": starts_at.year, "token": token}


def _year(year: int, lines: list[dict[str, Any]]) -> dict[str, Any]:
    hours = sum((line["part"].hours or Decimal(0) for line in lines), Decimal(0))
    return {"year": year, "lines": lines, "hours": hours}


def _row(purpose: str, token: str, rows: Any) -> Any:
    """The row a link stands for; None when it was cut or the row is gone."""
    try:
        return rows.filter(pk=read(purpose, token)).first()
    except BadToken:
        return None
