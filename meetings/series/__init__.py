"""Series of meetings."""
