"""Those whose appointment cannot stay: a place is kept for each of them, and their right to another time stays."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import zip_longest

from django.db.models import QuerySet

from consular.appointments import outlooks, planning
from consular.appointments.changes import Change, Displacement, Outcome
from consular.appointments.models import Booking, Calendar, Slot, State
from consular.appointments.opening import Span
from consular.core.prepared import first_row, run

KEPT = timedelta(days=3)
"""How long the offered time is kept; the right to choose does not end."""

_OPEN = "SELECT id FROM appointments_displacement WHERE booking_id = %(booking)s AND settled_at IS NULL"
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
    offers: Mapping[int, Span | None], calendar: int, *, change: Change | None, now: datetime
) -> list[Displacement]:
    """Write down that one booking, or those of people who come together, cannot stay, and keep a place for each at the
    offered time; where one of them is just taken, none is kept.

    The caller has locked the calendar.
    """
    spans = [span for span in offers.values() if span is not None]
    places: list[int] = []
    until = None
    if spans and len(spans) == len(offers):
        until = min(now + KEPT, *(span.starts_at for span in spans))
        places = _keep(calendar, spans, until, now)
    return [
        Displacement.objects.create(
            booking_id=booking,
            change=change,
            place_id=place,
            kept_until=until if place else None,
            made_at=now,
        )
        for booking, place in zip_longest(offers, places)
    ]


def _keep(calendar: int, spans: Sequence[Span], until: datetime, now: datetime) -> list[int]:
    """Keep a place at each of these times; none where one is missing."""
    places: list[int] = []
    for span in spans:
        values = {"calendar": calendar, "starts": span.starts_at, "ends": span.ends_at, "now": now}
        row = first_row(_KEEP, {**values, "until": until})
        if row is None:
            for place in places:
                run(_RELEASE, {"place": place, "until": until, "now": now})
            return []
        places.append(row[0])
    # What was kept for others and is free again by the clock is theirs no more.
    over = Displacement.objects.filter(place__in=places, settled_at=None, kept_until__lte=now)
    over.update(place=None, kept_until=None)
    return places


def open_ones() -> QuerySet[Displacement]:
    """Those who have not chosen yet, with what was booked and what is kept for them."""
    found = Displacement.objects.filter(settled_at=None)
    return found.select_related("place__slot", "booking__owner", "booking__place__slot__calendar__mission")


def of_case(case_id: int) -> Displacement | None:
    """The displacement of a case's appointment that is not settled, if there is one."""
    return open_ones().filter(booking__case=case_id).order_by("-pk").first()


def of_booking(booking: Booking) -> Displacement | None:
    """The displacement of a booking that is not settled, if there is one: of nearly all there is none."""
    if first_row(_OPEN, {"booking": booking.pk}) is None:
        return None
    return open_ones().filter(booking=booking).first()


def kept_for(displacement: Displacement, *, now: datetime) -> list[int]:
    """The places that are kept for somebody, with those of all who come together."""
    party = displacement.booking.party
    if party:
        return kept_places(party, now)
    is_kept = displacement.kept_until is not None and displacement.kept_until > now
    return [displacement.place_id] if is_kept and displacement.place_id is not None else []


def kept_places(party: str, now: datetime) -> list[int]:
    """The places that are kept for those who come together and whose time the mission could not keep."""
    kept = Displacement.objects.filter(booking__party=party, settled_at=None, kept_until__gt=now)
    return [place for place in kept.values_list("place", flat=True) if place is not None]


def kept_slot(displacement: Displacement, *, now: datetime) -> Slot | None:
    """The time that is kept for somebody, from which all who come together find places; None while nothing is kept."""
    whose = displacement.booking
    kept = open_ones().filter(kept_until__gt=now).exclude(place=None)
    kept = kept.filter(booking__party=whose.party) if whose.party else kept.filter(pk=displacement.pk)
    first = kept.order_by("place__slot__starts_at").first()
    return first.place.slot if first is not None and first.place is not None else None


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
