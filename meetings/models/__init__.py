"""Meetings and series, who was asked, answered, signed up and came, and what was spoken of, decided and promised."""

from meetings.exceptions import (
    LettersHaveLeft,
    MeetingCancelled,
    MeetingOver,
    NoFreePlace,
    NotInvited,
    NotPublished,
    SignUpClosed,
    SignUpNotOpen,
    WishClosed,
    WishForOthers,
    WishSupported,
)
from meetings.models.agenda import AgendaItem
from meetings.models.calendar_answer import CalendarAnswer
from meetings.models.calendar_key import CalendarKey
from meetings.models.certificate import Certificate, CertificateRule
from meetings.models.decision import Decision
from meetings.models.dispatch import Dispatch
from meetings.models.external_notes import ExternalNotes
from meetings.models.feedback import Feedback
from meetings.models.imported_event import ImportedEvent
from meetings.models.letter_log import Letter
from meetings.models.material import Material
from meetings.models.meeting import Meeting
from meetings.models.minutes import Minutes
from meetings.models.minutes_version import MinutesComment, MinutesVersion
from meetings.models.participation import Participation
from meetings.models.place_offer import Offer
from meetings.models.proposal import Proposal
from meetings.models.reminder import Reminder, ReminderLetter
from meetings.models.reminder_rule import ReminderRule
from meetings.models.series import MeetingSeries
from meetings.models.signup import SignUp
from meetings.models.signup_question import Reply, SignUpQuestion
from meetings.models.signup_request import SignUpRequest, sign_up
from meetings.models.task import Task
from meetings.models.visit_report import VisitReport
from meetings.models.wish import Wish
from meetings.models.wish_support import WishSupport

__all__ = [
    "AgendaItem",
    "CalendarAnswer",
    "CalendarKey",
    "Certificate",
    "CertificateRule",
    "Decision",
    "Dispatch",
    "ExternalNotes",
    "Feedback",
    "ImportedEvent",
    "Letter",
    "LettersHaveLeft",
    "Material",
    "Meeting",
    "MeetingCancelled",
    "MeetingOver",
    "MeetingSeries",
    "Minutes",
    "MinutesComment",
    "MinutesVersion",
    "NoFreePlace",
    "NotInvited",
    "NotPublished",
    "Offer",
    "Participation",
    "Proposal",
    "Reminder",
    "ReminderLetter",
    "ReminderRule",
    "Reply",
    "SignUp",
    "SignUpClosed",
    "SignUpNotOpen",
    "SignUpQuestion",
    "SignUpRequest",
    "Task",
    "VisitReport",
    "Wish",
    "WishClosed",
    "WishForOthers",
    "WishSupport",
    "WishSupported",
    "sign_up",
]
