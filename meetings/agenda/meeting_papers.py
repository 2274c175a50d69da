"""What lies in the folder of a meeting, as far as a reader may see it: agenda, materials, minutes, open tasks."""

from datetime import datetime
from typing import Any

from lib.absolute_urls import absolute
from meetings.models import Meeting, Minutes, Task


def papers_of(meeting: Meeting, user: Any, now: datetime) -> dict[str, Any]:
    """For the meeting's page, in a constant number of queries."""
    is_inside = meeting.may_see_link(user)
    is_coming = meeting.is_coming(now)
    return {
        "page_url": absolute(meeting.get_absolute_url()),
        "timetable": meeting.timetable(is_inside),
        "materials": meeting.materials.shown_to(is_inside).in_order(),
        "minutes": Minutes.objects.visible_to(user).filter(meeting=meeting).first(),
        "carried": Task.objects.carried_to(meeting).with_places().soonest() if is_inside and is_coming else [],
        "may_propose": is_inside and is_coming and not meeting.is_external,
        "may_write": is_inside and Meeting.objects.minuted_by(user).filter(pk=meeting.pk).exists(),
    }
