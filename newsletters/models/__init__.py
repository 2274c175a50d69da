"""Mailing lists, who reads them with what consent, and the issues that are sent to them."""

from newsletters.models.block import Block
from newsletters.models.issue import Issue
from newsletters.models.mailing_list import MailingList
from newsletters.models.subscription import LetterTally, Subscription

__all__ = ["Block", "Issue", "LetterTally", "MailingList", "Subscription"]
