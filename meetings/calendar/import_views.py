"""The page of the desk on which a calendar file becomes drafts: choose the file, look at its events, tick.

Between the two clicks the browser carries what was read, signed for this one person: nothing is stored of a file that
nobody took in, and nothing that was changed on the way is believed.
"""

from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from contacts.models import CoordinationArea, Term
from lib.forms.rendering import DateInput
from lib.text import dates
from lib.tokens import BadToken, read, sign
from meetings.calendar.ics_import import MOST_BYTES, MOST_TIMES, FileEvent, Window, read_file
from meetings.calendar.ics_parser import SENSIBLE_YEARS, Unreadable
from meetings.models import ImportedEvent, Meeting
from meetings.models.meeting_queryset import midnight
from meetings.series.recurrence import holiday
from networks.models import Network

AGE = timedelta(hours=24)


class CalendarFileForm(forms.Form):
    """The file and the days that are wanted of it; kept is what was read from it."""

    file = forms.FileField(
        label=gettext_lazy("Calendar file"),
        help_text=gettext_lazy("A file that ends with .ics, as Outlook, Google or Teams exports it. At most 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,.vcs,text/calendar"}),
        allow_empty_file=True,  # an empty one is refused in our own words
    )
    since = forms.DateField(
        label=gettext_lazy("First day"),
        required=False,
        widget=DateInput,
        help_text=gettext_lazy("Of a large file choose the days you want. Without days you see what is coming first."),
    )
    until = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=DateInput)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        since, until = facts.get("since"), facts.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first."))
        elif "file" in facts and not self.errors:
            self._read(facts, _window(since, until))
        return facts

    def _read(self, facts: dict[str, Any], window: Window) -> None:
        file = facts["file"]
        try:
            if file.size > MOST_BYTES:
                raise Unreadable(_("The file is too large. Export a shorter time from your calendar."))
            facts["file"] = read_file(file.read(), ZoneInfo(settings.TIME_ZONE), window)
        except Unreadable as words:
            self.add_error("file", str(words))
            return
        if not facts["file"].events:
            words = _("There is nothing in these days. The events of the file begin between %(first)s and %(last)s.")
            tongue = get_language() or settings.LANGUAGE_CODE
            ends = {
                end: dates.day(timezone.localdate(getattr(facts["file"], end)), tongue) for end in ("first", "last")
            }
            self.add_error("since", words % ends)


class ImportForm(forms.Form):
    """Whose meetings the events become."""

    area = forms.ModelChoiceField(CoordinationArea.objects.none(), label=gettext_lazy("Area"))
    kind = forms.ModelChoiceField(Term.objects.none(), label=gettext_lazy("Kind"))
    networks = forms.ModelMultipleChoiceField(
        Network.objects.none(),
        label=gettext_lazy("Networks"),
        required=False,
        help_text=gettext_lazy("Whose meeting this is: their members are invited."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = CoordinationArea.objects.run_by(user)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]
        self.fields["kind"].queryset = Term.objects.in_list("event_types")  # type: ignore[attr-defined]
        self.fields["networks"].queryset = Network.objects.run_by(user)  # type: ignore[attr-defined]
        own = list(areas.values_list("pk", flat=True)[:2])
        self.initial["area"] = own[0] if len(own) == 1 else None

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        area, networks = facts.get("area"), facts.get("networks") or []
        if area and any(network.area_id != area.pk for network in networks):
            self.add_error("networks", _("Choose networks of the same area as the meeting."))
        return facts


@dataclass(frozen=True)
class Row:
    """One event as the page shows it. `meeting` is what is here of it already, `taken` how it came here."""

    number: int
    event: FileEvent
    warnings: tuple[str, ...]
    meeting: Meeting | None = None
    taken: ImportedEvent | None = None
    is_ticked: bool = False

    @property
    def join_host(self) -> str:
        """Where the link leads; the link itself need not be shown."""
        return urlsplit(self.event.join_url).hostname or ""

    @property
    def is_changed(self) -> bool:
        return self.taken is not None and self.taken.says_otherwise(self.event)


def import_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """First what stands in the file and what is here already; then one press makes drafts of what is ticked."""
    if request.method == "POST" and "events" in request.POST:
        return _store(request, context)
    if request.method != "POST":
        return _page(request, context | {"form": CalendarFileForm(initial=_days_asked_for(request))}, status=200)
    form = CalendarFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, context | {"form": form}, status=422)
    found = form.cleaned_data["file"]
    return _preview(request, context | {"notes": found.notes}, found.events, ImportForm(user=request.user))


