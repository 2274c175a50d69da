"""Newsletters on the coordinator's desk."""

from newsletters.admin.dead_addresses import DeadAddressAdmin
from newsletters.admin.issues import IssueAdmin
from newsletters.admin.readers import MailingListAdmin, SubscriptionAdmin
from newsletters.admin.segments import SegmentAdmin

__all__ = ["DeadAddressAdmin", "IssueAdmin", "MailingListAdmin", "SegmentAdmin", "SubscriptionAdmin"]
