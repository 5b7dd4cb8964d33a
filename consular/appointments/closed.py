"""The days on which nobody is served: holidays of the host country and of Germany, and the mission's own closures."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

from consular.missions.models import Closure, Mission

HOME = "DE"


@lru_cache(maxsize=2048)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Nationwide public holidays of a country (ISO 3166-1 alpha-2); none where no calendar of them is known."""
    if country not in _known():
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=year))


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries())


def closed_days(mission: Mission, first: date, last: date) -> frozenset[date]:
    """The closed days of a mission from `first` to `last`, both included, in its own calendar."""
    days = {
        day
        for year in range(first.year, last.year + 1)
        for country in (mission.country, HOME)
        for day in public_holidays(country, year)
        if first <= day <= last
    }
    for start, end in Closure.objects.filter(
        mission=mission, first_day__lte=last, last_day__gte=first
    ).values_list("first_day", "last_day"):
        start, end = max(start, first), min(end, last)
        days |= {start + timedelta(days=n) for n in range((end - start).days + 1)}
    return frozenset(days)
