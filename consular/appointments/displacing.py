"""Those whose appointment cannot stay: a place is kept for each of them, and their right to another time stays."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from consular.appointments import outlooks, planning
from consular.appointments.changes import Change, Displacement, Outcome
from consular.appointments.models import Booking, Calendar, State
from consular.appointments.opening import Span
from consular.core.prepared import first_row, run

KEPT = timedelta(days=3)
"""How long the offered time is kept; the right to choose does not end."""

_KEEP = """
WITH free AS (
    SELECT p.id FROM appointments_place p JOIN appointments_slot s ON s.id = p.slot_id
    WHERE s.calendar_id = %(calendar)s AND s.starts_at = %(starts)s AND s.ends_at = %(ends)s
      AND p.number <= s.capacity AND p.free_from <= %(now)s AND p.opens_at IS NOT NULL AND p.staff_from <= %(now)s
    ORDER BY p.number LIMIT 1
    FOR NO KEY UPDATE OF p SKIP LOCKED
)
UPDATE appointments_place p SET free_from = %(until)s FROM free WHERE p.id = free.id RETURNING p.id
"""


_RELEASE = """
WITH kept AS (
    SELECT id FROM appointments_place WHERE id = %(place)s AND free_from = %(until)s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE appointments_place p SET free_from = %(now)s FROM kept WHERE p.id = kept.id
"""


def displace(
    booking: int, calendar: int, *, change: Change | None, offer: Span | None, now: datetime
) -> Displacement:
    """Write down that a booking cannot stay, and keep a place at the offered time; one that is just taken is not kept.

    The caller has locked the calendar.
    """
    place, until = None, None
    if offer is not None:
        until = min(now + KEPT, offer.starts_at)
        values = {"calendar": calendar, "starts": offer.starts_at, "ends": offer.ends_at, "now": now}
        row = first_row(_KEEP, {**values, "until": until})
        place = row[0] if row else None
    return Displacement.objects.create(
        booking_id=booking, change=change, place_id=place, kept_until=until if place else None, made_at=now
    )


def open_ones() -> QuerySet[Displacement]:
    """Those who have not chosen yet, with what was booked and what is kept for them."""
    found = Displacement.objects.filter(settled_at=None)
    return found.select_related("place__slot", "booking__owner", "booking__place__slot__calendar__mission")


def of_case(case_id: int) -> Displacement | None:
    """The displacement of a case's appointment that is not settled, if there is one."""
    return open_ones().filter(booking__case=case_id).order_by("-pk").first()


def of_booking(booking: Booking) -> Displacement | None:
    """The displacement of a booking that is not settled, if there is one."""
    return open_ones().filter(booking=booking).first()


def settle(displacement: Displacement, outcome: Outcome, *, now: datetime, taken: int | None = None) -> None:
    """It has ended: what was kept is free again, unless it is the place that was taken.

    A place that somebody has locked at this moment is not waited for: it is free by itself later.
    """
    kept, until = displacement.place_id, displacement.kept_until
    if kept is not None and until is not None and until > now and kept != taken:
        run(_RELEASE, {"place": kept, "until": until, "now": now})
    displacement.settled_at, displacement.outcome = now, outcome
    displacement.save(update_fields=["settled_at", "outcome"])


def tidy(calendar: Calendar, *, now: datetime) -> None:
    """Settle what ended otherwise: moved or cancelled while the calendar was changed, or booked anew."""
    found = open_ones().filter(booking__place__slot__calendar=calendar).select_for_update(of=("self",))
    for one in found:
        booking = one.booking
        booked = Booking.objects.active(now).filter(case=booking.case_id, state=State.CONFIRMED)
        again = booked.exclude(pk=booking.pk)
        if booking.state == State.CANCELLED:
            settle(one, Outcome.CANCELLED, now=now)
        elif booking.changed_at > one.made_at and booking.active_until > now:
            settle(one, Outcome.MOVED, now=now, taken=booking.place_id)
        elif booking.case_id is not None and again.exists():
            settle(one, Outcome.BOOKED, now=now)


def unnoticed(calendar: Calendar, until: date, *, now: datetime) -> list[int]:
    """Bookings at times that are not open and about which nobody was told: a hold that was confirmed meanwhile, a
    holiday that was not known.
    """
    outlook = outlooks.of(calendar, now.astimezone(outlooks.zone_of(calendar)).date(), until)
    there = planning.booked(calendar.pk, now)
    first = now.astimezone(outlook.zone).date()
    gone = planning.closed_out(outlook, there, first, until)
    told = set(
        Displacement.objects.filter(booking__in=gone, settled_at=None).values_list("booking", flat=True)
    )
    return sorted(gone - told)
