"""Meetings, and who was asked, answered, signed up and came."""

from meetings.models.calendar_answer import CalendarAnswer
from meetings.models.calendar_key import CalendarKey
from meetings.models.certificate import Certificate, CertificateRule
from meetings.models.feedback import Feedback
from meetings.models.meeting import Meeting
from meetings.models.offer import Offer
from meetings.models.participation import Participation
from meetings.models.question import Reply, SignUpQuestion
from meetings.models.refusals import (
    MeetingCancelled,
    MeetingOver,
    NoFreePlace,
    NotInvited,
    NotPublished,
    Refused,
    SignUpClosed,
    SignUpNotOpen,
)
from meetings.models.series import MeetingSeries
from meetings.models.signup import SignUp
from meetings.models.signup_request import SignUpRequest, sign_up

__all__ = [
    "CalendarAnswer",
    "CalendarKey",
    "Certificate",
    "CertificateRule",
    "Feedback",
    "Meeting",
    "MeetingCancelled",
    "MeetingOver",
    "MeetingSeries",
    "NoFreePlace",
    "NotInvited",
    "NotPublished",
    "Offer",
    "Participation",
    "Refused",
    "Reply",
    "SignUp",
    "SignUpClosed",
    "SignUpNotOpen",
    "SignUpQuestion",
    "SignUpRequest",
    "sign_up",
]
