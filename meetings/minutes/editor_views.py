"""Writing the minutes while the meeting goes on: notes that save themselves, decisions and tasks on one line."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.access import coordinators_only, signed_in_only
from lib.exceptions import Refused
from lib.forms.posting import attempt
from lib.forms.rendering import error_summary
from meetings.exceptions import OtherWords
from meetings.minutes.editor import WHOLE, MinutesEditor
from meetings.minutes.forms import DecisionForm, KeepingForm, NoteForm, ShortForm, TaskForm
from meetings.models import Decision, Meeting, Minutes, Task
from meetings.models.shared_note import Note

# What the session remembers of the row removed last, so that it can be put back.
REMOVED = "minutes_removed"


@signed_in_only
@require_safe
def minutes_write(request: HttpRequest, slug: str) -> HttpResponse:
    """A box under each item, its decisions and tasks, and what was left open last time."""
    return _write(request, _meeting(request, slug))


@signed_in_only
@require_POST
def note_save(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the notes of one item. A script gets the new version back, a person the page."""
    meeting = _meeting(request, slug)
    form = NoteForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return _reply(request, meeting, {"words": error_summary(form)}, 422)
    note = form.cleaned_data["item"] or Minutes.objects.start(meeting)
    try:
        note.write(form.cleaned_data["notes"], form.cleaned_data["version"], now=timezone.now(), by=request.user)
    except OtherWords as other:
        facts = {"words": str(other), "theirs": other.theirs, "version": other.version}
        return _reply(request, meeting, facts, 409, note)
    except Refused as refusal:
        return _reply(request, meeting, {"words": str(refusal)}, 409)
    return _reply(request, meeting, {"words": _saved(note), "version": note.notes_version}, 200, note)


@signed_in_only
@require_POST
def decision_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a decision into the register."""
    meeting = _meeting(request, slug)
    form = DecisionForm(request.POST, meeting=meeting)
    back = request.session.get(REMOVED, {}) if "back" in request.POST else {}
    number = back.get("number") if back.get("meeting") == meeting.pk else None
    return _add(
        request,
        meeting,
        "decision",
        form,
        lambda facts: Decision.objects.record(meeting, now=timezone.now(), number=number, **facts),
    )


@signed_in_only
@require_POST
def task_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down who does what by when."""
    meeting = _meeting(request, slug)
    form = TaskForm(request.POST, meeting=meeting, now=timezone.now())
    return _add(request, meeting, "task", form, lambda facts: Task.objects.give(meeting, now=timezone.now(), **facts))


@signed_in_only
@require_POST
def decision_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take back a decision that was written by mistake."""
    return _remove(request, slug, Decision, pk)


@signed_in_only
@require_POST
def task_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take back a task that was written by mistake."""
    return _remove(request, slug, Task, pk)


def _remove(request: HttpRequest, slug: str, model: Any, pk: int) -> HttpResponse:
    """Take a row away; the next page offers to put it back."""
    meeting = _meeting(request, slug)
    row = get_object_or_404(model, meeting=meeting, pk=pk)
    try:
        Minutes.objects.of(meeting).refuse_if_locked()
        row.delete()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _back(meeting, row.item_id)
    due_on = getattr(row, "due_on", None)
    words = {"kind": model.__name__.lower(), "meeting": meeting.pk, "text": row.text, "item": row.item_id or ""}
    words |= {"owner": getattr(row, "owner_id", None) or "", "owner_name": getattr(row, "owner_name", "")}
    words |= {"number": getattr(row, "number", None), "due_on": due_on.isoformat() if due_on else ""}
    request.session[REMOVED] = words
    answer = redirect("meetings:minutes-write", meeting.slug)
    answer["Location"] += "?removed=1"
    return answer


