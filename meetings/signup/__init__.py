"""Sign-up with a waiting list."""
