"""The statements of booking: each does its locking, judging and writing in one round trip.

Lock order, after the caller's lock on the case: the place of the booking (waiting), a free place (never waiting: SKIP
LOCKED), then bookings. Who holds a lock on a booking never waits for a place, so two statements never wait for each
other. Nobody locks calendars or slots to book; generation locks the calendar, then writes slots, then places.

`%(now)s` is the clock of the service, not of the database. Every statement returns the columns of `COLUMNS`, or no row
when it may not be done; then nothing was written.

These are for one person in one slot, as nearly all come; for the others see `together_sql`.
"""

from consular.core.prepared import exchanged

COLUMNS = (
    *("id", "reference", "owner_id", "case_id", "identity", "category", "state", "active_until", "sequence"),
    *(
        "held_at",
        "changed_at",
        "place_id",
        "number",
        "slot_id",
        "starts_at",
        "ends_at",
        "capacity",
        "calendar_id",
    ),
)

_BOOKING = (
    "b.id, b.reference, b.owner_id, b.case_id, b.identity, b.category, b.state, b.active_until, b.sequence, "
    "b.held_at, b.changed_at"
)
_PLACE = "p.id AS place_id, p.number, s.id AS slot_id, s.starts_at, s.ends_at, s.capacity, s.calendar_id"
_OF_PLACE = "place_id, number, slot_id, starts_at, ends_at, capacity, calendar_id"

_BOOKABLE = """
    s.id = %(slot)s AND p.number <= s.capacity AND p.free_from <= %(now)s AND p.opens_at <= %(now)s
    AND s.starts_at >= %(now)s + make_interval(hours => c.notice_hours)
    AND s.starts_at <= %(now)s + make_interval(days => c.horizon_days)
"""

FREE_FOR_STAFF = """
    p.number <= s.capacity AND p.free_from <= %(now)s AND s.ends_at > %(now)s
    AND p.staff_from <= %(now)s AND (p.opens_at IS NULL OR p.opens_at <= %(now)s)
"""
_AT_THE_COUNTER = f"s.id = %(slot)s AND {FREE_FOR_STAFF}"

# Whoever could not keep their time chooses before others: what is not released yet, and what is kept for them.
_BEFORE_OTHERS = """
    s.id = %(slot)s AND p.number <= s.capacity AND (p.free_from <= %(now)s OR p.id = %(kept)s::bigint)
    AND p.staff_from <= %(now)s AND s.starts_at > %(now)s
"""

# An active booking that the clock has overtaken makes room in the indexes; it had stopped counting before.
_OVERTAKEN = """
    UPDATE appointments_booking
    SET state = CASE state WHEN 'held' THEN 'expired' ELSE 'past' END, changed_at = %(now)s
"""

HOLD = f"""
WITH free AS (
    SELECT {_PLACE}, c.category,
        GREATEST(p.free_from, p.made_at, p.opens_at, s.starts_at - make_interval(days => c.horizon_days)) AS open_since
    FROM appointments_slot s
    JOIN appointments_calendar c ON c.id = s.calendar_id
    JOIN appointments_place p ON p.slot_id = s.id
    WHERE {_BOOKABLE} AND c.mode = 'direct'
      AND (%(case)s::bigint IS NULL OR EXISTS (
          SELECT FROM cases_case k
          WHERE k.id = %(case)s AND k.mission_id = c.mission_id AND k.service = ANY (c.services)
            AND NOT c.lengths ? k.service))
    ORDER BY p.free_from, p.number
    LIMIT 1
    FOR NO KEY UPDATE OF p SKIP LOCKED
), overtaken AS (
    {_OVERTAKEN}
    WHERE id IN (
        SELECT b.id FROM appointments_booking b JOIN free ON b.place_id = free.place_id
        WHERE b.state IN ('held', 'confirmed') AND b.active_until <= %(now)s
        UNION
        SELECT b.id FROM appointments_booking b JOIN free ON b.category = free.category
        WHERE b.identity = %(identity)s AND b.state IN ('held', 'confirmed') AND b.active_until <= %(now)s
        UNION
        SELECT b.id FROM appointments_booking b, free
        WHERE b.case_id = %(case)s AND b.state IN ('held', 'confirmed') AND b.active_until <= %(now)s
    )
    RETURNING id
), taken AS (
    UPDATE appointments_place p SET free_from = %(until)s FROM free WHERE p.id = free.place_id
    RETURNING p.id
), b AS (
    INSERT INTO appointments_booking (
        reference, place_id, owner_id, case_id, identity, category, state, active_until, sequence, held_at, changed_at,
        open_since, people, party)
    SELECT %(reference)s, taken.id, %(owner)s, %(case)s, %(identity)s, free.category, 'held', %(until)s, 0,
        %(now)s, %(now)s, free.open_since, 1, ''
    FROM free JOIN taken ON taken.id = free.place_id
    WHERE (SELECT count(*) FROM overtaken) >= 0  -- makes room before the row is written
    RETURNING *
)
SELECT {_BOOKING}, {_OF_PLACE} FROM b JOIN free USING (place_id)
"""  # noqa: S608  all parts are constants of this file

