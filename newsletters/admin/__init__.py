"""Newsletters on the coordinator's desk."""

from newsletters.admin.bounced_addresses import BouncedAddressAdmin
from newsletters.admin.issues import IssueAdmin
from newsletters.admin.segments import SegmentAdmin
from newsletters.admin.subscriptions import MailingListAdmin, SubscriptionAdmin

__all__ = ["BouncedAddressAdmin", "IssueAdmin", "MailingListAdmin", "SegmentAdmin", "SubscriptionAdmin"]
