"""Mailing lists, who reads them with what consent, and the issues that are sent to them."""

from newsletters.models.address_change import AddressChange
from newsletters.models.block import Block
from newsletters.models.issue import Issue
from newsletters.models.mailing_list import MailingList
from newsletters.models.segment import Segment
from newsletters.models.subscription import Subscription
from newsletters.models.tally import LetterTally

__all__ = ["AddressChange", "Block", "Issue", "LetterTally", "MailingList", "Segment", "Subscription"]
