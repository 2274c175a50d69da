"""What the buttons of a page of files do to a row: move, remove, put back. Undo instead of "Are you sure?"."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.exceptions import Refused

STEPS = {"up": -1, "down": 1}


def perform(request: HttpRequest, row: Any, action: str | None) -> None:
    """Do what a button says, and say what happened or why not."""
    if action in STEPS and not row.removed_at:
        row.move(STEPS[action])
    elif action == "remove":
        row.remove(timezone.now())
        messages.success(request, _("Removed. You can put it back within a week, at the end of this page."))
    elif action == "put_back":
        _put_back(request, row)


def _put_back(request: HttpRequest, row: Any) -> None:
    try:
        row.put_back(timezone.now())
        messages.success(request, _("It is back."))
    except Refused as refusal:
        messages.error(request, str(refusal))
