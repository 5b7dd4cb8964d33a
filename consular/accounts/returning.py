"""Where a person goes on after signing in, always a page of this service, with what was typed there."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from consular.accounts import throttle
from consular.accounts.networks import network_of
from consular.accounts.throttle import QUARTER, Limit
from consular.core import typed

LONGEST = 2000
KEPT_PER_NETWORK = Limit("texts kept for a network", 300, QUARTER)
"""Each waits in a session, and anybody may send one; beyond this one still goes on, and types again."""


def local_path(candidate: str | None, default: str) -> str:
    """`candidate` if it is the path of one of our pages, else `default`; never another host."""
    if (
        not candidate
        or len(candidate) > LONGEST
        or not candidate.isprintable()
        or not candidate.startswith("/")
    ):
        return default
    if not url_has_allowed_host_and_scheme(candidate, allowed_hosts=None):
        return default
    try:
        resolve(urlsplit(candidate).path)
    except (Resolver404, ValueError):
        return default
    return candidate


def page_of(request: HttpRequest) -> str:
    """The page the person was on: this one, or for a sent form the page that showed it."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    try:
        referer = urlsplit(str(request.META.get("HTTP_REFERER", "")))
    except ValueError:
        return request.path
    if referer.netloc == request.get_host():
        return referer.path + (f"?{referer.query}" if referer.query else "")
    return request.path


def keep_typed(request: HttpRequest, path: str) -> None:
    """Let what was sent wait until the page at `path` is shown again, unless too much comes from this network."""
    if throttle.spend(KEPT_PER_NETWORK, network_of(request)):
        typed.keep(request, path)


def signing_in(request: HttpRequest, address: str) -> HttpResponseRedirect:
    """To the page for signing in at `address`, and back; what somebody sent whose session is over waits meanwhile."""
    page = page_of(request)
    if request.method == "POST":
        keep_typed(request, page)
    return HttpResponseRedirect(f"{address}?{urlencode({'next': page})}")
