"""The letter before it is sent: as a given person gets it, in each language, on a telephone, at night, as text."""

from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lib.output.email_preview import framed
from lib.text.addresses import normal
from newsletters.admin.workflow import workflow_of
from newsletters.issues import mailing as mailing
from newsletters.models import Issue, Subscription

Request = Any
Context = dict[str, Any]

WIDTHS = {"phone": 375, "wide": 680}
MOST_FOUND = 10


class View(NamedTuple):
    """What the preview was asked to show. `reader` is "anyone", "me" or the number of a subscription."""

    language: str
    reader: str
    width: str
    light: str
    form: str

    @property
    def is_dark(self) -> bool:
        return self.light == "dark"


def preview(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """Subject and first line as in a list of letters, then the letter in a frame or as text."""
    view, reader = _view_of(request, issue)
    shown = _letter_of(request, issue, view, reader)
    context |= {
        "title": _("Preview"),
        "path": workflow_of(issue, "preview"),
        "view": view,
        "reader": reader,
        "width": WIDTHS[view.width],
        "letter": shown,
        "kilobytes": round(len(shown.html.encode()) / 1000, 1),
        "frame_url": f"{reverse('admin:newsletters_issue_letter', args=[issue.pk])}?{request.GET.urlencode()}",
        "languages": settings.LANGUAGES,
        "wanted": request.GET.get("q", "").strip(),
        "found": _found(request, issue),
    }
    return TemplateResponse(request, "admin/newsletters/issue/preview.html", context)


def letter(request: Request, issue: Issue, context: Context) -> HttpResponse:
    """The letter alone, for the frame of the preview."""
    view, reader = _view_of(request, issue)
    return framed(_letter_of(request, issue, view, reader).html, view.is_dark)


def _view_of(request: Request, issue: Issue) -> tuple[View, Subscription | None]:
    asked = request.GET
    reader = _subscriptions(request, issue).filter(pk=_number(asked.get("reader"))).first()
    tongue = reader.language if reader else get_language() or "fi"
    view = View(
        language=_one_of(asked.get("language"), dict(settings.LANGUAGES), tongue),
        reader=str(reader.pk) if reader else _one_of(asked.get("reader"), {"me"}, "anyone"),
        width=_one_of(asked.get("width"), WIDTHS, "wide"),
        light=_one_of(asked.get("light"), {"dark"}, "light"),
        form=_one_of(asked.get("form"), {"text"}, "html"),
    )
    return view, reader


def _one_of(asked: str | None, known: Any, otherwise: str) -> str:
    return asked if asked and asked in known else otherwise


def _number(text: str | None) -> int:
    """Zero for what is no number of a row."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0


def _subscriptions(request: Request, issue: Issue) -> Any:
    """Those who subscribe to the issue's lists, as far as they are the coordinator's to see."""
    return issue.subscriptions().run_by(request.user).active().with_people()


def _found(request: Request, issue: Issue) -> Any:
    """Subscribers by name or address, for somebody who types some letters of either."""
    wanted = request.GET.get("q", "").strip()
    if not wanted:
        return []
    recipients = _subscriptions(request, issue).filter(
        Q(email__icontains=normal(wanted)) | Q(user__name__unaccent__icontains=wanted)
    )
    return recipients.select_related("user").order_by("email", "pk")[:MOST_FOUND]


def _letter_of(request: Request, issue: Issue, view: View, reader: Any) -> Any:
    person = reader.person_id if reader else request.user.pk if view.reader == "me" else None
    return mailing.preview(issue, view.language, person, timezone.now())
