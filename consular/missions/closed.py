"""The days on which nobody is served: holidays of the host country and of Germany, and the mission's own closures."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import holidays

from consular.missions import gazetteer
from consular.missions.models import Closure, Mission

_SATURDAY_AND_SUNDAY = frozenset({6, 7})


@lru_cache(maxsize=2048)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Nationwide public holidays of a country (ISO 3166-1 alpha-2), corrected where the data say so.

    None where no calendar of them is known.
    """
    days = set(holidays.country_holidays(country, years=year)) if country in _known() else set()
    for row in gazetteer.WORKING_DAYS.get("correction", ()):
        if row["country"] == country and row["day"].year == year:
            (days.add if row["free"] else days.discard)(row["day"])
    return frozenset(days)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries())


def is_holiday(country: str, day: date) -> bool:
    """Whether a day is a holiday in the host country or in Germany."""
    return any(day in public_holidays(state, day.year) for state in (country, gazetteer.HOME))


@lru_cache(maxsize=512)
def weekends(country: str) -> tuple[tuple[frozenset[int], date, date], ...]:
    """The weekends of a country, each from a day to before another, the first one that holds counting."""
    return tuple(
        (frozenset(row["days"]), row.get("valid_from", date.min), row.get("valid_to", date.max))
        for row in gazetteer.WORKING_DAYS["weekend"]
        if country in row["countries"]
    )


def is_weekend(country: str, day: date) -> bool:
    """Whether a day lies on the weekend of a country; Saturday and Sunday where the data say nothing."""
    found = (free for free, first, end in weekends(country) if first <= day < end)
    return day.isoweekday() in next(found, _SATURDAY_AND_SUNDAY)


Span = tuple[date, date]
"""The first and the last day of a closure."""


def closed_days(
    mission: Mission, first: date, last: date, own: Iterable[Span] | None = None
) -> frozenset[date]:
    """The closed days of a mission from `first` to `last`, both included, in its own calendar, without weekends.

    `own` are its own closures, if they were others than they are.
    """
    days = {
        day
        for year in range(first.year, last.year + 1)
        for country in (mission.country, gazetteer.HOME)
        for day in public_holidays(country, year)
        if first <= day <= last
    }
    if own is None:
        own = Closure.objects.filter(mission=mission).values_list("first_day", "last_day")
    for start, end in own:
        start, end = max(start, first), min(end, last)
        days |= {start + timedelta(days=n) for n in range((end - start).days + 1)}
    return frozenset(days)
