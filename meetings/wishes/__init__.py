"""Wishes for trainings."""
