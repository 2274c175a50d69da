"""The demo content: an imagined year of a real region's network, loaded room by room."""
