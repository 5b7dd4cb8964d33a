"""How long waiting for an appointment takes here now: measured on the offers of the last weeks, or nothing.

Counted in days of the calendar at the mission, from the day on which somebody joined its list to the day of the first
offer. Over how many weeks, and from how many people on, is data: the same as for decisions (`cases/forecast.toml`).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from consular.appointments import offering
from consular.appointments.models import Calendar
from consular.appointments.waiting import Waiting
from consular.cases import forecast
from consular.core.prepared import first_row

_MEASURED = """
WITH first_offers AS (
    SELECT w.id, w.joined_at, min(o.made_at) AS made_at
    FROM appointments_offer o JOIN appointments_waiting w ON w.id = o.entry_id
    WHERE w.calendar_id = %(calendar)s::bigint
    GROUP BY w.id
    HAVING min(o.made_at) >= %(since)s::timestamptz
), lasted AS (
    SELECT (made_at AT TIME ZONE %(zone)s::text)::date - (joined_at AT TIME ZONE %(zone)s::text)::date AS days
    FROM first_offers
)
SELECT count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY days), percentile_disc(0.9) WITHIN GROUP (ORDER BY days)
FROM lasted
"""


@dataclass(frozen=True)
class Outlook:
    """Of `people` who got their first offer since `since`, half waited up to `half_days`, nine of ten up to
    `nine_of_ten_days`.
    """

    people: int
    since: date
    half_days: int
    nine_of_ten_days: int


@dataclass(frozen=True)
class Position:
    """Where somebody stands on the list: `place` of `length`, both in entries and not in people."""

    place: int
    length: int


def of(calendar: Calendar, now: datetime) -> Outlook | None:
    """How long it takes here; None: too few to say."""
    data = forecast.rules()
    since = now - timedelta(weeks=data["weeks"])
    zone = calendar.mission.time_zone
    row = first_row(_MEASURED, {"calendar": calendar.pk, "since": since, "zone": zone})
    people, half, most = row or (0, None, None)
    if people < data["fewest"]:
        return None
    return Outlook(people, since.astimezone(ZoneInfo(zone)).date(), half, most)


def position(entry: Waiting, now: datetime) -> Position:
    """Where the entry stands among those who wait for the same calendar."""
    order = list(offering.in_order(entry.calendar, now).values_list("pk", flat=True))
    place = order.index(entry.pk) + 1 if entry.pk in order else len(order) + 1
    return Position(place, max(len(order), place))
