"""Views of trials and favourites, and the page of a person's own methods."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lib.access import members_only
from lib.forms.posting import posted, show_and_act, show_form
from methods.models import Favourite, Method, Trial
from methods.usage import panel
from methods.usage.forms import TrialForm
from methods.usage.undo import remove_or_put_back

HELD = gettext_lazy("Thank you! The coordinator reads this before others see it.")


@members_only
@require_safe
def my_methods(request: HttpRequest) -> HttpResponse:
    """My favourites, collections, session plans and trials."""
    return render(request, "methods/usage/my_methods.html", panel.of_person(request))


@members_only
@require_POST
def favourite(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a method a favourite, or take it off the list; a second click undoes the first."""
    method = get_object_or_404(Method.objects.visible_to(request.user), slug=slug)
    person: Any = request.user
    wanted = request.POST.get("heart") == "on"
    if wanted:
        Favourite.objects.add(person, method, timezone.now())
    else:
        Favourite.objects.remove(person, method)
    if request.headers.get("HX-Request"):
        return render(request, "methods/usage/_favourite_button.html", {"method": method, "is_favourite": wanted})
    messages.success(request, _("It is among your favourites.") if wanted else _("It is no longer a favourite."))
    return redirect(method)


@members_only
@show_and_act
def trial_new(request: HttpRequest, slug: str) -> HttpResponse:
    """I tried this: what happened, for the others."""
    method = get_object_or_404(Method.objects.visible_to(request.user).published(), slug=slug)
    person: Any = request.user
    return _write(request, Trial(method=method, person=person, tried_on=timezone.localdate()))


@members_only
@show_and_act
def trial_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what I told."""
    return _write(request, _own_trial(request, Trial.objects.not_removed(), pk))


@members_only
@require_POST
def trial_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an own trial away, or put it back."""
    trial = _own_trial(request, Trial.objects.all(), pk)
    return remove_or_put_back(request, trial, trial.get_absolute_url())


def _own_trial(request: HttpRequest, trials: Any, pk: int) -> Trial:
    found: Trial = get_object_or_404(trials.of(request.user).select_related("method"), pk=pk)
    return found


def _write(request: HttpRequest, trial: Trial) -> HttpResponse:
    person: Any = request.user
    form = TrialForm(posted(request), instance=trial)
    if not form.is_valid():
        return show_form(request, "methods/usage/trial_form.html", {"form": form, "method": trial.method})
    is_held = bool(form.findings) and not Method.objects.run_by(person).filter(pk=trial.method_id).exists()
    told = form.save(commit=False)
    if told.pk is None:
        told.record(trial.method, person, timezone.now(), is_held)
    else:
        told.change_to(timezone.now(), is_held)
    thanks = _("Thank you! Others see now how it went.")
    messages.success(request, HELD if is_held else thanks)
    return redirect(trial)