HOLD_AT_COUNTER = exchanged(HOLD, (f"{_BOOKABLE} AND c.mode = 'direct'", _AT_THE_COUNTER))

_OWN_PLACE = f"""
    SELECT {_PLACE}
    FROM appointments_booking b
    JOIN appointments_place p ON p.id = b.place_id
    JOIN appointments_slot s ON s.id = p.slot_id
    WHERE b.reference = %(reference)s
    FOR NO KEY UPDATE OF p
"""  # noqa: S608  all parts are constants of this file

# When the place that is given back can be taken again: a moment nobody knows before. Where the time in which it can be
# booked at all is short, at most half of it is waited, so that no place is lost.
BACK = """
    SELECT own.place_id, %(now)s + shortest.wait + (longest.wait - shortest.wait) * %(chance)s::float8 AS free_from
    FROM own
    JOIN appointments_calendar c ON c.id = own.calendar_id
    CROSS JOIN LATERAL (SELECT GREATEST(
        interval '0', (own.starts_at - make_interval(hours => c.notice_hours) - %(now)s) / 2) AS wait) AS half
    CROSS JOIN LATERAL (SELECT LEAST(half.wait, make_interval(mins => c.returns_before)) AS wait) AS longest
    CROSS JOIN LATERAL (SELECT LEAST(longest.wait, make_interval(mins => c.returns_after)) AS wait) AS shortest
"""

# Once: afterwards the hold no longer ends ten minutes after it began.
EXTEND = f"""
WITH own AS ({_OWN_PLACE}), b AS (
    UPDATE appointments_booking SET active_until = active_until + %(hold)s::interval, changed_at = %(now)s
    FROM own
    WHERE appointments_booking.reference = %(reference)s AND appointments_booking.place_id = own.place_id
      AND state = 'held' AND active_until > %(now)s AND active_until = held_at + %(hold)s::interval AND party = ''
    RETURNING appointments_booking.*
), kept AS (
    UPDATE appointments_place p SET free_from = b.active_until FROM b WHERE p.id = b.place_id
)
SELECT {_BOOKING}, {_OF_PLACE} FROM b JOIN own USING (place_id)
"""  # noqa: S608  all parts are constants of this file

CONFIRM = f"""
WITH own AS ({_OWN_PLACE}), b AS (
    UPDATE appointments_booking SET state = 'confirmed', active_until = own.ends_at, changed_at = %(now)s
    FROM own
    WHERE appointments_booking.reference = %(reference)s AND appointments_booking.place_id = own.place_id
      AND state = 'held' AND active_until > %(now)s AND party = ''
    RETURNING appointments_booking.*
), kept AS (
    UPDATE appointments_place p SET free_from = b.active_until FROM b WHERE p.id = b.place_id
)
SELECT {_BOOKING}, {_OF_PLACE} FROM b JOIN own USING (place_id)
"""  # noqa: S608  all parts are constants of this file

