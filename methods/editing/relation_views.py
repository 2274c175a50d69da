"""Who writes a method together, and which others it belongs with."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from lib.access import members_only
from lib.forms.posting import posted, show_and_act, show_form
from methods import emails
from methods.editing.forms import CoAuthorForm
from methods.exceptions import LastAuthor, NoWhole
from methods.models import Method

MOST_FOUND = 10


@members_only
@show_and_act
def method_authors(request: HttpRequest, slug: str) -> HttpResponse:
    """The authors; one of them takes in another or leaves."""
    method = get_object_or_404(Method.objects.editable_by(request.user), slug=slug)
    if request.POST.get("action") == "leave":
        return _leave(request, method)
    form = CoAuthorForm(posted(request), method=method, author=request.user)
    if form.is_valid():
        person = form.cleaned_data["person"]
        if method.add_author(person):
            emails.taken_in(method, person, request.user)
        messages.success(request, _("%(person)s may now write with you, and gets a letter.") % {"person": person})
        return redirect("methods:method-authors", method.slug)
    authors = method.authors()
    shown = {"method": method, "authors": authors, "form": form, "is_author": request.user in authors}
    return show_form(request, "methods/editing/authors.html", shown)


@members_only
@show_and_act
def method_links(request: HttpRequest, slug: str) -> HttpResponse:
    """The methods it belongs with: others are looked for, linked and unlinked."""
    method = get_object_or_404(Method.objects.editable_by(request.user).select_related("part_of"), slug=slug)
    shown = Method.objects.visible_to(request.user).published().exclude(pk=method.pk)
    if request.method == "POST":
        _link(request, method, shown)
        return redirect("methods:method-links", method.slug)
    words = request.GET.get("q", "").strip()
    context = {
        "method": method,
        "q": words,
        "related": method.related.by_title(),
        "found": shown.exclude(related=method).matching(words).newest()[:MOST_FOUND] if words else [],
    }
    return render(request, "methods/editing/links.html", context)


def _link(request: HttpRequest, method: Method, shown: Any) -> None:
    """Do what a button says. A link counts both ways, so whoever runs either end may undo it."""
    action, slug = request.POST.get("action", ""), request.POST.get("other", "")
    if action == "leave":
        method.leave_whole()
    elif action == "unrelate":
        method.related.remove(*method.related.filter(slug=slug))
    elif action == "relate":
        method.related.add(get_object_or_404(shown, slug=slug))
    elif action == "join":
        try:
            method.join(get_object_or_404(shown, slug=slug))
        except NoWhole as refusal:
            messages.error(request, str(refusal))
            return
    else:
        return
    messages.success(request, _("Saved."))


def _leave(request: HttpRequest, method: Method) -> HttpResponse:
    try:
        method.remove_author(request.user)
    except LastAuthor as refusal:
        messages.error(request, str(refusal))
        return redirect("methods:method-authors", method.slug)
    messages.success(request, _("You are no longer an author of “%(title)s”.") % {"title": method.title})
    return redirect("methods:mine")
