"""The ledger: every letter that leaves the house is a row here first."""

from outbox.envelope import LetterRefused
from outbox.models.delivery import IN_STATE, Delivery, Priority, State
from outbox.models.heartbeat import Heartbeat

__all__ = ["IN_STATE", "Delivery", "Heartbeat", "LetterRefused", "Priority", "State"]
