"""A person's saved searches: keep, rename, delete and take back, and stop the letters by the link in one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lib.access import by_token, signed_in_only
from lib.forms.posting import show_and_act
from lib.tokens import BadToken, read_row
from methods.editing.forms import SavedSearchForm
from methods.emails import STOP
from methods.faceted_search.filters import MethodFilter
from methods.models import Frequency, SavedSearch, TooMany


@signed_in_only
@show_and_act
def saved(request: HttpRequest) -> HttpResponse:
    """My saved searches; a POST keeps the filters it brings."""
    form = SavedSearchForm(request.POST) if request.method == "POST" else None
    if form and form.is_valid():
        query = MethodFilter(QueryDict(form.cleaned_data.pop("query")), request.user).query
        try:
            SavedSearch.objects.save_search(request.user, query=query, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The search is saved. Letters come only when something new fits."))
        except TooMany as refusal:
            messages.error(request, str(refusal))
        return redirect("methods:saved")
    own = SavedSearch.objects.filter(user=request.user).alphabetical()
    rows = [_row(request, search) for search in own.kept()]
    deleted = own.just_deleted(timezone.now())
    context = {"rows": rows, "deleted": deleted, "form": form, "rhythms": Frequency.choices}
    return render(request, "methods/faceted_search/saved.html", context, status=422 if form else 200)


@signed_in_only
@require_POST
def saved_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, or letters more or less often."""
    search = _own(request, pk, ended_at=None)
    form = SavedSearchForm(request.POST, search=search)
    if form.is_valid():
        search.change(form.cleaned_data["name"], form.cleaned_data["rhythm"], timezone.now())
        messages.success(request, _("Saved."))
    else:
        messages.error(request, " ".join(str(words) for errors in form.errors.values() for words in errors))
    return redirect("methods:saved")


@signed_in_only
@require_POST
def saved_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a search; the page offers to take it back."""
    if _own(request, pk).end(timezone.now()):
        messages.success(request, _("The search is deleted. You can take it back below for seven days."))
    return redirect("methods:saved")


@signed_in_only
@require_POST
def saved_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the deletion."""
    if _own(request, pk).take_back(timezone.now()):
        messages.success(request, _("The search is back."))
    else:
        messages.error(request, _("You have another search of this name already: rename it first."))
    return redirect("methods:saved")


@by_token
@show_and_act
def saved_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the letters of one search (RFC 8058): POST acts without cookies; GET shows a button."""
    try:
        search = SavedSearch.objects.filter(pk=read_row(STOP, token)).first()
    except BadToken:
        return render(request, "methods/faceted_search/saved_stop.html", {"is_bad": True}, status=404)
    is_done = request.method == "POST" or search is None
    if search and is_done:
        search.stop_letters()
    return render(request, "methods/faceted_search/saved_stop.html", {"search": search, "is_done": is_done})


def _own(request: HttpRequest, pk: int, **state: Any) -> SavedSearch:
    return get_object_or_404(SavedSearch, pk=pk, user=request.user, **state)


def _row(request: HttpRequest, search: SavedSearch) -> dict[str, Any]:
    """A search with its filters in words. How many fit is counted when it is opened."""
    chips = MethodFilter(QueryDict(search.query), request.user).chips
    url = f"{reverse('methods:method-list')}?{search.query}"
    return {"search": search, "words": [chip.label for chip in chips], "url": url}
