"""Texts: rich text, plain text, several languages, dates in words."""
