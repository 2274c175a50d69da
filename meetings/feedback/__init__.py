"""Feedback after a meeting, without names, and its summary for coordinators."""
