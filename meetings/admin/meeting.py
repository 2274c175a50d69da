"""A meeting on the coordinator's desk: the form, the calendar, the buttons."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from lib.admin import DeskInline, StateFilter
from lib.exceptions import Refused
from lib.text.dates import format_period
from lib.text.suspicious_links import doubts_about
from meetings.admin import actions
from meetings.admin.bulk_publish import together
from meetings.admin.object_tools import actions_of, page_links_of
from meetings.calendar import admin_views as calendar
from meetings.calendar.import_views import import_page
from meetings.certificates import admin_views as certificates
from meetings.forms import USUAL_LENGTH, MeetingForm
from meetings.invitations import admin_views as invitations
from meetings.models import AgendaItem, ExternalNotes, Meeting, Minutes
from meetings.models.series import THIS
from meetings.readiness import missing_in
from meetings.reminders import admin_views as reminders
from meetings.reminders.timeline import timeline_rows
from meetings.series import admin_views as series
from meetings.sharing import admin_views as sharing
from meetings.signup import admin_views as signup
from meetings.visits import admin_views as visits
from search.admin import SearchableAdmin

# The pages of one meeting, by the last part of their address: actions that ask first, its people, what is sent.
meeting_pages: dict[str, Callable[..., HttpResponse]] = {
    "publish": actions.publish,
    "invite": actions.invite,
    "tell": actions.notify,
    "move": actions.move,
    "cancel": actions.cancel,
    "copy": actions.copy,
    "repeat": series.repeat,
    "letters": invitations.letters,
    "places": signup.places,
    "places_csv": signup.places_csv,
    "certificates": certificates.certificates,
    "ready": sharing.ready,
    "reminders": reminders.reminders,
    "report": visits.report,
}
# The pages of all meetings, by their names: the address of each, and its view.
overview_pages: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
    "calendar": ("calendar/", calendar.calendar),
    "events": ("calendar/events/", calendar.events),
    "year": ("calendar/<int:year>/", calendar.year),
    "month": ("calendar/<int:year>/<int:month>/", calendar.calendar),
    "timelines": ("reminders/", reminders.timelines),
    "timeline": ("reminders/<int:pk>/", reminders.timeline),
    "visits": ("visits/", visits.visits),
    "visit_log": ("visits/log/", visits.visit_log),
    "visits_year": ("visits/<int:year>/", visits.visits),
    "visits_csv": ("visits/<int:year>/table/", visits.visits_csv),
    "import": ("import/", import_page),
    "together": ("together/", together),
    "ready_coming": ("ready/", sharing.ready_coming),
}
# A change of these is worth telling to those who were invited.
TOLD_FACTS = {"starts_at", "ends_at", "mode", "place_name", "street_address", "postcode", "town", "join_url"}


class MeetingStateFilter(StateFilter):
    """Drafts, coming, past and cancelled meetings."""

    states = [("draft", _("Drafts")), ("coming", _("Coming")), ("past", _("Past")), ("cancelled", _("Cancelled"))]

    def in_state(self, rows: Any, state: Any) -> Any:
        now = timezone.now()
        match state:
            case "draft":
                return rows.filter(published_at=None)
            case "coming":
                return rows.published().upcoming(now)
            case "past":
                return rows.published().past(now)
        return rows.exclude(cancelled_at=None)


class AgendaInline(DeskInline, admin.TabularInline):
    """The agenda in short; the whole of it, with its clock, has a page of its own."""

    model = AgendaItem
    fields = ["order", "title", "kind", "minutes", "owner_name", "visibility"]
    ordering = ["order", "pk"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).current()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_unlocked(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_unlocked(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What has notes under it is removed on the page of the agenda, which looks first."""
        return False


class ExternalInline(DeskInline, admin.StackedInline):
    """What the network brought to a meeting held by others, and what came out."""

    model = ExternalNotes
    extra = 1
    max_num = 1
    can_delete = False
    fields = ["represented_by", "brought", "came_out", "visibility"]


def _is_unlocked(meeting: Any) -> bool:
    return meeting is None or not Minutes.objects.of(meeting).is_approved


