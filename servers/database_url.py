"""What DATABASE_URL and REDIS_URL say, and whether somebody answers there."""

import os
from typing import Any
from urllib.parse import unquote

import environ
import psycopg2
from django.core.exceptions import ImproperlyConfigured

from servers import ServerError
from servers.binaries import OLDEST_POSTGRES


def database_from(url: str) -> dict[str, Any]:
    """Django's settings for an address like postgres://user:password@host:5432/name.

    The folder of a socket may stand in the host's place: postgres://user@%2Frun%2Fpostgresql/name.
    """
    try:
        found = environ.Env.db_url_config(url) if "://" in url else {}
    except ValueError:
        found = {}
    if not found.get("NAME") or found.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            "DATABASE_URL is not the address of a PostgreSQL database. "
            "It should look like postgres://user:password@host:5432/name."
        )
    return {**found, "HOST": unquote(found["HOST"])}


def ask_database(url: str) -> None:
    """Raises ServerError when nobody answers there or the server is too old."""
    try:
        given = database_from(url)
        connection = psycopg2.connect(
            host=given["HOST"] or None,
            port=given["PORT"] or None,
            user=given["USER"] or None,
            password=given["PASSWORD"] or None,
            dbname=given["NAME"],
            connect_timeout=5,
            **given.get("OPTIONS", {}),
        )
    except ImproperlyConfigured as error:
        raise ServerError(str(error))
    except psycopg2.Error as error:
        raise ServerError(f"The database of DATABASE_URL does not answer: {_one_line(error)}")
    version = connection.server_version // 10000
    connection.close()
    if version < OLDEST_POSTGRES:
        raise ServerError(
            f"The database of DATABASE_URL is PostgreSQL {version}; {OLDEST_POSTGRES} or newer is needed."
        )


def ask_redis(url: str) -> None:
    """Raises ServerError when nobody answers there."""
    import redis

    try:
        redis.Redis.from_url(url.replace("redis+socket://", "unix://"), socket_connect_timeout=5).ping()
    except (redis.RedisError, ValueError, OSError) as error:
        raise ServerError(f"The Redis of REDIS_URL does not answer: {_one_line(error)}")


def given(name: str) -> str:
    return os.environ.get(name, "").strip()


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
