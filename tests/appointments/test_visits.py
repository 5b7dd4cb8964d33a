"""What the database refuses about the entries of a day, and the harm without it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import DatabaseError

from consular.appointments.models import Booking, State, VisitEntry
from consular.appointments.visits import Act, Standing
from tests import factories as people
from tests import harm
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db


def entry(booking: Booking | None = None, number: int = 1, **fields: object) -> VisitEntry:
    """Somebody has come."""
    values = {
        "booking": booking or factories.confirmed(factories.slot()),
        "number": number,
        "act": Act.CHECK_IN,
        "standing": Standing.HERE,
        "at": NOW,
        "entered_at": NOW,
        "by": people.official(),
    }
    return VisitEntry.objects.create(**{**values, **fields})


def twice() -> None:
    booking = entry().booking
    entry(booking)


CONSTRAINTS = [
    (VisitEntry, "entries_of_a_visit_are_numbered", twice),
    (VisitEntry, "entries_are_numbered_from_one", lambda: entry(number=0)),
    (
        VisitEntry,
        "an_entry_is_written_after_it_happened",
        lambda: entry(at=NOW + timedelta(minutes=1)),
    ),
]

test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)


def test_the_cap_of_overbooking_has_a_limit_of_its_own() -> None:
    with pytest.raises(IntegrityError, match="overbooking_is_capped"), transaction.atomic():
        factories.calendar(overbooking=11)

    calendar = factories.calendar()
    harm.without(type(calendar), "overbooking_is_capped")
    type(calendar).objects.update(overbooking=11)


def change() -> None:
    VisitEntry.objects.filter(pk=entry().pk).update(standing=Standing.SERVED)


def come_after_cancelling() -> None:
    booking = factories.confirmed(factories.slot())
    Booking.objects.filter(pk=booking.pk).update(state=State.CANCELLED)
    entry(booking)


def cancel_after_coming() -> None:
    booking = entry().booking
    Booking.objects.filter(pk=booking.pk).update(state=State.CANCELLED, sequence=1)


TRIGGERS = [
    ("appointments.VisitEntry:append_only", change),
    ("appointments.VisitEntry:of_an_appointment", come_after_cancelling),
    ("appointments.Booking:whoever_has_come_stays", cancel_after_coming),
]


@pytest.mark.parametrize(("trigger", "done"), TRIGGERS)
def test_a_trigger_refuses_the_harm(trigger: str, done: object) -> None:
    with pytest.raises((IntegrityError, InternalError, DatabaseError)), transaction.atomic():
        done()


@pytest.mark.parametrize(("trigger", "done"), TRIGGERS)
def test_without_the_trigger_the_harm_is_done(trigger: str, done: object) -> None:
    with harm.without_trigger(trigger):
        done()

    assert not connection.needs_rollback
