"""The statements for people who come together: the same order of locks as in `sql`, each for all of them or none.

1. their own places, in the order of their ids, waiting; 2. free places side by side, never waiting; 3. bookings. Rows
are written in the order of `identity`, so that two families that share a member wait for each other and in no circle.

Side by side is: in one slot, or in slots of one calendar each of which begins when the one before ends.
"""

from consular.appointments import sql
from consular.core.prepared import exchanged

_PLACE = "p.id AS place_id, p.number, s.id AS slot_id, s.starts_at, s.ends_at, s.capacity, s.calendar_id"
_OF_PLACE = "place_id, number, slot_id, starts_at, ends_at, capacity, calendar_id"
_BOOKING = (
    "b.id, b.reference, b.owner_id, b.case_id, b.identity, b.category, b.state, b.active_until, b.sequence, "
    "b.held_at, b.changed_at, b.people, b.party"
)
COLUMNS = (*sql.COLUMNS[:11], "people", "party", *sql.COLUMNS[11:])

# The slots that follow one another without a gap, from the one that was chosen.
_RUN = """
    SELECT s.id, s.calendar_id, s.ends_at, 1 AS nth FROM appointments_slot s WHERE s.id = %(slot)s
    UNION ALL
    SELECT s.id, s.calendar_id, s.ends_at, line.nth + 1
    FROM line JOIN appointments_slot s ON s.calendar_id = line.calendar_id AND s.starts_at = line.ends_at
    WHERE line.nth < %(people)s AND s.capacity > 0
"""

_BOOKABLE = """
    p.number <= s.capacity AND p.free_from <= %(now)s AND p.opens_at <= %(now)s
    AND s.starts_at >= %(now)s + make_interval(hours => c.notice_hours)
    AND s.starts_at <= %(now)s + make_interval(days => c.horizon_days)
"""

# Every free place of the chosen slot before any of the next one; what a gap lies before is no place at all.
_FREE = f"""
    SELECT {_PLACE}, c.category, line.nth,
        GREATEST(p.free_from, p.made_at, p.opens_at, s.starts_at - make_interval(days => c.horizon_days)) AS open_since
    FROM line
    JOIN appointments_slot s ON s.id = line.id
    JOIN appointments_calendar c ON c.id = s.calendar_id
    JOIN appointments_place p ON p.slot_id = s.id
    WHERE {{bookable}}
    ORDER BY line.nth, p.free_from, p.number
    LIMIT %(people)s
    FOR NO KEY UPDATE OF p SKIP LOCKED
"""  # noqa: S608  all parts are constants of this file

_SEATED = """
    SELECT free.*, row_number() OVER (ORDER BY nth, number) AS turn FROM free
    WHERE (SELECT count(*) = %(people)s AND min(nth) = 1 AND max(nth) = count(DISTINCT nth) FROM free)
"""

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
WITH RECURSIVE line AS ({_RUN}), free AS ({_FREE.format(bookable=bookable)}), seated AS ({_SEATED}),
overtaken AS ({_OVERTAKEN.format(whose=_WHOSE)}), taken AS (
    UPDATE appointments_place p SET free_from = %(until)s FROM seated WHERE p.id = seated.place_id
    RETURNING p.id
), b AS (
    INSERT INTO appointments_booking (
        reference, place_id, owner_id, case_id, identity, category, state, active_until, sequence, held_at, changed_at,
        open_since, people, party)
    SELECT who.reference, taken.id, %(owner)s, who.case_id, who.identity, seated.category, 'held', %(until)s, 0,
        %(now)s, %(now)s, seated.open_since, %(people)s, %(party)s
    FROM unnest(%(references)s::text[], %(cases)s::bigint[], %(identities)s::bytea[]) WITH ORDINALITY
        AS who (reference, case_id, identity, turn)
    JOIN seated USING (turn) JOIN taken ON taken.id = seated.place_id
    WHERE (SELECT count(*) FROM overtaken) >= 0  -- makes room before the rows are written
    ORDER BY who.identity
    RETURNING *
)
SELECT {_BOOKING}, {_OF_PLACE} FROM b JOIN seated USING (place_id) ORDER BY b.reference <> b.party, turn
"""  # noqa: S608  all parts are constants of this file


_OF_THEIR_MISSION = """
    AND c.mode = 'direct' AND c.most_people >= %(people)s
    AND %(people)s = (SELECT count(*) FROM cases_case k
        WHERE k.id = ANY(%(cases)s::bigint[]) AND k.mission_id = c.mission_id AND k.service = ANY (c.services))
