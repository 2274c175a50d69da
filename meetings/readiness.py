"""Whether a coming meeting is ready: what somebody who was invited would miss, in words."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lib.text.suspicious_links import doubts_about
from meetings.models import Meeting
from meetings.reminders.timeline import inviting_by_themselves


def missing_in(meetings: Iterable[Any], now: datetime) -> dict[int, list[str]]:
    """What each still lacks, by its pk. Takes rows of `Meeting.objects.with_readiness(now)`; three queries at most."""
    rows = list(meetings)
    by_themselves = inviting_by_themselves(rows, now)
    return {row.pk: list(_lacks(row, row.pk in by_themselves)) for row in rows}


def _lacks(meeting: Any, invites_by_itself: bool) -> Iterator[str]:
    if meeting.is_online and not meeting.join_url:
        yield _("The link for joining is missing")
    yield from doubts_about(meeting.join_url)
    if meeting.mode != Meeting.ONLINE and not meeting.place:
        yield _("The place is missing")
    if meeting.is_external or meeting.is_visit():
        return
    if meeting.invited_at is None and not invites_by_itself:
        yield _("Nobody has been invited yet")
    if meeting.invited_at and meeting.has_newcomers:
        yield _("Somebody has joined since the invitation and has not been invited")
    if not meeting.has_agenda:
        yield _("There is no agenda yet")
    if meeting.minutes_owed:
        yield _("The minutes of the last meeting have not been approved: %(meeting)s") % {
            "meeting": meeting.minutes_owed
        }
