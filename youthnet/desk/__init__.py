"""The admin site: its class and its first page."""
