"""The way to a court: which one and until when are dated data (`remedies.toml`), the sentences are always the same."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.translation import gettext, ngettext

FILE = Path(__file__).with_name("remedies.toml")


@dataclass(frozen=True)
class Remedy:
    """Against decisions of these contents, from this day on: the court, and the months to go there."""

    contents: tuple[str, ...]
    begins: date
    months: int
    court: str
    address: str
    uncertain: str = ""


def against(content: str, day: date) -> Remedy:
    """What can be done against a decision made on this day. Raises LookupError when that is not known."""
    found = [remedy for remedy in known() if content in remedy.contents and remedy.begins <= day]
    if not found:
        raise LookupError(f"nobody has said what can be done against {content} on {day}")
    return max(found, key=lambda remedy: remedy.begins)


def printed(content: str, day: date) -> tuple[str, ...]:
    """The instructions on the remedy in the active language (VwGO sections 58, 74, 81, 82)."""
    remedy = against(content, day)
    place = {"court": remedy.court, "address": remedy.address}
    return (
        ngettext(
            "An action against this decision can be brought before the %(court)s, %(address)s, within %(months)s month "
            "of notification.",
            "An action against this decision can be brought before the %(court)s, %(address)s, within %(months)s "
            "months of notification.",
            remedy.months,
        )
        % {**place, "months": remedy.months},
        gettext(
            "The action has to be brought in writing and in German, or recorded by the clerk of the court. It is "
            "directed against the Federal Republic of Germany, represented by the Federal Foreign Office. It must "
            "name the claimant, the defendant and what is claimed."
        ),
        gettext("Proceedings before the court cost fees. You can submit a new application at any time."),
    )


@cache
def known() -> tuple[Remedy, ...]:
    """All rows of the table, read once."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["remedy"]
    return tuple(
        Remedy(
            tuple(row["contents"]),
            row["from"],
            row["months"],
            row["court"],
            row["address"],
            row.get("uncertain", ""),
        )
        for row in rows
    )
