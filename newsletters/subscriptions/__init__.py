"""Subscriptions: double opt-in, consent records, preferences, leaving."""
