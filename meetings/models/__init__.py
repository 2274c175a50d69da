"""Meetings, and who was asked, answered and came."""

from meetings.models.calendar_answer import CalendarAnswer
from meetings.models.calendar_key import CalendarKey
from meetings.models.meeting import Meeting
from meetings.models.participation import Participation
from meetings.models.refusals import MeetingCancelled, MeetingOver, NotInvited, NotPublished, Refused
from meetings.models.series import MeetingSeries

__all__ = [
    "CalendarAnswer",
    "CalendarKey",
    "Meeting",
    "MeetingCancelled",
    "MeetingOver",
    "MeetingSeries",
    "NotInvited",
    "NotPublished",
    "Participation",
    "Refused",
]
