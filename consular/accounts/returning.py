"""Where a person goes on after signing in: always a page of this service."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000


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
