"""What a person knows of a meeting: its facts as they stood in the last letter, or on the page that was answered.

Kept with each participation, so that a later letter can say what is another now (meetings/invitations/changes.py).
"""

from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meetings.models.meeting import Meeting


def facts_of(meeting: "Meeting") -> dict[str, Any]:
    """The facts as JSON; of the link for joining only a digest, because the link itself is a secret."""
    link = meeting.join_url if meeting.is_online else ""
    return {
        "title": meeting.title,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "zone": meeting.time_zone,
        "place": meeting.place,
        "is_online": meeting.is_online,
        "link": sha256(link.encode()).hexdigest()[:16] if link else "",
        "agenda": list(meeting.agenda.in_order().shown_to(is_inside=True).values_list("title", flat=True)),
    }
