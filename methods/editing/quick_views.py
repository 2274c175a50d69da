"""Page of the quick method. What waits to be completed stands on the desk and on the page of reviews."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.access import members_only
from lib.forms.posting import show_and_act, show_form
from methods import emails
from methods.editing.quick_form import QuickMethodForm
from methods.models import Method
from methods.models.working_copy import lock


@members_only
@show_and_act
def method_quick(request: HttpRequest) -> HttpResponse:
    """Five boxes. The form has a key: sent twice, it makes one method."""
    key, person = _key(request), request.user
    if request.method != "POST":
        return _page(request, QuickMethodForm(), key)
    form = QuickMethodForm(request.POST, request.FILES)
    with transaction.atomic():
        lock(key)
        made = Method.objects.written_by(person).filter(key=key).first()
        if made is None and form.is_valid() and (made := _hand_over(form, key, person)):
            messages.success(request, _("Thank you! The coordinator completes it and tells you when it is published."))
    return redirect(made) if made else _page(request, form, key)


def _hand_over(form: QuickMethodForm, key: UUID, person: Any) -> Method | None:
    made = form.hand_over(key, person, timezone.now())
    if made:
        emails.handed_over(made)
    return made


def _page(request: HttpRequest, form: QuickMethodForm, key: UUID) -> HttpResponse:
    return show_form(request, "methods/editing/quick.html", {"form": form, "key": key})


def _key(request: HttpRequest) -> UUID:
    """The key of the form, when it has one that can be read."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()
