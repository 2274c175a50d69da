"""Writing the minutes while the meeting goes on: notes that save themselves, decisions and tasks on one line."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from meetings.minutes_forms import DecisionForm, KeepingForm, NoteForm, TaskForm
from meetings.models import Decision, Meeting, Refused, Task
from meetings.models.note import Note
from meetings.models.refusals import OtherWords
from youthnet.access import coordinators_only, signed_in_only


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
        return _told(request, meeting, {"words": form.errors.as_text()}, 422)
    note = form.cleaned_data["item"] or meeting.begin_minutes()
    try:
        note.write(form.cleaned_data["notes"], form.cleaned_data["version"], now=timezone.now(), by=request.user)
    except OtherWords as other:
        facts = {"words": str(other), "theirs": other.theirs, "version": other.version}
        return _told(request, meeting, facts, 409, note)
    except Refused as refusal:
        return _told(request, meeting, {"words": str(refusal)}, 409)
    return _told(request, meeting, {"words": _saved(note), "version": note.notes_version}, 200, note)


@signed_in_only
@require_POST
def decision_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a decision into the register."""
    meeting = _meeting(request, slug)
    form = DecisionForm(request.POST, meeting=meeting)
    return _add(request, meeting, form, lambda facts: meeting.decide(now=timezone.now(), **facts))


@signed_in_only
@require_POST
def task_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down who does what by when."""
    meeting = _meeting(request, slug)
    form = TaskForm(request.POST, meeting=meeting, now=timezone.now())
    return _add(request, meeting, form, lambda facts: meeting.give_task(now=timezone.now(), **facts))


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
    meeting = _meeting(request, slug)
    row = get_object_or_404(model, meeting=meeting, pk=pk)
    try:
        meeting.refuse_if_locked()
        row.delete()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Removed: %(text)s") % {"text": row.text})
    return _back(meeting, row.item_id)


@coordinators_only
@require_POST
def minutes_keeping(request: HttpRequest, slug: str) -> HttpResponse:
    """Say who writes and who will read, or that no minutes are kept."""
    meeting = get_object_or_404(Meeting.objects.run_by(request.user).select_related("area"), slug=slug)
    minutes, now = meeting.begin_minutes(), timezone.now()
    form = KeepingForm(request.POST, instance=minutes, now=now)
    if "skip" in request.POST:
        _try(request, lambda: minutes.skip(now), _("No minutes are kept of this meeting."))
    elif form.is_valid():
        minutes.hand_to(form.cleaned_data["taker"])
        minutes.show_to(form.cleaned_data["visibility"])
        messages.success(request, _("The choice is kept."))
    else:
        messages.error(request, form.errors.as_text())
    return redirect("meetings:minutes-write", meeting.slug)


def _meeting(request: HttpRequest, slug: str) -> Meeting:
    found = Meeting.objects.minuted_by(request.user).select_related("area", "kept_minutes__taker")
    return get_object_or_404(found, slug=slug)


def _write(request: HttpRequest, meeting: Meeting, clash: dict[str, Any] | None = None, status: int = 200) -> Any:
    now, minutes = timezone.now(), meeting.minutes()
    timetable = meeting.timetable()
    decisions = list(meeting.decisions.in_order())
    tasks = list(meeting.tasks.with_places().order_by("pk"))
    sections = [_section(slot, decisions, tasks, clash) for slot in timetable.slots]
    context: dict[str, Any] = {"meeting": meeting, "minutes": minutes, "timetable": timetable, "sections": sections}
    context |= {"whole": _section(None, decisions, tasks, clash, minutes), "people": list(meeting.people(now))}
    context |= {"carried": Task.objects.carried_to(meeting).with_places().soonest(), "today": timezone.localdate()}
    context |= {"runs": meeting.is_run_by(request.user), "counts": minutes.comments.count() if minutes.pk else 0}
    if context["runs"]:
        context["keeping"] = KeepingForm(instance=minutes, now=now)
    return render(request, "meetings/minutes_write.html", context, status=status)


def _section(slot: Any, decisions: list, tasks: list, clash: Any, whole: Any = None) -> dict[str, Any]:
    """One box of the page: an item with what stands under it, or the whole meeting."""
    note = whole or slot.item
    own = None if whole else note.pk
    section = {"slot": slot, "note": note, "notes": note.notes, "item": own or ""}
    section["decisions"] = [row for row in decisions if row.item_id == own]
    section["tasks"] = [row for row in tasks if row.item_id == own]
    if clash and clash["note"] == note:
        section |= {"theirs": clash["theirs"], "notes": clash["mine"]}
    return section


def _told(request: HttpRequest, meeting: Meeting, facts: dict[str, Any], status: int, note: Note | None = None) -> Any:
    """The answer to a script as JSON; to a person the page, with both texts when two people wrote at once."""
    if request.accepts("text/html") and "application/json" not in request.headers.get("accept", ""):
        if status == 200:
            messages.success(request, facts["words"])
            return _back(meeting, request.POST.get("item"))
        messages.error(request, facts["words"])
        clash = {"note": note, "theirs": facts.get("theirs", ""), "mine": request.POST.get("notes", "")}
        return _write(request, meeting, clash if note else None, status)
    return JsonResponse(facts, status=status)


def _add(request: HttpRequest, meeting: Meeting, form: Any, act: Any) -> HttpResponse:
    if form.is_valid():
        _try(request, lambda: act(form.cleaned_data), _("Written down."))
        return _back(meeting, getattr(form.cleaned_data["item"], "pk", None))
    messages.error(request, form.errors.as_text())
    return redirect("meetings:minutes-write", meeting.slug)


def _back(meeting: Meeting, item: Any) -> HttpResponse:
    answer = redirect("meetings:minutes-write", meeting.slug)
    answer["Location"] += f"#item-{item}" if item else "#whole"
    return answer


def _try(request: HttpRequest, act: Any, words: str) -> None:
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)


def _saved(note: Note) -> str:
    at: datetime = timezone.localtime(note.notes_at)
    return _("Saved %(time)s") % {"time": f"{at:%-H.%M}"}
