"""Pictures and files of methods."""
