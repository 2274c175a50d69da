"""Locks by name in the database (PostgreSQL, 13.3.5), for what has no row to hold yet."""

from django.db import connection


def lock(name: str) -> None:
    """Wait until nobody else holds this name; it is let go with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
