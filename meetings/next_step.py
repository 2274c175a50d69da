"""What a meeting needs next from its reader: the one loud button of its page."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lib.tokens import sign
from meetings.models import Meeting, Participation

DOORS_OPEN = timedelta(minutes=30)
ANSWER, JOIN, LINK = "answer", "join", "link"


def next_step(meeting: Meeting, facts: Mapping[str, Any], now: datetime) -> dict[str, str] | None:
    """Its `kind`, `url` and `words`; nothing when nothing is to be done. `facts` are those of the meeting's page."""
    if meeting.is_cancelled:
        return None
    return _afterwards(facts) if facts["is_over"] else _beforehand(meeting, facts, now)


def _beforehand(meeting: Meeting, facts: Mapping[str, Any], now: datetime) -> dict[str, str] | None:
    own, join_url = facts.get("own"), facts.get("join_url")
    join = {"kind": JOIN, "url": join_url, "words": _("Open the meeting")} if join_url else None
    if join and meeting.starts_at - now <= DOORS_OPEN:
        return join
    if facts.get("offer"):
        url = reverse("meetings:signup-own", args=[facts["signed_token"]])
        return {"kind": LINK, "url": url, "words": _("Take the place or let it go")}
    if facts.get("is_open") and not facts.get("signed"):
        words = _("Sign up for the waiting list") if facts["is_full"] else _("Sign up")
        return {"kind": LINK, "url": reverse("meetings:signup", args=[meeting.slug]), "words": words}
    if facts.get("form") and not (own and own.answer and own.is_answer_current):
        return {"kind": ANSWER, "url": reverse("meetings:meeting-answer", args=[meeting.slug]), "words": ""}
    return join


def _afterwards(facts: Mapping[str, Any]) -> dict[str, str] | None:
    own: Participation | None = facts.get("own")
    if own and own.attended_at and own.fed_back_on is None:
        url = reverse("meetings:feedback", args=[sign("meetings.feedback", own.pk)])
        return {"kind": LINK, "url": url, "words": _("Give feedback")}
    certificate = getattr(own, "certificate", None)
    if certificate:
        url = reverse("meetings:certificate-pdf", args=[sign("meetings.certificate", certificate.pk)])
        return {"kind": LINK, "url": url, "words": _("Certificate (PDF)")}
    if facts.get("minutes"):
        return {"kind": LINK, "url": facts["minutes"].get_absolute_url(), "words": _("Read the minutes")}
    return None