# Moves that the mission made necessary do not count.
NOT_THEIRS = """
    SELECT count(*) FROM appointments_displacement d
    WHERE d.booking_id = appointments_booking.id AND d.outcome = 'moved'
"""

MOVE = f"""
WITH own AS ({_OWN_PLACE}), free AS (
    SELECT {_PLACE}
    FROM own, appointments_slot s
    JOIN appointments_calendar c ON c.id = s.calendar_id
    JOIN appointments_place p ON p.slot_id = s.id
    WHERE {_BOOKABLE} AND s.calendar_id = own.calendar_id AND s.id <> own.slot_id AND own.starts_at > %(now)s
    ORDER BY p.free_from, p.number
    LIMIT 1
    FOR NO KEY UPDATE OF p SKIP LOCKED
), overtaken AS (
    {_OVERTAKEN}
    WHERE place_id = (SELECT place_id FROM free) AND state IN ('held', 'confirmed') AND active_until <= %(now)s
    RETURNING id
), b AS (
    UPDATE appointments_booking
    SET place_id = free.place_id, active_until = free.ends_at, sequence = sequence + 1, changed_at = %(now)s
    FROM own, free
    WHERE appointments_booking.reference = %(reference)s AND appointments_booking.place_id = own.place_id
      AND state = 'confirmed' AND active_until > %(now)s AND sequence < %(moves)s + ({NOT_THEIRS}) AND party = ''
      AND (SELECT count(*) FROM overtaken) >= 0
    RETURNING appointments_booking.*
), back AS ({BACK}), swapped AS (
    UPDATE appointments_place p
    SET free_from = CASE WHEN p.id = b.place_id THEN b.active_until ELSE back.free_from END
    FROM b, back
    WHERE p.id IN (b.place_id, back.place_id)
)
SELECT {_BOOKING}, {_OF_PLACE} FROM b JOIN free USING (place_id)
"""  # noqa: S608  all parts are constants of this file

_AS_LONG_AS_IT_STANDS = (
    f"AND state = 'confirmed' AND active_until > %(now)s AND sequence < %(moves)s + ({NOT_THEIRS})"
)

MOVE_DISPLACED = exchanged(
    MOVE,
    (_BOOKABLE, _BEFORE_OTHERS),
    ("ORDER BY p.free_from", "ORDER BY (p.id = %(kept)s::bigint) IS NOT TRUE, p.free_from"),
    ("AND own.starts_at > %(now)s", ""),
    ("SET place_id", "SET state = 'confirmed', place_id"),
    (_AS_LONG_AS_IT_STANDS, "AND state IN ('confirmed', 'past')"),
)

MOVE_FOR_MISSION = exchanged(MOVE, (_BOOKABLE, _AT_THE_COUNTER), ("AND own.starts_at > %(now)s", ""))

CANCEL = f"""
WITH own AS ({_OWN_PLACE}), b AS (
    UPDATE appointments_booking SET state = 'cancelled', changed_at = %(now)s, sequence = sequence + 1
    FROM own
    WHERE appointments_booking.reference = %(reference)s AND appointments_booking.place_id = own.place_id
      AND active_until > %(now)s AND (state = 'held' OR state = 'confirmed' AND own.starts_at > %(now)s)
      AND slots_each = 1
    RETURNING appointments_booking.*
), back AS ({BACK}), freed AS (
    UPDATE appointments_place p
    SET free_from = CASE
        WHEN b.active_until = own.ends_at OR b.active_until > b.held_at + interval '30 minutes'
        THEN back.free_from ELSE %(now)s END
    FROM b, own, back
    WHERE p.id = b.place_id  -- what was only held for some minutes comes back at once, an offer does not
)
SELECT {_BOOKING}, {_OF_PLACE} FROM b JOIN own USING (place_id)
"""  # noqa: S608  all parts are constants of this file
