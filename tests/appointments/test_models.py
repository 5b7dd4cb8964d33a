"""What the triggers of places and bookings refuse whoever asks; each also switched off, to see the harm."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError

from consular.appointments.models import Booking, Place
from tests import factories as people
from tests.appointments import factories
from tests.harm import without_trigger

pytestmark = pytest.mark.django_db


def test_there_is_no_place_beyond_capacity() -> None:
    slot = factories.slot(capacity=1)

    with pytest.raises(IntegrityError, match="no more places"):
        Place.objects.create(slot=slot, number=2)


def test_without_the_trigger_there_is_a_place_beyond_capacity() -> None:
    slot = factories.slot(capacity=1)

    with without_trigger("appointments.Place:within_capacity"):
        Place.objects.create(slot=slot, number=2)

    assert slot.places.count() == 2


@pytest.fixture
def somebody_else() -> dict[str, Any]:
    """What would make a booking somebody else's, or another one."""
    return {
        "identity": factories.person(),
        "owner": people.applicant(),
        "category": "passport_id",
        "reference": "x",
    }


@pytest.mark.parametrize("field", ["identity", "owner", "category", "reference"])
def test_a_booking_is_not_given_to_somebody_else(field: str, somebody_else: dict[str, Any]) -> None:
    mine = factories.confirmed(factories.slot())

    with pytest.raises(DatabaseError, match="bound_to_a_person"):
        Booking.objects.filter(pk=mine.pk).update(**{field: somebody_else[field]})


def test_without_the_trigger_a_booking_is_sold(somebody_else: dict[str, Any]) -> None:
    mine = factories.confirmed(factories.slot())

    with without_trigger("appointments.Booking:bound_to_a_person"):
        assert Booking.objects.filter(pk=mine.pk).update(**somebody_else) == 1