def _preview(request: HttpRequest, context: dict[str, Any], events: list[FileEvent], form: ImportForm) -> HttpResponse:
    shown, more = events[:MOST_TIMES], events[MOST_TIMES:]
    follows = bool(more) and more[0].starts_at >= shown[0].starts_at  # and is not the past, which stands last
    context |= {
        "form": form,
        "rows": _rows(request, shown),
        "left_out": len(more),
        "left_out_from": timezone.localdate(more[0].starts_at) if follows else None,
        "months": _months(events) if more else [],
        "events": sign(_purpose(request), [_packed(event) for event in shown], compress=True),
        "zone": settings.TIME_ZONE,
    }
    return _page(request, context, status=422 if form.errors else 200)


def _store(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    try:
        events = [_unpacked(facts) for facts in read(_purpose(request), request.POST.get("events", ""), AGE)]
    except BadToken:
        messages.error(request, _("The list of events is too old or was cut short. Choose the file again."))
        return redirect("admin:meetings_meeting_import")
    form = ImportForm(request.POST, user=request.user)
    ticked = [event for n, event in enumerate(events) if str(n) in set(request.POST.getlist("take"))]
    if not ticked:
        form.add_error(None, _("Tick at least one event."))
    if not form.is_valid():
        return _preview(request, context, events, form)
    made = ImportedEvent.objects.import_events(ticked, timezone.now(), **form.cleaned_data)
    return _made(request, made)


def _page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    context |= {"title": _("Take in a calendar file"), "is_nav_sidebar_enabled": False}
    return TemplateResponse(request, "admin/meetings/calendar/import.html", context, status=status)


def _in_words(at: datetime) -> str:
    return dates.day(timezone.localdate(at), get_language() or settings.LANGUAGE_CODE)


def _days_asked_for(request: HttpRequest) -> dict[str, date]:
    """The first day for the form, as the page of a large file links to it."""
    try:
        since = parse_date(request.GET.get("since", ""))
    except ValueError:
        since = None
    return {"since": since} if since else {}


def _window(since: date | None, until: date | None) -> Window:
    """From the first midnight to the last, on the reader's clock; beyond the years of events there is no bound."""
    begin = midnight(since) if since and since.year in SENSIBLE_YEARS else None
    end = midnight(until + timedelta(days=1)) if until and until.year in SENSIBLE_YEARS else None
    return Window(timezone.now(), begin, end)


def _months(events: list[FileEvent]) -> list[tuple[date, int]]:
    """How many times there are in each month, so that one can choose days that hold fewer."""
    counts = Counter(timezone.localdate(event.starts_at).replace(day=1) for event in events)
    return sorted(counts.items())


def _made(request: HttpRequest, made: list[Meeting]) -> HttpResponseRedirect:
    words = ngettext("%(number)d draft was made.", "%(number)d drafts were made.", len(made))
    messages.success(request, words % {"number": len(made)} + " " + _("Publish them in the list when they are ready."))
    return redirect(reverse("admin:meetings_meeting_changelist") + "?state=draft")


def _purpose(request: HttpRequest) -> str:
    return f"meetings.import.{request.user.pk}"


def _rows(request: HttpRequest, events: list[FileEvent]) -> list[Row]:
    """Ticked are those that are new and give nothing to think about; after a refused press, what was ticked."""
    taken = ImportedEvent.objects.run_by(request.user).known(events)
    own = {meeting.uid: meeting for meeting in _own_meetings(request, events)}
    pressed = set(request.POST.getlist("take")) if "events" in request.POST else None
    language = get_language() or settings.LANGUAGE_CODE
    rows = []
    for number, event in enumerate(events):
        before = taken.get(event.identity)
        meeting = before.meeting if before else own.get(event.uid)
        row = Row(number, event, _warnings(event, language), meeting, before)
        rows.append(replace(row, is_ticked=_is_ticked(row, pressed)))
    return rows


def _own_meetings(request: HttpRequest, events: list[FileEvent]) -> Any:
    """Meetings of ours that stand in somebody's calendar because we invited to them."""
    return Meeting.objects.run_by(request.user).filter(uid__in={event.uid for event in events if event.uid})


def _is_ticked(row: Row, pressed: set[str] | None) -> bool:
    if pressed is not None:
        return str(row.number) in pressed
    return not row.meeting and not row.warnings


def _warnings(event: FileEvent, language: str) -> tuple[str, ...]:
    name = holiday(timezone.localdate(event.starts_at), settings.HOLIDAYS_OF, language)
    return (*event.warnings, _("Public holiday: %(name)s") % {"name": name}) if name else event.warnings


def _packed(event: FileEvent) -> dict[str, Any]:
    return asdict(event) | {"starts_at": event.starts_at.isoformat(), "ends_at": event.ends_at.isoformat()}


def _unpacked(facts: dict[str, Any]) -> FileEvent:
    moments = {name: datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at")}
    return FileEvent(**facts | moments | {"warnings": tuple(facts["warnings"])})
