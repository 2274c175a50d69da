"""Views that show a form by GET and take it by POST: which methods they allow, what was sent, and the answer."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lib.exceptions import Refused

show_and_act = require_http_methods(["GET", "HEAD", "POST"])


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, for a form to judge; None when the page is only shown."""
    return request.POST if request.method == "POST" else None


def show_form(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page of a form: 422 when what was sent was refused, else 200."""
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def attempt(request: HttpRequest, act: Callable[[], Any], done: str = "") -> bool:
    """Call a verb; the next page says `done`, or why it was refused. Whether it was done."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    if done:
        messages.success(request, done)
    return True
