"""Mailing lists, who reads them with what consent, the issues that are sent to them, and what people are told."""

from newsletters.models.address_change import AddressChange
from newsletters.models.block import Block
from newsletters.models.dead_address import DeadAddress, PutOff
from newsletters.models.issue import Issue
from newsletters.models.mailing_list import MailingList
from newsletters.models.notice import Digest, NoticeChoice, NoticeRound, NoticeRule, Rhythm
from newsletters.models.segment import Segment
from newsletters.models.subscription import Subscription
from newsletters.models.tally import LetterTally

__all__ = [
    "AddressChange",
    "Block",
    "DeadAddress",
    "Digest",
    "Issue",
    "LetterTally",
    "MailingList",
    "NoticeChoice",
    "NoticeRound",
    "NoticeRule",
    "PutOff",
    "Rhythm",
    "Segment",
    "Subscription",
]
