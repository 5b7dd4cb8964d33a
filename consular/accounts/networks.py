"""From which network a request comes: what is counted when somebody guesses."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def network_of(request: HttpRequest) -> str:
    """The IPv4 address or the IPv6 /64 of the other side; "unknown" when it cannot be told."""
    return _within(request, 32, 64)


def wide_network_of(request: HttpRequest) -> str:
    """The IPv4 /24 or the IPv6 /48 of the other side: what one customer of a provider can have many addresses of."""
    return _within(request, 24, 48)


def _within(request: HttpRequest, bits: int, bits_of_six: int) -> str:
    """The network of so many bits in which the other side is; a single address without its length.

    In production the reverse proxy appends the address it sees to X-Forwarded-For; everything before the last entry
    was written by the other side and is not believed.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PRODUCTION:
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    # a socket for both versions writes IPv4 addresses so; all of them together are no single network
    if parsed.version == 6 and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    length = bits if parsed.version == 4 else bits_of_six
    return str(parsed) if length == 32 else str(ipaddress.ip_network(f"{parsed}/{length}", strict=False))
