"""Whom the limits count: the visitor in front of the proxies, and nobody whom the visitor invents."""

import pytest
from django.test import RequestFactory

from lib.counters.client_address import client_address, visitor

PROXY = "10.0.0.2"


def asked(forwarded=None, connection=PROXY):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR=connection)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, PROXY),
        (0, "192.0.2.7", PROXY),
        (1, "192.0.2.7", "192.0.2.7"),
        (1, "1.1.1.1, 192.0.2.7", "192.0.2.7"),
        (2, "1.1.1.1, 192.0.2.7, 10.0.0.1", "192.0.2.7"),
        (2, "192.0.2.7", PROXY),
        (1, None, PROXY),
        (1, "", PROXY),
        (1, " , ", PROXY),
        (1, "1.1.1.1, nonsense", PROXY),
        (1, "192.0.2.7:51000", "192.0.2.7"),
        (1, "[2001:db8::7]:51000", "2001:db8::7"),
        (1, '"[2001:db8::7]"', "2001:db8::7"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "::ffff:192.0.2.7", "192.0.2.7"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "192.0.2.7" * 3000, PROXY),
    ],
)
def test_the_address_stands_as_many_places_from_the_right_as_there_are_proxies(settings, proxies, forwarded, address):
    """Real use 11: behind the documented proxy each visitor is counted alone, and nobody can write another address."""
    settings.TRUSTED_PROXY_COUNT = proxies
    assert client_address(asked(forwarded)) == address


def test_one_visitor_has_a_whole_network_of_ipv6(settings):
    """Real use 11: a /64 belongs to one household; each of its addresses would else be a visitor of its own."""
    settings.TRUSTED_PROXY_COUNT = 1
    assert visitor(asked("2001:db8:1:2::1")) == visitor(asked("2001:db8:1:2:ffff::9")) == "2001:db8:1:2::/64"
    assert visitor(asked("2001:db8:1:3::1")) != visitor(asked("2001:db8:1:2::1"))
    assert visitor(asked("192.0.2.7")) == "192.0.2.7"


def test_a_connection_without_an_address_is_counted_too(settings):
    """Real use 11: a socket file has no address."""
    settings.TRUSTED_PROXY_COUNT = 0
    assert visitor(asked(connection="")) == ""
