"""What will change: another mission, none, or several, from a day that is known already."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext_noop as N_

from consular.missions.models import Mission
from consular.routing.answers import NobodyResponsible, NotPrecise, Responsible
from consular.routing.because import Because, about
from consular.routing.special import DECISION
from consular.rules.dmn import Definitions, model

MOVES = N_("From %(since)s, %(mission)s will be responsible for this service in %(area)s.")
ENDS = N_("From %(since)s, none of our missions will be responsible for this service in %(area)s.")
DIVIDES = N_("From %(since)s, several missions will share %(area)s. Ask again then.")

_DAY = re.compile(r'date\("(\d{4}-\d{2}-\d{2})"\)')


@dataclass(frozen=True)
class Change:
    """From this day on another mission is responsible; `mission` is None when none will be, or several.

    The day on which an application is handed in counts.
    """

    on: date
    mission: Mission | None
    because: Because


def days(found: Responsible, table: Definitions | None) -> list[date]:
    """The days after that of the question on which a district or a special rule begins or ends, in order."""
    named = {day for day in (_named(table) if table else ()) if day > found.question.on}
    return sorted({*found.days, *named})


def told(found: Responsible, day: date, then: Responsible | NobodyResponsible | NotPrecise) -> Change | None:
    """The change on a day in words; None when the same mission stays responsible."""
    places = {"area": found.area, "since": day.isoformat()}
    if isinstance(then, NotPrecise):
        return Change(day, None, Because("change:divided", DIVIDES, places, day))
    if isinstance(then, NobodyResponsible):
        return Change(day, None, Because("change:nobody", ENDS, places, day))
    if then.mission == found.mission:
        return None
    return Change(
        day, then.mission, Because(f"change:{then.because.rule}", MOVES, about(then.mission, **places), day)
    )


@lru_cache(maxsize=64)
def _named(table: Definitions) -> frozenset[date]:
    """The days that the conditions of the special rules name."""
    decision = table.find(DECISION)
    logic = getattr(decision, "logic", None)
    if not isinstance(logic, model.Table):
        return frozenset()
    texts = (condition.text for rule in logic.rules for condition in rule.conditions)
    return frozenset(date.fromisoformat(day) for text in texts for day in _DAY.findall(text))
