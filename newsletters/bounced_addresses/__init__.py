"""Addresses that bounce, as questions on the desk."""
