"""Who may open a page: every view carries exactly one of these marks, and a test counts them.

Each mark also makes the forms of its view idempotent: `lib/forms/once.py`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from lib.forms.once import done_once

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """Anyone may open it."""
    return _mark(done_once(view), "public")


def by_token(view: View) -> View:
    """Whoever holds the link from a letter may open it; the address is never sent on as a referrer.

    Without a referrer browsers also hide where a form was sent from (`Origin: null`), so Django would refuse every
    answer as forged. It cannot be forged: the secret is in the address, and no cookie speaks for anybody.
    """

    view = done_once(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response.headers.setdefault("Cache-Control", "private, no-store")
        response["X-Robots-Tag"] = "noindex"
        return response

    return _mark(csrf_exempt(guarded), "by_token")


def signed_in_only(view: View) -> View:
    """Anyone who has signed in may open it, a member or not yet."""

    view = done_once(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    return _mark(guarded, "signed_in_only")


def members_only(view: View) -> View:
    """Members of at least one professional network may open it; others read in words how to become one."""
    return _mark(_only_if(lambda user: user.is_member(), view), "members_only")


def of_a_network_only(view: View) -> View:
    """Members of any network may open it, of a group of young people too: it shows what is of one's own networks."""
    return _mark(_only_if(lambda user: user.is_of_a_network(), view), "of_a_network_only")


def _only_if(may: Callable[[Any], bool], view: View) -> View:
    view = done_once(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if not may(request.user):
            return render(request, "not_yet_member.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def coordinators_only(view: View) -> View:
    """Those who coordinate an area may open it; for others the page does not exist."""

    view = done_once(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if not request.user.is_coordinator():
            raise Http404
        return view(request, *args, **kwargs)

    return _mark(guarded, "coordinators_only")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in, and afterwards back: from a form that was sent, to the page on which it stood."""
    is_page = request.method in ("GET", "HEAD")
    return redirect_to_login(request.get_full_path() if is_page else _page_before(request))


def _page_before(request: HttpRequest) -> str:
    """The page of this site from which a form was sent, else the front page."""
    before = urlsplit(request.headers.get("Referer", ""))
    return urlunsplit(("", "", before.path, before.query, "")) if before.netloc == request.get_host() else "/"


def _mark(view: View, mark: str) -> View:
    view.access = mark  # type: ignore[attr-defined]
    return view
