"""The mailbox page of development: every letter that left the house, as its reader would see it."""

from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from lib.access import public
from lib.output.email_preview import SANDBOX, framed
from outbox.health import status
from outbox.message import eml

PER_PAGE = 25
NEWEST = 1000  # a search looks through no more than these


class StoredLetter(NamedTuple):
    """A letter in its file."""

    name: str
    mail: eml.Mail


@public
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest letters, found by recipient or subject."""
    wanted = request.GET.get("q", "").strip().lower()
    files = _files()
    found: list[Any] = [kept for kept in map(_read, files[:NEWEST]) if wanted in _searched(kept)] if wanted else files
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    letters = [kept if isinstance(kept, StoredLetter) else _read(kept) for kept in page]
    facts = {"page": page, "letters": letters, "wanted": wanted, "status": status(timezone.now())}
    return render(request, "dev/mailbox.html", facts)


@public
@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One letter with all its parts; `narrow` and `dark` show it as on a phone and at night."""
    look = {"sandbox": SANDBOX, "is_narrow": "narrow" in request.GET, "is_dark": "dark" in request.GET}
    return render(request, "dev/letter.html", {"kept": _read(_file(name)), **look})


@public
@require_safe
def part(request: HttpRequest, name: str, what: str) -> HttpResponse:
    """One part by itself: the HTML for its frame, the calendar entry or the whole source to be saved."""
    file = _file(name)
    if what == "source":
        return _saved(file.read_bytes(), "message/rfc822", file.name)
    kept = _read(file)
    if what == "html" and kept.mail.html:
        return framed(kept.mail.html, "dark" in request.GET)
    if what == "calendar" and kept.mail.calendar:
        return _saved(kept.mail.calendar.encode(), "text/calendar; charset=utf-8", f"{name}.ics")
    raise Http404


def _files() -> list[Path]:
    """The newest first. Outside development there is no such page, even if it were routed."""
    if not settings.DEBUG:
        raise Http404
    return sorted(Path(settings.EMAIL_FILE_PATH).glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)


def _file(name: str) -> Path:
    """`name` is a slug by its route, so that it cannot lead out of the folder."""
    file = Path(settings.EMAIL_FILE_PATH) / f"{name}.eml"
    if not settings.DEBUG or not file.is_file():
        raise Http404
    return file


def _read(file: Path) -> StoredLetter:
    return StoredLetter(file.stem, eml.read(file.read_bytes()))


def _searched(kept: StoredLetter) -> str:
    return f"{kept.mail.to} {kept.mail.subject}".lower()


def _saved(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


urlpatterns = [
    path("", mailbox, name="dev-mail"),
    path("<slug:name>/", letter, name="dev-mail-letter"),
    path("<slug:name>/<slug:what>/", part, name="dev-mail-part"),
]
