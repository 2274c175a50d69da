"""Newsletters on the coordinator's desk."""

from newsletters.admin.bounced_addresses import DeadAddressAdmin
from newsletters.admin.issues import IssueAdmin
from newsletters.admin.segments import SegmentAdmin
from newsletters.admin.subscriptions import MailingListAdmin, SubscriptionAdmin

__all__ = ["DeadAddressAdmin", "IssueAdmin", "MailingListAdmin", "SegmentAdmin", "SubscriptionAdmin"]
