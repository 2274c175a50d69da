"""Attendance lists, check-in and reports of Teams."""
