"""The page of the desk on which a meeting becomes a series: choose the rule, look at the days, make the drafts."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from lib.forms.fields import LinesField
from meetings.models import Meeting, MeetingSeries
from meetings.series import recurrence

USUAL_COUNT = 8


class SeriesForm(forms.ModelForm):
    """How often and how long. The first day, the hour and the length are those of the meeting itself."""

    days = LinesField(
        label=gettext_lazy("Chosen days"),
        required=False,
        help_text=gettext_lazy("Only for chosen days: one day on each line, as 20.1.2027."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = MeetingSeries
        fields = ("frequency", "every", "count", "until", "days")
        widgets = {"until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), "frequency": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["frequency"].choices = MeetingSeries.FREQUENCIES  # type: ignore[attr-defined]
        self.initial["days"] = [date_format(day, "SHORT_DATE_FORMAT") for day in self.instance.days]

    def clean_days(self) -> list[date]:
        return [self._day(line) for line in self.cleaned_data["days"]]

    def _day(self, line: str) -> date:
        try:
            return forms.DateField().clean(line)
        except forms.ValidationError:
            raise forms.ValidationError(_("“%(line)s” is not a day. Write it as 20.1.2027.") % {"line": line})

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        chosen = facts.get("frequency") == recurrence.CHOSEN
        if chosen and not facts.get("days") and "days" not in self.errors:
            self.add_error("days", _("Write at least one day."))
        if not chosen and facts.get("count") and facts.get("until"):
            self.add_error("until", _("Say how many times or until when, not both."))
        if facts.get("until") and facts["until"] < self.instance.starts_on:
            self.add_error("until", _("The last day is before the first one."))
        return facts


def repeat(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """Show the days of the rule that was chosen; make drafts on the days that were ticked."""
    posted = request.method == "POST"
    asked = request.POST if posted else request.GET if "frequency" in request.GET else None
    series = _series_of(meeting)
    form = SeriesForm(asked, instance=series)
    found = _occasions(form, meeting) if asked and form.is_valid() else []
    if posted and found:
        chosen = {day for text in request.POST.getlist("on") if (day := parse_date(text))}
        return _make(request, series, meeting, [each.on for each in found if each.on in chosen])
    context |= {"title": _("Repeat as a series"), "form": form, "occasions": found, "asked": asked is not None}
    context["what_comes"] = what_comes(meeting)
    return TemplateResponse(request, "admin/meetings/series/repeat.html", context, status=422 if posted else 200)


def what_comes(meeting: Meeting) -> list[str]:
    """What a copy takes along of the sign-up, in words; nothing where there is none."""
    if meeting.rules_of_signup() is None:
        return []
    return [
        _(
            "The rules and questions of sign-up come along, and its days move as much as the meeting. "
            "The people, their replies and the link for joining do not."
        )
    ]


def _make(request: HttpRequest, series: MeetingSeries, meeting: Meeting, days: list[date]) -> HttpResponse:
    if not days:
        messages.error(request, _("No day was ticked, so nothing was made."))
        return redirect(request.get_full_path())
    made = series.start(meeting, days, timezone.now())
    words = ngettext("%(number)d draft was made.", "%(number)d drafts were made.", len(made))
    messages.success(request, words % {"number": len(made)} + " " + _("Publish them in the list when they are ready."))
    return redirect("admin:meetings_meetingseries_change", series.pk)


def _series_of(meeting: Meeting) -> MeetingSeries:
    """The meeting's own series, to be continued, or a new one whose rule is guessed from its day."""
    local = meeting.starts_at.astimezone(meeting.zone)
    if meeting.series:
        series = meeting.series
        series.starts_on = local.date()
        return series
    return MeetingSeries(
        area=meeting.area,
        frequency=recurrence.MONTH_BY_WEEKDAY,
        nth=recurrence.nth_of(local.date()),
        starts_on=local.date(),
        at=local.time(),
        minutes=int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
        time_zone=meeting.time_zone,
        count=USUAL_COUNT,
    )


def _occasions(form: SeriesForm, meeting: Meeting) -> list[recurrence.Occasion]:
    """The days of the rule after the meeting's own, with holidays in the reader's language."""
    series = form.instance
    rule = recurrence.Rule(
        series.frequency,
        series.starts_on,
        series.at,
        series.time_zone,
        series.every,
        series.nth,
        series.count,
        series.until,
        series.days,
    )
    found = recurrence.occasions(rule, settings.HOLIDAYS_OF, get_language() or settings.LANGUAGE_CODE)
    return [each for each in found if each.on != series.starts_on]
