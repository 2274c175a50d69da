"""Invitations, changes and cancellations: whom they reach, when they leave, answers."""
