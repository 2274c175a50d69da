"""Mailing lists, subscriptions with their consent, issues, digests of notices, and addresses that bounce."""

from newsletters.models.address_change import AddressChange
from newsletters.models.block import Block
from newsletters.models.bounced_address import BouncedAddress, Snooze
from newsletters.models.confirmation_limit import ConfirmationLimit
from newsletters.models.issue import Issue
from newsletters.models.mailing_list import MailingList
from newsletters.models.notice import Digest, Frequency, NoticeChoice, NoticeRound, NoticeRule
from newsletters.models.segment import Segment
from newsletters.models.subscription import Subscription

__all__ = [
    "AddressChange",
    "Block",
    "BouncedAddress",
    "ConfirmationLimit",
    "Digest",
    "Frequency",
    "Issue",
    "MailingList",
    "NoticeChoice",
    "NoticeRound",
    "NoticeRule",
    "Segment",
    "Snooze",
    "Subscription",
]
