"""What the database refuses of those who stay through several slots, and the harm that is done without it."""

from collections.abc import Callable, Iterator

import pytest
from django.db import IntegrityError

from consular.appointments.models import Booking, Calendar, Place, State
from consular.core import clock
from tests import harm
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.appointments.test_lengths import calendar, held, staying
from tests.appointments.test_together import checked, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


def half_of_it_elsewhere() -> None:
    """The second slot of somebody who stays is not the one that follows."""
    on = calendar()
    first, _second, third = row(on, 1, 1, 1)
    (mine,) = held(first, staying(on))
    checked()
    further = Booking.objects.get(party=mine.party, part=1)
    Booking.objects.filter(pk=further.pk).update(place=Place.objects.get(slot=third))
    checked()


def half_of_it_cancelled() -> None:
    on = calendar()
    (mine,) = held(row(on, 1, 1)[0], staying(on))
    checked()
    Booking.objects.filter(party=mine.party, part=1).update(state=State.CANCELLED)
    checked()


@pytest.mark.parametrize("half", [half_of_it_elsewhere, half_of_it_cancelled])
def test_the_database_refuses_half_a_stay(half: Callable[[], None]) -> None:
    with pytest.raises(IntegrityError, match="slots that follow one another"):
        half()


@pytest.mark.parametrize("half", [half_of_it_elsewhere, half_of_it_cancelled])
def test_without_the_trigger_somebody_stays_in_halves(half: Callable[[], None]) -> None:
    with harm.without_trigger("appointments.Booking:a_party_stays_together"):
        half()


def further_row_with_a_case() -> None:
    on = calendar()
    (mine,) = held(row(on, 1, 1)[0], staying(on))
    other = factories.bookable_case(on)
    Booking.objects.filter(party=mine.party, part=1).update(case=other)


CONSTRAINTS = [
    (Booking, "only_the_first_slot_has_a_case", further_row_with_a_case),
    *[
        (
            Calendar,
            "lengths_are_numbers_of_slots",
            lambda lengths=lengths: factories.calendar(lengths=lengths),
        )
        for lengths in ([2], {"a": 1}, {"a": 9}, {"a": 2.5}, {"a": "2"})
    ],
]

test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)
