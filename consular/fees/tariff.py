"""The fee of one service, by the decision `fee` of its table `fees`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from consular.fees import situation
from consular.fees.tables import Facts, TableFailed, ask
from consular.formspec import Folder


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
    starts = situation.ages(folder)
    return tuple(_bands([(age, due(folder, {**facts, "age": age}, on)) for age in starts]))


def known(folder: Folder, facts: Facts, on: date) -> tuple[Band, ...]:
    """The fee as far as these facts tell it: for the age if it is among them, else at every age.

    None while a question that matters is open; a table that fails although all are answered is our mistake.
    """
    try:
        if facts.get("age") is None:
            return by_age(folder, facts, on)
        return (Band(0, None, due(folder, facts, on)),)
    except TableFailed:
        if all(question.id in facts for question in situation.asked(folder, facts)):
            raise
        return ()


def _bands(fees: list[tuple[int, Fee]]) -> Iterator[Band]:
    """`fees` are those from an age on; a band ends before the next one begins."""
    groups = groupby(fees, key=lambda item: (item[1].amount, item[1].currency))
    firsts = [next(group) for _, group in groups]
    ends = [age - 1 for age, _ in firsts[1:]]
    for (age, fee), last in zip(firsts, [*ends, None], strict=True):
        yield Band(age, last, fee)
