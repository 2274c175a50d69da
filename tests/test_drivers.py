"""The parts underneath are the ones agreed on."""

from django.db import connection


def test_psycopg2_is_the_driver_in_use(db):
    assert connection.Database.__name__ == "psycopg2"


def test_the_database_is_postgresql(db):
    assert connection.vendor == "postgresql"
