"""The first run: a region becomes a coordination area, its coordinator is invited, five steps make it ready."""
