"""The same applicant in two windows: the second press of a button finds what the first one did."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

from consular.appointments import booking
from consular.appointments.models import Booking, Slot
from consular.cases.models import Case
from consular.casework import appointments
from consular.core import clock
from consular.core.errors import Refused
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.casework import killing
from tests.processes import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


def _pressed_meanwhile(hold: Callable[..., Booking], case: Case, first: Slot, second: Slot) -> str:
    """What the second press is told that came while the first was at work: the reference, or the refusal's code."""
    told: list[str] = []

    def press() -> None:
        try:
            with clock.at(NOW):
                told.append(hold(case.pk, second.pk, actor=case.owner).reference)
        except Refused as refused:
            told.append(refused.code)
        finally:
            connection.close()

    pressing = threading.Thread(target=press)
    with transaction.atomic():
        appointments._hold.__wrapped__(case.pk, first.pk, actor=case.owner)
        pressing.start()
        until(killing.somebody_waits)
    pressing.join()
    return told[0]


def test_a_time_chosen_twice_in_the_same_moment_is_held_once() -> None:
    slot = factories.slot(capacity=3)
    case = factories.bookable_case(slot.calendar)

    told = _pressed_meanwhile(appointments.hold_slot, case, slot, slot)

    assert told == Booking.objects.get().reference


def test_of_two_times_chosen_in_the_same_moment_the_later_choice_is_held() -> None:
    first = factories.slot()
    second = factories.slot(first.calendar, starts_at=first.ends_at)
    case = factories.bookable_case(first.calendar)

    told = _pressed_meanwhile(appointments.hold_slot, case, first, second)

    held = booking.current(case.pk, now=NOW)
    assert (held.reference, held.slot) == (told, second)


def test_without_looking_again_the_second_press_would_be_told_of_another_appointment() -> None:
    slot = factories.slot(capacity=3)
    case = factories.bookable_case(slot.calendar)

    assert _pressed_meanwhile(appointments._hold, case, slot, slot) == "already_booked"
