"""Take away and put back by the same address: the page that follows offers the undo."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.forms.params import int_or_none


def remove_or_put_back(request: HttpRequest, row: Any, page: str) -> HttpResponse:
    """Remove a row and come back to `page` with its number, or put it back when the undo was clicked."""
    path, hash_, anchor = page.partition("#")
    if "put_back" not in request.POST:
        row.remove(timezone.now())
        return redirect(f"{path}?removed={row.pk}{hash_}{anchor}")
    try:
        with transaction.atomic():
            row.put_back()
        messages.success(request, _("It is back."))
    except IntegrityError:
        messages.error(request, _("You have made another one like it since, so this one was not put back."))
    return redirect(page)


def just_removed(request: HttpRequest, rows: Any) -> Any:
    """The row that the address tells of, when it is among these and is still removed."""
    return rows.removed().filter(pk=int_or_none(request.GET.get("removed"))).first()
