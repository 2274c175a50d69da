"""The agenda of a meeting, made and put in order by its coordinator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lib.access import coordinators_only
from lib.forms.params import int_or_none
from lib.forms.posting import attempt, posted, show_and_act, show_form
from meetings.agenda.default_items import usual_agenda
from meetings.agenda.forms import AgendaItemForm, FillForm, RowsForm
from meetings.models import AgendaItem, Meeting, Minutes


@coordinators_only
@show_and_act
def agenda_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole agenda with its clock; the form at the end adds one more item."""
    meeting = _meeting(request, slug)
    form = AgendaItemForm(posted(request), meeting=meeting, now=timezone.now())
    if form.is_valid():
        done = _("The item is on the agenda. You can add the next one.")
        attempt(request, lambda: AgendaItem.objects.add(meeting, **form.cleaned_data), done)
        answer = redirect("meetings:agenda-edit", meeting.slug)
        answer["Location"] += "?more=1"
        return answer
    if "more" in request.GET and not form.is_bound:
        form.fields["title"].widget.attrs["autofocus"] = True
    context = {"meeting": meeting, "form": form, "timetable": meeting.timetable()}
    context["is_locked"] = Minutes.objects.of(meeting).is_approved
    context |= {"fill": FillForm(meeting=meeting, user=request.user), "removed": _removed(request, meeting)}
    return show_form(request, "meetings/agenda/agenda_edit.html", context)


@coordinators_only
@require_POST
def agenda_fill(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin from the usual items, or from the agenda of an earlier meeting."""
    meeting = _meeting(request, slug)
    form = FillForm(request.POST, meeting=meeting, user=request.user)
    if not form.is_valid():
        messages.error(request, _("Choose where the items come from."))
    elif form.chosen:
        attempt(request, lambda: AgendaItem.objects.copy(form.chosen, meeting))
    else:
        attempt(request, lambda: AgendaItem.objects.add_rows(meeting, usual_agenda()))
    return redirect("meetings:agenda-edit", meeting.slug)


@coordinators_only
@require_POST
def agenda_take(request: HttpRequest) -> HttpResponse:
    """Rows made elsewhere (the plan of a session): choose the meeting, then they are on its agenda."""
    form = RowsForm(request.POST, user=request.user, now=timezone.now())
    if form.is_valid():
        meeting = form.cleaned_data["meeting"]
        done = _("The plan is on the agenda. Look at the times.")
        attempt(request, lambda: AgendaItem.objects.add_rows(meeting, form.rows), done)
        return redirect("meetings:agenda-edit", meeting.slug)
    return render(request, "meetings/agenda/agenda_take.html", {"form": form})


@coordinators_only
@show_and_act
def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One item."""
    item = _item(request, pk)
    form = AgendaItemForm(posted(request), instance=item, meeting=item.meeting, now=timezone.now())
    if form.is_valid():
        attempt(request, lambda: item.change(**form.cleaned_data), _("The item is saved."))
        return redirect("meetings:agenda-edit", item.meeting.slug)
    context = {"item": item, "meeting": item.meeting, "form": form}
    return show_form(request, "meetings/agenda/item_edit.html", context)


@coordinators_only
@require_POST
def item_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    item = _item(request, pk)
    attempt(request, lambda: item.move(-1 if request.POST.get("step") == "up" else 1))
    answer = redirect("meetings:agenda-edit", item.meeting.slug)
    answer["Location"] += f"#item-{item.pk}"
    return answer


@coordinators_only
@require_POST
def item_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an item off; the next page offers to put it back."""
    item = _item(request, pk)
    answer = redirect("meetings:agenda-edit", item.meeting.slug)
    if attempt(request, lambda: item.remove(timezone.now())):
        answer["Location"] += f"?removed={item.pk}"
    return answer


@coordinators_only
@require_POST
def item_put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the removal."""
    item = _item(request, pk)
    attempt(request, item.put_back)
    return redirect("meetings:agenda-edit", item.meeting.slug)


def _meeting(request: HttpRequest, slug: str) -> Meeting:
    return get_object_or_404(Meeting.objects.run_by(request.user).select_related("area", "kept_minutes"), slug=slug)


def _item(request: HttpRequest, pk: int) -> AgendaItem:
    found = AgendaItem.objects.run_by(request.user).select_related("meeting__area", "meeting__kept_minutes")
    return get_object_or_404(found, pk=pk)


def _removed(request: HttpRequest, meeting: Meeting) -> AgendaItem | None:
    """The item just taken off, named in the address."""
    return meeting.agenda.exclude(removed_at=None).filter(pk=int_or_none(request.GET.get("removed"))).first()