@signed_in_only
@require_POST
def minutes_short(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what came of the meeting in plain words, also when the minutes are locked."""
    meeting = _meeting(request, slug)
    form = ShortForm(request.POST, instance=Minutes.objects.of(meeting))
    if not form.is_valid():
        return _write(request, meeting, short=form, status=422)
    Minutes.objects.start(meeting).write_summary(form.cleaned_data["in_short"])
    messages.success(request, _("The words are kept."))
    answer = redirect("meetings:minutes-write", meeting.slug)
    answer["Location"] += "#in-short"
    return answer


@coordinators_only
@require_POST
def minutes_keeping(request: HttpRequest, slug: str) -> HttpResponse:
    """Say who writes and who will read, or that no minutes are kept."""
    meeting = get_object_or_404(Meeting.objects.run_by(request.user).select_related("area"), slug=slug)
    minutes, now = Minutes.objects.start(meeting), timezone.now()
    form = KeepingForm(request.POST, instance=minutes, now=now)
    if "skip" in request.POST:
        attempt(request, lambda: minutes.skip(now), _("No minutes are kept of this meeting."))
    elif form.is_valid():
        minutes.hand_to(form.cleaned_data["taker"])
        minutes.show_to(form.cleaned_data["visibility"])
        messages.success(request, _("The choice is kept."))
    else:
        messages.error(request, error_summary(form))
    return redirect("meetings:minutes-write", meeting.slug)


def _meeting(request: HttpRequest, slug: str) -> Meeting:
    found = Meeting.objects.minuted_by(request.user).select_related("area", "kept_minutes__taker")
    return get_object_or_404(found, slug=slug)


def _write(request: HttpRequest, meeting: Meeting, status: int = 200, short: Any = None, **shown: Any) -> Any:
    """The page; `clash`, `refused` and `short` hold what was typed and could not be kept."""
    now, minutes = timezone.now(), Minutes.objects.of(meeting)
    page = MinutesEditor(meeting, request.GET.get("more", ""), **shown)
    context: dict[str, Any] = {"meeting": meeting, "minutes": minutes, "runs": meeting.is_run_by(request.user)}
    context |= {"whole": page.whole(), "sections": page.sections(), "people": list(meeting.people(now))}
    context |= {"removed": _removed(request, meeting), "today": timezone.localdate()}
    context["carried"] = Task.objects.carried_to(meeting).with_places().soonest()
    context |= {"short": short or ShortForm(instance=minutes), "counts": minutes.comments.count() if minutes.pk else 0}
    if context["runs"]:
        context |= {"keeping": KeepingForm(instance=minutes, now=now), "next": Meeting.objects.next_after(meeting)}
    return render(request, "meetings/minutes/minutes_write.html", context, status=status)


def _removed(request: HttpRequest, meeting: Meeting) -> dict[str, Any] | None:
    """The decision or task just taken away, as the session remembers it."""
    gone = request.session.get(REMOVED) if "removed" in request.GET else None
    return gone if gone and gone["meeting"] == meeting.pk else None


def _reply(request: HttpRequest, meeting: Meeting, facts: dict[str, Any], status: int, note: Note | None = None) -> Any:
    """The answer to a script as JSON; to a person the page, with both texts when two people wrote at once."""
    if request.accepts("text/html") and "application/json" not in request.headers.get("accept", ""):
        if status == 200:
            messages.success(request, facts["words"])
            return _back(meeting, request.POST.get("item"))
        messages.error(request, facts["words"])
        clash = {"note": note, "theirs": facts.get("theirs", ""), "mine": request.POST.get("notes", "")}
        return _write(request, meeting, status, clash=clash if note else None)
    return JsonResponse(facts, status=status)


def _add(request: HttpRequest, meeting: Meeting, kind: str, form: Any, act: Any) -> HttpResponse:
    """Write a row down; the next page is ready for one more of its kind. A refused row stays in its boxes."""
    if not form.is_valid():
        messages.error(request, error_summary(form))
        return _write(request, meeting, 422, refused=(kind, form))
    attempt(request, lambda: act(form.cleaned_data), _("Written down."))
    answer = redirect("meetings:minutes-write", meeting.slug)
    answer["Location"] += f"?more={kind}-{getattr(form.cleaned_data['item'], 'pk', WHOLE)}"
    return answer


def _back(meeting: Meeting, item: Any) -> HttpResponse:
    answer = redirect("meetings:minutes-write", meeting.slug)
    answer["Location"] += f"#item-{item}" if item else "#whole"
    return answer


def _saved(note: Note) -> str:
    at: datetime = timezone.localtime(note.notes_at)
    return _("Saved %(time)s") % {"time": f"{at:%-H.%M}"}
