"""Sign-up on the coordinator's desk: its rules and questions, and the page of places and the waiting list."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.admin import DeskAdmin, DeskInline
from lib.exceptions import Refused
from lib.forms.fields import LinesField
from lib.forms.params import int_or_none
from lib.output.csv_export import download
from lib.tasks import wake
from meetings.models import Meeting, Participation, SignUp, SignUpQuestion
from meetings.models.waiting_list import WaitingList
from meetings.tasks import send_signup_letters


class QuestionInline(DeskInline, admin.TabularInline):  # type: ignore[misc]
    model = SignUpQuestion
    fields = ["order", "text", "kind", "choices", "is_required", "keep_days"]
    ordering = ["order", "pk"]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "choices":
            narrow = forms.Textarea(attrs={"rows": 3, "cols": 20})
            return LinesField(label=db_field.verbose_name, required=False, widget=narrow)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(SignUp)
class SignUpAdmin(DeskAdmin):
    """The rules of a meeting's sign-up, reached from the meeting."""

    list_display = ["meeting", "open_to", "capacity", "closes_at"]
    list_select_related = ["meeting"]
    ordering = ["-meeting__starts_at", "-pk"]
    inlines = [QuestionInline]
    fields = [
        "meeting", "open_to", ("capacity", "onsite_capacity"), ("opens_at", "closes_at"), "fair_until",
        "offer_hours", "most_colleagues",
    ]  # fmt: skip

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Not a heading of its own on the desk."""
        return {}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["meeting"] if obj else []

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """In a series each meeting keeps rules of its own: people may have signed up by them."""
        shown = super().get_fieldsets(request, obj)
        if obj is None or not obj.meeting.series_id:
            return shown
        words = _(
            "This meeting belongs to a series. What you change here concerns this meeting alone: people may have "
            "signed up for the others by their own rules. New drafts made of this meeting take these rules along."
        )
        return [(name, facts | {"description": words}) for name, facts in shown]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """While people wait in line, the line stays."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.meeting.participations.exclude(queued_at=None).exists())

    def save_model(self, request: HttpRequest, obj: SignUp, form: Any, change: bool) -> None:
        now = timezone.now()
        obj.save()
        if not change:
            obj.adopt(now)
        offered, over = obj.promote(now), sum(figures["over"] for figures in obj.figures())
        wake(send_signup_letters)
        if offered:
            self.message_user(request, _offered(offered), messages.SUCCESS)
        if over:
            self.message_user(request, _too_many(over), messages.WARNING)

    def response_post_save_add(self, request: HttpRequest, obj: SignUp) -> HttpResponseRedirect:
        return redirect("admin:meetings_meeting_places", obj.meeting_id)

    response_post_save_change = response_post_save_add


def _offered(number: int) -> str:
    words = ngettext(
        "%(number)d free place was offered to the first in line.",
        "%(number)d free places were offered to the first in line.",
        number,
    )
    return words % {"number": number}


def _too_many(number: int) -> str:
    words = ngettext(
        "%(number)d person more has a place than there are places now. Nobody was thrown out: places given up are not "
        "offered on until the number is right again.",
        "%(number)d people more have a place than there are places now. Nobody was thrown out: places given up are "
        "not offered on until the number is right again.",
        number,
    )
    return words % {"number": number}


# the page of places


