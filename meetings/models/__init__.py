"""Meetings and series, who was asked, answered and came, and what was spoken of, written down and promised."""

from meetings.models.agenda import AgendaItem
from meetings.models.calendar_answer import CalendarAnswer
from meetings.models.calendar_key import CalendarKey
from meetings.models.decision import Decision
from meetings.models.material import Material
from meetings.models.meeting import Meeting
from meetings.models.minutes import Minutes
from meetings.models.minutes_version import MinutesComment, MinutesVersion
from meetings.models.participation import Participation
from meetings.models.proposal import Proposal
from meetings.models.refusals import MeetingCancelled, MeetingOver, NotInvited, NotPublished, Refused
from meetings.models.series import MeetingSeries
from meetings.models.task import Task

__all__ = [
    "AgendaItem",
    "CalendarAnswer",
    "CalendarKey",
    "Decision",
    "Material",
    "Meeting",
    "MeetingCancelled",
    "MeetingOver",
    "MeetingSeries",
    "Minutes",
    "MinutesComment",
    "MinutesVersion",
    "NotInvited",
    "NotPublished",
    "Participation",
    "Proposal",
    "Refused",
    "Task",
]
