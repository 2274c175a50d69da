"""The method bank in the admin."""
