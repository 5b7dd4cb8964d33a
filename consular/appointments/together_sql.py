"""The statements for people who come together: the same order of locks as in `sql`, each for all of them or none.

1. their own places, in the order of their ids, waiting; 2. free places side by side, never waiting; 3. bookings. Rows
are written in the order of `identity`, so that two families that share a member wait for each other and in no circle.

Side by side is: in one slot, or in slots of one calendar each of which begins when the one before ends. Where each of
them stays through several slots (`slots_each`), the row of slots is cut into blocks of so many, and everybody has a
place in each slot of one block. Numbers of places are no counters: intervals can always be given to as many counters as
overlap at most, so one place in each slot is enough.
"""

from consular.appointments import sql
from consular.core.prepared import exchanged

_PLACE = "p.id AS place_id, p.number, s.id AS slot_id, s.starts_at, s.ends_at, s.capacity, s.calendar_id"
_OF_PLACE = "place_id, number, slot_id, starts_at, ends_at, capacity, calendar_id"
_BOOKING = (
    "b.id, b.reference, b.owner_id, b.case_id, b.identity, b.category, b.state, b.active_until, b.sequence, "
    "b.held_at, b.changed_at, b.people, b.party, b.slots_each, b.part, b.stays_until"
)
COLUMNS = (
    *sql.COLUMNS[:11],
    *("people", "party", "slots_each", "part", "stays_until"),
    *sql.COLUMNS[11:],
)

# The slots that follow one another without a gap, from the one that was chosen.
_RUN = """
    SELECT s.id, s.calendar_id, s.ends_at, 1 AS nth, 0 AS block FROM appointments_slot s WHERE s.id = %(slot)s
    UNION ALL
    SELECT s.id, s.calendar_id, s.ends_at, line.nth + 1, line.nth / %(slots_each)s
    FROM line JOIN appointments_slot s ON s.calendar_id = line.calendar_id AND s.starts_at = line.ends_at
    WHERE line.nth < %(people)s * %(slots_each)s AND s.capacity > 0
"""

_BOOKABLE = """
    p.number <= s.capacity AND p.free_from <= %(now)s AND p.opens_at <= %(now)s
    AND s.starts_at >= %(now)s + make_interval(hours => c.notice_hours)
    AND s.starts_at <= %(now)s + make_interval(days => c.horizon_days)
"""

# As many people in each block as its fullest slot has room for, those of the chosen slot before any others.
_ROOM = """
    SELECT block, min(places) AS seats
    FROM line CROSS JOIN LATERAL (
        SELECT count(*) AS places
        FROM appointments_slot s
        JOIN appointments_calendar c ON c.id = s.calendar_id
        JOIN appointments_place p ON p.slot_id = s.id
        WHERE s.id = line.id AND {bookable}
    ) AS there
    GROUP BY block
    HAVING count(*) = %(slots_each)s
"""
_SHARE = """
    SELECT block, seats, COALESCE(sum(seats) OVER (
        ORDER BY block ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::int AS before
    FROM room
"""

# Exactly so many places of each slot are locked, whichever nobody else has locked.
_FREE = f"""
    SELECT {_PLACE}, c.category, line.nth, line.block, share.before,
        GREATEST(p.free_from, p.made_at, p.opens_at, s.starts_at - make_interval(days => c.horizon_days)) AS open_since
    FROM share
    JOIN line USING (block)
    JOIN appointments_slot s ON s.id = line.id
    JOIN appointments_calendar c ON c.id = s.calendar_id
    CROSS JOIN LATERAL (
        SELECT p.id, p.number, p.free_from, p.made_at, p.opens_at
        FROM appointments_place p
        WHERE p.slot_id = line.id AND {{bookable}}
        ORDER BY p.free_from, p.number
        LIMIT LEAST(share.seats, %(people)s - share.before)
        FOR NO KEY UPDATE OF p SKIP LOCKED
    ) AS p
    WHERE share.before < %(people)s
"""  # noqa: S608  all parts are constants of this file

# `turn` counts the people, and of each of them the slots. What a gap lies before is no place at all.
_SEATED = """
    SELECT free.*, mod(nth - 1, %(slots_each)s) AS part, max(ends_at) OVER (PARTITION BY block) AS leaves_at,
        (before + row_number() OVER (PARTITION BY nth ORDER BY number) - 1) * %(slots_each)s
            + mod(nth - 1, %(slots_each)s) + 1 AS turn
    FROM free
    WHERE (SELECT count(*) = %(people)s * %(slots_each)s AND min(nth) = 1 AND max(nth) = count(DISTINCT nth) FROM free)
"""


def _seating(bookable: str) -> str:
    """The parts of a statement that find places side by side, lock them and give everybody a seat."""
    room, free = _ROOM.format(bookable=bookable), _FREE.format(bookable=bookable)
    return f"line AS ({_RUN}), room AS ({room}), share AS ({_SHARE}), free AS ({free}), seated AS ({_SEATED}"


