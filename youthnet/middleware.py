"""What holds for every page: no address nobody can type, one form of letters, no personal page kept on the way."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from pghistory.middleware import HistoryMiddleware

from lib.text.normal_form import composed, is_composed


def readable_addresses(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 to an address with a NUL character: PostgreSQL stores none, so nothing can be found by it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation("The address holds a NUL character.")
        return get_response(request)

    return middleware


def composed_texts(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Everything typed comes in one normal form: a letter and its dots are one character (NFC), as they are stored.

    The one hook for all forms and searches. What is posted is composed when a view asks for it, and no sooner: some
    views read the body as it came.
    """

    def middleware(request: Any) -> HttpResponse:
        request.GET, load = _composed(request.GET), request._load_post_and_files

        def load_composed() -> None:
            load()
            request._post = _composed(request._post)

        request._load_post_and_files = load_composed
        return get_response(request)

    return middleware


def _composed(sent: QueryDict) -> Any:
    if all(is_composed(value) for _name, values in sent.lists() for value in values):
        return sent
    given = sent.copy()
    for name, values in sent.lists():
        given.setlist(name, [composed(value) for value in values])
    given._mutable = False
    return given


def private_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Mark every answer to a signed-in person `private, no-store`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.session.accessed and request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware


class WhoChanged(HistoryMiddleware):
    """Tells the database who asks, so that a version knows its author. The number of the person, and no address."""

    def get_context(self, request: Any) -> dict[str, Any]:
        return {"user": request.user.pk}
