"""The public archive of sent issues and its feeds."""
