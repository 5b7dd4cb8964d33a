"""Reminding people of an appointment that comes near, and what a mail about one says when it goes out.

Found by looking, once an hour: nothing is written when somebody books, a booking from before is found as well, and a
worker that was away misses nothing. A reminder is promised once for each state of a booking (`sequence`).
"""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from consular.appointments import booking, links
from consular.appointments.models import Booking, State
from consular.cases.models import Case, Phase
from consular.casework.verb import verb
from consular.core import clock
from consular.core.prepared import all_rows
from consular.notifications import outbox, sending
from consular.notifications.models import Kind, Notification

BEFORE = (timedelta(days=7), timedelta(days=1))
"""How long before an appointment its person is reminded. Who booked or moved it later than that is not."""

AT_ONCE = 500

_KEY = "appointment_reminder:{}:{}:{}"
_DUE = """
SELECT b.case_id, b.id, b.sequence, stage.days
FROM unnest(%(days)s::int[], %(after)s::int[]) AS stage (days, after)
CROSS JOIN appointments_calendar c
JOIN appointments_slot s ON s.calendar_id = c.id
    AND s.starts_at > %(now)s::timestamptz + make_interval(days => stage.after)
    AND s.starts_at <= %(now)s::timestamptz + make_interval(days => stage.days)
    AND s.starts_at > %(now)s::timestamptz AND s.starts_at <= %(last)s::timestamptz  -- says how few of all slots
JOIN appointments_place p ON p.slot_id = s.id
JOIN appointments_booking b ON b.place_id = p.id AND b.state = 'confirmed'
JOIN cases_case k ON k.id = b.case_id AND k.phase <> 'closed'
WHERE b.changed_at <= s.starts_at - make_interval(days => stage.days)
    AND b.id > %(beyond)s::bigint
    AND NOT EXISTS (SELECT FROM appointments_displacement d WHERE d.booking_id = b.id AND d.settled_at IS NULL)
    AND NOT EXISTS (  -- of those who come together one is told for all
        SELECT FROM appointments_booking other
        WHERE other.party <> '' AND other.party = b.party AND other.state = 'confirmed' AND other.id < b.id
    )
    AND NOT EXISTS (
        SELECT FROM notifications_notification n
        WHERE n.key = 'appointment_reminder:' || b.reference || ':' || b.sequence || ':' || stage.days
    )
ORDER BY b.id
LIMIT %(most)s
"""


def remind_visitors() -> int:
    """Promise every reminder whose moment has come; returns how many. One transaction for each.

    Of two that are due, because the worker was away, only the one nearest to the appointment is promised.
    """
    stages = sorted(before.days for before in BEFORE)
    asked = {"days": stages, "after": [earlier for earlier, _ in pairwise([0, *stages])], "most": AT_ONCE}
    promised, beyond = 0, 0
    while True:
        now = clock.now()
        rows = all_rows(_DUE, {**asked, "now": now, "last": now + max(BEFORE), "beyond": beyond})
        promised += sum(_remind(case, which, days) for case, *which, days in rows)
        if len(rows) < AT_ONCE:
            return promised
        beyond = rows[-1][1]


@verb
def _remind(case_id: int, which: list[int], days: int) -> bool:
    """Promise one reminder, under the lock of the case: a move or cancellation that came first is seen."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    current = booking.current(case_id, now=clock.now())
    if current is None or [current.pk, current.sequence] != which or not _stands(current):
        return False
    if case.owner is None or case.phase == Phase.CLOSED:
        return False
    key = _KEY.format(current.reference, current.sequence, days)
    outbox.promise("appointment_reminder", to=case.owner, case=case, key=key)
    return True


@sending.last_word(Kind.APPOINTMENT_CONFIRMED, Kind.APPOINTMENT_MOVED)
def _news(row: Notification) -> dict[str, Any]:
    """The link to the appointment as it stands, if it does."""
    current = booking.current(row.case_id, now=clock.now()) if row.case_id else None
    return {"token": links.issue(current)} if current is not None and _stands(current) else {}


def _stands(current: Booking) -> bool:
    return current.state == State.CONFIRMED and current.slot.starts_at > clock.now()


@sending.last_word(Kind.APPOINTMENT_REMINDER)
def _reminder(row: Notification) -> dict[str, Any] | None:
    """Nothing goes out for an appointment that was moved, cancelled or has begun since the reminder was promised."""
    current = booking.current(row.case_id, now=clock.now()) if row.case_id else None
    if current is None or not _stands(current):
        return None
    promised_for = _KEY.format(current.reference, current.sequence, "")
    return {"token": links.issue(current)} if row.key.startswith(promised_for) else None
