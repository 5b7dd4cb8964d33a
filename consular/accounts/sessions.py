"""How long a signed-in session lasts, by role, and what ends it earlier."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django_otp.models import Device

from consular.accounts.models import User
from consular.core import clock

REVALIDATED = "private, no-cache"
"""For answers that say nothing about anybody: one's own browser may keep them, and asks each time whether they hold."""

BY_ITSELF = "X-By-Itself"
"""A header of requests that a page sends by itself: nobody is there because of them, and no session lasts longer."""


class Level(StrEnum):
    """What a session may do at most; it decides how long it lasts."""

    APPLICANT = "applicant"
    STAFF = "staff"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Limits:
    """A session ends after `idle` without a request, and after `absolute` in any case."""

    idle: timedelta
    absolute: timedelta


LIMITS = {
    Level.APPLICANT: Limits(idle=timedelta(minutes=60), absolute=timedelta(hours=12)),
    Level.STAFF: Limits(idle=timedelta(minutes=15), absolute=timedelta(hours=10)),
    Level.ADMINISTRATOR: Limits(idle=timedelta(minutes=15), absolute=timedelta(hours=2)),
}

REASONS = {
    "idle": _("You were signed out because nothing happened for %(minutes)d minutes."),
    "absolute": ngettext_lazy(
        "You were signed out because a session lasts %(hours)d hour at most.",
        "You were signed out because a session lasts %(hours)d hours at most.",
        "hours",
    ),
    "changed": _("You were signed out because your account or its sign-in data changed."),
}

FRESH = timedelta(minutes=settings.FRESH_MINUTES)
PRECISION = 5
"""Seconds between two notes of the last request: a note is a write."""

BACKENDS = {
    Level.APPLICANT: "consular.accounts.backends.ApplicantByCode",
    Level.STAFF: "consular.accounts.backends.StaffByFactor",
    Level.ADMINISTRATOR: "consular.accounts.backends.StaffByFactor",
}


def begin(request: HttpRequest, user: User, level: Level, *, device: Device | None = None) -> None:
    """Sign `user` in under a new session id; staff with the factor that proved who they are."""
    if device is not None:
        user.otp_device = device  # django-otp reads it at login
    auth.login(request, user, backend=BACKENDS[level])
    request.session.cycle_key()
    now = _seconds()
    request.session.update({"level": level.value, "began": now, "seen": now, "verified": now})


def verify_again(request: HttpRequest) -> None:
    """Note a fresh proof of who it is, under a new session id."""
    request.session.cycle_key()
    request.session["verified"] = _seconds()


def tighten(request: HttpRequest, level: Level) -> None:
    """Give a running session the stricter limits of `level`: a role was added since it began."""
    if request.session.get("level") != level.value:
        request.session["level"] = level.value


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person proved who they are within the last minutes, five unless set otherwise."""
    return bool(_seconds() - request.session.get("verified", 0) <= FRESH.total_seconds())


def why_ended(request: HttpRequest) -> str:
    """The sentence that says why the last session ended, once; empty when it did not end by itself."""
    ended = request.session.pop("ended", None)
    return str(REASONS[ended["why"]] % ended) if ended else ""


class SessionLimits:
    """Ends sessions that are over and keeps pages with personal data out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if auth.SESSION_KEY in request.session:
            self._judge(request)
        response = self.get_response(request)
        if not request.session.is_empty() and response.get("Cache-Control") != REVALIDATED:
            response["Cache-Control"] = "no-store"
        return response

    def _judge(self, request: HttpRequest) -> None:
        why = _why_over(request)
        if why:
            limits = _limits(request)
            minutes = limits.idle // timedelta(minutes=1)
            hours = limits.absolute // timedelta(hours=1)
            auth.logout(request)
            request.session["ended"] = {"why": why, "minutes": minutes, "hours": hours}
        elif BY_ITSELF not in request.headers and _seconds() - request.session["seen"] >= PRECISION:
            request.session["seen"] = _seconds()


def _why_over(request: HttpRequest) -> str:
    """The reason for which the session is over, or nothing."""
    limits = _limits(request)
    now = _seconds()
    if now - request.session.get("began", 0) >= limits.absolute.total_seconds():
        return "absolute"
    if now - request.session.get("seen", 0) >= limits.idle.total_seconds():
        return "idle"
    return "" if _still_holds(request.user) else "changed"


def _still_holds(user: User | AnonymousUser) -> bool:
    """Whether the account is still open and, for staff, the factor that proved it still exists."""
    return user.is_authenticated and (not user.is_official or user.otp_device is not None)


def _limits(request: HttpRequest) -> Limits:
    return LIMITS[Level(request.session.get("level", Level.ADMINISTRATOR))]


def _seconds() -> int:
    return int(clock.now().timestamp())
