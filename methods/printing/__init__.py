"""Methods as cards on paper."""
