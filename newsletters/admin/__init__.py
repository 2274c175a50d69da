"""Newsletters on the coordinator's desk."""

from newsletters.admin.issues import IssueAdmin
from newsletters.admin.readers import MailingListAdmin, SubscriptionAdmin

__all__ = ["IssueAdmin", "MailingListAdmin", "SubscriptionAdmin"]
