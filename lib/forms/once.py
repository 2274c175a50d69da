"""Idempotent forms: each form holds a random token, and what was sent with it twice is done once.

The first request with a token acts; whoever sends the same content with it again, later or at the same moment, gets
the answer of the first: the same address and the same messages. PostgreSQL lets the second wait for the first, because
both insert the same key (ADR 16). The access marks (`lib/access.py`) and the admin site put it around every view.
"""

import re
import secrets
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.db import Error, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from psycopg2 import IntegrityError
from psycopg2.extensions import TransactionRollbackError

from lib.models import SentForm

FIELD = "form_token"
CSRF_FIELD = "csrfmiddlewaretoken"
# What stands for the address a form was sent to: it may hold the secret of a letter, which is stored nowhere.
SAME_ADDRESS = "@"
# A view that met a row written at the same moment is called again: with that row in sight it answers rightly.
TRIES = 5
DISTURBED = (IntegrityError, TransactionRollbackError)  # the latter: two that wait for each other

# The browser keeps what is typed until it learns here that a form has been taken (static/js/autosave/unsent_form.js).
COOKIE = "sent_forms"
TOKEN = re.compile(r"[\w-]{1,32}", re.ASCII)
TOKENS_TOLD = 5
TOLD_SECONDS = 3600

View = Callable[..., HttpResponse]


def new_token() -> str:
    return secrets.token_urlsafe(12)


def done_once(view: View) -> View:
    """What is sent to this view twice with one token is done once; what is sent without a token is done each time."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)

        def act() -> HttpResponse:
            return _undisturbed(view, request, *args, **kwargs)

        if not request.POST.get(FIELD):
            return act()
        response = _once(request, act)
        if _is_final(response) and request.user.is_authenticated and not _is_refused(request):
            _tell_browser(request, response)
        return response

    guarded.is_done_once = True  # type: ignore[attr-defined]
    return guarded


def _once(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    with transaction.atomic():
        sent, is_first = SentForm.objects.get_or_create(key=_key(request), defaults={"sent_at": timezone.now()})
        if not is_first:
            return _same_answer(request, sent)
        told_before = len(_told(request))
        response = act()
        if _is_final(response):
            sent.answer(_location(request, response), _body(response), _told(request)[told_before:])
        else:
            sent.delete()  # refused, or only shown: the same form may be sent again
    return response


def _key(request: HttpRequest) -> str:
    """The token together with who sent what where: no token speaks for another person or another text."""
    said = [(name, request.POST.getlist(name)) for name in sorted(request.POST) if name != CSRF_FIELD]
    files = [(name, [(each.name, each.size) for each in request.FILES.getlist(name)]) for name in sorted(request.FILES)]
    return sha256(repr((request.user.pk, request.get_full_path(), said, files)).encode()).hexdigest()


def _is_final(response: HttpResponse) -> bool:
    """Whether something was done: it leads on to another page, or closes the window it came from."""
    return 300 <= response.status_code < 400 or getattr(response, "closes_window", False)


def _location(request: HttpRequest, response: HttpResponse) -> str:
    location = response.get("Location", "")
    return SAME_ADDRESS + location[len(request.path) :] if location.startswith(request.path) else location


def _body(response: HttpResponse) -> str:
    return response.content.decode() if getattr(response, "closes_window", False) else ""


def _same_answer(request: HttpRequest, sent: SentForm) -> HttpResponse:
    for message in sent.messages:
        messages.add_message(request, message.level, message.message, message.extra_tags)
    if not sent.location:
        return HttpResponse(sent.body)
    is_here = sent.location.startswith(SAME_ADDRESS)
    return HttpResponseRedirect(request.path + sent.location[1:] if is_here else sent.location)


def _told(request: HttpRequest) -> list[Any]:
    """The messages that the next page will show and this request has added."""
    return getattr(getattr(request, "_messages", None), "_queued_messages", [])


def _is_refused(request: HttpRequest) -> bool:
    return any(message.level >= messages.ERROR for message in _told(request))


def _tell_browser(request: HttpRequest, response: HttpResponse) -> None:
    """The copy that the browser keeps of what was typed is needed no more."""
    told = [*request.COOKIES.get(COOKIE, "").split("."), request.POST[FIELD]]
    tokens = [token for token in told if TOKEN.fullmatch(token)][-TOKENS_TOLD:]
    facts: Any = {"max_age": TOLD_SECONDS, "samesite": "Lax", "secure": request.is_secure()}
    response.set_cookie(COOKIE, ".".join(tokens), **facts)


def _undisturbed(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Call a view, and again when it met a row that somebody else wrote at the same moment."""
    told_before = len(_told(request))
    for last in [False] * (TRIES - 1) + [True]:
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except Error as error:
            if last or request.FILES or not isinstance(error.__cause__, DISTURBED):
                raise
            del _told(request)[told_before:]
    raise AssertionError("the last try returns or raises")