@admin.register(Meeting)
class MeetingAdmin(SearchableAdmin):
    form = MeetingForm

    class Media:
        js = ["js/meeting_end.js"]

    list_display = ["title", "starts_at", "state", "invited", "coming"]
    list_filter = [
        MeetingStateFilter,
        ("networks", admin.RelatedOnlyFieldListFilter),
        ("kind", admin.RelatedOnlyFieldListFilter),
        "is_external",
    ]
    search_fields = ["title", "summary", "held_by", "visit_report__talked", "visit_report__needs"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "-pk"]
    actions = ["publish_quietly", "publish_and_invite"]
    fieldsets = [
        (None, {"fields": ["title", "kind", "area", "networks", "summary"]}),
        (_("When"), {"fields": [("starts_at", "ends_at")]}),
        (
            _("Where"),
            {
                "fields": [
                    "mode",
                    "place_name",
                    ("street_address", "postcode", "town"),
                    "municipality",
                    "accessibility",
                    "join_url",
                ],
                "description": _("Fill in the place for a meeting on site, the link for one online, both for both."),
            },
        ),
        (_("What is in store"), {"fields": ["description", "price_note"]}),
        (_("Themes"), {"fields": ["themes", "keywords"], "classes": ["collapse"]}),
        (
            _("Held by somebody else"),
            {
                "classes": ["collapse"],
                "fields": ["is_external", "held_by", "host"],
                "description": _(
                    "Nobody is invited to a meeting held by others unless you choose so when you publish it. What you "
                    "brought and what came out have boxes below once the meeting is marked and saved."
                ),
            },
        ),
        (_("Who sees it"), {"fields": ["visibility", "slug"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_numbers()  # type: ignore[attr-defined]

    # the list

    @admin.display(description=_("state"))
    def state(self, meeting: Meeting) -> Any:
        if meeting.is_cancelled:
            return _("Cancelled")
        if meeting.is_draft:
            return _("Draft")
        return _("Past") if meeting.is_over(timezone.now()) else _("Published")

    @admin.display(description=_("invited"))
    def invited(self, meeting: Any) -> int:
        return meeting.number_asked

    @admin.display(description=_("coming"))
    def coming(self, meeting: Any) -> int:
        return meeting.number_coming

    @admin.action(description=_("Publish quietly"))
    def publish_quietly(self, request: HttpRequest, queryset: Any) -> None:
        for meeting in queryset:
            try:
                meeting.publish(timezone.now())
            except Refused as refusal:
                self.message_user(request, f"{meeting}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, _("Published: %(meeting)s") % {"meeting": meeting}, messages.SUCCESS)

    @admin.action(description=_("Publish and invite…"))
    def publish_and_invite(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        """The next page shows who gets what, and asks."""
        chosen = ",".join(str(pk) for pk in queryset.values_list("pk", flat=True))
        return redirect(reverse("admin:meetings_meeting_together") + f"?meetings={chosen}")

    # the form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new meeting begins like the last one of the coordinator's areas."""
        last = Meeting.objects.run_by(request.user).last_made()
        alike: dict[str, Any] = {}
        if last:
            alike = {"area": last.area_id, "kind": last.kind_id, "mode": last.mode, "networks": last.networks.all()}
        return alike | super().get_changeform_initial_data(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj and not obj.is_draft else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a draft can be deleted; what people have seen is cancelled instead."""
        return obj is not None and obj.is_draft and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Meeting) -> None:
        """The files of its materials go with it."""
        obj.materials.all().discard()
        super().delete_model(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        if "is_external" in request.GET or (obj is not None and obj.is_external):
            shown = [(name, {**part, "classes": []}) for name, part in shown]  # nothing is folded away
        in_series = obj is not None and obj.series_id and not obj.is_over(timezone.now())
        return [*shown, (_("Series"), {"fields": ["spread"]})] if in_series else shown

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """The box of the end knows how long meetings take, so that an empty one can show the end that results."""
        box = context["adminform"].form.fields.get("ends_at")
        if box:
            lengths = Meeting.objects.run_by(request.user).usual_lengths()
            minutes = [(network, kind, int(length.total_seconds()) // 60) for network, kind, length in lengths]
            usual = int(USUAL_LENGTH.total_seconds()) // 60
            box.widget.attrs |= {"data-lengths": json.dumps(minutes), "data-usual": usual}
            box.widget.attrs["data-words"] = _("Left empty, the meeting ends at {end}.")
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: Any, obj: Meeting, form: Any, change: bool) -> None:
        if getattr(form, "end_was_empty", False):
            when = format_period(obj.starts_at, obj.ends_at, obj.time_zone, get_language() or "fi")
            messages.info(request, _("The end was left empty, so it was reckoned: %(when)s.") % {"when": when})
        for words in doubts_about(obj.join_url):
            messages.warning(request, words)
        if change:
            request.meeting_began = Meeting.objects.values_list("starts_at", flat=True).get(pk=obj.pk)
            obj.change(timezone.now())
        else:
            obj.save()

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """The networks are stored by now: what was changed here can be carried over to others of the series."""
        super().save_related(request, form, formsets, change)
        facts = set(form.changed_data) - {"spread"}
        if change and facts and form.instance.series:
            scope = form.cleaned_data["spread"] or THIS
            began, now = request.meeting_began, timezone.now()
            request.meetings_reached = form.instance.series.spread(form.instance, facts, began, scope, now)

    def response_add(self, request: HttpRequest, obj: Meeting, post_url_continue: Any = None) -> HttpResponse:
        answer = super().response_add(request, obj, post_url_continue)
        return self._to_publishing(obj) if "_publish" in request.POST else answer

    def _to_publishing(self, meeting: Meeting) -> HttpResponse:
        return redirect("admin:meetings_meeting_publish", meeting.pk)

    def response_change(self, request: HttpRequest, obj: Meeting) -> HttpResponse:
        """After a change that others should know of, the next page asks whether to tell them."""
        answer = super().response_change(request, obj)
        if "_publish" in request.POST and obj.is_draft:
            return self._to_publishing(obj)
        told = TOLD_FACTS & set(getattr(request, "meeting_changes", []))
        reached = getattr(request, "meetings_reached", [])
        for words in actions.left_behind(obj) if "starts_at" in getattr(request, "meeting_changes", []) else []:
            messages.warning(request, words)
        if reached:
            words = ngettext("%(number)d other was changed too.", "%(number)d others were changed too.", len(reached))
            messages.success(request, words % {"number": len(reached)})
        if told and any(self._somebody_hears(each) for each in [obj, *reached]):
            also = f"?also={','.join(str(each.pk) for each in reached)}" if reached else ""
            return redirect(reverse("admin:meetings_meeting_tell", args=[obj.pk]) + also)
        return answer

    @staticmethod
    def _somebody_hears(meeting: Meeting) -> bool:
        return meeting.is_coming(timezone.now()) and meeting.participations.to_tell().still_invited().exists()

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        request.meeting_changes = form.changed_data  # type: ignore[attr-defined]
        return super().construct_change_message(request, form, formsets, add)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """The agenda begins when the meeting has been saved once; what others hold has notes of its own."""
        external = obj.is_external if obj else bool(request.GET.get("is_external"))
        return [*([ExternalInline] if external else []), *([AgendaInline] if obj else [])]

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return None if obj is None or obj.is_draft else obj.get_absolute_url()

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        meeting = self.get_object(request, object_id)
        if meeting is None:
            raise Http404
        now = timezone.now()
        extra = {"state": self.state(meeting), "lines": timeline_rows(meeting, now), **invitations.held_of(meeting)}
        extra |= {"actions": actions_of(meeting, now), "page_links": page_links_of(meeting)}
        if meeting.is_coming(now):
            extra["lacks"] = missing_in(Meeting.objects.with_readiness(now).filter(pk=meeting.pk), now)[meeting.pk]
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    # the pages of our own

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = []
        for name, (address, view) in overview_pages.items():
            page = wrap(partial(self.overview_page, view=view))
            own.append(path(address, page, name=f"meetings_meeting_{name}"))
        for name, view in meeting_pages.items():
            page = wrap(partial(self.meeting_page, view=view))
            own.append(path(f"<int:pk>/{name}/", page, name=f"meetings_meeting_{name}"))
        return own + super().get_urls()

    def overview_page(self, request: HttpRequest, view: Callable[..., HttpResponse], **asked: int) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return view(request, context, **asked)

    def meeting_page(self, request: HttpRequest, pk: int, view: Callable[..., HttpResponse]) -> HttpResponse:
        meeting = get_object_or_404(self.get_queryset(request), pk=pk)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "meeting": meeting}
        return view(request, meeting, context)
