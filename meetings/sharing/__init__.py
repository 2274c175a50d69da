"""Texts ready to copy for Teams and Facebook."""
