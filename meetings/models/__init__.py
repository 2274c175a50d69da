"""Meetings, and who was asked, answered and came."""

from meetings.models.meeting import Meeting, MeetingCancelled, MeetingOver, NotInvited, NotPublished, Refused
from meetings.models.participation import Participation

__all__ = [
    "Meeting",
    "MeetingCancelled",
    "MeetingOver",
    "NotInvited",
    "NotPublished",
    "Participation",
    "Refused",
]
