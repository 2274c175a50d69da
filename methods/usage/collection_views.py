"""Pages of collections: making, arranging, sharing by link."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.absolute_urls import absolute_url
from lib.access import by_token, members_only
from lib.forms.params import int_or_none
from lib.forms.posting import posted, show_and_act, show_form
from methods.models import Collection, Method
from methods.usage.forms import CollectionForm, CollectionItems, sorted_out
from methods.usage.undo import remove_or_put_back


@members_only
@show_and_act
def collection_new(request: HttpRequest) -> HttpResponse:
    """Begin a collection."""
    return _write(request, Collection())


@members_only
@show_and_act
def collection_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change its title, day and note."""
    return _write(request, _own(request, pk))


@members_only
@show_and_act
def collection_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """My collection: read it, arrange it, share it."""
    collection = _own(request, pk)
    rows = collection.items.visible_to(request.user).in_order()
    formset = CollectionItems(posted(request), queryset=rows)
    if formset.is_valid():
        collection.arrange(*sorted_out(formset), timezone.now())
        messages.success(request, _("Saved."))
        return redirect(collection)
    context: dict[str, Any] = {"collection": collection, "formset": formset}
    if collection.shared_at:
        context["shared_url"] = absolute_url("methods:collection-shared", collection.token)
    return show_form(request, "methods/usage/collection_detail.html", context)


@members_only
@require_POST
def collection_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Share by link, make a new link, or stop sharing."""
    collection = _own(request, pk)
    action = request.POST.get("action")
    if action == "stop":
        collection.stop_sharing()
        messages.success(request, _("The link opens nothing any more."))
    elif action == "renew":
        collection.renew_link(timezone.now())
        messages.success(request, _("There is a new link. The old one opens nothing any more."))
    else:
        collection.share(timezone.now())
        messages.success(request, _("Whoever has the link can now see the public methods of the collection."))
    return redirect(collection)


@members_only
@require_POST
def collection_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a collection away, or put it back."""
    collection = get_object_or_404(Collection.objects.of(request.user), pk=pk)
    return remove_or_put_back(request, collection, reverse("methods:shelf"))


@members_only
@require_POST
def collect(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a method into one of my collections, or into a new one."""
    method = get_object_or_404(Method.objects.visible_to(request.user).published(), slug=slug)
    title, now = request.POST.get("title", "").strip()[:120], timezone.now()
    if title:
        collection = Collection(title=title)
        collection.start(request.user, now)  # type: ignore[arg-type]
    else:
        collection = _own(request, int_or_none(request.POST.get("collection")))
    collection.add(method, now)
    messages.success(request, _("“%(method)s” is in “%(collection)s”.") % {"method": method, "collection": collection})
    return redirect(method)


@by_token
@require_safe
def collection_shared(request: HttpRequest, token: str) -> HttpResponse:
    """A collection by its link: only what this reader may see anyway."""
    collection = Collection.objects.behind(token)
    if collection is None:
        raise Http404
    items = collection.items.visible_to(request.user).in_order()
    return render(request, "methods/usage/collection_shared.html", {"collection": collection, "items": items})


def _own(request: HttpRequest, pk: int | None) -> Collection:
    found: Collection = get_object_or_404(Collection.objects.kept().of(request.user), pk=pk)
    return found


def _write(request: HttpRequest, collection: Collection) -> HttpResponse:
    form = CollectionForm(posted(request), instance=collection)
    if not form.is_valid():
        return show_form(request, "methods/usage/collection_form.html", {"form": form, "collection": collection})
    if collection.pk is None:
        form.save(commit=False).start(request.user, timezone.now())
    else:
        form.save(commit=False).save_changes(timezone.now())
    messages.success(request, _("Saved."))
    return redirect(collection)
