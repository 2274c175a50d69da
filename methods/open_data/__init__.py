"""Feeds, exports and schema.org data of public methods."""
