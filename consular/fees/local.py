"""Fees in the money of the host country, at the rate of the missions (Visa Code art. 16(7))."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from consular.missions import details
from consular.missions.details import Details
from consular.missions.models import ExchangeRate, Mission

EURO = "EUR"


@dataclass(frozen=True)
class Rate:
    """How much of a currency missions take for one euro, since when, and the step amounts are rounded up to.

    `is_uncertain` says that the rate still has to be confirmed by the missions.
    """

    currency: str
    per_euro: Decimal
    step: Decimal
    since: date
    is_uncertain: bool = False

    def of(self, euro: Decimal) -> Decimal:
        """An amount of euro in this currency, rounded up to a full step; nothing stays nothing."""
        steps = (euro * self.per_euro / self.step).to_integral_value(ROUND_CEILING)
        return (steps * self.step).quantize(Decimal("0.01"))


def rate(currency: str, on: date) -> Rate | None:
    """The rate of a currency on a day; None for the euro itself, and where no rate is written down."""
    if currency == EURO:
        return None
    row = ExchangeRate.objects.filter(currency=currency, valid_from__lte=on).order_by("-valid_from").first()
    return Rate(row.currency, row.per_euro, row.step, row.valid_from, row.uncertain) if row else None


def rate_of(mission: Mission, on: date, said: Details | None = None) -> Rate | None:
    """The rate of a mission on a day: its own where it has set one, else that of its currency.

    `said` is what the mission says of itself on that day, where it is known already.
    """
    own = (said or details.of(mission, on)).rate
    if own is None:
        return rate(mission.currency, on)
    return None if own.currency == EURO else Rate(own.currency, own.per_euro, own.step, own.since)
