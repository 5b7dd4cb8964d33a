"""The fee of one service, by the decision `fee` of its table `fees`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from consular.fees.tables import Facts, TableFailed, ask
from consular.formspec import Folder

OLDEST = 25
"""From this age on no tariff distinguishes ages (passports: under 24, visas: under 18)."""


@dataclass(frozen=True)
class Fee:
    """What is due. `rule` is the row that decided, `basis` its legal source as English message."""

    amount: Decimal
    currency: str
    rule: str
    basis: str
    waived: bool


@dataclass(frozen=True)
class Band:
    """The fee between two ages, both included; `last` is None for “and older”."""

    first: int
    last: int | None
    fee: Fee


def due(folder: Folder, facts: Facts, on: date) -> Fee:
    """The fee on the day of lodging. `facts` are answers by question id; `waiver` names what an officer granted.

    Raises TableFailed when no row of the table fits: every table needs a last row for everybody else.
    """
    result = ask(folder, "fees", "fee", facts, on)
    row = result.value
    if not isinstance(row, dict) or not isinstance(row.get("amount"), Decimal):
        raise TableFailed(f"fees.dmn has no fee: {'; '.join(result.errors) or 'no row fits'}")
    return Fee(
        amount=row["amount"].quantize(Decimal("0.01")),
        currency=str(row["currency"]),
        rule=result.rules[-1],
        basis=str(row["basis"]),
        waived=row["waived"] is True,
    )


def by_age(folder: Folder, facts: Facts, on: date) -> tuple[Band, ...]:
    """The fee at every age, neighbours with the same fee together, the youngest first."""
    return tuple(_bands([due(folder, {**facts, "age": age}, on) for age in range(OLDEST + 1)]))


def _bands(fees: list[Fee]) -> Iterator[Band]:
    for _, group in groupby(enumerate(fees), key=lambda item: (item[1].amount, item[1].currency)):
        ages = list(group)
        last = ages[-1][0]
        yield Band(ages[0][0], None if last == OLDEST else last, ages[0][1])