"""

HOLD = holding(_BOOKABLE + _OF_THEIR_MISSION)

# Those who still come: who has left the party is not in it any more.
_OWN = f"""
    SELECT {_PLACE}, b.id AS booking_id
    FROM appointments_booking b
    JOIN appointments_place p ON p.id = b.place_id
    JOIN appointments_slot s ON s.id = p.slot_id
    WHERE b.party = %(party)s AND b.state IN ('held', 'confirmed') AND b.active_until > %(now)s
    ORDER BY p.id
    FOR NO KEY UPDATE OF p
"""  # noqa: S608  all parts are constants of this file

CONFIRM = f"""
WITH own AS ({_OWN}), b AS (
    UPDATE appointments_booking SET state = 'confirmed', active_until = own.ends_at, changed_at = %(now)s
    FROM own
    WHERE appointments_booking.id = own.booking_id AND appointments_booking.place_id = own.place_id
      AND state = 'held' AND active_until > %(now)s
    RETURNING appointments_booking.*
), kept AS (
    UPDATE appointments_place p SET free_from = b.active_until FROM b WHERE p.id = b.place_id
)
SELECT {_BOOKING}, {_OF_PLACE} FROM b JOIN own USING (place_id) ORDER BY b.reference <> b.party, b.id
"""  # noqa: S608  all parts are constants of this file

MOVE = f"""
WITH RECURSIVE own AS ({_OWN}), line AS ({_RUN}), free AS ({_FREE.format(bookable=_BOOKABLE)}),
seated AS ({_SEATED}
      AND NOT EXISTS (SELECT FROM own WHERE own.starts_at <= %(now)s OR own.calendar_id <> free.calendar_id)
), overtaken AS ({_OVERTAKEN.format(whose="b.place_id IN (SELECT place_id FROM seated)")}), turns AS (
    SELECT own.*, row_number() OVER (ORDER BY starts_at, number) AS turn FROM own
), b AS (
    UPDATE appointments_booking
    SET place_id = seated.place_id, active_until = seated.ends_at, sequence = sequence + 1, changed_at = %(now)s
    FROM turns JOIN seated USING (turn)
    WHERE appointments_booking.id = turns.booking_id AND appointments_booking.place_id = turns.place_id
      AND state = 'confirmed' AND active_until > %(now)s AND sequence < %(moves)s + ({sql.NOT_THEIRS})
      AND (SELECT count(*) FROM overtaken) >= 0
    RETURNING appointments_booking.*
), back AS ({sql.BACK}), left_behind AS (
    UPDATE appointments_place p SET free_from = back.free_from FROM back
    WHERE p.id = back.place_id AND EXISTS (SELECT FROM b)
), taken AS (
    UPDATE appointments_place p SET free_from = b.active_until FROM b WHERE p.id = b.place_id
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
        SELECT FROM appointments_displacement d WHERE d.booking_id = b.id AND d.settled_at IS NULL))"""

MOVE_DISPLACED = exchanged(
    MOVE,
    (_BOOKABLE, _BEFORE_OTHERS),
    ("ORDER BY line.nth, ", "ORDER BY line.nth, (p.id = ANY(%(kept)s::bigint[])) IS NOT TRUE, "),
    (_COMING, _OR_OWED),
    ("own.starts_at <= %(now)s OR ", ""),
    ("SET place_id", "SET state = 'confirmed', place_id"),
    (
        f"AND state = 'confirmed' AND active_until > %(now)s AND sequence < %(moves)s + ({sql.NOT_THEIRS})",
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
        WHEN b.active_until = own.ends_at OR b.active_until > b.held_at + interval '30 minutes'
        THEN back.free_from ELSE %(now)s END
    FROM b JOIN own USING (place_id) JOIN back USING (place_id)
    WHERE p.id = b.place_id  -- what was only held for some minutes comes back at once, an offer does not
)
SELECT {_BOOKING}, {_OF_PLACE} FROM b JOIN own USING (place_id) ORDER BY b.reference <> b.party, b.id
"""  # noqa: S608  all parts are constants of this file
