"""What everybody is told about the appointments of a mission: how much is free on which day, and honest figures.

Coarse, so that nobody is helped by asking often, and without any number below five of what people did.
"""

from dataclasses import replace
from typing import Any

from consular.appointments import figures
from consular.appointments.distribution import Mode
from consular.appointments.figures import Count, Figures, Free
from consular.core import clock
from consular.missions.models import Mission

LEVELS = (50, 20, 10, 5, 1)
"""Of the free places of a day it is told that there are at least so many."""

FEWEST = 5
"""Figures of what people did are told from five on."""

KNOWN = 20
"""And the share of those who did not come, from twenty of whom it is known."""


def of(mission: Mission) -> dict[str, Any]:
    """The answer for one mission, ready for JSON, in no language."""
    now = clock.now()
    found = figures.of_mission(mission, now=now)
    return {
        "mission": mission.code,
        "kind": mission.kind,
        "city": mission.city,
        "time_zone": mission.time_zone,
        "as_of": now.replace(microsecond=0).isoformat().replace("+00:00", "Z"),
        "period_days": figures.PERIOD.days,
        "calendars": [_calendar(one) for one in found],
    }


def _calendar(one: Figures) -> dict[str, Any]:
    """Where times are offered along a list or by a draw nobody can take one: none is told as free."""
    is_direct = one.calendar.mode == Mode.DIRECT
    return {
        "id": one.calendar.pk,
        "services": list(one.calendar.services),
        "mode": one.calendar.mode,
        **_free(one.free if is_direct else replace(one.free, days=())),
        "longer": [{"service": service, **_free(free)} for service, free in one.longer if is_direct],
        "released": counted(one.released),
        "figures": [_count(count) for count in one.services],
    }


def _free(one: Free) -> dict[str, Any]:
    return {
        "slots_each": one.slots_each,
        "days_until_free": one.days_until,
        "free": [{"day": day.day.isoformat(), "at_least": at_least(day.places)} for day in one.days],
    }


def _count(count: Count) -> dict[str, Any]:
    """The figures of a service; there are no sums, so that what is left out cannot be reckoned."""
    known = count.came + count.missed
    is_told = known >= KNOWN and min(count.came, count.missed) >= FEWEST
    return {
        "service": count.service,
        "taken": counted(count.taken),
        "median_seconds_until_taken": count.seconds_until_taken if count.taken >= FEWEST else None,
        "no_show_percent": count.no_show_percent if is_told else None,
    }


def counted(number: int) -> int | None:
    """A number that is told as it is; None where it is too small to be."""
    return number if number >= FEWEST else None


def at_least(places: int) -> int:
    """The level of so many free places."""
    return next((level for level in LEVELS if places >= level), 0)
