"""The cache that all processes share: in Redis, and while Redis is away in the database."""

import os
import time
from uuid import uuid4

import pytest
from django.conf import settings as given
from django.core.cache import cache, caches
from django.db import connection
from django.test import RequestFactory

from lib.counters.rate_limit import is_rate_limited
from lib.counters.shared_cache import TABLE, SharedCache, redis_address

AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def redis_is_asked_again(monkeypatch):
    monkeypatch.setattr(SharedCache, "away_until", 0.0)


def shared(location=None):
    """The cache as one process opens it; a prefix of its own keeps tests apart."""
    return SharedCache(location or given.REDIS_URL, {"KEY_PREFIX": f"test-{os.getpid()}"})


def rows():
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT cache_key FROM {TABLE}")
        return [key for (key,) in cursor.fetchall()]


@pytest.mark.parametrize("location", [None, AWAY])
def test_two_processes_count_together(db, location):
    """Real use 11: what one process has counted, the other goes on from."""
    key, one, other = uuid4().hex, shared(location), shared(location)
    assert [one.add(key, 0, 60), other.add(key, 0, 60)] == [True, False]
    assert [one.incr(key), other.incr(key), one.get(key), other.get("nothing", "x")] == [1, 2, 2, "x"]
    other.delete(key)
    assert one.get(key) is None
    with pytest.raises(ValueError):
        one.incr(key)


def test_redis_holds_the_counts_as_long_as_it_is_there(db):
    """Real use 11: the database is not asked beside it."""
    shared().set("x", 1, 60)
    assert rows() == []


def test_a_redis_that_is_away_is_asked_again_after_a_while_only(db, monkeypatch, caplog):
    """Real use 11: an outage costs no page its seconds, and is told once."""
    cache, begun = shared(AWAY), time.monotonic()
    for number in range(50):
        cache.set(f"x{number}", number, 60)
    assert time.monotonic() - begun < 5
    assert [record.levelname for record in caplog.records if "away" in record.message] == ["WARNING"]
    assert len(rows()) == 50
    monkeypatch.setattr(SharedCache, "away_until", 0.0)
    back = shared()
    back.set("x", "y", 60)
    assert (back.get("x"), len(rows())) == ("y", 50)


def test_no_address_of_a_visitor_stands_in_a_key(db):
    """Real use 11: counters name nobody."""
    shared(AWAY).set("signup.flood.192.0.2.7", 1, 60)
    assert len(rows()) == 1 and "192.0.2.7" not in rows()[0]


def test_the_broker_s_own_address_leads_to_redis():
    """Real use 11: Celery writes a socket file otherwise than redis-py; other brokers leave it to the database."""
    assert redis_address("redis+socket:///run/redis.sock?virtual_host=2") == "unix:///run/redis.sock?db=2"
    assert redis_address("rediss://:secret@host:6380/1") == "rediss://:secret@host:6380/1"
    assert redis_address("sentinel://host:26379") == ""


def test_a_limit_holds_over_processes_and_without_redis(db, settings):
    """Real use 11: the visitor's thirty-first submission is too many, whichever process takes it."""
    settings.CACHES = given.CACHES | {
        "default": {"BACKEND": "lib.counters.shared_cache.SharedCache", "LOCATION": AWAY, "KEY_PREFIX": uuid4().hex}
    }
    settings.TRUSTED_PROXY_COUNT = 1

    assert cache.get("opened") is None

    def post(visitor):
        del caches["default"]  # as another process begins: without what this one remembers
        return is_rate_limited(RequestFactory().post("/", headers={"X-Forwarded-For": visitor}), "test")

    assert [post("192.0.2.7") for _each in range(31)] == [False] * 30 + [True]
    assert not post("192.0.2.8")
