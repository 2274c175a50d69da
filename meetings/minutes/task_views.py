"""Tasks: one's own, and those of one's networks; done by one press, opened again by another."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.access import signed_in_only
from lib.forms.posting import attempt
from meetings.minutes.forms import ReasonForm
from meetings.models import Task

PER_PAGE = 25


@signed_in_only
@require_safe
def task_list(request: HttpRequest) -> HttpResponse:
    """What I have promised; with `?whose=all` what all of my networks have."""
    user, whose = request.user, request.GET.get("whose", "")
    mine = user.tasks.with_places()
    found = Task.objects.visible_to(user).with_places() if whose == "all" else mine
    page = Paginator(found.open().soonest(), PER_PAGE).get_page(request.GET.get("page"))
    handled = set(Task.objects.handled_by(user).filter(pk__in=[task.pk for task in page]).values_list("pk", flat=True))
    context = {"page": page, "whose": whose, "today": timezone.localdate(), "handled": handled}
    context["closed"] = mine.just_closed(timezone.now())[:PER_PAGE]
    return render(request, "meetings/minutes/task_list.html", context)


@signed_in_only
@require_POST
def task_done(request: HttpRequest, pk: int) -> HttpResponse:
    """One press: it is done."""
    task = _task(request, pk)
    words = _("Done: %(task)s. You can take it back on the page of your tasks.") % {"task": task}
    return _act(request, lambda: task.finish(timezone.now()), words)


@signed_in_only
@require_POST
def task_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """It will not be done, and why."""
    task, form = _task(request, pk), ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _act(request, lambda: task.drop(timezone.now(), reason), _("Dropped: %(task)s.") % {"task": task})


@signed_in_only
@require_POST
def task_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """It was not done after all."""
    task = _task(request, pk)
    return _act(request, task.open_again, _("Open again: %(task)s.") % {"task": task})


def _task(request: HttpRequest, pk: int) -> Task:
    return get_object_or_404(Task.objects.handled_by(request.user), pk=pk)


def _act(request: HttpRequest, act: Any, words: str) -> HttpResponse:
    attempt(request, act, words)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if is_ours and back.startswith("/") else reverse("meetings:task-list"))
