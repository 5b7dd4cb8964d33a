"""How calendars stand: what the next weeks hold, what is free, and who still has to choose another time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from consular.core.prepared import all_rows

AHEAD = timedelta(days=28)

_FIGURES = """
SELECT c.id,
    count(p.id),
    count(p.id) FILTER (WHERE p.free_from <= %(now)s AND p.opens_at <= %(now)s),
    min(s.starts_at) FILTER (
        WHERE p.free_from <= %(now)s AND p.opens_at <= %(now)s
        AND s.starts_at >= %(now)s + make_interval(hours => c.notice_hours)
        AND s.starts_at <= %(now)s + make_interval(days => c.horizon_days)),
    (SELECT count(*) FROM appointments_booking b
        JOIN appointments_place q ON q.id = b.place_id JOIN appointments_slot t ON t.id = q.slot_id
        WHERE t.calendar_id = c.id AND t.starts_at > %(now)s AND t.starts_at < %(end)s
        AND b.state = 'confirmed' AND b.active_until > %(now)s AND b.part = 0),
    (SELECT count(*) FROM appointments_displacement d
        JOIN appointments_booking b ON b.id = d.booking_id
        JOIN appointments_place q ON q.id = b.place_id JOIN appointments_slot t ON t.id = q.slot_id
        WHERE t.calendar_id = c.id AND d.settled_at IS NULL AND b.part = 0),
    (SELECT count(*) FROM appointments_block k
        WHERE k.calendar_id = c.id AND k.lifted_at IS NULL AND k.until > %(now)s)
FROM appointments_calendar c
LEFT JOIN appointments_slot s ON s.calendar_id = c.id AND s.capacity > 0
    AND s.starts_at > %(now)s AND s.starts_at < %(end)s
LEFT JOIN appointments_place p ON p.slot_id = s.id AND p.number <= s.capacity
WHERE c.id = ANY(%(calendars)s)
GROUP BY c.id
"""


@dataclass(frozen=True)
class Standing:
    """The figures of one calendar for the next four weeks; `next_free` in UTC."""

    places: int
    free: int
    next_free: datetime | None
    booked: int
    displaced: int
    blocks: int


def of(calendars: Iterable[int], now: datetime) -> Mapping[int, Standing]:
    """The figures of these calendars, in one query."""
    rows = all_rows(_FIGURES, {"calendars": list(calendars), "now": now, "end": now + AHEAD})
    return {pk: Standing(*figures) for pk, *figures in rows}
