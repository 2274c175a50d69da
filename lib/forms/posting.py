"""Views that show a form by GET and take it by POST: which methods they allow, what was sent, and the answer."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

show_and_act = require_http_methods(["GET", "HEAD", "POST"])


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, for a form to judge; None when the page is only shown."""
    return request.POST if request.method == "POST" else None


def show_form(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page of a form: 422 when what was sent was refused, else 200."""
    return render(request, template, context, status=422 if request.method == "POST" else 200)
