"""Reminders by the timeline of a meeting."""