_OVERTAKEN = """
    UPDATE appointments_booking
    SET state = CASE state WHEN 'held' THEN 'expired' ELSE 'past' END, changed_at = %(now)s
    WHERE id IN (
        SELECT b.id FROM appointments_booking b
        WHERE b.state IN ('held', 'confirmed') AND b.active_until <= %(now)s AND ({whose})
        ORDER BY b.id FOR NO KEY UPDATE
    )
    RETURNING id
"""

_WHOSE = """
    b.place_id IN (SELECT place_id FROM seated)
    OR b.identity = ANY(%(identities)s::bytea[]) AND b.category = (SELECT category FROM seated LIMIT 1)
    OR b.case_id = ANY(%(cases)s::bigint[])
"""


def holding(bookable: str) -> str:
    """The statement that holds places for several people, of those that `bookable` says may be taken."""
    return f"""
WITH RECURSIVE {_seating(bookable)}),
overtaken AS ({_OVERTAKEN.format(whose=_WHOSE)}), taken AS (
    UPDATE appointments_place p SET free_from = %(until)s FROM seated WHERE p.id = seated.place_id
    RETURNING p.id
), b AS (
    INSERT INTO appointments_booking (
        reference, place_id, owner_id, case_id, identity, category, state, active_until, sequence, held_at, changed_at,
        open_since, people, party, slots_each, part, stays_until)
    SELECT who.reference, taken.id, %(owner)s, who.case_id, who.identity, seated.category, 'held', %(until)s, 0,
        %(now)s, %(now)s, max(seated.open_since) OVER (PARTITION BY who.identity), %(people)s, %(party)s,
        %(slots_each)s, seated.part, CASE WHEN %(slots_each)s > 1 THEN seated.leaves_at END
    FROM unnest(%(references)s::text[], %(cases)s::bigint[], %(identities)s::bytea[]) WITH ORDINALITY
        AS who (reference, case_id, identity, turn)
    JOIN seated USING (turn) JOIN taken ON taken.id = seated.place_id
    WHERE (SELECT count(*) FROM overtaken) >= 0  -- makes room before the rows are written
    ORDER BY who.identity, seated.part
    RETURNING *
)
SELECT {_BOOKING}, {_OF_PLACE} FROM b JOIN seated USING (place_id) ORDER BY b.reference <> b.party, turn
"""  # noqa: S608  all parts are constants of this file


# All stay as long as the longest of their services takes.
OF_THEIR_MISSION = """
    AND (%(people)s, %(slots_each)s) = (
        SELECT count(*), max(COALESCE((c.lengths ->> k.service)::int, 1)) FROM cases_case k
        WHERE k.id = ANY(%(cases)s::bigint[]) AND k.mission_id = c.mission_id AND k.service = ANY (c.services))
"""

_DIRECT = "AND c.mode = 'direct' AND c.most_people >= %(people)s"

HOLD = holding(_BOOKABLE + _DIRECT + OF_THEIR_MISSION)
HOLD_AT_COUNTER = holding(sql.FREE_FOR_STAFF + OF_THEIR_MISSION)

# Those who still come: who has left the party is not in it any more.
_OWN = f"""
    SELECT {_PLACE}, b.id AS booking_id, b.identity, b.part
    FROM appointments_booking b
    JOIN appointments_place p ON p.id = b.place_id
    JOIN appointments_slot s ON s.id = p.slot_id
    WHERE b.party = %(party)s AND b.state IN ('held', 'confirmed') AND b.active_until > %(now)s
    ORDER BY p.id
    FOR NO KEY UPDATE OF p
"""  # noqa: S608  all parts are constants of this file

CONFIRM = f"""
WITH own AS ({_OWN}), b AS (
    UPDATE appointments_booking
    SET state = 'confirmed', active_until = COALESCE(stays_until, own.ends_at), changed_at = %(now)s
    FROM own
    WHERE appointments_booking.id = own.booking_id AND appointments_booking.place_id = own.place_id
      AND state = 'held' AND active_until > %(now)s
    RETURNING appointments_booking.*
), kept AS (
    UPDATE appointments_place p SET free_from = own.ends_at FROM b JOIN own USING (place_id) WHERE p.id = b.place_id
)
SELECT {_BOOKING}, {_OF_PLACE} FROM b JOIN own USING (place_id) ORDER BY b.reference <> b.party, b.id
"""  # noqa: S608  all parts are constants of this file

# Once, as for one slot.
EXTEND = f"""
WITH own AS ({_OWN}), b AS (
    UPDATE appointments_booking SET active_until = active_until + %(hold)s::interval, changed_at = %(now)s
    FROM own
    WHERE appointments_booking.id = own.booking_id AND appointments_booking.place_id = own.place_id
      AND state = 'held' AND active_until > %(now)s AND active_until = held_at + %(hold)s::interval
    RETURNING appointments_booking.*
), kept AS (
    UPDATE appointments_place p SET free_from = b.active_until FROM b WHERE p.id = b.place_id
)
SELECT {_BOOKING}, {_OF_PLACE} FROM b JOIN own USING (place_id) ORDER BY b.reference <> b.party, b.id
"""  # noqa: S608  all parts are constants of this file

