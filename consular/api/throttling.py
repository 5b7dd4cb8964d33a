"""How often strangers may ask. Counted in the database, over all processes, so no cache server is needed."""

from datetime import timedelta
from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from consular.accounts import throttle
from consular.accounts.networks import network_of

STRANGERS = throttle.Limit("api", most=240, period=timedelta(minutes=1))


class Strangers(BaseThrottle):
    """Without a key, one network may ask 240 times a minute; partners with a key are not counted."""

    def allow_request(self, request: Request, view: Any) -> bool:
        return request.user.is_authenticated or throttle.spend(STRANGERS, network_of(request._request))

    def wait(self) -> float:
        return STRANGERS.period.total_seconds()
