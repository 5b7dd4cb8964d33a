"""How often strangers may ask. Counted in the database, over all processes, so no cache server is needed."""

from datetime import timedelta
from typing import Any

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from consular.accounts import throttle
from consular.accounts.networks import network_of

STRANGERS = throttle.Limit("api", most=240, period=timedelta(minutes=1))


WRITERS = throttle.Limit("api writes", most=240, period=timedelta(minutes=1))


class Writers(BaseThrottle):
    """One account may send 240 requests a minute that change something; reading is not counted."""

    def allow_request(self, request: Request, view: Any) -> bool:
        is_read = request.method in SAFE_METHODS or not request.user.is_authenticated
        return is_read or throttle.spend(WRITERS, str(request.user.pk))

    def wait(self) -> float:
        return WRITERS.period.total_seconds()


class Strangers(BaseThrottle):
    """Without a key, one network may ask 240 times a minute; partners with a key are not counted."""

    def allow_request(self, request: Request, view: Any) -> bool:
        return request.user.is_authenticated or throttle.spend(STRANGERS, network_of(request._request))

    def wait(self) -> float:
        return STRANGERS.period.total_seconds()
