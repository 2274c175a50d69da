"""Materials of a meeting: links and files."""
