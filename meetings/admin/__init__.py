"""The coordinator's desk of the meetings room, a module for each register."""

from meetings.admin.calendar_answer import CalendarAnswerAdmin
from meetings.admin.meeting import MeetingAdmin
from meetings.admin.participation import ParticipationAdmin
from meetings.admin.series import MeetingSeriesAdmin
from meetings.admin.wish import WishAdmin

__all__ = ["CalendarAnswerAdmin", "MeetingAdmin", "MeetingSeriesAdmin", "ParticipationAdmin", "WishAdmin"]
