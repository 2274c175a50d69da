"""Whether a coming meeting is ready: what somebody who was invited would miss, in words."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from meetings.models import Meeting


def lacks_of(meeting: Any) -> list[str]:
    """What is still missing. Takes a row of `Meeting.objects.with_readiness(now)`: nothing is asked of the database."""
    return list(_lacks(meeting))


def _lacks(meeting: Any) -> Iterator[str]:
    if meeting.is_online and not meeting.join_url:
        yield _("The link for joining is missing")
    if meeting.mode != Meeting.ONLINE and not meeting.place:
        yield _("The place is missing")
    if meeting.is_external or meeting.is_visit():
        return
    if meeting.invited_at is None:
        yield _("Nobody has been invited yet")
    if not meeting.has_agenda:
        yield _("There is no agenda yet")
    if meeting.minutes_owed:
        yield _("The minutes of the last meeting have not been approved: %(meeting)s") % {
            "meeting": meeting.minutes_owed
        }
