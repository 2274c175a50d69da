"""Peer review of methods."""
