"""Which network address a request came from: the visitor's, also behind reverse proxies of our own.

Each proxy appends to X-Forwarded-For the address it was called from (RFC 7239, 5.2 tells of the same). So with a known
number of own proxies the visitor's address stands that many places from the right; what stands further left was written
by the visitor and is never believed.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

# One household or office gets a whole network of this length (RFC 6177): its addresses count as one visitor.
VISITORS_NETWORK = 64


def client_address(request: HttpRequest) -> str:
    """The visitor's address; that of the connection where the proxies did not say one."""
    connection = str(request.META.get("REMOTE_ADDR") or "")
    hops = [hop for line in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if (hop := line.strip())]
    proxies = settings.TRUSTED_PROXY_COUNT
    forwarded = _parsed(hops[-proxies]) if 0 < proxies <= len(hops) else None
    return str(forwarded or _parsed(connection) or connection)


def visitor(request: HttpRequest) -> str:
    """Whom limits count as one: an IPv4 address, or the /64 network of an IPv6 address."""
    address = _parsed(client_address(request))
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, VISITORS_NETWORK), strict=False))
    return str(address or "")


def _parsed(written: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it: alone, with a port, in brackets, as IPv4 inside IPv6."""
    text = written.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