def places(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """Who has a place, who has been offered one, who waits; and the coordinator's hand."""
    rules = meeting.rules_of_signup()
    if rules is None:
        return redirect(f"{reverse('admin:meetings_signup_add')}?meeting={meeting.pk}")
    if request.method == "POST":
        return _move(request, rules)
    now, people = (
        timezone.now(),
        meeting.participations.named().select_related("user__organisation", "brought_by__user"),
    )
    context |= {
        "title": _("Places and waiting list"),
        "signup": rules,
        "figures": rules.figures(),
        "counted": meeting.participations.placed().only_counted().filter(brought_by=None).count(),
        "placed": people.placed().order_by("placed_at", "pk"),
        "offered": people.offered().order_by("queued_at", "pk"),
        "waiting_lists": _waiting_lists(rules, now),
        "fair_until": rules.fair_until if rules.is_fair(now) else None,
        "questions": rules.questions.in_order(),
        "waiting_moves": [("first", _("First in line")), ("seat", _("Give a place")), ("out", _("Take off the list"))],
        "offered_caption": _("Offered a place, not answered yet"),
        "offered_moves": [("seat", _("Accepts")), ("out", _("Declines"))],
        "placed_caption": _("Have a place"),
        "placed_moves": [("back", _("To the end of the line")), ("out", _("Take off the list"))],
    }
    return TemplateResponse(request, "admin/meetings/signup/places.html", context)


def _waiting_lists(rules: SignUp, now: datetime) -> list[dict[str, Any]]:
    """The waiting lists that have somebody in them, each in the order in which its places will be given, with why."""
    found = []
    for pool in rules.pools():
        waiting_list = pool.waiting_list(rules.is_fair(now))
        for person in waiting_list:
            person.why = _why(waiting_list, person) if rules.is_fair(now) else ""  # type: ignore[attr-defined]
        if waiting_list:
            found.append({"people": list(waiting_list), "caption": _("Waiting list") + _pool_words(pool.mode)})
    return found


def _pool_words(mode: str) -> str:
    return f": {dict(Participation.MODES)[mode]}" if mode else ""


def _why(waiting_list: WaitingList, person: Participation) -> str:
    """Why somebody has this turn while each municipality gets one place first."""
    words = {"town": person.comes_from}
    if not person.comes_from:
        return _("Counts alone: no municipality is known.")
    if not waiting_list.holds_back(person):
        return _("First from %(town)s.") % words
    if waiting_list.has_place(person.comes_from):
        return _("%(town)s has a place already.") % words
    return _("Somebody else from %(town)s came before.") % words


def places_csv(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """The list for a spreadsheet: one line a person, with replies."""
    rules = get_object_or_404(SignUp, meeting=meeting)
    return download(f"{meeting.slug}", _csv_rows(rules))


def _csv_rows(rules: SignUp) -> Iterator[list[Any]]:
    questions = list(rules.questions.in_order())
    head = [_("Name"), _("E-mail"), _("Organisation"), _("State"), _("Way of taking part"), _("Signed up by")]
    yield [*head, *(question.text for question in questions)]
    people = rules.meeting.participations.exclude(placed_at=None, queued_at=None).with_offer()
    people = people.select_related("user__organisation", "brought_by__user").prefetch_related("replies")
    for person in people.order_by("queued_at", "placed_at", "pk"):
        replies = {reply.question_id: reply.text for reply in person.replies.all()}
        employer = person.organisation_name or getattr(person.user, "organisation", None)
        state, way = _state(person), person.get_place_mode_display()
        yield [
            *(person, person.address, employer, state, way, person.brought_by),
            *(replies.get(question.pk) for question in questions),
        ]


def _state(person: Any) -> str:
    if person.has_place:
        return _("has a place")
    return _("has been offered a place") if person.has_offer else _("in line")


MOVES: dict[str, Callable[[SignUp, Participation], None]] = {
    "seat": lambda rules, person: rules.seat(person, timezone.now()),
    "first": lambda rules, person: rules.move_first(person),
    "back": lambda rules, person: rules.move_back(person, timezone.now()),
    "out": lambda rules, person: rules.release_place(person, timezone.now(), "coordinator"),
}


def _move(request: HttpRequest, rules: SignUp) -> HttpResponse:
    """One press moves one person; letters tell them."""
    move, _sep, pk = request.POST.get("move", "").partition("-")
    person = get_object_or_404(rules.meeting.participations, pk=int_or_none(pk))
    try:
        if move in MOVES:
            MOVES[move](rules, person)
            messages.success(request, _("Done: %(person)s. Whoever it concerns gets a letter.") % {"person": person})
    except Refused as refusal:
        messages.error(request, f"{person}: {refusal}")
    wake(send_signup_letters)
    return redirect("admin:meetings_meeting_places", rules.meeting_id)