# Moves that the mission made necessary do not count: they are written down for the first slot.
_NOT_THEIRS = """
    SELECT count(*) FROM appointments_displacement d JOIN appointments_booking o ON o.id = d.booking_id
    WHERE o.party = appointments_booking.party AND o.identity = appointments_booking.identity AND o.part = 0
      AND d.outcome = 'moved'
"""

MOVE = f"""
WITH RECURSIVE own AS ({_OWN}), {_seating(_BOOKABLE)}
      AND NOT EXISTS (SELECT FROM own WHERE own.starts_at <= %(now)s OR own.calendar_id <> free.calendar_id)
), overtaken AS ({_OVERTAKEN.format(whose="b.place_id IN (SELECT place_id FROM seated)")}), firsts AS (
    SELECT identity, starts_at, number FROM own WHERE part = 0
), turns AS (
    SELECT own.*, row_number() OVER (ORDER BY firsts.starts_at, firsts.number, part) AS turn
    FROM own JOIN firsts USING (identity)
), b AS (
    UPDATE appointments_booking
    SET place_id = seated.place_id, active_until = seated.leaves_at, sequence = sequence + 1, changed_at = %(now)s,
        stays_until = CASE WHEN slots_each > 1 THEN seated.leaves_at END
    FROM turns JOIN seated USING (turn)
    WHERE appointments_booking.id = turns.booking_id AND appointments_booking.place_id = turns.place_id
      AND state = 'confirmed' AND active_until > %(now)s AND sequence < %(moves)s + ({_NOT_THEIRS})
      AND (SELECT count(*) FROM overtaken) >= 0
    RETURNING appointments_booking.*
), back AS ({sql.BACK}), left_behind AS (
    UPDATE appointments_place p SET free_from = back.free_from FROM back
    WHERE p.id = back.place_id AND EXISTS (SELECT FROM b)
), taken AS (
    UPDATE appointments_place p SET free_from = seated.ends_at FROM b JOIN seated USING (place_id)
    WHERE p.id = b.place_id
)
SELECT {_BOOKING}, {_OF_PLACE} FROM b JOIN seated USING (place_id) ORDER BY b.reference <> b.party, b.id
"""  # noqa: S608  all parts are constants of this file

_BEFORE_OTHERS = """
    p.number <= s.capacity AND (p.free_from <= %(now)s OR p.id = ANY(%(kept)s::bigint[]))
    AND p.staff_from <= %(now)s AND s.starts_at > %(now)s
"""

_COMING = "b.state IN ('held', 'confirmed') AND b.active_until > %(now)s"

# Also those whose time has passed while the mission owes them another one.
_OR_OWED = f"""({_COMING} OR b.state IN ('confirmed', 'past') AND EXISTS (
        SELECT FROM appointments_displacement d JOIN appointments_booking o ON o.id = d.booking_id
        WHERE o.party = b.party AND o.identity = b.identity AND d.settled_at IS NULL))"""

MOVE_DISPLACED = exchanged(
    MOVE,
    (_BOOKABLE, _BEFORE_OTHERS),
    ("ORDER BY p.free_from", "ORDER BY (p.id = ANY(%(kept)s::bigint[])) IS NOT TRUE, p.free_from"),
    (_COMING, _OR_OWED),
    ("own.starts_at <= %(now)s OR ", ""),
    ("SET place_id", "SET state = 'confirmed', place_id"),
    (
        f"AND state = 'confirmed' AND active_until > %(now)s AND sequence < %(moves)s + ({_NOT_THEIRS})",
        "AND state IN ('confirmed', 'past')",
    ),
)

MOVE_FOR_MISSION = exchanged(MOVE, (_BOOKABLE, sql.FREE_FOR_STAFF), ("own.starts_at <= %(now)s OR ", ""))

CANCEL = f"""
WITH own AS ({_OWN}), b AS (
    UPDATE appointments_booking SET state = 'cancelled', changed_at = %(now)s, sequence = sequence + 1
    FROM own
    WHERE appointments_booking.id = own.booking_id AND appointments_booking.place_id = own.place_id
      AND active_until > %(now)s AND (state = 'held' OR NOT EXISTS (SELECT FROM own WHERE starts_at <= %(now)s))
    RETURNING appointments_booking.*
), back AS ({sql.BACK}), freed AS (
    UPDATE appointments_place p
    SET free_from = CASE
        WHEN b.active_until = COALESCE(b.stays_until, own.ends_at) OR b.active_until > b.held_at + interval '30 minutes'
        THEN back.free_from ELSE %(now)s END
    FROM b JOIN own USING (place_id) JOIN back USING (place_id)
    WHERE p.id = b.place_id  -- what was only held for some minutes comes back at once, an offer does not
)
SELECT {_BOOKING}, {_OF_PLACE} FROM b JOIN own USING (place_id) ORDER BY b.reference <> b.party, b.id
"""  # noqa: S608  all parts are constants of this file

# One of them drops out, with all their slots; the others come.
LEAVE = exchanged(
    CANCEL,
    (
        "b.party = %(party)s",
        "b.party = %(party)s AND b.identity = %(identity)s",
    ),
)
