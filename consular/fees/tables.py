"""Asking a decision table of a service: facts in, rows out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from consular.formspec import Folder
from consular.formspec.dates import as_date
from consular.missions import areas
from consular.rules.dmn import Result

Facts = Mapping[str, Any]
"""Answers by question id, as they are stored, and what an officer or a page knows besides (`age`, `waiver`)."""


class TableFailed(Exception):
    """A table gave no answer where it must: a mistake in the folder of the service, not of the person."""


def ask(folder: Folder, table: str, decision: str, facts: Facts, on: date) -> Result:
    """The result of a decision for these facts on a day. Raises TableFailed when the folder lacks it."""
    if table not in folder.tables:
        raise TableFailed(f"{folder.service} v{folder.version} has no {table}.dmn")
    try:
        asked = folder.tables[table]
        return asked.decide(decision, {**dict.fromkeys(asked.inputs), **context(facts, on)})
    except KeyError:
        raise TableFailed(f"{table}.dmn has no decision {decision}") from None


def context(facts: Facts, on: date) -> dict[str, Any]:
    """The facts with what follows from them: the day, the age on it, whether one lives abroad.

    An unknown age is null. Of a partial birth date the last possible day counts, in favour of the person.
    """
    known = dict(facts)
    born = known.get("birth_date")
    if "age" not in known:
        known["age"] = age(as_date(born), on) if born else None
    nationality, country = known.get("nationality"), known.get("residence_country")
    known["is_foreign_resident"] = nationality != country if nationality and country else None
    return {**known, "on": on}


def facts_of(nationality: str, area: str) -> dict[str, Any]:
    """What nationality (alpha-3) and the area where somebody lives say: the first facts of everybody."""
    return {"nationality": nationality, "residence_country": areas.alpha_3(areas.country_of(area))}


def age(born: date, on: date) -> int:
    """Completed years of life on a day; born on 29 February, one year more on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
