"""The desk's page of certificates: the rule, who has one, all in one press, and one sent again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.forms.params import int_or_none
from lib.forms.versions import VersionedForm
from lib.tasks import wake
from meetings.models import Certificate, CertificateRule, Meeting, Participation
from meetings.models.certificate import Given
from meetings.tasks import send_thanks


class RuleForm(VersionedForm, forms.ModelForm):
    """The rule of one meeting."""

    class Meta:
        model = CertificateRule
        fields = ("least_hours", "whole_series")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Only where there is a series its hours can be counted."""
        super().__init__(*args, **kwargs)
        if self.instance.meeting.series_id is None:
            del self.fields["whole_series"]


def certificates(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """Keep the rule and give certificates to all who have earned one, or send one again."""
    rule = CertificateRule.objects.filter(meeting=meeting).first() or CertificateRule(meeting=meeting)
    if "again" in request.POST:
        return _send_again(request, meeting)
    if "send" in request.POST and rule.pk:
        return _give(request, rule)
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        return _give(request, form.save())
    context |= {"title": _("Certificates"), "form": form, "people": _people(meeting, rule), "has_rule": rule.pk}
    context["unsent"] = _unsent(rule) if rule.pk else 0
    return TemplateResponse(request, "admin/meetings/certificates/certificates.html", context)


def _people(meeting: Meeting, rule: CertificateRule) -> Any:
    """Who came, and of a whole series those who missed this meeting but have a certificate all the same."""
    came = meeting.participations.named().came()
    if rule.pk and rule.is_of_series:
        came = came | Participation.objects.filter(pk__in=rule.entitled(), certificate__series__isnull=False)
    return came.select_related("user", "certificate", "brought_by__user", "meeting").in_order()


def _unsent(rule: CertificateRule) -> int:
    """How many have earned it, have an address, and got no letter with it."""
    sent = Certificate.objects.exclude(letter_sent_at=None)
    return rule.entitled().reachable().exclude(certificate__in=sent).count()


def _give(request: HttpRequest, rule: CertificateRule) -> HttpResponse:
    """Certificates for all at once, and a letter to each who has not had one."""
    given = rule.give(timezone.now())
    wake(send_thanks)
    messages.success(request, " ".join(_what_happens(given)))
    return redirect("admin:meetings_meeting_certificates", rule.meeting_id)


def _what_happens(given: Given) -> list[str]:
    """What was done and which letters leave when, in sentences."""
    made = ngettext("%(number)d new certificate was made.", "%(number)d new certificates were made.", given.made)
    now = ngettext("%(number)d letter leaves now.", "%(number)d letters leave now.", given.letters)
    later = ngettext(
        "%(number)d person gets it with the letter of thanks.",
        "%(number)d people get it with the letter of thanks.",
        given.with_thanks,
    )
    counted = [(made, given.made), (now, given.letters), (later, given.with_thanks)]
    said = [words % {"number": number} for words, number in counted if number]
    return said or [_("Everybody who has earned a certificate has got it already.")]


def _send_again(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    pk = int_or_none(request.POST["again"])
    rule = CertificateRule.objects.filter(meeting=meeting).first() or CertificateRule(meeting=meeting)
    certificate = get_object_or_404(Certificate.objects.valid(), participation__in=_people(meeting, rule), pk=pk)
    certificate.ask_letter(timezone.now())
    wake(send_thanks)
    messages.success(request, _("The letter leaves within a minute."))
    return redirect("admin:meetings_meeting_certificates", meeting.pk)
