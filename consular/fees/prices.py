"""A fee as it is told to people and machines: in its own currency and in the money of the place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from consular.fees.local import EURO, Rate
from consular.fees.tariff import Band


@dataclass(frozen=True)
class Price:
    """What is due from one age to another; `to_age` is None for “and older”, the local parts where no rate is known."""

    from_age: int
    to_age: int | None
    amount: Decimal
    currency: str
    waived: bool
    local_amount: Decimal | None = None
    local_currency: str | None = None
    rate_of: date | None = None


def prices(bands: Iterable[Band], rate: Rate | None) -> tuple[Price, ...]:
    """The bands of a fee with local money: only euro are changed into it."""
    return tuple(_price(band, rate if band.fee.currency == EURO else None) for band in bands)


def _price(band: Band, rate: Rate | None) -> Price:
    fee = band.fee
    plain = (band.first, band.last, fee.amount, fee.currency, fee.waived)
    return Price(*plain, rate.of(fee.amount), rate.currency, rate.since) if rate else Price(*plain)
