"""For how long frequent travellers get a visa for multiple entries, by the table `cascade` (Visa Code art. 24(2))."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from consular.fees.tables import Facts, TableFailed, ask
from consular.formspec import Folder


@dataclass(frozen=True)
class Cascade:
    """What the table says: years of validity (None: the visa follows the application), its last day, and why.

    `rule` is the row that decided, `basis` its legal source as English message.
    """

    years: int | None
    until: date | None
    rule: str
    basis: str


def cascade(folder: Folder, facts: Facts, on: date) -> Cascade:
    """What the table says on the day of the decision; None for its last day where a date it follows from is not known.

    `facts`: has_doubts; two_year_visas, one_year_visas, visas (how many, lawfully used); valid_from, doc_valid_until.
    Raises TableFailed when the service has no such table, or no row of it fits.
    """
    result = ask(folder, "cascade", "cascade", facts, on)
    row = result.value
    if not isinstance(row, dict) or not result.rules:
        raise TableFailed(f"cascade.dmn has no answer: {'; '.join(result.errors) or 'no row fits'}")
    years, until = row.get("years"), ask(folder, "cascade", "cascade_until", facts, on).value
    return Cascade(
        years=int(years) if isinstance(years, Decimal) else None,
        until=until if isinstance(until, date) else None,
        rule=result.rules[-1],
        basis=str(row["basis"]),
    )
