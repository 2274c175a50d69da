"""The public contact cards, and each person's own page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.forms import MyDetailsForm
from contacts.models import AreaLogo, ContactCard
from lib.access import public, signed_in_only
from lib.uploads import serving
from outbox.models import Suppression

# How many tasks stand on one's own page; all of them have a page of their own.
SHOWN_TASKS = 5


@public
@require_safe
def card_list(request: HttpRequest) -> HttpResponse:
    """Everybody whom one may ask, area by area."""
    cards = ContactCard.objects.visible_to(request.user).by_area()
    return render(request, "contacts/card_list.html", {"cards": cards})


@public
@require_safe
def logo_picture(request: HttpRequest, slug: str, token: str, width: int) -> HttpResponse:
    """An area's logo, at one of its widths."""
    logo = get_object_or_404(AreaLogo.objects.visible_to(request.user), area__slug=slug, token=token)
    if width not in logo.widths:
        raise Http404
    return serving.picture(logo.stored(f"{width}.webp"), is_public=True)


@signed_in_only
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """My details, my networks and requests, and the meetings that wait for me."""
    person: Any = request.user
    memberships = person.memberships.with_people()
    ahead = {
        "meeting__ends_at__gt": timezone.now(),
        "meeting__cancelled_at": None,
        "meeting__published_at__isnull": False,
    }
    coming = person.participations.still_invited().filter(**ahead).select_related("meeting")
    context = {
        "active": memberships.active().order_by("network__order", "network__name_fi", "pk"),
        "waiting": memberships.waiting().oldest_first(),
        "coming": coming.order_by("meeting__starts_at", "pk"),
        "tasks": person.tasks.open().with_places().soonest()[:SHOWN_TASKS],
        "today": timezone.localdate(),
        "stopped": Suppression.objects.of(person.email).of_the_address().current(timezone.now()).first(),
        "runs": person.coordinations.current(timezone.localdate()).select_related("area").order_by("pk"),
    }
    return render(request, "contacts/me.html", context)


@signed_in_only
@require_POST
def me_address_works(request: HttpRequest) -> HttpResponse:
    """Letters came back, but I read them here: write to my address again."""
    person: Any = request.user
    if Suppression.objects.of(person.email).of_the_address().lift(timezone.now()):
        messages.success(request, _("Thank you. Letters come to your address again."))
    return redirect("contacts:me")


@signed_in_only
@require_http_methods(["GET", "HEAD", "POST"])
def me_edit(request: HttpRequest) -> HttpResponse:
    """Keep my details true."""
    person: Any = request.user
    form = MyDetailsForm(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        person.introduce(**form.cleaned_data)
        messages.success(request, _("Your details have been saved."))
        return redirect(translate_url(reverse("contacts:me"), person.language))
    return render(request, "contacts/me_edit.html", {"form": form})
