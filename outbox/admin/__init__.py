"""The desk's pages of the outbox: letters, mailings, the suppression list, and the post that comes in."""

from outbox.admin import deliveries, inbound, mailings, suppressions

__all__ = ["deliveries", "inbound", "mailings", "suppressions"]
