"""What stands in a calendar file (RFC 5545): lines and components, time zones, events, and when they are."""
