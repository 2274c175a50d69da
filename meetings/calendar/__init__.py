"""Calendars: iCalendar files and feeds, imports, replies, the month grid."""
