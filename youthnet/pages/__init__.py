"""Pages of the project itself: the front page, the theme and the tile map."""
