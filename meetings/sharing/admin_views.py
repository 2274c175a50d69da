"""Pages of the desk with ready words for Teams and Facebook: of one meeting, and of the coming ones."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from meetings.models import Meeting
from meetings.sharing import text as sharing
from networks.models import Network


def ready(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> HttpResponse:
    """The words of one meeting for a closed channel of members, and for everybody."""
    language = _language(request)
    context |= {"title": _("Ready text"), "language": language, "languages": settings.LANGUAGES}
    context["texts"] = {
        "members": sharing.of_meeting(meeting, language, for_members=True),
        "everybody": sharing.of_meeting(meeting, language, for_members=False),
    }
    return TemplateResponse(request, "admin/meetings/sharing/share_text.html", context)


def ready_coming(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """What comes in the next four to eight weeks, of one network or of all."""
    networks = Network.objects.run_by(request.user).active().in_order()
    language, weeks = _language(request), _weeks(request)
    network = networks.filter(slug=request.GET.get("network", "")).first()
    meetings = sharing.coming(request.user, network, timezone.now(), weeks)
    context |= {
        "title": _("Ready text of the coming meetings"),
        "language": language,
        "languages": settings.LANGUAGES,
        "weeks": weeks,
        "all_weeks": sharing.WEEKS,
        "networks": networks,
        "network": network,
        "texts": {
            "members": sharing.of_coming(meetings, language, for_members=True),
            "everybody": sharing.of_coming(meetings, language, for_members=False),
        },
    }
    return TemplateResponse(request, "admin/meetings/sharing/share_text.html", context)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else (get_language() or "fi")[:2]


def _weeks(request: HttpRequest) -> int:
    asked = request.GET.get("weeks", "")
    return int(asked) if asked in map(str, sharing.WEEKS) else sharing.SHORTEST_WEEKS
