"""After the capacity of slots was lowered: bookings move from places beyond it to free ones within it.

Otherwise the places within would be given out beside those beyond, and more would come than can be served. A booking
keeps its time, reference and sequence: only the number of its place changes, which nobody is told. Where more is booked
than the slot has room for, everybody stays, and nothing is free.
"""

from datetime import datetime

from consular.appointments.models import Calendar
from consular.core.prepared import all_rows, run

_BEYOND = """
    SELECT b.id, b.place_id, LEAST(b.active_until, s.ends_at) AS taken_until, s.id AS slot_id,
        row_number() OVER (PARTITION BY s.id ORDER BY p.number) AS nth
    FROM appointments_slot s
    JOIN appointments_place p ON p.slot_id = s.id AND p.number > s.capacity
    JOIN appointments_booking b ON b.place_id = p.id
        AND b.state IN ('held', 'confirmed') AND b.active_until > %(now)s
    WHERE s.calendar_id = %(calendar)s AND s.starts_at > %(now)s AND s.capacity > 0
"""

_OVERFULL = f"SELECT DISTINCT slot_id FROM ({_BEYOND}) AS beyond"  # noqa: S608  all parts are constants of this file

# In the order of booking: places first. Whoever wants one of these slots meanwhile passes over its places.
_LOCK = "SELECT p.id FROM appointments_place p WHERE p.slot_id = ANY(%(slots)s) ORDER BY p.id FOR NO KEY UPDATE OF p"

_SEAT = f"""
WITH beyond AS ({_BEYOND}), room AS (
    SELECT p.id, p.slot_id, row_number() OVER (PARTITION BY p.slot_id ORDER BY p.number) AS nth
    FROM appointments_place p JOIN appointments_slot s ON s.id = p.slot_id
    WHERE p.number <= s.capacity AND p.slot_id = ANY(%(slots)s) AND NOT EXISTS (
        SELECT FROM appointments_booking b
        WHERE b.place_id = p.id AND b.state IN ('held', 'confirmed') AND b.active_until > %(now)s)
), seated AS (
    SELECT beyond.id AS booking_id, beyond.place_id AS old_id, room.id AS new_id, beyond.taken_until
    FROM beyond JOIN room USING (slot_id, nth)
), overtaken AS (
    UPDATE appointments_booking
    SET state = CASE state WHEN 'held' THEN 'expired' ELSE 'past' END, changed_at = %(now)s
    WHERE place_id IN (SELECT new_id FROM seated) AND state IN ('held', 'confirmed') AND active_until <= %(now)s
    RETURNING id
), moved AS (
    UPDATE appointments_booking b SET place_id = seated.new_id FROM seated
    WHERE b.id = seated.booking_id AND (SELECT count(*) FROM overtaken) >= 0  -- makes room in the index before
)
UPDATE appointments_place p
SET free_from = CASE WHEN p.id = seated.new_id THEN seated.taken_until ELSE %(now)s END
FROM seated WHERE p.id IN (seated.new_id, seated.old_id)
"""  # noqa: S608  all parts are constants of this file


def seat(calendar: Calendar, *, now: datetime) -> None:
    """Seat the bookings of a calendar's future slots within capacity. The caller holds the transaction."""
    values = {"calendar": calendar.pk, "now": now}
    slots = [slot for (slot,) in all_rows(_OVERFULL, values)]
    if slots:
        all_rows(_LOCK, {"slots": slots})
        run(_SEAT, {**values, "slots": slots})
