"""Visits to municipalities, and meetings held by others."""
