"""The statements that write slots and places as they are wanted. Only rows that are to change are touched, so that who
books meanwhile waits for none of the others.

In this order, in one transaction that has locked the calendar: what is not wanted is withdrawn and its places closed
(waiting for whoever is about to take one); then the bookings that are there are counted; then slots and places are
written. A place that was closed is looked at once more by whoever wanted it, and passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from consular.appointments.blocking import Blocked
from consular.appointments.models import ALWAYS
from consular.appointments.outlooks import Wanted
from consular.core.prepared import all_rows, first_row, run

_FUTURE = "s.calendar_id = %(calendar)s AND s.starts_at > %(now)s AND s.starts_at < %(end)s"

_WITHDRAW = f"""
WITH gone AS (
    UPDATE appointments_slot s SET capacity = 0
    WHERE {_FUTURE} AND s.capacity > 0 AND NOT EXISTS (
        SELECT FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS wanted (starts_at, ends_at)
        WHERE wanted.starts_at = s.starts_at AND wanted.ends_at = s.ends_at)
    RETURNING s.id
)
SELECT count(*) FROM gone
"""  # noqa: S608  all parts are constants of this file

_CLOSE = f"""
UPDATE appointments_place p SET opens_at = NULL, staff_from = NULL
FROM appointments_slot s
WHERE s.id = p.slot_id AND {_FUTURE} AND p.number > s.capacity
  AND (p.opens_at IS NOT NULL OR p.staff_from IS NOT NULL)
"""  # noqa: S608  all parts are constants of this file

_LEFT = f"""
SELECT s.starts_at, s.ends_at, count(*)
FROM appointments_slot s
JOIN appointments_place p ON p.slot_id = s.id
JOIN appointments_booking b ON b.place_id = p.id
    AND b.state IN ('held', 'confirmed') AND b.active_until > %(now)s
WHERE {_FUTURE} AND s.capacity = 0
GROUP BY s.id
"""  # noqa: S608  all parts are constants of this file

_SLOTS = """
INSERT INTO appointments_slot AS s (calendar_id, starts_at, ends_at, capacity)
SELECT %(calendar)s, wanted.*
FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[], %(seats)s::int[]) AS wanted
ON CONFLICT (calendar_id, starts_at, ends_at) DO UPDATE SET capacity = excluded.capacity
WHERE s.capacity <> excluded.capacity
"""

_PLACES = f"""
WITH made AS (
    INSERT INTO appointments_place (slot_id, number, free_from)
    SELECT s.id, n, TIMESTAMPTZ '2000-01-01 00:00:00+00'
    FROM appointments_slot s CROSS JOIN LATERAL generate_series(1, s.capacity) AS n
    WHERE {_FUTURE}
    ON CONFLICT (slot_id, number) DO NOTHING
    RETURNING id
)
SELECT count(*) FROM made
"""  # noqa: S608  all parts are constants of this file

_OPEN = """
UPDATE appointments_place p SET opens_at = wanted.opens_at, staff_from = wanted.staff_from
FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[], %(numbers)s::int[],
        %(opens)s::timestamptz[], %(staff)s::timestamptz[]) AS wanted (starts_at, ends_at, number, opens_at, staff_from)
JOIN appointments_slot s ON s.starts_at = wanted.starts_at AND s.ends_at = wanted.ends_at
WHERE s.calendar_id = %(calendar)s AND p.slot_id = s.id AND p.number = wanted.number
  AND (p.opens_at IS DISTINCT FROM wanted.opens_at OR p.staff_from IS DISTINCT FROM wanted.staff_from)
"""


@dataclass(frozen=True)
class Left:
    """Bookings that are still there at a time that is not given out any more."""

    starts_at: datetime
    ends_at: datetime
    bookings: int


@dataclass(frozen=True)
class Future:
    """The slots of a calendar that begin after `now` and before `end`."""

    calendar: int
    now: datetime
    end: datetime


def withdraw(future: Future, wanted: Sequence[Wanted]) -> int:
    """Give out no place any more of slots that are not wanted; returns how many slots."""
    row = first_row(_WITHDRAW, {**vars(future), **_times(wanted)})
    run(_CLOSE, vars(future))
    return int(row[0]) if row else 0


def left(future: Future) -> list[Left]:
    """Who is booked in slots that were withdrawn."""
    return [Left(*row) for row in all_rows(_LEFT, vars(future))]


def write(future: Future, wanted: Sequence[Wanted], blocked: Sequence[Blocked]) -> int:
    """Write slots and places; returns how many places are new."""
    run(_SLOTS, {"calendar": future.calendar, **_times(wanted), "seats": [slot.capacity for slot in wanted]})
    run(_CLOSE, vars(future))
    row = first_row(_PLACES, vars(future))
    run(_OPEN, {"calendar": future.calendar, **_openings(wanted, blocked)})
    return int(row[0]) if row else 0


def _times(wanted: Sequence[Wanted]) -> dict[str, list[datetime]]:
    return {"starts": [slot.starts_at for slot in wanted], "ends": [slot.ends_at for slot in wanted]}


def _openings(wanted: Sequence[Wanted], blocked: Sequence[Blocked]) -> dict[str, list[object]]:
    """For every place: whose it is, and from when the public and staff may take it."""
    columns: dict[str, list[object]] = {name: [] for name in ("starts", "ends", "numbers", "opens", "staff")}
    for slot in wanted:
        over = [block for block in blocked if block.meets(slot.starts_at, slot.ends_at)]
        for number in range(1, slot.capacity + 1):
            opens = slot.opens[number - 1] if number <= slot.capacity - slot.internal else None
            until = max((block.until for block in over if block.takes(number, slot.capacity)), default=None)
            row = (
                slot.starts_at,
                slot.ends_at,
                number,
                opens and max(opens, until or opens),
                until or ALWAYS,
            )
            for name, value in zip(columns, row, strict=True):
                columns[name].append(value)
    return columns
