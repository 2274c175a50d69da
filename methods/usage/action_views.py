"""Views of actions of a model, of the check after two years, and of drafts made from meetings."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lib.access import coordinators_only, members_only
from lib.forms.posting import posted, show_and_act, show_form
from methods import emails
from methods.models import Action, Method
from methods.usage.forms import ActionForm, DraftFromMeetingForm
from methods.usage.undo import remove_or_put_back

PREFILLED = ["kind", "title", "summary", "credits", "source_url", "author"]


@members_only
@show_and_act
def action_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down what has been done with an operating model: its authors and the coordinator."""
    models = Method.objects.editable_by(request.user).filter(kind=Method.MODEL)
    return _write_action(request, Action(method=get_object_or_404(models, slug=slug)))


@members_only
@show_and_act
def action_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a row."""
    return _write_action(request, _action(request, Action.objects.kept(), pk))


@members_only
@require_POST
def action_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a row away, or put it back."""
    action = _action(request, Action.objects.all(), pk)
    return remove_or_put_back(request, action, action.get_absolute_url())


@members_only
@show_and_act
def method_check(request: HttpRequest, slug: str) -> HttpResponse:
    """Is this still right? Its authors and the coordinator say so with one click."""
    method = get_object_or_404(Method.objects.editable_by(request.user).published(), slug=slug)
    if request.method == "POST":
        method.verify(timezone.now())
        messages.success(request, _("Thank you! It is marked as checked today."))
        return redirect(method)
    return render(request, "methods/usage/method_check.html", {"method": method})


@coordinators_only
@show_and_act
def draft_from_meeting(request: HttpRequest) -> HttpResponse:
    """Make a draft of what a member told; the page that leads here fills in what it knows by the address."""
    known = {name: request.GET[name] for name in PREFILLED if name in request.GET}
    form = DraftFromMeetingForm(posted(request), initial=known, coordinator=request.user)
    if not form.is_valid():
        return show_form(request, "methods/usage/draft_from_meeting.html", {"form": form})
    coordinator: Any = request.user
    with transaction.atomic():
        draft = Method.objects.draft_from_meeting(now=timezone.now(), **form.cleaned_data)
        if draft.author_id != coordinator.pk:
            emails.drafted_from_meeting(draft, coordinator)
    messages.success(request, _("The draft is made. %(name)s gets a letter about it.") % {"name": draft.author})
    return redirect(draft)


def _action(request: HttpRequest, actions: Any, pk: int) -> Action:
    found: Action = get_object_or_404(actions.editable_by(request.user).select_related("method"), pk=pk)
    return found


def _write_action(request: HttpRequest, action: Action) -> HttpResponse:
    form = ActionForm(posted(request), instance=action)
    if not form.is_valid():
        return show_form(request, "methods/usage/action_form.html", {"form": form, "method": action.method})
    if action.pk is None:
        form.save(commit=False).record(action.method, request.user, timezone.now())
    else:
        form.save()
    messages.success(request, _("Saved."))
    return redirect(action)
