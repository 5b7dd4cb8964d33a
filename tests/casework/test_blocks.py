"""Blocking places: by whom, why and for how long; and that what is booked stays in sight."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import override_settings

from consular import casework
from consular.accounts.models import Role, User
from consular.appointments import day, slots
from consular.appointments.changes import Block
from consular.appointments.models import Calendar
from consular.casework import appointments, steering
from consular.casework.blocks import Wish
from consular.core import clock
from consular.core.errors import Refused
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

MONDAY = date(2027, 3, 8)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def calendar() -> Calendar:
    made = factories.calendar(horizon_days=20)
    factories.rule(made, capacity=2)
    appointments.generate_slots(made, MONDAY)
    return made


@pytest.fixture
def manager(calendar: Calendar) -> User:
    return people.official(Role.SLOT_MANAGER, mission=calendar.mission)


def wish(days: int = 2, **more: object) -> Wish:
    values = {"starts_at": NOW, "ends_at": NOW + timedelta(days=20), "places": None, "reason": "Inspection"}
    return Wish(**{**values, "until": NOW + timedelta(days=days), **more})


def free() -> int:
    return sum(one.places for one in slots.free(Calendar.objects.get(), MONDAY, MONDAY, now=clock.now()))


def test_a_block_takes_places_and_no_bookings_and_ends(calendar: Calendar, manager: User) -> None:
    case = factories.bookable_case(calendar)
    held = appointments.hold_slot(
        case.pk, slots.free(calendar, MONDAY, MONDAY, now=NOW)[0].id, actor=case.owner
    )
    appointments.confirm_booking(held.reference, actor=case.owner)

    made = casework.block(calendar.pk, wish(), actor=manager)

    assert free() == 0
    assert [one.reference for one in day.of_day(calendar.mission, MONDAY)] == [held.reference]
    with clock.at(NOW + timedelta(days=2)):
        assert free() == 7
    casework.lift(made.pk, actor=manager)
    assert free() == 7
    lifted = Block.objects.get()
    casework.lift(made.pk, actor=manager)
    assert (lifted.lifted_by, lifted.lifted_at) == (manager, Block.objects.get().lifted_at)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"ends_at": NOW}, "ends"),
        ({"until": NOW}, "until"),
        ({"days": 8}, "until"),
    ],
)
def test_what_is_no_block_is_refused(
    calendar: Calendar, manager: User, more: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        casework.block(calendar.pk, wish(**more), actor=manager)
    assert refusal.value.field == field
    assert free() == 8


def test_without_its_longest_time_a_block_would_hide_places_for_good(
    calendar: Calendar, manager: User
) -> None:
    with override_settings(BLOCK_DAYS=10_000):
        casework.block(calendar.pk, wish(days=9_000), actor=manager)
    with clock.at(NOW + timedelta(days=6)):
        assert free() == 0


def test_without_the_list_of_steerers_a_clerk_would_block_places(
    calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = people.official(Role.INTAKE_CLERK, mission=calendar.mission)
    with pytest.raises(Refused, match="slot manager"):
        casework.block(calendar.pk, wish(), actor=clerk)
    monkeypatch.setattr(steering, "require_steerer", lambda *_who: None)
    assert casework.block(calendar.pk, wish(), actor=clerk)
