"""Versions of a method and their differences in words."""
