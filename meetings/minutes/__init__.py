"""Minutes, decisions and tasks."""
