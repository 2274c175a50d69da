"""Certificates and thanks after a meeting."""
