"""How long data are kept, as people are told: periods are dated data (`keeping.toml`), the sentences stand here."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consular.cases import retention
from consular.decisions.lines import Entry

FILE = Path(__file__).with_name("keeping.toml")
Sentence = str | Promise

SAID: Mapping[str, tuple[Sentence, Sentence]] = {
    "vis": (_("Application file in the Visa Information System"), _("At most: %(period)s")),
    "schengen_file": (
        _("File at the mission"),
        _("After the decision or the end of court proceedings, at least: %(period)s"),
    ),
    "granted": (_("Visa register, visa granted"), _("After the visa has expired: %(period)s")),
    "withdrawn": (_("Visa register, application withdrawn"), _("After the withdrawal: %(period)s")),
    "refused": (
        _("Visa register, visa refused, annulled or revoked"),
        _("After the decision: %(period)s"),
    ),
    "visa_fingerprints": (
        _("Fingerprints"),
        _("Until the visa is handed over or refused, or the application is withdrawn"),
    ),
    "document_register": (
        _("Register of passports and identity cards"),
        _("Until a new document is issued, at most: %(period)s"),
    ),
    "document_fingerprints": (_("Fingerprints"), _("Until the document is handed over, at the latest")),
    "emergency_document": (
        _("Data of an emergency travel document"),
        _("As long as they are needed, at most: %(period)s"),
    ),
}
"""What is kept, and how long, by the ids of the file."""


@dataclass(frozen=True)
class Row:
    """From a day on, what is kept of applications for these services; `years` is 0 where an event ends it."""

    id: str
    services: tuple[str, ...]
    begins: date
    law: str
    years: int = 0
    uncertain: str = ""


def printed(service: str, day: date) -> tuple[Entry, ...]:
    """What is kept of an application for this service, how long, and by which law, in the active language."""
    held: dict[str, Row] = {}
    for row in sorted(known(), key=lambda row: row.begins):
        if service in row.services and row.begins <= day:
            held[row.id] = row
    days = retention.of_drafts().kept.days
    draft = ngettext(
        "%(number)s day after the last change", "%(number)s days after the last change", days
    ) % {"number": days}
    return (Entry(gettext("Drafts that were not sent"), draft), *(_entry(row) for row in held.values()))


def _entry(row: Row) -> Entry:
    what, until = SAID[row.id]
    period = ngettext("%(number)s year", "%(number)s years", row.years) % {"number": row.years}
    return Entry(str(what), f"{str(until) % {'period': period}} ({row.law})")


@cache
def known() -> tuple[Row, ...]:
    """All rows of the file."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["row"]
    return tuple(
        Row(
            id=row["id"],
            services=tuple(row["services"]),
            begins=row["from"],
            law=row["law"],
            years=row.get("years", 0),
            uncertain=row.get("uncertain", ""),
        )
        for row in rows
    )
