"""The working week of a mission: from when to when it works without a weekend between, in its own calendar."""

from datetime import date, timedelta

from consular.missions import working_days
from consular.missions.closed import is_weekend
from consular.missions.models import Mission

_DAY = timedelta(days=1)
LONGEST = 40
"""Days after which one stops to look for the next working day."""


def last_day(mission: Mission, today: date) -> date:
    """The last day that belongs to this week: up to the next working day after the weekend, that one not included.

    On a weekend it is the week that begins. What is due on a closed day after the weekend has to be done this week.
    """
    calendar, day = working_days.of(mission), today
    for _ in range(LONGEST):
        if not is_weekend(mission.country, day):
            break
        day += _DAY
    for _ in range(LONGEST):
        if is_weekend(mission.country, day):
            break
        day += _DAY
    for _ in range(LONGEST):
        if calendar.is_working(day):
            break
        day += _DAY
    return day - _DAY


def last_working_day(mission: Mission, due: date, today: date) -> date:
    """The last day on which the mission works up to a day; today where there is none any more."""
    calendar, day = working_days.of(mission), due
    while day > today and not calendar.is_working(day):
        day -= _DAY
    return max(day, today)
