"""Each constraint of calendars and bookings, and the harm it keeps away when it is switched off."""

from datetime import date, timedelta
from functools import partial

import pytest

from consular.appointments.models import Booking, Calendar, OpeningRule, Place, Slot, State
from tests import factories as people
from tests import harm
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db


def rule(**fields: object) -> None:
    factories.rule(factories.calendar(), **fields)


def overlap() -> None:
    calendar = factories.calendar()
    factories.rule(calendar)
    factories.rule(calendar, opens="10:30", closes="11:30")


def slot_twice() -> None:
    first = factories.slot()
    factories.slot(first.calendar)


def slots_that_overlap() -> None:
    first = factories.slot()
    factories.slot(first.calendar, starts_at=first.starts_at + timedelta(minutes=10))


def slot_that_ends_before_it_starts() -> None:
    Slot.objects.create(
        calendar=factories.calendar(), starts_at=NOW, ends_at=NOW - timedelta(hours=1), capacity=0
    )


def place(number: int) -> None:
    Place.objects.create(slot=factories.slot(), number=number)


def booking(**fields: object) -> Booking:
    """A booking of its own place by its own person, written past the statements that book."""
    values = {
        "reference": str(Booking.objects.count()),
        "place": fields.get("place") or factories.slot().places.get(),
        "owner": people.applicant(),
        "identity": factories.person(),
        "category": "visa_c",
        "state": State.CONFIRMED,
        "active_until": NOW + timedelta(days=9),
        "held_at": NOW,
        "changed_at": NOW,
    }
    return Booking.objects.create(**{**values, **fields})


def two_bookings(*fields: str) -> None:
    """Two bookings that have these fields in common."""
    first = booking(case=people.sent_case())
    booking(**{field: getattr(first, field) for field in fields})


CONSTRAINTS = [
    (Calendar, "a_slot_lasts_minutes_to_hours", partial(factories.calendar, slot_minutes=4)),
    (Calendar, "a_slot_lasts_minutes_to_hours", partial(factories.calendar, slot_minutes=481)),
    (Calendar, "a_calendar_has_a_counter", partial(factories.calendar, counters=0)),
    (Calendar, "places_come_back_within_a_day", partial(factories.calendar, returns_after=1)),
    (Calendar, "places_come_back_within_a_day", partial(factories.calendar, returns_before=1441)),
    (OpeningRule, "a_week_has_seven_days", partial(rule, weekday=7)),
    (OpeningRule, "a_rule_closes_after_it_opens", partial(rule, opens="09:00", closes="09:00")),
    (OpeningRule, "a_rule_ends_after_it_begins", partial(rule, valid_to=date(2020, 1, 1))),
    (OpeningRule, "rules_of_one_day_do_not_overlap", overlap),
    (Slot, ("one_slot_per_calendar_and_moment", "open_slots_do_not_overlap"), slot_twice),
    (Slot, "a_slot_ends_after_it_starts", slot_that_ends_before_it_starts),
    (Place, "places_of_a_slot_are_numbered", partial(place, 1)),
    (Place, "places_are_numbered_from_one", partial(place, 0)),
    (Calendar, "shares_are_of_a_hundred", partial(factories.calendar, week_share=60, day_share=60)),
    (OpeningRule, "a_share_is_of_the_whole", partial(rule, internal=2)),
    (OpeningRule, "a_rule_has_one_rhythm", partial(rule, every=2, nth=1)),
    (OpeningRule, "a_pause_lies_within_the_hours", partial(rule, pause_from="08:00", pause_to="10:00")),
    (Slot, "open_slots_do_not_overlap", slots_that_overlap),
    (Booking, "one_booking_per_reference", partial(two_bookings, "reference")),
    (Booking, "one_active_booking_per_place", partial(two_bookings, "place")),
    (Booking, "one_active_booking_per_person_and_category", partial(two_bookings, "identity")),
    (Booking, "one_active_booking_per_case", partial(two_bookings, "case")),
    (Booking, "an_identity_is_a_hash", partial(booking, identity=b"C1234567")),
]


test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)
