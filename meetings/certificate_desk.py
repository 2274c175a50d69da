"""The desk's page of certificates: the rule, who has one, all in one press, and one sent again."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.models import Certificate, CertificateRule, Meeting
from meetings.tasks import send_thanks
from youthnet.celery import wake


class RuleForm(forms.ModelForm):
    """The rule of one meeting."""

    class Meta:
        model = CertificateRule
        fields = ("least_hours",)


def certificates(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """Keep the rule and give certificates to all who have earned one, or send one again."""
    rule = CertificateRule.objects.filter(meeting=meeting).first() or CertificateRule(meeting=meeting)
    if "again" in request.POST:
        return _send_again(request, meeting)
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        return _give(request, form.save())
    came = meeting.participations.named().exclude(attended_at=None).select_related("user", "certificate").in_order()
    context |= {"title": _("Certificates"), "form": form, "people": came, "has_rule": rule.pk is not None}
    return TemplateResponse(request, "admin/meetings/meeting/certificates.html", context)


def _give(request: HttpRequest, rule: CertificateRule) -> HttpResponse:
    """Certificates for all at once, and a letter to each who has not had one."""
    now = timezone.now()
    number = rule.issue(now)
    new = Certificate.objects.filter(participation__meeting=rule.meeting, letter_sent_at=None)
    new.filter(participation__thanked_at__isnull=False).update(letter_wanted_at=now)
    wake(send_thanks)
    words = ngettext("%(number)d new certificate was made.", "%(number)d new certificates were made.", number)
    more = _("They come with the letter of thanks the day after the meeting, or at once if that has been sent.")
    messages.success(request, f"{words % {'number': number}} {more}")
    return redirect("admin:meetings_meeting_certificates", rule.meeting_id)


def _send_again(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    written = request.POST["again"]
    pk = int(written) if written.isdecimal() and len(written) < 12 else 0
    certificate = get_object_or_404(Certificate.objects.valid(), participation__meeting=meeting, pk=pk)
    certificate.ask_letter(timezone.now())
    wake(send_thanks)
    messages.success(request, _("The letter leaves within a minute."))
    return redirect("admin:meetings_meeting_certificates", meeting.pk)


PAGES: dict[str, Callable[..., HttpResponse]] = {"certificates": certificates}
