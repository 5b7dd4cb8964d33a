"""Where the pages ask for a proof of work: only when much is asked for, so that most people never notice it."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token

from consular.accounts import proofs, throttle
from consular.accounts.networks import wide_network_of
from consular.accounts.proofs import Bound
from consular.accounts.throttle import HOUR, QUARTER, Limit

FIELD = "proof"
CODE = "code"
HOLD = "hold"

CODES_WITHOUT = Limit("codes of a wide network without proof", 30, QUARTER)
HOLDS = Limit("holds of an account", settings.HOLDS_PER_ACCOUNT, HOUR)
HOLDS_AROUND = Limit("holds of a wide network", settings.HOLDS_PER_NETWORK, QUARTER)


def challenge(request: HttpRequest, action: str) -> str:
    """A challenge for one act in this browser."""
    get_token(request)
    return proofs.challenge(_bound(request, action))


def for_a_code(request: HttpRequest) -> None:
    """Count a code; Refused (422) without a proof when many were asked for from around here."""
    network = wide_network_of(request)
    if not throttle.spend(CODES_WITHOUT, network):
        _require(request, CODE, network)


def for_a_hold(request: HttpRequest) -> None:
    """Count a hold; Refused (429) when there were too many of this account or from around here, (422) without a proof
    when the account has tried some already.
    """
    network = wide_network_of(request)
    tries = ((HOLDS, str(request.user.pk)), (HOLDS_AROUND, network))
    counts = throttle.counted(tries)
    for (limit, whose), count in zip(tries, counts, strict=True):
        if count > limit.most:
            raise throttle.too_often(limit, whose)
    if counts[0] > settings.HOLDS_WITHOUT_PROOF:
        _require(request, HOLD, network)


def _require(request: HttpRequest, action: str, network: str) -> None:
    proofs.require(request.POST.get(FIELD, ""), _bound(request, action), network=network)


def _bound(request: HttpRequest, action: str) -> Bound:
    return Bound(action, request.META.get("CSRF_COOKIE") or "")
