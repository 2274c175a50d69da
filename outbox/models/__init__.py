"""The queue: every letter that leaves the house is a row here first."""

from outbox.message.validation import LetterRefused
from outbox.models.delivery import Delivery
from outbox.models.delivery_state import IN_STATE, LeftOut, Priority, State
from outbox.models.event import MailEvent
from outbox.models.heartbeat import Heartbeat
from outbox.models.inbound import InboundMessage
from outbox.models.mailing import Mailing, MailingState, Wording
from outbox.models.suppression import Suppression

__all__ = [
    "IN_STATE",
    "Delivery",
    "Heartbeat",
    "InboundMessage",
    "LeftOut",
    "LetterRefused",
    "MailEvent",
    "Mailing",
    "MailingState",
    "Priority",
    "State",
    "Suppression",
    "Wording",
]
