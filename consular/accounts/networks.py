"""From which network a request comes: what is counted when somebody guesses."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def network_of(request: HttpRequest) -> str:
    """The IPv4 address or the IPv6 /64 of the other side; "unknown" when it cannot be told.

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
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
