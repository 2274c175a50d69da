"""Pages of refusal that must be drawn although the request itself cannot be read."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.template.loader import render_to_string

# Django's own look for a token of the form first, and so fall over the same unreadable body again.


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    """400 in words: a form in another charset, or without a boundary, or an address that nobody can type."""
    return HttpResponseBadRequest(render_to_string("400.html"))


def server_error(request: HttpRequest) -> HttpResponse:
    """500 in words, whatever state the request is in."""
    return HttpResponseServerError(render_to_string("500.html"))
