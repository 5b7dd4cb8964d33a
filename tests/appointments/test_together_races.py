"""Families who want the same places in the same moment, with real connections; the safeguard also switched off."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from consular.appointments import booking, together, together_sql
from consular.appointments.models import ACTIVE, Booking, Slot
from consular.appointments.together import Comer, Group
from consular.core import clock
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.appointments.test_races import _many_connections, harm  # noqa: F401
from tests.appointments.test_races import together as at_once
from tests.harm import alter

pytestmark = pytest.mark.django_db(transaction=True)

SKIP = "FOR NO KEY UPDATE OF p SKIP LOCKED"
FIRST = NOW + timedelta(days=7)


def side_by_side() -> tuple[Slot, Slot]:
    """Two places, one after the other."""
    calendar = factories.calendar()
    return factories.slot(calendar, 1, FIRST), factories.slot(calendar, 1, FIRST + timedelta(minutes=30))


def families(slot: Slot, number: int, *, shared: bytes | None = None) -> list[Group]:
    with clock.at(NOW):
        found = []
        for _ in range(number):
            owner = people.applicant()
            cases = [factories.bookable_case(slot.calendar, owner=owner) for _ in range(2)]
            who = [Comer(cases[0].pk, factories.person()), Comer(cases[1].pk, shared or factories.person())]
            found.append(Group(owner, who))
        return found


def booking_them(slot: Slot, groups: list[Group]) -> list[Callable[[], object]]:
    return [
        lambda group=group: together.confirm(together.hold(slot.pk, group, now=NOW)[0].party, now=NOW)
        for group in groups
    ]


def parties() -> list[str]:
    return sorted(Booking.objects.filter(state__in=ACTIVE).values_list("party", flat=True))


def test_of_two_families_who_want_two_adjoining_places_one_gets_both() -> None:
    slot, _next = side_by_side()

    ends = at_once(*booking_them(slot, families(slot, 2)))

    assert sorted(ends) == ["done", "gone"]
    assert len(parties()) == 2
    assert len(set(parties())) == 1


@pytest.mark.usefixtures("harm")
def test_without_lock_and_constraint_two_families_share_two_places(monkeypatch: pytest.MonkeyPatch) -> None:
    slot, _next = side_by_side()
    groups = families(slot, 2)
    alter(monkeypatch, together_sql, "HOLD", (SKIP, ""))
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_active_booking_per_place")

    at_once(*booking_them(slot, groups))

    assert len(parties()) == 4


def test_a_family_and_many_single_people_share_two_places_exactly() -> None:
    slot, after = side_by_side()
    groups, owners = families(slot, 3), [people.applicant() for _ in range(6)]
    single = [
        lambda on=on, owner=owner: factories.confirmed(on, owner=owner)
        for on, owner in zip([slot, after] * 3, owners, strict=True)
    ]

    at_once(*booking_them(slot, groups), *single)

    assert len(parties()) <= 2
    assert Booking.objects.filter(state__in=ACTIVE).values("place").distinct().count() == len(parties())


def test_two_families_who_share_a_child_wait_for_each_other_and_in_no_circle() -> None:
    child, calendar = factories.person(), factories.calendar()
    times = [factories.slot(calendar, 2, FIRST + n * timedelta(hours=2)) for n in range(4)]
    groups = families(times[0], 4, shared=child)
    turned = [Group(one.owner, one.who if n % 2 else one.who[::-1]) for n, one in enumerate(groups)]

    ends = at_once(
        *(act for slot, one in zip(times, turned, strict=True) for act in booking_them(slot, [one]))
    )

    assert sorted(ends) == ["already_booked"] * 3 + ["done"]
    assert Booking.objects.filter(identity=child, state__in=ACTIVE).count() == 1


def test_of_a_family_moved_and_cancelled_at_once_all_end_alike() -> None:
    slot, _next = side_by_side()
    new = factories.slot(slot.calendar, 2, FIRST + timedelta(days=1))
    party = booking_them(slot, families(slot, 1))[0]()[0].party

    ends = at_once(
        lambda: together.move(party, new.pk, now=NOW),
        lambda: together.cancel(party, now=NOW),
        lambda: booking.cancel(party, now=NOW),
    )

    assert "done" in ends
    left = set(Booking.objects.filter(party=party, state__in=ACTIVE).values_list("place__slot", flat=True))
    assert left <= {new.pk} or left <= {slot.pk, _next.pk}
